import { documentIn, type Sql, textIn } from './sql.ts'

export type Group = {
  readonly id: string
  readonly displayName: string
  readonly description: string | null
}

const noGroup: Group = { id: '', displayName: '', description: null }

export function saveGroup(sql: Sql, group: Group): void {
  sql.all(
    `INSERT INTO user_groups (id, display_name, doc) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, doc = excluded.doc`,
    group.id,
    group.displayName,
    JSON.stringify(group),
  )
}

/** A group by object id, or by display name when no other has it. */
export function findGroup(sql: Sql, key: string): Group | null {
  const rows = sql.all('SELECT doc FROM user_groups WHERE id = ? OR display_name = ?', key, key)
  const [row] = rows
  return row === undefined || rows.length > 1 ? null : documentIn(row, noGroup)
}

export function listGroups(
  sql: Sql,
  page: { readonly search?: string; readonly limit: number; readonly offset?: number },
): readonly (Group & { readonly members: number })[] {
  const search = page.search?.toLowerCase() ?? ''
  return sql
    .all(
      `SELECT doc, (SELECT count(*) FROM memberships WHERE group_id = g.id) AS members
        FROM user_groups g WHERE ? = '' OR instr(lower(display_name), ?) > 0
        ORDER BY display_name, id LIMIT ? OFFSET ?`,
      search,
      search,
      page.limit,
      page.offset ?? 0,
    )
    .map((row) => ({ ...documentIn(row, noGroup), members: Number(row['members']) }))
}

/** Removes a group with its memberships on both sides and its assignments. */
export function deleteGroup(sql: Sql, id: string): void {
  sql.transaction(() => {
    sql.all('DELETE FROM memberships WHERE group_id = ? OR member_id = ?', id, id)
    sql.all('DELETE FROM assignments WHERE principal_id = ?', id)
    sql.all('DELETE FROM user_groups WHERE id = ?', id)
  })
}

/** Adds a user or another group. */
export function addMember(sql: Sql, groupId: string, memberId: string): void {
  sql.all('INSERT OR IGNORE INTO memberships VALUES (?, ?)', groupId, memberId)
}

export function removeMember(sql: Sql, groupId: string, memberId: string): void {
  sql.all('DELETE FROM memberships WHERE group_id = ? AND member_id = ?', groupId, memberId)
}

/** Object ids of the direct members, users and groups alike, without deleted users. */
export function listMembers(sql: Sql, groupId: string): readonly string[] {
  return sql
    .all(
      `SELECT member_id FROM memberships WHERE group_id = ? AND NOT EXISTS (
        SELECT 1 FROM users WHERE id = member_id AND deleted_at IS NOT NULL) ORDER BY member_id`,
      groupId,
    )
    .map((row) => textIn(row, 'member_id'))
}

/** Every group somebody is in, directly or through other groups. */
export function transitiveGroups(sql: Sql, memberId: string): readonly Group[] {
  return sql
    .all(
      `WITH RECURSIVE inside (id) AS (
        SELECT group_id FROM memberships WHERE member_id = ?
        UNION SELECT m.group_id FROM memberships m JOIN inside i ON m.member_id = i.id)
      SELECT doc FROM user_groups WHERE id IN (SELECT id FROM inside) ORDER BY id`,
      memberId,
    )
    .map((row) => documentIn(row, noGroup))
}
