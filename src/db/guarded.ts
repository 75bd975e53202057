import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Statement } from './batch.ts'
import type { Database } from './client.ts'
import { snakeCase } from './render.ts'

/** A condition that a statement of a batch depends on. */
export type Guard = SQL

/** A guard that always holds. */
export const always: Guard = sql`1 = 1`

/** A guard that holds while all of these do. */
export function allOf(...guards: readonly Guard[]): Guard {
  return sql`(${sql.join([...guards], sql` and `)})`
}

type Row<T extends SQLiteTable> = Partial<T['$inferInsert']> & Record<string, unknown>

/**
 * An insert that happens only while a guard holds: `insert … select … where`. A batch has no branches,
 * so what would be an `if` between two statements is a condition in each of them.
 * @param conflict what to do about a row with the same key, such as sql`do nothing`
 * @param returning what the batch answers with where the row was stored, such as sql`id`
 */
export function insertWhere<T extends SQLiteTable>(
  db: Database,
  table: T,
  {
    row,
    guard,
    conflict,
    returning,
  }: { row: Row<T>; guard: Guard; conflict?: SQL; returning?: SQL },
): Statement {
  const columns = getTableColumns(table)
  const entries = Object.entries(row).filter(
    ([key, value]) => value !== undefined && key in columns,
  )
  const names = entries.map(([key]) => sql.identifier(snakeCase(key)))
  const values = entries.map(([key, value]) => sql`${sql.param(value, columns[key])}`)
  const tail = conflict === undefined ? sql`` : sql` on conflict ${conflict}`
  const statement = sql`insert into ${table} (${sql.join(names, sql`, `)}) select ${sql.join(values, sql`, `)} where ${guard}${tail}`
  return returning === undefined
    ? db.run(statement)
    : db.all(sql`${statement} returning ${returning}`)
}
