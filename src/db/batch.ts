import { DrizzleQueryError } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { SQLiteRaw } from 'drizzle-orm/sqlite-core/query-builders/raw'
import type { Database } from './client.ts'
import { renderSql } from './render.ts'

/** A statement that takes part in a batch: one domain prepares it, the use case composes them. */
export type Statement = BatchItem<'sqlite'>

/** What drizzle makes of a statement; its own `batch` cannot bind parameters of raw SQL. */
type Prepared = {
  getQuery(): { readonly sql: string; readonly params: readonly unknown[] }
  mapResult(result: D1Result, isFromBatch: true): unknown
}

/**
 * Runs statements as one D1 batch: one round trip, one transaction, all or nothing. D1 gives a batch's rows
 * as objects, so a join that selects two columns of one name loses the first: read tables in statements of
 * their own, or alias.
 * @returns the results in order; a thrown error is an outage, after which nothing or everything is stored
 */
export async function runBatch(
  db: Database,
  statements: readonly Statement[],
): Promise<readonly unknown[]> {
  if (statements.length === 0) return []
  const prepared = statements.map((statement) =>
    (statement as unknown as { _prepare(): Prepared })._prepare(),
  )
  const bound = prepared.map((one) => {
    const { sql, params } = queryOf(one)
    return db.$client.prepare(sql).bind(...params)
  })
  const [first, ...rest] = bound
  // A transaction around one statement only costs time: SQLite makes one of each anyway.
  const results =
    first !== undefined && rest.length === 0 ? [await first.all()] : await db.$client.batch(bound)
  return prepared.map((one, i) => {
    const result = results[i]
    if (result === undefined) throw new Error('D1_ERROR: a batch answered fewer results than asked')
    return one.mapResult(result, true)
  })
}

function queryOf(one: Prepared): ReturnType<Prepared['getQuery']> {
  const rendered = one instanceof SQLiteRaw ? renderSql(one.getSQL()) : null
  return rendered ?? one.getQuery()
}

/**
 * Whether a thrown error is the database's: an outage, answered 503 with "try again", and not a bug of
 * ours. Drizzle wraps what D1 throws; a batch lets D1's own error through.
 */
export function isOutage(error: unknown): boolean {
  if (error instanceof DrizzleQueryError) return true
  return error instanceof Error && /^D1_|D1 |network connection lost/i.test(error.message)
}
