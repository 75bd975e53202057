import { type SQL, sql } from 'drizzle-orm'
import { type Database, runBatch, tables } from '../db/index.ts'
import type {
  GroupMember,
  ProvisionedGroup,
  ProvisionedUser,
  ScimView,
} from '../directory/index.ts'
import { err, limits, ok, type Result } from '../kernel/index.ts'
import type { Position } from './cursor.ts'
import type { ScimFailure } from './errors.ts'
import { isGroupOf } from './filter/groups-filter-store.ts'
import type { Scope } from './filter/scope-store.ts'
import { isUserOf, userLayout, withDocuments } from './filter/users-filter-store.ts'
import type { ListQuery } from './list-query.ts'
import { cutPage, planPage } from './page-store.ts'

const { groupMembers, groups, people } = tables

/** A page of users. */
export type UserPage = {
  /** How many the filter finds in all. */
  readonly totalResults: number
  readonly users: readonly ProvisionedUser[]
  /** Null when there is no next page, and when pages are counted by index. */
  readonly nextCursor: string | null
}

/** A page of groups. */
export type GroupPage = {
  readonly totalResults: number
  readonly groups: readonly ProvisionedGroup[]
  /** By the groups' ids; empty when members were not asked for. */
  readonly members: ReadonlyMap<string, readonly GroupMember[]>
  readonly nextCursor: string | null
}

type Counted = readonly { readonly count: number }[]

/**
 * One page of the users that a credential sees, in one batch (DESIGN 6): people of its organization and
 * connection who are not retired, active or not. The groups of the page's users come along unless the
 * answer leaves them out.
 * @returns the page; `scim.invalid_filter`, `scim.invalid_value` or `scim.invalid_cursor`
 */
export async function listUsers(
  db: Database,
  scope: Scope,
  query: ListQuery,
  { withGroups }: { readonly withGroups: boolean },
): Promise<Result<UserPage, ScimFailure>> {
  const plan = await planPage('users', scope, query)
  if (!plan.ok) return plan
  const { total, read } = plan.value
  const [rows, counted] = (await runBatch(db, [
    db.all(read(userColumns(withGroups))),
    ...(total === null ? [] : [db.all(total)]),
  ])) as [UserRow[], Counted?]
  const cut = await cutPage(plan.value, query, rows)
  return ok({
    totalResults: counted?.[0]?.count ?? rows.length,
    users: cut.rows.map(readUser),
    nextCursor: cut.nextCursor,
  })
}

/** A user that the credential sees, or null. */
export async function getUser(
  db: Database,
  scope: Scope,
  id: string,
): Promise<ProvisionedUser | null> {
  const [rows] = (await runBatch(db, [
    db.all(
      sql`select ${userColumns(true)} from ${people} p ${withDocuments} where p.id = ${id} and ${isUserOf(scope)}`,
    ),
  ])) as [UserRow[]]
  const [row] = rows
  return row === undefined ? null : readUser(row)
}

/**
 * One page of the groups that a credential sees, in one batch.
 * @returns the page; `scim.too_many` when the members of its groups are more than one answer may hold, and
 * what `listUsers` returns
 */
export async function listGroups(
  db: Database,
  scope: Scope,
  query: ListQuery,
  { withMembers }: { readonly withMembers: boolean },
): Promise<Result<GroupPage, ScimFailure>> {
  const plan = await planPage('groups', scope, query)
  if (!plan.ok) return plan
  const { total, ids, read } = plan.value
  const most = limits.scimListMembers
  const members = membersOf(scope, { from: sql`(${ids}) page`, where: sql`m.group_id = page.id` })
  const reads = [
    db.all(read(groupColumns)),
    ...(total === null ? [] : [db.all(total)]),
    ...(withMembers ? [db.all(sql`${members} limit ${most + 1}`)] : []),
  ]
  const results = await runBatch(db, reads)
  const rows = results[0] as readonly GroupRow[]
  const counted = total === null ? null : (results[1] as Counted)
  const found = withMembers ? (results.at(-1) as readonly MemberRow[]) : []
  const cut = await cutPage(plan.value, query, rows)
  if (withMembers && cut.rows.reduce((sum, row) => sum + row.memberCount, 0) > most) {
    const detail = `The groups of this page have more than ${most} members together; ask with excludedAttributes=members, or for a smaller count.`
    return err({ code: 'scim.too_many', detail })
  }
  const byGroup = Map.groupBy(found, ({ groupId }) => groupId)
  return ok({
    totalResults: counted?.[0]?.count ?? rows.length,
    groups: cut.rows.map(readGroup),
    members: new Map([...byGroup].map(([id, some]) => [id, some.map(readMember)])),
    nextCursor: cut.nextCursor,
  })
}

