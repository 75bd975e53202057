import { sql } from 'drizzle-orm'
import { type Database, runBatch, type Statement, tables } from '../db/index.ts'
import { searchKeys } from './search-keys.ts'

const { people } = tables

/** People whom one call makes findable at most: a second's work at most, and one bound value of D1. */
const backfillSize = 500

type Row = { readonly id: string; readonly userNameKey: string; readonly profile: string }

/**
 * Makes those findable who were there before people had search keys. Two calls while there are any, else one that
 * reads nothing. Whoever is written in between has keys from that write, and is left alone.
 * @returns how many were made findable
 */
export async function backfillSearchKeys(db: Database): Promise<number> {
  const [answer] = await runBatch(db, [
    db.all(
      sql`select id, user_name_key as "userNameKey", profile from ${people} where search_name is null limit ${backfillSize}`,
    ),
  ])
  const rows = answer as readonly Row[]
  if (rows.length > 0) await runBatch(db, [write(db, rows)])
  return rows.length
}

function write(db: Database, rows: readonly Row[]): Statement {
  const list = rows.map(({ id, userNameKey, profile }) => ({
    id,
    ...searchKeys(JSON.parse(profile), userNameKey),
  }))
  // Whose housekeeping it is does not matter here: the ids were just read, and nothing is shown.
  return db.run(
    sql`update ${people} set search_name = j.value ->> 'searchName', search_family = j.value ->> 'searchFamily', search_email = j.value ->> 'searchEmail'
      from json_each(${JSON.stringify(list)}) j where people.id = j.value ->> 'id' and people.search_name is null`,
  )
}
