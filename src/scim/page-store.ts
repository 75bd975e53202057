import { type SQL, sql } from 'drizzle-orm'
import { tables } from '../db/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import { type Position, type Question, readCursor, writeCursor } from './cursor.ts'
import type { ScimFailure } from './errors.ts'
import { compileFilter } from './filter/compile-store.ts'
import type { Filter } from './filter/filter.ts'
import { groupLayout, groupsSource, isGroupOf } from './filter/groups-filter-store.ts'
import { parseFilter } from './filter/parse-filter.ts'
import { placeOf, type Scope } from './filter/scope-store.ts'
import { isUserOf, userLayout, usersSource, withDocuments } from './filter/users-filter-store.ts'
import type { ListQuery } from './list-query.ts'
import { isAfter, orderBy, readSort, type Sort } from './sort-store.ts'

const { groups, people, resourceCounts } = tables

/** How each kind of resource is listed. */
const kinds = {
  users: {
    resource: 'User',
    other: 'Group',
    place: placeOf(userLayout),
    id: sql`p.id`,
    rows: sql`${people} p`,
    joins: withDocuments,
    isOf: isUserOf,
    source: usersSource,
  },
  groups: {
    resource: 'Group',
    other: 'User',
    place: placeOf(groupLayout),
    id: sql`g.id`,
    rows: sql`${groups} g`,
    joins: sql``,
    isOf: isGroupOf,
    source: groupsSource,
  },
} as const

/** What a page is read with: the statement that counts, and the ids of the page for others to join. */
export type PagePlan = {
  /** Null where the page tells how many there are, because there is one at most. */
  readonly total: SQL | null
  /** Rows `id` and `sort_key` of the page. */
  readonly ids: SQL
  /**
   * The statement that reads these columns of the page's rows, and `sortKey`; in a page by cursor of one row more,
   * which tells whether there is a next one.
   */
  readonly read: (columns: SQL) => SQL
  readonly question: Question
}

/**
 * Plans a page of a list.
 * @returns `scim.invalid_filter`, `scim.invalid_value` for what cannot be sorted by, or `scim.invalid_cursor`
 */
export async function planPage(
  kind: 'users' | 'groups',
  scope: Scope,
  query: ListQuery,
): Promise<Result<PagePlan, ScimFailure>> {
  const { resource, other, place, id, rows: table, joins, isOf, source } = kinds[kind]
  const { custom = [] } = scope
  const filter =
    query.filter === null
      ? ok(null)
      : parseFilter(query.filter, resource, { custom, alsoOf: query.everyType ? other : null })
  if (!filter.ok) return filter
  const sort = readSort(query, { resource, custom }, place)
  if (!sort.ok) return sort
  const question: Question = { kind, ...query }
  const position = await positionOf(question, query.cursor)
  if (!position.ok) return position

  const rows = source(filter.value, scope, indexOrder(sort.value))
  const condition = filter.value === null ? sql`1` : compileFilter(filter.value, place)
  const found = sql`from ${rows.from} ${joins} where ${isOf(scope)} and ${rows.where} and ${condition}`
  const start = position.value === null ? sql`1` : isAfter(sort.value, id, position.value)
  const order = orderBy(sort.value, sort.value.key, id)
  const offset = query.cursor === null ? query.startIndex - 1 : 0
  const ids = (limit: number) =>
    sql`select ${id} id, ${sort.value.key} sort_key ${found} and ${start} order by ${order} limit ${limit} offset ${offset}`
  const total = totalOf(kind, { scope, query, filter: filter.value, found })
  const idsAndNext = ids(query.cursor === null ? query.count : query.count + 1)
  const again = orderBy(sort.value, sql`page.sort_key`, sql`page.id`)
  return ok({
    total,
    ids: ids(query.count),
    // One row at most has no order, and none before it.
    read: (columns) =>
      total === null
        ? sql`select ${columns}, null "sortKey" ${found}`
        : sql`select ${columns}, page.sort_key "sortKey" from (${idsAndNext}) page cross join ${table} on ${id} = page.id ${joins} order by ${again}`,
    question,
  })
}

/** What only one resource of a connection can be called by. */
const names = { users: ['id', 'userName'], groups: ['id', 'displayName'] } as const

/** The statement that counts. A lookup by name, of which Entra sends one before each write, needs none. */
function totalOf(
  kind: keyof typeof names,
  {
    scope,
    query,
    filter,
    found,
  }: {
    readonly scope: Scope
    readonly query: ListQuery
    readonly filter: Filter | null
    readonly found: SQL
  },
): SQL | null {
  if (filter === null) return countOf(kind, scope)
  const isLookup =
    filter.kind === 'compare' &&
    filter.operator === 'eq' &&
    filter.value !== null &&
    filter.path.schema === null &&
    filter.path.sub === null &&
    names[kind].some((name) => name === filter.path.attribute.name)
  const isWhole = query.cursor === null && query.startIndex === 1 && query.count > 0
  return isLookup && isWhole ? null : sql`select count(*) count ${found}`
}

/** Cuts the extra row of a page by cursor off, and writes the cursor of the next page when there was one. */
export async function cutPage<Row extends { id: string; sortKey: Position['key'] }>(
  { question }: PagePlan,
  { cursor, count }: ListQuery,
  rows: readonly Row[],
): Promise<{ readonly rows: readonly Row[]; readonly nextCursor: string | null }> {
  const kept = rows.slice(0, count)
  const last = kept.at(-1)
  if (cursor === null || rows.length <= count || last === undefined) {
    return { rows: kept, nextCursor: null }
  }
  return { rows: kept, nextCursor: await writeCursor(question, { id: last.id, key: last.sortKey }) }
}

async function positionOf(
  question: Question,
  cursor: string | null,
): Promise<Result<Position | null, ScimFailure>> {
  return cursor === null || cursor === '' ? ok(null) : readCursor(question, cursor)
}

function indexOrder({ by }: Sort): 'id' | 'userName' {
  return by?.attribute.name === 'userName' ? 'userName' : 'id'
}

/** Everything that the credential sees is counted by triggers, so nobody counts rows. */
function countOf(kind: 'users' | 'groups', { organizationId, connectionId }: Scope): SQL {
  return sql`select count from ${resourceCounts} where organization_id = ${organizationId} and connection_id = ${connectionId ?? ''} and kind = ${kind}`
}
