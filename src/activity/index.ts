/**
 * Owns the append-only event log: sign-ins, refusals, admin changes, warnings, their sums by day, and their pruning. Does
 * not decide what is worth an event. Called by every domain that writes, in the batch of its writes.
 */
export * from './daily-counts-store.ts'
export * from './event.ts'
export * from './event-store.ts'
export * from './families.ts'
export * from './find-events-store.ts'
export * from './percentiles.ts'
export * from './prune-store.ts'
export * from './refusal-store.ts'
export * from './sign-in-times-store.ts'
export * from './statistics.ts'
