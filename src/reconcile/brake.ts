import { err, ok, type Result } from '../kernel/index.ts'
import type { ReconcileFailure } from './errors.ts'
import type { BrakeUse } from './plan-types.ts'
import type { Settings } from './settings.ts'

/** What holds a run: too many of one thing for one day. */
export type BrakeReason = {
  /** `deactivated`, `role:<name>` or `attribute:<key>`. */
  readonly what: string
  readonly count: number
  readonly people: number
}

/**
 * Whether what was taken away in 24 hours, over all runs and with what is planned now, is too much to be meant
 * (DESIGN 5, 10). Roles and attributes are counted one by one: a mistake takes the same thing from many.
 * @param counts of the last 24 hours and of the plan together
 * @param people how many the connection has
 * @returns what is too much, in a fixed order; empty when the run may go on
 */
export function judgeBrake(
  counts: BrakeUse,
  people: number,
  { brake }: Pick<Settings, 'brake'>,
): readonly BrakeReason[] {
  const isMuch = (count: number) =>
    (count > people * brake.share && count > brake.people) || count > people * brake.shareOfFew
  return Object.entries(counts)
    .filter(([, count]) => isMuch(count))
    .map(([what, count]) => ({ what, count, people }))
    .toSorted((a, b) => (a.what < b.what ? -1 : 1))
}

/** The sums of two counts. */
export function addBrakeUse(a: BrakeUse, b: BrakeUse): BrakeUse {
  const sums = new Map(Object.entries(a))
  for (const [what, count] of Object.entries(b)) sums.set(what, (sums.get(what) ?? 0) + count)
  return Object.fromEntries(sums)
}

/** How a read of Graph ended, before anything is concluded from what it lacks. */
export type ReadOutcome = {
  /** What was not read to its last page, such as `users/delta`; empty when everything was. */
  readonly unfinished: readonly string[]
  /** Users assigned to the application, by groups too. */
  readonly assigned: number
  /** Users who were by the read before. */
  readonly assignedBefore: number
}

/**
 * Whether anything may be concluded from what a read lacks. An incomplete one, and an empty list of assignments
 * where people were assigned, is a failed run: more likely a fault than a wish.
 */
export function judgeRead(read: ReadOutcome): Result<null, ReconcileFailure> {
  const [what] = read.unfinished
  if (what !== undefined) return err({ code: 'reconcile.read_incomplete', what })
  const { assigned, assignedBefore } = read
  if (assigned === 0 && assignedBefore > 0) {
    return err({ code: 'reconcile.nobody_assigned', assignedBefore })
  }
  return ok(null)
}
