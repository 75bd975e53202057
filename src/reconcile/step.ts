import { always, type Guard, type Statement } from '../db/index.ts'
import type { GraphFailure } from '../graph/index.ts'
import type { ReconcileFailure } from './errors.ts'
import type { Passed, Work, Write } from './work.ts'

/** What one step of a run came to. */
export type StepResult =
  /** Written, with the checkpoint: the run stands where it says. */
  | { readonly kind: 'next' }
  /** Written, and not before a while: Graph asks for a pause. */
  | { readonly kind: 'pause'; readonly ms: number }
  /** The run is another invocation's, or was ended. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'failed'; readonly failure: GraphFailure | ReconcileFailure }

export type Step = (work: Work) => Promise<StepResult>

/** A write as a result: what is not written was lost to another invocation. */
export function written(isWritten: boolean): StepResult {
  return { kind: isWritten ? 'next' : 'lost' }
}

/** Writes a checkpoint with what little goes with it. */
export async function goOn(
  work: Work,
  next: Write['next'],
  statements: (gate: Guard) => readonly Statement[] = () => [],
): Promise<StepResult> {
  return written((await work.write({ next, guard: always, statements })) !== null)
}

export function failed(failure: GraphFailure | ReconcileFailure): StepResult {
  return { kind: 'failed', failure }
}

/** Leads to where a run goes on without a write: the step had nothing to do. */
export function passOn(work: Work, next: Passed): StepResult {
  work.pass(next)
  return { kind: 'next' }
}
