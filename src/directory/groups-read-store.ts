import { and, eq, sql } from 'drizzle-orm'
import { type Database, tables } from '../db/index.ts'

const { groupMembers, groups, people } = tables

export type GroupRow = typeof groups.$inferSelect

/** Where a list of groups goes on: they are ordered by connection, then by id, as their index is. */
export type GroupPlace = { readonly connectionId: string; readonly id: string }

/** One page of an organization's groups; ask for one more than shown. */
export async function listGroups(
  db: Database,
  organizationId: string,
  page: { after: GroupPlace | null; limit: number },
): Promise<readonly GroupRow[]> {
  const { connectionId, id } = page.after ?? { connectionId: '', id: '' }
  return db
    .select()
    .from(groups)
    .where(
      and(
        eq(groups.organizationId, organizationId),
        sql`(${groups.connectionId}, ${groups.id}) > (${connectionId}, ${id})`,
      ),
    )
    .orderBy(groups.connectionId, groups.id)
    .limit(page.limit)
}

/** Where a search of groups goes on: behind this name, and behind this id among those with the same. */
export type NamedPlace = { readonly name: string; readonly id: string }

/** One page of the groups whose display name begins so, in any case, in the order of their names. */
export async function searchGroups(
  db: Database,
  organizationId: string,
  page: { prefix: string; after: NamedPlace | null; limit: number },
): Promise<readonly GroupRow[]> {
  const { prefix, after } = page
  return db
    .select()
    .from(groups)
    .where(
      and(
        eq(groups.organizationId, organizationId),
        after === null
          ? sql`${groups.displayNameKey} >= ${prefix}`
          : sql`(${groups.displayNameKey}, ${groups.id}) > (${after.name}, ${after.id})`,
        // U+10FFFF stands behind every character of a name.
        sql`${groups.displayNameKey} < ${`${prefix}\u{10ffff}`}`,
      ),
    )
    .orderBy(groups.displayNameKey, groups.id)
    .limit(page.limit)
}

/** A group of the organization, or null: another organization's id finds nothing. */
export async function loadGroup(
  db: Database,
  organizationId: string,
  groupId: string,
): Promise<GroupRow | null> {
  const rows = await db
    .select()
    .from(groups)
    .where(and(eq(groups.id, groupId), eq(groups.organizationId, organizationId)))
  return rows[0] ?? null
}

/** A member as an admin sees it: a person by userName, a group by displayName. */
export type MemberRow = {
  readonly id: string
  readonly display: string | null
  readonly source: 'scim' | 'graph'
  readonly at: number
}

/** One page of a group's members, ordered by id; ask for one more than shown. */
export async function listMembers(
  db: Database,
  group: { readonly organizationId: string; readonly groupId: string },
  page: { after: string; limit: number },
): Promise<readonly MemberRow[]> {
  return db.all<MemberRow>(
    sql`select m.member_id as id, coalesce(p.user_name, g.display_name) as display, m.source as source, m.at as at
      from ${groupMembers} m left join ${people} p on p.id = m.member_id left join ${groups} g on g.id = m.member_id
      where m.group_id = ${group.groupId} and m.organization_id = ${group.organizationId} and m.member_id > ${page.after}
      order by m.member_id limit ${page.limit}`,
  )
}
