export {
  type Authenticate,
  type AuthenticationFailure,
  createAuthenticator,
} from './authenticate.ts'
export { type Credential, newSecret, type Scope } from './credential.ts'
export {
  audienceApp,
  blankSecretAudience,
  type Federation,
  readFederation,
} from './federation-rule.ts'
export { type OauthFailure, oauthErrors } from './oauth-errors.ts'
export { oauthRoutes } from './oauth-routes.ts'
