/** Milliseconds since the epoch, passed in so that every judgement about time can be tested. */
export type Clock = { nowMs(): number }

/** The one place that reads the machine's clock. */
export const systemClock: Clock = { nowMs: () => Date.now() }
