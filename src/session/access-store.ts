import { type SQL, sql } from 'drizzle-orm'
import { type Database, type Statement, tables } from '../db/index.ts'
import type { GroupOfPerson, Provisioned } from './access.ts'

const { groupMembers, groups, people, resourceCounts } = tables

type Row = {
  readonly personId: string
  readonly decides: number
  readonly id: string | null
  readonly externalId: string | null
  readonly nameKey: string
}

/**
 * Asks which groups provisioning put people into, and whether it ever made groups: at least one row per person,
 * one per group. That there were groups is remembered by their count, which stays when it comes to nothing: once
 * provisioning has decided, none is an answer, and no list of an earlier sign-in gives its roles again. Part of the caller's batch; `readProvisioned` reads the answer.
 * @param whose conditions on `p`: the people, and their organization
 */
export function provisionedQuery(db: Database, whose: SQL): Statement {
  const place = sql`g.organization_id = p.organization_id and g.connection_id = coalesce(p.connection_id, '')`
  return db.all(
    sql`select p.id as "personId", g.id as "id", g.external_id as "externalId", g.display_name_key as "nameKey",
      case when g.id is null then exists (select 1 from ${resourceCounts} c where c.organization_id = p.organization_id and c.connection_id = coalesce(p.connection_id, '') and c.kind = 'groups') else 1 end as "decides"
      from ${people} p left join ${groupMembers} m on m.member_id = p.id left join ${groups} g on g.id = m.group_id and ${place}
      where ${whose} order by p.id, m.group_id`,
  )
}

/** What `provisionedQuery` found, by person. */
export function readProvisioned(answer: unknown): ReadonlyMap<string, Provisioned> {
  const found = new Map<string, { decides: boolean; groups: GroupOfPerson[] }>()
  for (const { personId, decides, id, externalId, nameKey } of answer as readonly Row[]) {
    const person = found.get(personId) ?? { decides: decides === 1, groups: [] }
    if (id !== null) person.groups.push({ id, externalId, nameKey })
    found.set(personId, person)
  }
  return found
}

/** Somebody of whom provisioning says nothing. */
export const notProvisioned: Provisioned = { decides: false, groups: [] }

/** What provisioning says of people of one organization, by person. */
export async function loadProvisioned(
  db: Database,
  organizationId: string,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, Provisioned>> {
  if (personIds.length === 0) return new Map()
  const ids = sql`(select value from json_each(${JSON.stringify(personIds)}))`
  return readProvisioned(
    await provisionedQuery(db, sql`p.organization_id = ${organizationId} and p.id in ${ids}`),
  )
}
