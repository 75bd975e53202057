/**
 * Owns the tenant's own endpoints in the browser: federation metadata, `/{tenant}/saml2` for signing in
 * and out, the sign-in page, and the simulator's session cookie. Does not own what messages mean (saml/)
 * or where people start by themselves (my-apps/).
 * Called by app.ts; my-apps/ and portal/ start flows through it.
 */
export { browserOf } from './browser.ts'
export { completeFlow } from './complete.tsx'
export { refuse } from './refuse.tsx'
export { signInRoutes } from './routes.tsx'
export { broadcastUrls, signOutEverywhere } from './sign-out.tsx'
export { startFlow } from './start.tsx'
