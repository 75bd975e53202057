import { type SQL, sql } from 'drizzle-orm'
import { type Database, runBatch, tables } from '../db/index.ts'
import type { Arm } from '../kernel/index.ts'
import {
  choosePeople,
  type FoundRow,
  type PeopleFilter,
  type PeoplePlace,
  rowsPerArm,
} from './find-people.ts'
import { listPeopleByIds, type PersonWithViews } from './people-store.ts'
import { searchPrefix } from './search-keys.ts'

const { connections, identities, people } = tables

/** One read of people: by which index, under which conditions, ordered by which column and the id. */
type Read = { readonly index: string | null; readonly where: SQL; readonly key: SQL | null }

export type PeopleSearch = {
  readonly filter: PeopleFilter
  /** What was typed; left out to list everybody whom the filter lets pass. */
  readonly search?: string
  readonly after: PeoplePlace | null
  readonly limit: number
}

/**
 * One page of an organization's people. A search finds whoever's userName, display name, family name or email
 * begins so, in any case, and whoever is called exactly so by the provider (externalId, object id) or here (id): by
 * prefix and not inside a name, since only that an index can answer. Each page reads a bounded number of rows,
 * whatever is asked and however many people there are; it may hold fewer than `limit` and yet have a next one.
 * Two calls.
 */
export async function findPeople(
  db: Database,
  organizationId: string,
  { filter, search, after, limit }: PeopleSearch,
): Promise<{ readonly rows: readonly PersonWithViews[]; readonly next: PeoplePlace | null }> {
  const exact = search?.trim() ?? ''
  const prefix = search === undefined ? null : searchPrefix(search)
  const reads = [
    ...(prefix === null ? [listRead(filter)] : searchReads(exact, prefix)),
    ...(prefix === null || after !== null ? [] : exactReads(organizationId, exact)),
  ]
  if (reads.length === 0) return { rows: [], next: null }
  const perRead = rowsPerArm(reads.length, { filter, limit })
  const answers = await runBatch(
    db,
    reads.map((read) =>
      db.all(statementOf(read, { organizationId, prefix, after, limit: perRead })),
    ),
  )
  const arms = answers.map((answer): Arm<FoundRow> => {
    const rows = (answer as readonly Row[]).map(readRow)
    return { rows, isFull: rows.length === perRead }
  })
  const { ids, next } = choosePeople(arms, { filter, prefix, exact, limit })
  return { rows: await listPeopleByIds(db, organizationId, ids), next }
}

/** Whom a list without a search is read from: the fewest that the filter's own index can name. */
function listRead({ status, source, connectionId }: PeopleFilter): Read {
  if (status === 'retired') return list('people_retired', sql`retired_at is not null`)
  if (status === 'blocked') {
    return list('people_blocked', sql`denied_by_manual = 1 and retired_at is null`)
  }
  if (status === 'inactive') return list('people_inactive', sql`active = 0 and retired_at is null`)
  if (source !== undefined && source !== 'scim') {
    return list('people_not_by_scim', sql`created_by <> 'scim' and created_by = ${source}`)
  }
  if (status === 'active' && connectionId !== undefined) {
    return list('people_listed', sql`connection_id = ${connectionId} and retired_at is null`)
  }
  return list('people_organization', sql`1 = 1`)
}

/** Without an index where the condition leaves SQLite no other choice. */
function list(index: string | null, where: SQL): Read {
  return { index, where, key: null }
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What is an id is no beginning of a name. */
function searchReads(exact: string, prefix: string): readonly Read[] {
  if (prefix === '' || guid.test(exact) || exact.startsWith('usr_')) return []
  return [
    { index: 'people_user_name', where: sql`retired_at is null`, key: sql`user_name_key` },
    { index: 'people_retired_name', where: sql`retired_at is not null`, key: sql`user_name_key` },
    { index: 'people_search_name', where: sql`search_name <> ''`, key: sql`search_name` },
    { index: 'people_search_family', where: sql`search_family <> ''`, key: sql`search_family` },
    { index: 'people_search_email', where: sql`search_email <> ''`, key: sql`search_email` },
  ]
}

/** An object id is looked up under the tenants of the organization's own connections. */
function exactReads(organizationId: string, exact: string): readonly Read[] {
  if (exact === '') return []
  if (exact.startsWith('usr_')) return [list(null, sql`id = ${exact}`)]
  const named = list('people_external_id', sql`external_id = ${exact}`)
  if (!guid.test(exact)) return [named]
  const keys = sql`select 'entra:' || c.tenant_id || ':' || ${exact.toLowerCase()} from ${connections} c where c.organization_id = ${organizationId}`
  const bound = sql`id in (select i.person_id from ${identities} i where i.organization_id = ${organizationId} and i.key in (${keys}))`
  return [named, list(null, bound)]
}

function statementOf(
  { index, where, key }: Read,
  page: {
    readonly organizationId: string
    readonly prefix: string | null
    readonly after: PeoplePlace | null
    readonly limit: number
  },
): SQL {
  const { organizationId, after, limit } = page
  const from = sql`select id, ${key ?? sql`''`} as "key", external_id as "externalId", active, denied_by_manual as blocked,
    retired_at as "retiredAt", created_by as "createdBy", connection_id as "connectionId",
    user_name_key as "nameKey", search_name as "searchName", search_family as "searchFamily", search_email as "searchEmail"
    from ${people} ${index === null ? sql`` : sql`indexed by ${sql.identifier(index)}`} where organization_id = ${organizationId} and ${where}`
  if (key === null) return sql`${from} and id > ${after?.id ?? ''} order by id limit ${limit}`
  const prefix = page.prefix ?? ''
  // U+10FFFF stands behind every character of a name.
  const below = sql`${key} < ${`${prefix}\u{10ffff}`}`
  const isBehind = after !== null && after.key !== ''
  const above = isBehind
    ? sql`(${key}, id) > (${after.key}, ${after.id})`
    : sql`${key} >= ${prefix}`
  return sql`${from} and ${above} and ${below} order by ${key}, id limit ${limit}`
}

type Row = Omit<FoundRow, 'keys'> & {
  readonly nameKey: string
  readonly searchName: string | null
  readonly searchFamily: string | null
  readonly searchEmail: string | null
}

function readRow({ nameKey, searchName, searchFamily, searchEmail, ...row }: Row): FoundRow {
  return { ...row, keys: [nameKey, searchName, searchFamily, searchEmail] }
}
