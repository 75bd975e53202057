import { type Sql, textIn } from '../directory/index.ts'

export type Kind = 'user' | 'group'

/** An object connection: what an object of the directory is called in the application. */
export type Link = {
  readonly sourceId: string
  readonly targetId: string
  /**
   * `out-of-scope`: unassigned or filtered out, and so disabled; a later deletion is not told.
   * `deleted`: deleted while it was in scope, and so disabled; a purge deletes it in the application.
   */
  readonly state: 'active' | 'out-of-scope' | 'deleted'
}

/** Whose links: of one application, users or groups. */
type Of = readonly [appId: string, kind: Kind]

export function findLink(sql: Sql, [appId, kind]: Of, sourceId: string): Link | null {
  const [row] = sql.all(
    'SELECT * FROM provisioning_links WHERE app_id = ? AND kind = ? AND source_id = ?',
    appId,
    kind,
    sourceId,
  )
  return row === undefined ? null : linkIn(row)
}

export function saveLink(sql: Sql, [appId, kind]: Of, link: Link): void {
  sql.all(
    'INSERT OR REPLACE INTO provisioning_links VALUES (?, ?, ?, ?, ?)',
    appId,
    kind,
    link.sourceId,
    link.targetId,
    link.state,
  )
}

export function listLinks(sql: Sql, [appId, kind]: Of): readonly Link[] {
  return sql
    .all(
      'SELECT * FROM provisioning_links WHERE app_id = ? AND kind = ? ORDER BY source_id',
      appId,
      kind,
    )
    .map(linkIn)
}

/** Forgets an object, and the memberships that were sent with it. */
export function dropLink(sql: Sql, [appId, kind]: Of, sourceId: string): void {
  sql.transaction(() => {
    sql.all(
      'DELETE FROM provisioning_links WHERE app_id = ? AND kind = ? AND source_id = ?',
      appId,
      kind,
      sourceId,
    )
    for (const column of ['group_id', 'member_id']) {
      sql.all(
        `DELETE FROM provisioning_members WHERE app_id = ? AND ${column} = ?`,
        appId,
        sourceId,
      )
    }
  })
}

/** Objects that failed; the next cycle tries them again. */
export function noteRetry(sql: Sql, [appId, kind]: Of, sourceId: string): void {
  sql.all('INSERT OR IGNORE INTO provisioning_retries VALUES (?, ?, ?)', appId, kind, sourceId)
}

export function clearRetry(sql: Sql, [appId, kind]: Of, sourceId: string): void {
  sql.all(
    'DELETE FROM provisioning_retries WHERE app_id = ? AND kind = ? AND source_id = ?',
    appId,
    kind,
    sourceId,
  )
}

export function listRetries(sql: Sql, [appId, kind]: Of): readonly string[] {
  return sql
    .all('SELECT source_id FROM provisioning_retries WHERE app_id = ? AND kind = ?', appId, kind)
    .map((row) => textIn(row, 'source_id'))
}

/** Forgets what was linked and sent, for a restart that begins from nothing. */
export function dropAllLinks(sql: Sql, appId: string): void {
  sql.transaction(() => {
    for (const table of ['links', 'members', 'retries']) {
      sql.all(`DELETE FROM provisioning_${table} WHERE app_id = ?`, appId)
    }
  })
}

function linkIn(row: Parameters<typeof textIn>[0]): Link {
  const state = textIn(row, 'state')
  return {
    sourceId: textIn(row, 'source_id'),
    targetId: textIn(row, 'target_id'),
    state: state === 'out-of-scope' || state === 'deleted' ? state : 'active',
  }
}
