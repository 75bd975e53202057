import type { App, AppRole } from './app-model.ts'
import { type Sql, textIn } from './sql.ts'

/** A user or group that an application is assigned to, with a role or none. */
export type Assignment = {
  readonly principalId: string
  /** Null: the default access, which gives no role claim. */
  readonly roleId: string | null
}

export function assign(sql: Sql, appId: string, { principalId, roleId }: Assignment): void {
  sql.all('INSERT OR IGNORE INTO assignments VALUES (?, ?, ?)', appId, principalId, roleId ?? '')
}

export function unassign(sql: Sql, appId: string, principalId: string): void {
  sql.all('DELETE FROM assignments WHERE app_id = ? AND principal_id = ?', appId, principalId)
}

export function replaceAssignments(
  sql: Sql,
  appId: string,
  assignments: readonly Assignment[],
): void {
  sql.transaction(() => {
    sql.all('DELETE FROM assignments WHERE app_id = ?', appId)
    for (const assignment of assignments) assign(sql, appId, assignment)
  })
}

export function listAssignments(sql: Sql, appId: string): readonly Assignment[] {
  return sql
    .all('SELECT principal_id, role_id FROM assignments WHERE app_id = ?', appId)
    .map((row) => ({
      principalId: textIn(row, 'principal_id'),
      roleId: textIn(row, 'role_id') || null,
    }))
}

/** Those that reach somebody: their own, and those of groups they are a direct member of. Nesting does not count. */
const reaching = `FROM assignments WHERE app_id = ?1
  AND (principal_id = ?2 OR principal_id IN (SELECT group_id FROM memberships WHERE member_id = ?2))`

export function isAssigned(sql: Sql, appId: string, userId: string): boolean {
  return sql.all(`SELECT 1 AS found ${reaching} LIMIT 1`, appId, userId).length > 0
}

/** The app roles somebody has, in the application's order. */
export function rolesOf(sql: Sql, app: App, userId: string): readonly AppRole[] {
  const ids = new Set(
    sql.all(`SELECT role_id ${reaching}`, app.appId, userId).map((row) => textIn(row, 'role_id')),
  )
  return app.appRoles.filter(({ id }) => ids.has(id))
}
