import { type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import { field, jsonField } from './gate-store.ts'
import type { Scope } from './page-read-store.ts'
import type { PeopleWrites } from './people-write-store.ts'
import { identityKeyOf } from './plan-identity.ts'
import type { KnownUserWrite } from './plan-types.ts'

const { graphUsers, identities, people } = tables

/** A row of `graph_users`, with the version of the person it hangs on. */
export function userRow({ writes, creates }: PeopleWrites) {
  const versions = new Map(writes.map((one) => [one.personId, one.personVersion]))
  const made = new Map(creates.map(({ objectId, id }) => [objectId, id]))
  return (user: KnownUserWrite) => ({
    ...user,
    personId: made.get(user.objectId) ?? user.personId,
    assigned: user.assigned ? 1 : 0,
    version: versions.get(user.personId ?? '') ?? null,
  })
}

/** Stores what is known of users of the tenant. */
export function upsertUsers(db: Database, { scope, guard }: PeopleWrites, rows: string): Statement {
  const personId = field('personId')
  return db.run(
    sql`insert into ${graphUsers} (organization_id, connection_id, object_id, person_id, assigned, app_roles, state, changed_at)
      select ${scope.organizationId}, ${scope.connectionId}, ${field('objectId')},
        (select p.id from ${people} p where p.id = ${personId} and p.organization_id = ${scope.organizationId}),
        ${field('assigned')}, ${jsonField('appRoles')}, ${field('state')}, ${field('changedAt')}
      from json_each(${rows}) j where ${guard} and ${isAsJudged('personId')}
      on conflict (organization_id, connection_id, object_id) do update set person_id = excluded.person_id, assigned = excluded.assigned,
        app_roles = excluded.app_roles, state = excluded.state, changed_at = excluded.changed_at`,
  )
}

/** Whether the person that a row hangs on still is what was judged; a row without a version hangs on nobody. */
export function isAsJudged(name: string): SQL {
  return sql`(${field('version')} is null or exists (select 1 from ${people} v where v.id = ${field(name)} and v.version = ${field('version')}))`
}

/**
 * Ties users who were nobody here when they were read to whom they are by now: SCIM and sign-ins bind people between
 * runs, and a delta tells nothing of it. Whoever is assigned is read by id by the next run, which ties them too.
 */
export function tieUsers(
  db: Database,
  { organizationId, connectionId, tenantId }: Scope,
  guard: Guard,
): Statement {
  const bound = sql`from ${identities} i where i.organization_id = ${organizationId} and i.key = ${identityKeyOf(tenantId, '')} || graph_users.object_id`
  return db.run(
    sql`update ${graphUsers} set person_id = (select i.person_id ${bound})
      where organization_id = ${organizationId} and connection_id = ${connectionId} and +person_id is null and assigned = 0 and exists (select 1 ${bound}) and ${guard}`,
  )
}
