import { openDatabase, runBatch } from '../db/index.ts'
import { createTokenCache } from '../graph/index.ts'
import { errorFields, limits, newId } from '../kernel/index.ts'
import { type Budget, budgetOf, type Spending, startSpending, type WorkersPlan } from './budget.ts'
import { endStep, fail } from './end-step.ts'
import { type Lease, readLease, releaseLease, takeLease } from './lease-store.ts'
import { openWork } from './open-work.ts'
import { dueReconcilers } from './reconcilers-store.ts'
import { waitingRuns } from './runs-store.ts'
import { type DueRow, startDueRuns } from './schedule.ts'
import { steps } from './steps.ts'
import type { ReconcileDeps, Work } from './work.ts'

/** Tokens for Graph that an isolate remembers. */
const tokens = createTokenCache()

/** Later than anything is due. */
const eagerMs = 2 * limits.reconcileEveryMinutesMax * 60_000

/** What an invocation did, for its log and for tests. */
export type Advanced = Pick<Spending, 'statements' | 'subrequests' | 'roundTrips'> & {
  /** Steps that were taken. */
  readonly steps: number
}

export { budgetOf }

/**
 * Starts the runs that are due, and takes runs further, as far as the budget reaches: those that can go on, the
 * longest waiting first, or only the one that is named. Safe to call at any time and by several at once: whoever holds an organization's lease writes, and
 * nobody else. One read when nothing is to be done.
 * @param isEager starts what is on the schedule at all, due or not
 * @param only a run that was just started or released, so that its answer need not wait for the next tick
 */
export async function advance(
  deps: ReconcileDeps,
  {
    plan,
    wallMs,
    only,
    isEager = false,
  }: {
    plan: WorkersPlan
    wallMs: number
    only?: Omit<Lease, 'generation'>
    isEager?: boolean
  },
): Promise<Advanced> {
  const budget: Budget = budgetOf(plan, { nowMs: deps.clock.nowMs(), wallMs })
  const spending = startSpending(budget)
  const db = openDatabase(deps.d1, 'primary')
  let taken = 0
  for (const key of only === undefined ? await waiting() : [only]) {
    if (spending.isOver(deps.clock.nowMs())) break
    try {
      taken += await advanceRun(key)
    } catch (error) {
      // What was not finished is taken up again when the lease ends; one run must not stop the others.
      const { message, stack } = errorFields(error)
      deps.log('error', 'a reconciliation was interrupted', {
        run: key.runId,
        error: message,
        stack,
      })
    }
  }
  const { statements, subrequests, roundTrips } = spending
  return { statements, subrequests, roundTrips, steps: taken }

  async function waiting(): Promise<readonly Omit<Lease, 'generation'>[]> {
    const nowMs = deps.clock.nowMs()
    const ask = [
      waitingRuns(db, nowMs, limits.reconcileRunsPerTick),
      dueReconcilers(db, isEager ? nowMs + eagerMs : nowMs, limits.reconcileDuePerTick[plan]),
    ]
    const [runs, due] = (await read(ask)) as [
      readonly Omit<Lease, 'generation'>[],
      readonly DueRow[],
    ]
    if (due.length === 0) return runs
    spending.spend({ statements: due.length * 4 })
    await startDueRuns(deps, { db, due })
    const [started] = await read(ask.slice(0, 1))
    return started as readonly Omit<Lease, 'generation'>[]
  }

  async function read(statements: Parameters<typeof runBatch>[1]) {
    spending.spend({ statements: statements.length })
    return runBatch(db, statements)
  }

  async function advanceRun(key: Omit<Lease, 'generation'>): Promise<number> {
    const held = readLease(key, await read(takeLease(db, key, deps.clock.nowMs())))
    if (held === null) return 0
    const requestId = newId('req', deps.random)
    const work = await openWork(deps, { db, spending, tokens, requestId, ...held })
    const isEndless = held.run.counts.pages > limits.reconcilePages
    if (held.run.attempts > limits.reconcileTries || isEndless) {
      await fail(work, { code: 'reconcile.no_progress', detail: held.run.step })
    }
    const count = await takeSteps(work)
    await read([releaseLease(db, held.lease)])
    return count
  }

  async function takeSteps(work: Work): Promise<number> {
    for (let count = 0; ; count++) {
      const { status, step } = work.run()
      if (status !== 'running' || spending.isOver(deps.clock.nowMs())) {
        await work.save()
        return count
      }
      const before = work.requests()
      const result = await steps[step](work)
      spending.spend({ subrequests: work.requests() - before })
      if (result.kind === 'lost') return count
      if (result.kind !== 'next' && !(await endStep(work, result))) return count
    }
  }
}
