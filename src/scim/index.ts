/**
 * Owns the SCIM 2.0 server: its schemas, filters, PATCH in both of Entra's dialects, Bulk, discovery, and who
 * may call it (tokens, OAuth clients, federated assertions). Does not decide who is who, and stores no person
 * and no group itself: that is `directory`. Called by `app`, and by `admin` for credentials.
 */
export * from './auth/index.ts'
export { scimErrors } from './errors.ts'
export { explainScimBody } from './explain-body.ts'
export { scimRoutes } from './routes.ts'
