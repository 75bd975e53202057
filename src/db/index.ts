/**
 * Owns the tables, the D1 client and batches; knows no rule of any domain. Called by the domains'
 * store modules only: nothing else imports Drizzle.
 */
export * from './batch.ts'
export * from './client.ts'
export * from './guarded.ts'
export { newestMigration } from './migration.generated.ts'
export * from './reseal.ts'
export * as tables from './schema/index.ts'
export { sourceNames } from './schema/source-names.ts'
export * from './sealed-kids.ts'
