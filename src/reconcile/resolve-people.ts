import { resolvePage } from '../directory/index.ts'
import { limits } from '../kernel/index.ts'
import { addCounts } from './run.ts'
import { runEvent } from './run-event.ts'
import { goOn, type Step } from './step.ts'

/** Makes a page of people anew by the mapping as it is now; done when nobody is left whom an older one made. */
export const resolvePeople: Step = async (work) => {
  const { db, scope, spending } = work
  const run = work.run()
  spending.spend({ statements: 2 })
  const page = await resolvePage(db, scope.organizationId, {
    after: run.cursor.after,
    limit: limits.reconcileSlice,
    nowMs: work.nowMs(),
    guard: work.nextGate(),
  })
  if (page === null) return { kind: 'lost' }
  if (page.kind === 'done') {
    const next = { status: 'done', finishedAt: work.nowMs() } as const
    const { counts } = run
    return goOn(work, next, (guard) =>
      runEvent(
        work,
        {
          type: 'reconcile.finished',
          outcome: 'success',
          facts: { counts, mapping: page.version },
        },
        guard,
      ),
    )
  }
  const { people, changed, after } = page
  const counts = addCounts(run.counts, { people, changed, pages: people === 0 ? 0 : 1 })
  return goOn(work, { counts, cursor: { after } }, () => page.statements)
}
