import { numberIn, type Sql } from './sql.ts'
import { type User, userIn } from './users.ts'

/** How long a deleted user can be restored. */
export const restorableMs = 30 * 86_400_000

/** Nobody's name while deleted, so that another user may take it: Entra puts the object id before it, too. */
const parkedName = "replace(id, '-', '') || upn"

/** A deleted user, and when that was. */
export type DeletedUser = User & { readonly deletedAtMs: number }

/**
 * Deletes a user as the portal does: they cannot sign in any more, and can be restored for 30 days with their
 * memberships and assignments.
 */
export function deleteUser(sql: Sql, id: string, nowMs: number): void {
  sql.transaction(() => {
    sql.all('DELETE FROM participants WHERE user_id = ?', id)
    sql.all('DELETE FROM sessions WHERE user_id = ?', id)
    sql.all(
      `UPDATE users SET deleted_at = ?, upn = ${parkedName}, sign_in_name = NULL
        WHERE id = ? AND deleted_at IS NULL`,
      nowMs,
      id,
    )
  })
}

export function listDeletedUsers(sql: Sql): readonly DeletedUser[] {
  return sql
    .all(
      'SELECT doc, deleted_at FROM users WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id',
    )
    .map((row) => ({ ...userIn(row), deletedAtMs: numberIn(row, 'deleted_at') }))
}

export function findDeletedUser(sql: Sql, id: string): DeletedUser | null {
  const [row] = sql.all(
    'SELECT doc, deleted_at FROM users WHERE id = ? AND deleted_at IS NOT NULL',
    id,
  )
  return row === undefined ? null : { ...userIn(row), deletedAtMs: numberIn(row, 'deleted_at') }
}

/** Brings a deleted user back. @returns false when another user has the name by now */
export function restoreUser(sql: Sql, { id, userPrincipalName, homeSignInName }: User): boolean {
  if (sql.all('SELECT id FROM users WHERE upn = ?', userPrincipalName).length > 0) return false
  sql.all(
    'UPDATE users SET deleted_at = NULL, upn = ?, sign_in_name = ? WHERE id = ?',
    userPrincipalName,
    homeSignInName,
    id,
  )
  return true
}

/** Deletes for ever, with memberships and assignments. */
export function purgeUser(sql: Sql, id: string): void {
  sql.transaction(() => {
    sql.all('DELETE FROM memberships WHERE member_id = ?', id)
    sql.all('DELETE FROM assignments WHERE principal_id = ?', id)
    sql.all('DELETE FROM users WHERE id = ?', id)
  })
}

/** Purges who was deleted 30 days ago. */
export function purgeExpired(sql: Sql, nowMs: number): void {
  const expired = sql.all('SELECT id FROM users WHERE deleted_at < ?', nowMs - restorableMs)
  for (const { id } of expired) if (typeof id === 'string') purgeUser(sql, id)
}
