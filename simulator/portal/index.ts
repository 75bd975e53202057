/**
 * Owns the pages of the tenant's admin: home, users, groups, enterprise applications, the sign-in log.
 * Forms only, no scripts. Does not own rules: it calls directory/ and, for applications, api/.
 * Called by app.ts.
 */
export { portalRoutes } from './routes.tsx'
