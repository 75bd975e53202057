/**
 * Owns what Entra does with SAML: reading requests and refusing them with AADSTS codes, claims, responses,
 * logout messages, federation metadata. Mostly pure. Does not own XML itself (xml/), where things are kept
 * (directory/) or pages and sessions (sign-in/, my-apps/).
 * Called by sign-in/, my-apps/, portal/ and api/.
 */
export { type AadstsCode, aadstsText, type Refusal } from './aadsts.ts'
export {
  contextClassOf,
  contextLabel,
  isRequestedContextMet,
  methodLabel,
} from './authn-context.ts'
export { type AuthnRequest, readAuthnRequest } from './authn-request.ts'
export { type CheckedRequest, checkAuthnRequest } from './check-authn-request.ts'
export { type ClaimFacts, claimsOf, type SamlAttribute } from './claims.ts'
export { idpUrls, issuerOf } from './idp-urls.ts'
export { type Issued, type IssueRequest, issueAssertion } from './issue.ts'
export {
  buildLogoutRequest,
  buildLogoutResponse,
  type CheckedLogout,
  checkLogoutRequest,
} from './logout.ts'
export { buildMetadata } from './metadata.ts'
export { nameIdOf, pairwiseId } from './name-id.ts'
export { decodePost, decodeRedirect, type ReceivedMessage } from './receive.ts'
export { encodeLower, redirectUrl } from './redirect-url.ts'
export { buildErrorResponse } from './response.ts'
export { readSpMetadata, type SpMetadata } from './sp-metadata.ts'
export { sourceNames } from './user-value.ts'
