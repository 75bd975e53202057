import { sql } from 'drizzle-orm'
import { type Database, type Statement, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'
import type { Scope } from './page-read-store.ts'

const { identities, people } = tables

/**
 * Asks for people of a connection whom SCIM made and who are bound to no account: the newest only, by their ids, which
 * sort by time. Never guests, nobody inactive, and nobody whose name is no userPrincipalName.
 * @param after an id
 */
export function unboundSince(
  db: Database,
  { organizationId, connectionId }: Scope,
  { after, limit }: { after: string; limit: number },
): Statement {
  const connection = connectionId === '' ? null : connectionId
  const isListed = (name: string) =>
    sql`${sql.raw(name)}.organization_id = ${organizationId} and ${sql.raw(name)}.connection_id is ${connection} and ${sql.raw(name)}.retired_at is null and ${sql.raw(name)}.id > ${after}`
  const oldest = sql`select n.id from ${people} n where ${isListed('n')} order by n.id desc limit 1 offset ${limits.reconcileUnbound}`
  return db.all(
    sql`select p.id, p.user_name as "userName" from ${people} p
      where ${isListed('p')} and p.id > coalesce((${oldest}), '')
        and +p.active = 1 and p.scim_at is not null and instr(p.user_name, '@') > 0 and instr(upper(p.user_name), '#EXT#') = 0
        and not exists (select 1 from ${identities} i where i.person_id = p.id)
      order by p.id limit ${limit}`,
  )
}
