import { sql } from 'drizzle-orm'
import { type Database, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'
import type { SourceName } from './source-view.ts'

const { people } = tables

/** How many people have a value of an attribute, among those that are looked at. */
export type AttributeUse = {
  /** People looked at: all of the organization, or the first `limits.attributeUsePeople` of them. */
  readonly people: number
  readonly isAll: boolean
  readonly valued: number
  /** Of whom the value is; the default is nobody's. */
  readonly sources: Readonly<Partial<Record<SourceName | 'default', number>>>
}

/**
 * Counts who has a value of an attribute, retired people aside. Reads as many rows as it looks at people.
 * @param key of an attribute: letters, digits and underscores
 */
export async function attributeUse(
  db: Database,
  organizationId: string,
  key: string,
): Promise<AttributeUse> {
  const most = limits.attributeUsePeople
  const rows = await db.all<{ source: SourceName | null; valued: number; count: number }>(
    sql`select p.provenance ->> ${`$."${key}".source`} as source, p.profile -> ${`$."${key}"`} is not null as valued, count(*) as count
      from (select profile, provenance from ${people} where organization_id = ${organizationId} and retired_at is null order by id limit ${most + 1}) p
      group by 1, 2`,
  )
  const found = rows.reduce((sum, { count }) => sum + count, 0)
  const held = rows.filter(({ valued }) => valued === 1)
  return {
    people: Math.min(found, most),
    isAll: found <= most,
    valued: held.reduce((sum, { count }) => sum + count, 0),
    sources: Object.fromEntries(held.map(({ source, count }) => [source ?? 'default', count])),
  }
}
