/**
 * Owns reconciliation: what differs between a tenant and what is held, what is done about it, and when a run
 * must stop. Does not talk to Graph itself and decides nobody's identity by email. Called by `admin` and by
 * the schedule.
 */

export { type AcceptEvent, acceptDrift } from './accept.ts'
export { acceptAttribute } from './accept-drift.ts'
export { type Advanced, advance } from './advance.ts'
export * from './brake.ts'
export type { WorkersPlan } from './budget.ts'
export * from './drift.ts'
export { findDrift, listDrift, type NamedDrift } from './drift-read-store.ts'
export { type DriftRow, decideDrift, driftIsOpen } from './drift-store.ts'
export { keepReconciliation } from './erase-people.ts'
export * from './errors.ts'
export { acceptReported, reportedNames } from './graph-view.ts'
export * from './plan.ts'
export * from './plan-members.ts'
export * from './plan-types.ts'
export {
  adoptReconciliation,
  loadReconciler,
  type Reconciler,
  releaseReconciliation,
  saveSettings,
  scheduleAnew,
  settingsAt,
} from './reconcilers-store.ts'
export { type Counts, noCounts, type Run } from './run.ts'
export {
  cancelRun,
  endRunsOfOthers,
  findRun,
  insertRun,
  listRuns,
  noRunUnfinished,
  type ReconcilerKey,
  releaseRun,
  runExists,
  runIsHeld,
  runIsUnfinished,
} from './runs-store.ts'
export * from './settings.ts'
export * from './silence.ts'
export type { ReconcileDeps } from './work.ts'
