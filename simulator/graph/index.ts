/**
 * Owns Microsoft Graph as far as a scheduled reader of people needs it: the token endpoint, what applications
 * have registered to call it, users delta, assignments, members and batches over what directory/ holds, and
 * what goes wrong on purpose. Does not own the people, groups and applications, nor what is remembered of
 * changes (directory/). Called by app.ts; api/ and portal/ set it up.
 */
export { expireTokens } from './access-tokens.ts'
export {
  type ActiveFault,
  addFault,
  effects,
  type Fault,
  faultDefaults,
  faultKinds,
  listFaults,
  removeFaults,
  requestKinds,
} from './faults.ts'
export {
  type ClientCertificate,
  type ClientSecret,
  clientCertificate,
  loadRegistration,
  newSecret,
  type Permission,
  permissions,
  type Registration,
  saveRegistration,
} from './registration.ts'
export { countRequests, forgetRequests, type LoggedRequest, listRequests } from './request-log.ts'
export { graphRoutes } from './routes.ts'
export {
  expireDeltaLinks,
  type GraphSettings,
  graphDefaults,
  loadGraphSettings,
  saveGraphSettings,
} from './settings.ts'
