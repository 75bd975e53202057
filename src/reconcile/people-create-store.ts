import { type SQL, sql } from 'drizzle-orm'
import { type Database, type Statement, tables } from '../db/index.ts'
import { searchKeys } from '../directory/index.ts'
import { foldCase } from '../kernel/index.ts'
import { statementsOf } from './chunks.ts'
import { field, jsonField } from './gate-store.ts'
import type { PeopleWrites, ReadyCreate } from './people-write-store.ts'

const { identities, people, sourceViews, tombstones } = tables

/** Makes people, of whom nobody has the name, the identity or a tombstone by now. */
export function createPeople(
  db: Database,
  page: PeopleWrites,
  creates: readonly ReadyCreate[],
): readonly Statement[] {
  const { scope, nowMs, guard } = page
  const { organizationId, connectionId } = scope
  const row = (one: ReadyCreate) => ({
    id: one.id,
    key: one.identityKey,
    objectId: one.objectId,
    userName: one.userName,
    nameKey: foldCase(one.userName),
    profile: one.resolved.profile,
    ...searchKeys(one.resolved.profile, foldCase(one.userName)),
    provenance: one.resolved.provenance,
    mappingVersion: one.mappingVersion,
    denied: one.deniedByGraph ? 1 : 0,
    attributes: one.view.attributes,
    sha256: one.viewSha256,
    at: one.view.at,
  })
  const key = field('key')
  const blocked = sql`coalesce((select t.was_blocked from ${tombstones} t where t.organization_id = ${organizationId} and t.key = ${key}), 0)`
  return statementsOf(creates, row, (rows) => {
    const made = sql`from json_each(${rows}) j cross join ${people} p where p.id = ${field('id')} and p.organization_id = ${organizationId}`
    return [
      db.run(
        sql`insert into ${people} (id, organization_id, connection_id, user_name, user_name_key, external_id, active, denied_by_graph, denied_by_manual, created_by, search_name, search_family, search_email, profile, provenance, mapping_version, created_at, updated_at)
          select ${field('id')}, ${organizationId}, nullif(${connectionId}, ''), ${field('userName')}, ${field('nameKey')}, ${field('objectId')},
            ${field('denied')} = 0 and not ${blocked}, ${field('denied')}, ${blocked}, 'graph', ${field('searchName')}, ${field('searchFamily')}, ${field('searchEmail')}, ${jsonField('profile')}, ${jsonField('provenance')}, ${field('mappingVersion')}, ${nowMs}, ${nowMs}
          from json_each(${rows}) j where ${guard}
            and not exists (select 1 from ${identities} i where i.organization_id = ${organizationId} and i.key = ${key})
            and not exists (select 1 from ${people} o where o.organization_id = ${organizationId} and o.user_name_key = ${field('nameKey')} and o.retired_at is null)
            and not exists (select 1 from ${tombstones} t where t.organization_id = ${organizationId} and t.key = ${key} and t.lifted_at is null)`,
      ),
      db.run(
        sql`insert into ${identities} (organization_id, key, person_id, connection_id, bound_by, created_at)
          select ${organizationId}, ${key}, p.id, ${connectionId}, 'graph', ${nowMs} ${made} and ${guard}`,
      ),
      insertViews(db, page, sql`p.id`, made),
    ]
  }).flat()
}

/** Stores Graph views of the rows of a list. */
export function insertViews(
  db: Database,
  { scope, guard }: PeopleWrites,
  id: SQL,
  from: SQL,
): Statement {
  return db.run(
    sql`insert into ${sourceViews} (person_id, source, organization_id, connection_id, attributes, sha256, at)
      select ${id}, 'graph', ${scope.organizationId}, nullif(${scope.connectionId}, ''), ${jsonField('attributes')}, ${field('sha256')}, ${field('at')}
      ${from} and ${guard}
      on conflict (person_id, source) do update set attributes = excluded.attributes, sha256 = excluded.sha256, at = excluded.at, connection_id = excluded.connection_id`,
  )
}
