/**
 * Owns Entra's provisioning service: an application's job with its settings and state, what is mapped and in
 * scope, the requests it sends to a SCIM endpoint and what it makes of the answers, cycles, on-demand
 * provisioning, quarantine and the provisioning log. Does not own the people and groups (directory/), which
 * tell it what changed. Called by api/, portal/, app.ts and the tick of the tenant.
 */
export {
  changeJob,
  clearQuarantine,
  provisionInTurn,
  restartJob,
  runCycleInTurn,
  startJob,
  statusCode,
  stopJob,
  tickProvisioning,
} from './control.ts'
export { mappingOf } from './default-mapping.ts'
export { provisioningService, publicKeys, tokenIssuer } from './federation.ts'
export {
  type Credentials,
  type CycleSummary,
  type Job,
  type JobState,
  newJob,
  type Quarantine,
} from './job-model.ts'
export { deleteJob, loadJob } from './jobs.ts'
export { type Link, listLinks } from './links.ts'
export { type LogEntry, listLog } from './log.ts'
export { prepareMapping } from './mapped-values.ts'
export { type OnDemandRequest, type OnDemandResult, onDemandMembers } from './on-demand.ts'
export { isSourceAttribute } from './source-attributes.ts'
export { type ConnectionTest, testConnection } from './test-connection.ts'
