/**
 * Owns Microsoft Graph as a client: tokens, pages, batches, throttling, what a user states, and the stored
 * credentials. Does not decide what a difference means, nor when to read. Called by `reconcile` and `admin`.
 */
export {
  type CertificateProof,
  createGraphCertificate,
  type PemDefect,
  readGraphCertificate,
} from './certificate.ts'
export { createGraphClient, type GraphWorld } from './client.ts'
export type { GraphCredential, GraphProof } from './credential.ts'
export * from './credential-store.ts'
export * from './errors.ts'
export { graphExpiryWarnings } from './expiry-store.ts'
export { createMemberGroups, type MemberOf } from './member-groups.ts'
export { type Resealed, resealGraphSecrets } from './reseal-store.ts'
export { graphSecretPlace, openGraphCredential, sealGraphProof } from './seal-credential.ts'
export { propertyOf, selectOf } from './select.ts'
export { createTokenCache, type TokenCache, type TokenWorld } from './token.ts'
export * from './types.ts'
export { graphStatements, isDisabled, isGuest, statedText } from './user.ts'
