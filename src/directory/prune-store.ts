import { sql } from 'drizzle-orm'
import { type Database, type Statement, tables } from '../db/index.ts'

const { idempotencyKeys, recoveryLinks } = tables
const monthMs = 30 * 24 * 60 * 60 * 1000

/** Deletes a bounded number of idempotency keys and recovery links that nobody can use any more. */
export function pruneOrganizations(db: Database, nowMs: number): readonly Statement[] {
  return [
    db.run(
      sql`delete from ${idempotencyKeys} where key in (select key from ${idempotencyKeys} where expires_at < ${nowMs} limit 500)`,
    ),
    db.run(
      sql`delete from ${recoveryLinks} where id in (select id from ${recoveryLinks} where expires_at < ${nowMs - monthMs} limit 500)`,
    ),
  ]
}
