/**
 * Owns Portico as a SAML service provider: connections, metadata, the messages we send, logout, and the one
 * pipeline that a response passes before anybody is believed to be anyone. Does not own people, sessions or
 * events, which are told what came of it. Called by `admin`, `app` and the scheduled run.
 */
export { checkUsable, type SamlConnection, skewMs } from './connection.ts'
export { type AnySamlFailure, type SamlFailure, samlErrors } from './errors.ts'
export type { MetadataFailure, MetadataFetchFailure } from './message-errors.ts'
export type { AnyResponseFailure, ResponseFailure } from './response-failure.ts'
