import type { tables } from '../db/index.ts'

/** A person as stored. */
export type Person = typeof tables.people.$inferSelect
