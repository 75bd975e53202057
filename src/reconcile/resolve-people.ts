import { allOf, type Guard, type Statement } from '../db/index.ts'
import { type JudgedPerson, mappingStands, resolvePage } from '../directory/index.ts'
import { limits } from '../kernel/index.ts'
import { type FoundDrift, saveDrift, settleValues } from './drift-store.ts'
import { foundOne } from './found-drift.ts'
import { planValues } from './plan-values.ts'
import { loadReconciler } from './reconcilers-store.ts'
import { addCounts } from './run.ts'
import { runEvent } from './run-event.ts'
import { goOn, type Step } from './step.ts'
import type { Work } from './work.ts'

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
  const { people, changed, after, judged, version } = page
  const found = await findValues(work, judged)
  const drift = [...found.values()].reduce((sum, one) => sum + one.length, 0)
  const counts = addCounts(run.counts, { people, changed, drift, pages: people === 0 ? 0 : 1 })
  return goOn(work, { counts, cursor: { after } }, (gate) => [
    // First, since they ask for the version of each person that the page may count up.
    ...valueStatements(work, {
      judged,
      found,
      guard: allOf(gate, mappingStands(scope.organizationId, version)),
    }),
    ...page.statements,
  ])
}

type Found = ReadonlyMap<string, readonly FoundDrift[]>

/** What comes to no value though it should, by connection, and as its settings have it. */
async function findValues(work: Work, judged: readonly JudgedPerson[]): Promise<Found> {
  const { db, scope, spending } = work
  const { organizationId } = scope
  const troubled = judged.filter(({ problems }) => problems.length > 0)
  const found = new Map<string, readonly FoundDrift[]>()
  for (const [connectionId, people] of Map.groupBy(troubled, (one) => one.connectionId ?? '')) {
    spending.spend({ statements: 1 })
    const { settings } = await loadReconciler(db, { organizationId, connectionId })
    const items = people.flatMap(({ personId, problems, version }) =>
      planValues(personId, problems, settings)
        .filter(({ action }) => action !== 'ignored')
        .map((item) => foundOne(item, work, false, { isLater: false, version })),
    )
    found.set(connectionId, await Promise.all(items))
  }
  return found
}

function valueStatements(
  work: Work,
  { judged, found, guard }: { judged: readonly JudgedPerson[]; found: Found; guard: Guard },
): readonly Statement[] {
  const { db, scope, lease } = work
  const { organizationId } = scope
  const nowMs = work.nowMs()
  const all = Map.groupBy([...found.values()].flat(), ({ personId }) => personId ?? '')
  const people = judged.map(({ personId, version }) => ({
    personId,
    version,
    fingerprints: (all.get(personId) ?? []).map(({ fingerprint }) => fingerprint),
  }))
  return [
    ...settleValues(db, organizationId, { people, nowMs, guard }),
    ...[...found].flatMap(([connectionId, items]) =>
      saveDrift(
        db,
        { organizationId, connectionId, runId: lease.runId },
        { found: items, nowMs, guard },
      ),
    ),
  ]
}
