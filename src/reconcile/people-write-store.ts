import { type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import type { Person, SearchKeys } from '../directory/index.ts'
import { movedKeys, searchKeys } from '../directory/index.ts'
import { foldCase } from '../kernel/index.ts'
import { statementsOf } from './chunks.ts'
import { field, jsonField } from './gate-store.ts'
import { upsertUsers, userRow } from './graph-users-store.ts'
import type { Scope } from './page-read-store.ts'
import { createPeople, insertViews } from './people-create-store.ts'
import type { KnownUserWrite, PersonCreate, PersonWrite } from './plan-types.ts'

const { brakeCounts, identities, people, sessions } = tables

/** A write with what only hashing and the rest of the page can tell. */
export type ReadyWrite = PersonWrite & {
  readonly viewSha256: string | null
  /** Whether the time of erasure is another one: it is indexed. */
  readonly isEraseMoved: boolean
  /** What search is to find the person by from now on, where that changes: indexed too. */
  readonly movedKeys: Partial<SearchKeys>
}
export type ReadyCreate = PersonCreate & { readonly id: string; readonly viewSha256: string }

export type PeopleWrites = {
  readonly scope: Scope
  readonly writes: readonly ReadyWrite[]
  readonly creates: readonly ReadyCreate[]
  readonly users: readonly KnownUserWrite[]
  /** Whether what is taken away counts for the brake. */
  readonly isCounted: boolean
  readonly nowMs: number
  readonly guard: Guard
}

/** What search finds a person by once a write is done, where that is not what it is now. */
export function keysMovedBy(
  { resolved, rename }: PersonWrite,
  held: Person | undefined,
): Partial<SearchKeys> {
  if (held === undefined || (resolved === null && rename === null)) return {}
  const profile = resolved?.profile ?? held.profile
  return movedKeys(held, searchKeys(profile, foldCase(rename ?? held.userName)))
}

/** What a row is found by: the person as it was judged, and what has to be free. */
function base({ personId, personVersion, bindTo, rename }: PersonWrite) {
  return {
    id: personId,
    version: personVersion,
    ...(bindTo === null ? {} : { bindTo }),
    ...(rename === null ? {} : { nameKey: foldCase(rename) }),
  }
}

/**
 * The rows of a list whose person still is what was judged, and whose name and identity are free, as `p` beside
 * `j`. One lookup each; the list is the outer loop.
 */
function standing(
  { organizationId }: Scope,
  { rows, writes, isBound }: { rows: string; writes: readonly PersonWrite[]; isBound?: true },
): SQL {
  const bindTo = field('bindTo')
  const nameKey = field('nameKey')
  const isFree =
    isBound === true
      ? sql`exists (select 1 from ${identities} i where i.organization_id = ${organizationId} and i.key = ${bindTo} and i.person_id = p.id)`
      : sql`not exists (select 1 from ${identities} i where (i.organization_id = ${organizationId} and i.key = ${bindTo}) or i.person_id = p.id)`
  const binds = writes.some((one) => one.bindTo !== null)
  const renames = writes.some(({ rename }) => rename !== null)
  return sql`from json_each(${rows}) j cross join ${people} p
    where p.id = ${field('id')} and p.organization_id = ${organizationId} and p.version = ${field('version')} and p.retired_at is null
    ${binds ? sql`and (${bindTo} is null or ${isFree})` : sql``}
    ${renames ? sql`and (${nameKey} is null or not exists (select 1 from ${people} o where o.organization_id = ${organizationId} and o.user_name_key = ${nameKey} and o.retired_at is null and o.id <> p.id))` : sql``}`
}

/** Whether everybody who is to be written still is what was judged. */
export function allStand(scope: Scope, writes: readonly PersonWrite[]): Guard {
  if (writes.length === 0) return sql`1 = 1`
  const rows = JSON.stringify(writes.map(base))
  return sql`(select count(*) ${standing(scope, { rows, writes })}) = ${writes.length}`
}

/** What depends on people being as they were judged: to be followed by `writePeople`, which changes them. */
export function writeAroundPeople(db: Database, page: PeopleWrites): readonly Statement[] {
  const { scope, writes, creates, nowMs, guard } = page
  const { organizationId, connectionId } = scope
  const denied = writes.filter(({ active }) => !active)
  const viewed = writes.filter(({ view }) => view !== null)
  const used = page.isCounted ? writes.filter(({ uses }) => uses.length > 0) : []
  const hour = Math.floor(nowMs / 3_600_000)
  return [
    ...statementsOf(denied, base, (rows) =>
      db.run(
        sql`delete from ${sessions} where organization_id = ${organizationId} and person_id in (select p.id ${standing(scope, { rows, writes: denied })}) and ${guard}`,
      ),
    ),
    ...statementsOf(
      used,
      (one) => ({ ...base(one), uses: one.uses }),
      (rows) =>
        db.run(
          sql`insert into ${brakeCounts} (organization_id, connection_id, what, hour, count)
          select ${organizationId}, ${connectionId}, u.value, ${hour}, count(*)
          from (select ${jsonField('uses')} as uses ${standing(scope, { rows, writes: used })}) s, json_each(s.uses) u
          where ${guard} group by u.value
          on conflict (organization_id, connection_id, what, hour) do update set count = count + excluded.count`,
        ),
    ),
    ...statementsOf(
      viewed,
      (one) => ({
        ...base(one),
        attributes: one.view?.attributes,
        sha256: one.viewSha256,
        at: one.view?.at,
      }),
      (rows) => insertViews(db, page, sql`p.id`, sql`${standing(scope, { rows, writes: viewed })}`),
    ),
    ...createPeople(db, page, creates),
    ...statementsOf(page.users, userRow(page), (rows) => upsertUsers(db, page, rows)),
  ]
}

/** Changes the people, and binds them: last in the batch, since it moves the versions all else looks for. */
export function writePeople(db: Database, page: PeopleWrites): readonly Statement[] {
  const { scope, writes, nowMs, guard } = page
  const { organizationId, connectionId } = scope
  const bound = writes.filter(({ bindTo }) => bindTo !== null)
  // A column that is set costs its index a write, though it stays what it was.
  const indexed = writes.filter(
    (one) => one.rename !== null || one.isEraseMoved || Object.keys(one.movedKeys).length > 0,
  )
  const plain = writes.filter((one) => !indexed.includes(one))
  const row = (one: ReadyWrite) => ({
    ...base(one),
    denied: one.deniedByGraph ? 1 : 0,
    active: one.active ? 1 : 0,
    ...(one.resolved === null ? {} : { ...one.resolved, mappingVersion: one.mappingVersion }),
    ...(one.rename === null ? {} : { userName: one.rename }),
    eraseAt: one.eraseAt,
    ...one.movedKeys,
  })
  const update = (list: readonly ReadyWrite[], more: SQL) =>
    statementsOf(list, row, (rows) =>
      db.all(
        sql`update ${people} set profile = coalesce(s.profile, people.profile), provenance = coalesce(s.provenance, people.provenance),
          mapping_version = coalesce(s.mapping_version, people.mapping_version), denied_by_graph = s.denied, active = s.active,
          version = people.version + 1, updated_at = ${nowMs} ${more}
          from (select p.id, ${jsonField('profile')} as profile, ${jsonField('provenance')} as provenance, ${field('mappingVersion')} as mapping_version,
            ${field('denied')} as denied, ${field('active')} as active, ${field('eraseAt')} as erase_at, ${field('userName')} as user_name, ${field('nameKey')} as name_key,
            ${field('searchName')} as search_name, ${field('searchFamily')} as search_family, ${field('searchEmail')} as search_email
            ${standing(scope, { rows, writes: list, isBound: true })}) s
          where people.id = s.id and ${guard} returning people.id as id`,
      ),
    )
  return [
    ...statementsOf(bound, base, (rows) =>
      db.run(
        sql`insert into ${identities} (organization_id, key, person_id, connection_id, bound_by, created_at)
          select ${organizationId}, ${field('bindTo')}, p.id, ${connectionId}, 'graph', ${nowMs} ${standing(scope, { rows, writes: bound })} and ${guard}`,
      ),
    ),
    ...update(plain, sql``),
    ...update(
      indexed,
      sql`, erase_at = s.erase_at, user_name = coalesce(s.user_name, people.user_name), user_name_key = coalesce(s.name_key, people.user_name_key),
        search_name = coalesce(s.search_name, people.search_name), search_family = coalesce(s.search_family, people.search_family), search_email = coalesce(s.search_email, people.search_email)`,
    ),
  ]
}
