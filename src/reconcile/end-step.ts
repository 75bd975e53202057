import { always } from '../db/index.ts'
import type { GraphFailure } from '../graph/index.ts'
import { limits } from '../kernel/index.ts'
import { forgetPlanned, settlePlanned } from './drift-store.ts'
import type { ReconcileFailure } from './errors.ts'
import { firstCursor, noCounts, type StoredFailure } from './run.ts'
import { runEvent } from './run-event.ts'
import { deletePages } from './runs-store.ts'
import type { StepResult } from './step.ts'
import type { Work } from './work.ts'

type Ended = Exclude<StepResult, { kind: 'next' | 'lost' }>

/** Failures that go away by themselves, mostly. */
const passing: readonly string[] = ['graph.unavailable', 'graph.bad_answer']

/**
 * What follows when a step could not go on: a pause as long as Graph asks for, another try after a while, everything
 * from the start when Graph has forgotten where it was, or the end of the run with a reason that says what to do.
 * @returns whether the run goes on at once
 */
export async function endStep(work: Work, result: Ended): Promise<boolean> {
  if (result.kind === 'pause') return pause(work, result.ms)
  const { failure } = result
  const run = work.run()
  const isTooLong = work.nowMs() - (run.startedAt ?? run.createdAt) > limits.reconcileRunMs
  if (failure.code === 'graph.throttled' && !isTooLong) return pause(work, failure.retryAfterMs)
  if (failure.code === 'graph.resync' && run.cursor.restarts < limits.reconcileRestarts) {
    return restart(work)
  }
  // A token that ended too early, or was revoked; that the credential itself is refused has a number of Entra's.
  const isToken = failure.code === 'graph.unauthorized' && failure.aadsts === null
  if (
    (isToken || passing.includes(failure.code)) &&
    run.attempts < limits.reconcileTries &&
    !isTooLong
  ) {
    const ms = limits.reconcileRetryMs * 2 ** Math.max(0, run.attempts - 1)
    return pause(work, ms, run.attempts)
  }
  await fail(work, storedFailure(failure))
  return false
}

/** Lets the run rest. What counts as a try of the step is kept. */
async function pause(work: Work, ms: number, attempts = 0): Promise<false> {
  await work.write({
    next: { status: 'paused', continueAt: work.nowMs() + ms, attempts },
    guard: always,
    statements: () => [],
  })
  return false
}

/** Begins reading anew, and everything: what was concluded so far rests on a read that has no end. */
async function restart(work: Work): Promise<boolean> {
  const { step, isFull, cursor } = work.run()
  const answers = await work.write({
    next: {
      step: 'application',
      isFull: isFull || step === 'users',
      counts: noCounts,
      cursor: { ...firstCursor, restarts: cursor.restarts + 1 },
    },
    guard: always,
    statements: (guard) => [
      forgetPlanned(work.db, work.lease.runId, guard),
      deletePages(work.db, work.lease.runId, guard),
    ],
  })
  work.forget()
  return answers !== null
}

/** Ends a run with its reason; what it had written stands, and what it waited with is forgotten. */
export async function fail(work: Work, failure: StoredFailure): Promise<void> {
  const { code, ...facts } = failure
  await work.write({
    next: { status: 'failed', failure, finishedAt: work.nowMs() },
    guard: always,
    statements: (guard) => [
      ...runEvent(work, { type: 'reconcile.failed', outcome: 'warning', code, facts }, guard),
      settlePlanned(work.db, work.lease.runId, { nowMs: work.nowMs(), guard }),
      deletePages(work.db, work.lease.runId, guard),
    ],
  })
}

/** A failure as it is kept: with what an admin needs to mend it, and nothing personal. */
export function storedFailure(failure: GraphFailure | ReconcileFailure): StoredFailure {
  const { code } = failure
  if (code === 'graph.forbidden') return { code, detail: failure.permission }
  if (code === 'graph.unauthorized') {
    const number = failure.aadsts === null ? '' : ` (AADSTS${failure.aadsts})`
    return { code, detail: `${failure.explanation}${number}` }
  }
  if (code === 'reconcile.read_incomplete') return { code, detail: failure.what }
  if (code === 'reconcile.nobody_assigned') {
    return { code, detail: `${failure.assignedBefore} people were assigned before.` }
  }
  return 'detail' in failure && failure.detail !== undefined
    ? { code, detail: failure.detail }
    : { code }
}
