/**
 * Owns My Apps: the tiles people start applications from, without the application asking. Does not own
 * signing in itself (sign-in/). Called by app.ts.
 */
export { myAppsRoutes } from './routes.tsx'
