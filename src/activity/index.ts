/**
 * Owns the append-only event log: sign-ins, refusals, admin changes, warnings, and their pruning. Does
 * not decide what is worth an event. Called by every domain that writes, in the batch of its writes.
 */
export * from './event.ts'
export * from './event-store.ts'
export * from './prune-store.ts'
export * from './refusal-store.ts'
