import { sql } from 'drizzle-orm'
import { allOf, type Database, type Guard, type Statement, tables } from '../db/index.ts'
import { statementsOf } from './chunks.ts'
import type { Lease } from './lease-store.ts'
import type { Scope } from './page-read-store.ts'
import type { MemberGroup } from './run.ts'

const { groupMembers, groups, identities, people, reconcilePages } = tables

/** Groups that are of the tenant, after an id: those whose externalId is an object id, as Entra sends it. */
export function nextGroups(
  db: Database,
  { organizationId, connectionId }: Scope,
  { after, limit }: { after: string; limit: number },
): Statement {
  // D1 takes no pattern over 50 bytes, so the form and the digits are checked one after the other.
  return db.all(
    sql`select id, lower(external_id) as "objectId", display_name_key as "nameKey", modified_at as "scimAt" from ${groups}
      where organization_id = ${organizationId} and connection_id = ${connectionId} and id > ${after}
        and external_id like '________-____-____-____-____________' and replace(external_id, '-', '') not glob '*[^0-9a-fA-F]*'
      order by id limit ${limit}`,
  )
}

/** A member who is held and not stated, with who put them in and when. */
export type ExtraMember = {
  readonly personId: string
  readonly objectId: string
  readonly source: 'scim' | 'graph'
  readonly at: number
}

/** Somebody here who is stated and not held. */
export type MissingMember = { readonly personId: string; readonly objectId: string }

/**
 * Asks how a group differs from the complete list of its members, which stands in pages and in a last one: only
 * differences are answered, however large the group is. Of whom nobody knows who they are, Graph says nothing.
 */
export function memberDifferences(
  db: Database,
  { runId }: Lease,
  {
    scope: { organizationId, connectionId, tenantId },
    group,
    last,
    limit,
  }: { scope: Scope; group: MemberGroup; last: string; limit: number },
): readonly Statement[] {
  const start = `entra:${tenantId}:`
  const stated = sql`(select j.value from ${reconcilePages} s, json_each(s.ids) j where s.run_id = ${runId} and s.kind = 'members' and s.subject = ${group.objectId} union select value from json_each(${last}))`
  return [
    db.all(
      sql`select m.member_id as "personId", substr(i.key, ${start.length + 1}) as "objectId", m.source, m.at
        from ${groupMembers} m cross join ${identities} i
        where m.group_id = ${group.id} and m.member_id >= 'usr_' and m.member_id < 'usr\`' and i.person_id = m.member_id
          and i.organization_id = ${organizationId} and substr(i.key, 1, ${start.length}) = ${start} and substr(i.key, ${start.length + 1}) not in ${stated}
        order by 1 limit ${limit}`,
    ),
    db.all(
      sql`select t.id as "objectId", i.person_id as "personId"
        from (select j.value as id from ${reconcilePages} s, json_each(s.ids) j where s.run_id = ${runId} and s.kind = 'members' and s.subject = ${group.objectId} union select value from json_each(${last})) t
        cross join ${identities} i cross join ${people} p
        where i.organization_id = ${organizationId} and i.key = ${start} || t.id and p.id = i.person_id and p.connection_id is nullif(${connectionId}, '') and p.retired_at is null
          and not exists (select 1 from ${groupMembers} m where m.group_id = ${group.id} and m.member_id = i.person_id)
        order by 1 limit ${limit}`,
    ),
  ]
}

/** Whether SCIM has not changed the group since it was listed. */
export function groupStands({ id, scimAt }: MemberGroup): Guard {
  return sql`exists (select 1 from ${groups} where id = ${id} and modified_at = ${scimAt})`
}

export type MemberChange = {
  readonly groupId: string
  readonly add: readonly string[]
  readonly remove: readonly string[]
  /** A membership that SCIM made after this stays. */
  readonly readStartedAt: number
}

/**
 * Puts people into a group and takes others out, while the guard holds. The group's version grows, since SCIM reads
 * its members; when SCIM changed it stays.
 */
export function changeMembers(
  db: Database,
  { organizationId }: Pick<Scope, 'organizationId'>,
  { change, guard }: { change: MemberChange; guard: Guard },
): readonly Statement[] {
  const { groupId, add, remove, readStartedAt } = change
  if (add.length + remove.length === 0) return []
  const whole = allOf(
    guard,
    sql`exists (select 1 from ${groups} where id = ${groupId} and organization_id = ${organizationId})`,
  )
  const isLeaving = sql`(source = 'graph' or at <= ${readStartedAt})`
  return [
    ...statementsOf(
      remove,
      (id) => id,
      (ids) =>
        db.run(
          sql`delete from ${groupMembers} where group_id = ${groupId} and member_id in (select value from json_each(${ids})) and ${isLeaving} and ${whole}`,
        ),
    ),
    ...statementsOf(
      add,
      (id) => id,
      (ids) =>
        db.run(
          sql`insert into ${groupMembers} (group_id, member_id, organization_id, source, at)
            select ${groupId}, p.id, ${organizationId}, 'graph', ${readStartedAt} from json_each(${ids}) j cross join ${people} p
            where p.id = j.value and p.organization_id = ${organizationId} and p.retired_at is null and ${whole}
            on conflict (group_id, member_id) do nothing`,
        ),
    ),
    db.run(sql`update ${groups} set version = version + 1 where id = ${groupId} and ${whole}`),
  ]
}
