/**
 * Owns Microsoft Graph as a client: tokens, pages, batches, throttling, what a user states, and the stored
 * credentials. Does not decide what a difference means, nor when to read. Called by `reconcile` and `admin`.
 */
export * from './errors.ts'
export * from './types.ts'