/**
 * A group that the credential sees, or null, with its first members.
 * @param members how many members to read; none of them is touched for 0
 */
export async function getGroup(
  db: Database,
  scope: Scope,
  id: string,
  { members }: { readonly members: number } = { members: 0 },
): Promise<{ readonly group: ProvisionedGroup; readonly members: readonly GroupMember[] } | null> {
  const read = sql`select ${groupColumns} from ${groups} g where g.id = ${id} and ${isGroupOf(scope)}`
  const [rows, found = []] = (await runBatch(db, [
    db.all(read),
    ...(members > 0 ? [db.all(memberChunk(scope, id, { after: '', limit: members }))] : []),
  ])) as [GroupRow[], MemberRow[]?]
  const [row] = rows
  return row === undefined ? null : { group: readGroup(row), members: found.map(readMember) }
}

/**
 * Members of a group after an id, in the order of their ids: fewer than asked for when there are no more,
 * none when the credential does not see the group.
 */
export async function readMembers(
  db: Database,
  scope: Scope,
  groupId: string,
  chunk: { readonly after: string; readonly limit: number },
): Promise<readonly GroupMember[]> {
  const [rows] = (await runBatch(db, [db.all(memberChunk(scope, groupId, chunk))])) as [MemberRow[]]
  return rows.map(readMember)
}

function memberChunk(
  scope: Scope,
  groupId: string,
  { after, limit }: { after: string; limit: number },
): SQL {
  const seen = sql`exists (select 1 from ${groups} g where g.id = ${groupId} and ${isGroupOf(scope)})`
  const members = membersOf(scope, {
    from: sql`(select 1) page`,
    where: sql`m.group_id = ${groupId} and m.member_id > ${after} and ${seen}`,
  })
  return sql`${members} limit ${limit}`
}

/** Members with the names that they have now; who is not of the connection (any more) is left out. */
function membersOf(scope: Scope, { from, where }: { from: SQL; where: SQL }): SQL {
  return sql`select m.group_id "groupId", m.member_id id, p.user_name "userName", g.display_name "displayName" from ${from} cross join ${groupMembers} m left join ${people} p on p.id = m.member_id and ${isUserOf(scope)} left join ${groups} g on g.id = m.member_id and ${isGroupOf(scope)} where ${where} and (p.id is not null or g.id is not null) order by m.group_id, m.member_id`
}

type MemberRow = {
  readonly groupId: string
  readonly id: string
  readonly userName: string | null
  readonly displayName: string | null
}

function readMember({ id, userName, displayName }: MemberRow): GroupMember {
  if (userName !== null) return { id, type: 'User', display: userName }
  return { id, type: 'Group', display: displayName ?? '' }
}

type UserRow = Omit<ProvisionedUser, 'active' | 'view' | 'groups'> & {
  readonly deniedByScim: number
  readonly view: string | null
  /** JSON of pairs of id and name. */
  readonly groups: string
  readonly sortKey: Position['key']
}

function userColumns(withGroups: boolean): SQL {
  const { from } = userLayout.lists['groups'] ?? { from: sql`` }
  const memberships = withGroups
    ? sql`(select json_group_array(json_array(x.id, x.display_name)) from ${from})`
    : sql`'[]'`
  return sql`p.id id, p.user_name "userName", p.external_id "externalId", p.denied_by_scim "deniedByScim", s.view view, ifnull(s.version, 0) version, p.created_at "createdAt", ifnull(s.modified_at, p.created_at) "modifiedAt", ${memberships} groups`
}

function readUser({ deniedByScim, view, groups, sortKey: _, ...row }: UserRow): ProvisionedUser {
  const pairs = JSON.parse(groups) as readonly (readonly [id: string, displayName: string])[]
  return {
    ...row,
    active: deniedByScim === 0,
    view: view === null ? null : (JSON.parse(view) as ScimView),
    groups: pairs.map(([id, displayName]) => ({ id, displayName })),
  }
}

const groupColumns = sql`g.id id, g.display_name "displayName", g.external_id "externalId", g.view view, g.member_count "memberCount", g.version version, g.created_at "createdAt", g.modified_at "modifiedAt"`

type GroupRow = Omit<ProvisionedGroup, 'view'> & {
  readonly view: string
  readonly sortKey: Position['key']
}

function readGroup({ view, sortKey: _, ...row }: GroupRow): ProvisionedGroup {
  return { ...row, view: JSON.parse(view) as ScimView }
}
