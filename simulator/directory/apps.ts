import { type App, newApp } from './app-model.ts'
import { documentIn, type Sql, textIn } from './sql.ts'

const blank = newApp({ appId: '' })

/** The first identifier that another application has; identifiers are unique in a tenant. */
export function findIdentifierConflict(sql: Sql, app: App): string | null {
  const taken = app.identifiers.find((identifier) => {
    const other = findAppByIdentifier(sql, identifier)
    return other !== null && other.appId !== app.appId
  })
  return taken ?? null
}

/** Writes an application and its identifiers. Check {@link findIdentifierConflict} first. */
export function saveApp(sql: Sql, app: App): void {
  sql.transaction(() => {
    sql.all(
      'INSERT OR REPLACE INTO apps (app_id, display_name, doc) VALUES (?, ?, ?)',
      app.appId,
      app.displayName,
      JSON.stringify(app),
    )
    sql.all('DELETE FROM app_identifiers WHERE app_id = ?', app.appId)
    for (const identifier of new Set([...app.identifiers, app.appId])) {
      sql.all('INSERT INTO app_identifiers VALUES (?, ?)', identifier, app.appId)
    }
  })
}

/** An application by its appId. */
export function findApp(sql: Sql, appId: string): App | null {
  const [row] = sql.all('SELECT doc FROM apps WHERE app_id = ?', appId.toLowerCase())
  return row === undefined ? null : documentIn(row, blank)
}

/** An application by one of its identifiers, exactly; its appId is one of them. */
export function findAppByIdentifier(sql: Sql, identifier: string): App | null {
  const [row] = sql.all('SELECT app_id FROM app_identifiers WHERE identifier = ?', identifier)
  return row === undefined ? null : findApp(sql, textIn(row, 'app_id'))
}

export function listApps(sql: Sql): readonly App[] {
  return sql
    .all('SELECT doc FROM apps ORDER BY display_name, app_id')
    .map((row) => documentIn(row, blank))
}

/** Removes an application with its assignments and certificates. */
export function deleteApp(sql: Sql, appId: string): void {
  sql.transaction(() => {
    for (const table of [
      'assignments',
      'certificates',
      'participants',
      'app_identifiers',
      'provisioning_jobs',
      'provisioning_links',
      'provisioning_members',
      'provisioning_retries',
      'provisioning_log',
      'registrations',
      'graph_tokens',
      'stale_assignments',
      'apps',
    ]) {
      sql.all(`DELETE FROM ${table} WHERE app_id = ?`, appId)
    }
  })
}
