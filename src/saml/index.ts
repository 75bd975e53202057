/**
 * Owns Portico as a SAML service provider: connections, metadata, the messages we send, logout, and the one
 * pipeline that a response passes before anybody is believed to be anyone. Does not own people, sessions or
 * events, which are told what came of it. Called by `admin`, `app` and the scheduled run.
 */

export { certificateWarnings } from './certificate-warning-store.ts'
export { checkUsable, type SamlConnection, skewMs } from './connection.ts'
export { createConnectionKey } from './connection-key.ts'
export * from './connection-store.ts'
export * from './connection-write-store.ts'
export { pruneConsumed } from './consume-store.ts'
export { type DecodedSaml, decodeSaml } from './decode/decode-saml.ts'
export { recognize } from './decode/recognize.ts'
export { discover } from './discovery-store.ts'
export { type DoorFailure, doorErrors } from './door-errors.ts'
export { checkEndpointUrl, type UrlDefect } from './endpoint-url.ts'
export { appIdOf, entraTenantId } from './entra-tenant.ts'
export { type AnySamlFailure, type SamlFailure, samlErrors } from './errors.ts'
export { evidenceOf } from './evidence.ts'
export { type CheckId, type CheckState, checkOf, checkTable } from './explain/check-table.ts'
export type { Check } from './explain/explain-response.ts'
export type { TestReport } from './explain/report.ts'
export {
  type MetadataDefect,
  type MetadataFailure,
  type MetadataFetchFailure,
  metadataFetchFixes,
} from './message-errors.ts'
export { type RejectedCertificate, readCertificateText } from './metadata-certificates.ts'
export { checkMetadataUrl, type FetchedMetadata, fetchMetadata } from './metadata-fetch.ts'
export { type IdpMetadata, readMetadata } from './metadata-read.ts'
export * from './metadata-refresh-store.ts'
export { type SpMetadata, writeSpMetadata } from './metadata-write.ts'
export { type OpenConnection, openConnection } from './open-connection.ts'
export {
  type PendingChange,
  type PendingChanges,
  pendingCertificate,
  readPending,
  tellChange,
} from './pending-changes.ts'
export { type RefreshOutcome, refreshDueMetadata, refreshMetadata } from './refresh-metadata.ts'
export { freshRefresh } from './refresh-times.ts'
export { sealedConnectionKeys } from './reseal-store.ts'
export type { AnyResponseFailure, ResponseFailure } from './response-failure.ts'
export { samlRoutes } from './routes.tsx'
export { type SpUrls, spUrls } from './sp-urls.ts'
export { recognizeAadsts } from './status.ts'
export * from './test-sign-in/test-store.ts'
