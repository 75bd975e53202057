/**
 * Owns the JSON API, by which tests and the start script set the tenant up and get responses without a
 * browser. Does not own rules: it checks shapes and calls directory/ and saml/. Nobody has to say who they
 * are; browsers of other sites are kept out because it takes JSON only.
 * Called by app.ts; portal/ uses the same way of changing applications.
 */

export { type AppInput, appInput, changeApp } from './app-input.ts'
export { faultInput, graphSettingsInput } from './graph-input.ts'
export { type JobInput, jobInput, mergeJob } from './provisioning-input.ts'
export { onDemandRequest } from './provisioning-routes.ts'
export { apiRoutes } from './routes.ts'
