/**
 * Owns the console: who gets in, its frame, and its pages for operators and IT admins. Decides nothing that the
 * Admin API decides: pages show answers of its operations, and forms call them. Called by `app`.
 */
export { type ConsoleFailure, consoleErrors } from './errors.ts'
export { consoleRoutes } from './routes.tsx'
