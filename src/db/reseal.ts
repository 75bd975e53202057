import { getTableName, sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import {
  type KeyRing,
  limits,
  type RandomBytes,
  type SealedPlace,
  seal,
  unseal,
} from '../kernel/index.ts'
import type { Statement } from './batch.ts'
import type { Database } from './client.ts'
import { snakeCase } from './render.ts'

/** A table with a sealed column, and where the value of each row is sealed for. */
export type SealedTable = {
  readonly table: SQLiteTable
  readonly id: SQLiteColumn
  readonly sealed: SQLiteColumn
  /** The column of the organization; null where rows belong to none. */
  readonly organization: SQLiteColumn | null
  readonly place: (row: { readonly id: string; readonly organizationId: string }) => SealedPlace
}

export type Resealed = {
  /** At most one, that replaces each value unless it was set anew meanwhile. */
  readonly statements: readonly Statement[]
  /** Values that their key does not open: moved or altered. */
  readonly lost: number
}

/**
 * Encrypts anew what an older key of the ring sealed, a portion at a time: when nothing is left, that key is free
 * to go. Which ones a call takes is left to chance: those that do not open would else keep the others waiting for
 * ever. What a key sealed that is not in the ring is left alone; putting the key back opens it.
 */
export async function resealPortion(
  db: Database,
  ring: KeyRing,
  { table, random }: { readonly table: SealedTable; readonly random: RandomBytes },
): Promise<Resealed> {
  const [, ...older] = ring
  if (older.length === 0) return { statements: [], lost: 0 }
  const { id, sealed, organization } = table
  const kids = JSON.stringify(older.map(({ kid }) => kid))
  const rows = await db.all<{ id: string; organizationId: string; sealed: string }>(
    sql`select ${id} as id, ${organization ?? sql`''`} as "organizationId", ${sealed} as sealed from ${table.table}
      where substr(${sealed}, 1, instr(${sealed}, '.') - 1) in (select value from json_each(${kids}))
      order by random() limit ${limits.resealedPerTick}`,
  )
  const made = await Promise.all(
    rows.map(async (row) => {
      const place = table.place(row)
      const secret = await unseal(ring, place, row.sealed)
      const to = secret === null ? null : await seal(ring, place, { secret, random })
      return to === null ? [] : [{ id: row.id, from: row.sealed, to }]
    }),
  )
  const values = made.flat()
  const lost = rows.length - values.length
  if (values.length === 0) return { statements: [], lost }
  const column = sql.identifier(snakeCase(sealed.name))
  const json = JSON.stringify(values)
  const name = sql.identifier(getTableName(table.table))
  const key = sql.identifier(snakeCase(id.name))
  const statement = db.run(
    sql`update ${name} set ${column} = coalesce((select j.value ->> 'to' from json_each(${json}) j
      where j.value ->> 'id' = ${name}.${key} and j.value ->> 'from' = ${name}.${column}), ${column})
      where ${key} in (select value ->> 'id' from json_each(${json}))`,
  )
  return { statements: [statement], lost }
}
