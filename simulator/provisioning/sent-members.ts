import { type Sql, textIn } from '../directory/index.ts'

/** A member of a group, and what the application calls it. */
export type Member = { readonly memberId: string; readonly targetId: string }

/**
 * Direct members that the application knows and was not told of. Somebody who is disabled because they are
 * out of scope is not added.
 */
export function membersToAdd(sql: Sql, appId: string, groupId: string): readonly Member[] {
  return sql
    .all(
      `SELECT m.member_id, l.target_id FROM memberships m
        JOIN provisioning_links l ON l.app_id = ?1 AND l.source_id = m.member_id AND l.state = 'active'
        LEFT JOIN provisioning_members s ON s.app_id = ?1 AND s.group_id = m.group_id
          AND s.member_id = m.member_id AND s.target_id = l.target_id AND s.is_confirmed = 1
        WHERE m.group_id = ?2 AND s.member_id IS NULL ORDER BY m.member_id`,
      appId,
      groupId,
    )
    .map(memberIn)
}

/** Those the application was told of who are members no longer. Deleted users stay until they are purged. */
export function membersToRemove(sql: Sql, appId: string, groupId: string): readonly Member[] {
  return sql
    .all(
      `SELECT s.member_id, s.target_id FROM provisioning_members s
        WHERE s.app_id = ?1 AND s.group_id = ?2 AND NOT EXISTS (SELECT 1 FROM memberships m
          WHERE m.group_id = s.group_id AND m.member_id = s.member_id) ORDER BY s.member_id`,
      appId,
      groupId,
    )
    .map(memberIn)
}

export function noteAdded(
  sql: Sql,
  at: { readonly appId: string; readonly groupId: string },
  members: readonly Member[],
): void {
  sql.transaction(() => {
    for (const { memberId, targetId } of members) {
      sql.all(
        'INSERT OR REPLACE INTO provisioning_members VALUES (?, ?, ?, ?, 1)',
        at.appId,
        at.groupId,
        memberId,
        targetId,
      )
    }
  })
}

export function noteRemoved(
  sql: Sql,
  at: { readonly appId: string; readonly groupId: string },
  members: readonly Member[],
): void {
  sql.transaction(() => {
    for (const { memberId } of members) {
      sql.all(
        'DELETE FROM provisioning_members WHERE app_id = ? AND group_id = ? AND member_id = ?',
        at.appId,
        at.groupId,
        memberId,
      )
    }
  })
}

/** After a restart all members are sent again; who left meanwhile is still removed. */
export function unconfirmMembers(sql: Sql, appId: string): void {
  sql.all('UPDATE provisioning_members SET is_confirmed = 0 WHERE app_id = ?', appId)
}

function memberIn(row: Parameters<typeof textIn>[0]): Member {
  return { memberId: textIn(row, 'member_id'), targetId: textIn(row, 'target_id') }
}
