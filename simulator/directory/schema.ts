import { numberIn, type Sql } from './sql.ts'

/** Applied in order, each once. Append only: a tenant kept between starts has the older ones. */
const versions: readonly (readonly string[])[] = [
  [
    'CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
    `CREATE TABLE users (
      id TEXT PRIMARY KEY, upn TEXT NOT NULL COLLATE NOCASE UNIQUE,
      sign_in_name TEXT COLLATE NOCASE, display_name TEXT NOT NULL COLLATE NOCASE, doc TEXT NOT NULL)`,
    'CREATE INDEX users_by_name ON users (display_name, id)',
    'CREATE INDEX users_by_sign_in_name ON users (sign_in_name)',
    `CREATE TABLE user_groups (
      id TEXT PRIMARY KEY, display_name TEXT NOT NULL COLLATE NOCASE, doc TEXT NOT NULL)`,
    'CREATE INDEX user_groups_by_name ON user_groups (display_name, id)',
    `CREATE TABLE memberships (
      group_id TEXT NOT NULL, member_id TEXT NOT NULL, PRIMARY KEY (group_id, member_id)) WITHOUT ROWID`,
    'CREATE INDEX memberships_by_member ON memberships (member_id, group_id)',
    'CREATE TABLE apps (app_id TEXT PRIMARY KEY, display_name TEXT NOT NULL COLLATE NOCASE, doc TEXT NOT NULL)',
    'CREATE TABLE app_identifiers (identifier TEXT PRIMARY KEY, app_id TEXT NOT NULL)',
    `CREATE TABLE assignments (
      app_id TEXT NOT NULL, principal_id TEXT NOT NULL, role_id TEXT NOT NULL,
      PRIMARY KEY (app_id, principal_id, role_id)) WITHOUT ROWID`,
    'CREATE INDEX assignments_by_principal ON assignments (principal_id, app_id)',
    `CREATE TABLE certificates (
      app_id TEXT NOT NULL, thumbprint TEXT NOT NULL, is_active INTEGER NOT NULL,
      created_at INTEGER NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (app_id, thumbprint))`,
    `CREATE TABLE sessions (
      browser TEXT NOT NULL, user_id TEXT NOT NULL, method TEXT NOT NULL,
      authenticated_at INTEGER NOT NULL, used_at INTEGER NOT NULL, PRIMARY KEY (browser, user_id))`,
    `CREATE TABLE participants (
      browser TEXT NOT NULL, user_id TEXT NOT NULL, app_id TEXT NOT NULL, doc TEXT NOT NULL,
      PRIMARY KEY (browser, user_id, app_id))`,
    'CREATE TABLE flows (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, doc TEXT NOT NULL)',
    'CREATE TABLE sign_ins (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, doc TEXT NOT NULL)',
  ],
]

/** Creates what is missing. */
export function migrate(sql: Sql): void {
  sql.all('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)')
  const [row] = sql.all('SELECT max(version) AS version FROM schema_version')
  const from = row === undefined || row['version'] === null ? 0 : numberIn(row, 'version')
  for (const [index, statements] of versions.entries()) {
    if (index < from) continue
    sql.transaction(() => {
      for (const statement of statements) sql.all(statement)
      sql.all('INSERT INTO schema_version VALUES (?)', index + 1)
    })
  }
}
