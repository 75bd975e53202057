/**
 * Owns what every other folder may use and no domain knows about: results, error entries, ids,
 * bytes, text, the clock, limits and the log. Imports nothing of ours. Called by everybody.
 */
export * from './bytes.ts'
export * from './clock.ts'
export * from './crypto.ts'
export * from './failure.ts'
export * from './ids.ts'
export * from './limits.ts'
export * from './log.ts'
export * from './merge.ts'
export * from './read-stream.ts'
export * from './result.ts'
export * from './seal.ts'
export * from './text.ts'
export * from './time.ts'
export * from './version.ts'
