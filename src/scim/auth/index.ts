export {
  type Authenticate,
  type AuthenticationFailure,
  createAuthenticator,
} from './authenticate.ts'
export * from './clients-store.ts'
export { type Credential, newSecret, type Scope } from './credential.ts'
export * from './expiry-store.ts'
export { type Federation, readFederation } from './federation-rule.ts'
export type { ClientSecret, ScimClient } from './issue-store.ts'
export { type OauthFailure, oauthErrors } from './oauth-errors.ts'
export { oauthRoutes } from './oauth-routes.ts'
export { recordRefusedAttempt } from './record-refusal.ts'
export * from './tokens-store.ts'
export { eraseScimReadCounts } from './usage-store.ts'
