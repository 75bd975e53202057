/**
 * Owns sessions, the login state that a browser carries to the identity provider and back, and the
 * signed tokens for the app's backends, and what groups mean for whoever is signed in. Does not decide who may sign in. Called by `saml`, `admin`,
 * `app`.
 */

export * from './access.ts'
export * from './access-store.ts'
export * from './cloudflare-access.ts'
export * from './console-session-store.ts'
export * from './current-session.ts'
export * from './errors.ts'
export * from './guess-limit.ts'
export * from './login-state.ts'
export * from './recovery-routes.tsx'
export * from './recovery-store.ts'
export * from './routes.ts'
export * from './sealed-cookie.ts'
export * from './session-list-store.ts'
export * from './session-store.ts'
export * from './session-token.ts'
export * from './setup-link-store.ts'
export * from './signing-key-cache.ts'
export * from './signing-key-store.ts'
