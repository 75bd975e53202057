/**
 * Owns reconciliation: what differs between a tenant and what is held, what is done about it, and when a run
 * must stop. Does not talk to Graph itself and decides nobody's identity by email. Called by `admin` and by
 * the schedule.
 */
export * from './brake.ts'
export * from './drift.ts'
export * from './errors.ts'
export { acceptReported, reportedNames } from './graph-view.ts'
export * from './plan.ts'
export * from './plan-members.ts'
export * from './plan-types.ts'
export * from './settings.ts'
export * from './silence.ts'
