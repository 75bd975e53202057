import { numberIn, type Sql } from './sql.ts'

const managerOf = "doc ->> '$.managerId'"

/** What a user's document says, one row a property; what is null is not said. */
const said = (row: string) => `SELECT key, type || ':' || value FROM json_tree(${row}.doc)
  WHERE path IN ('$', '$.extensionAttributes') AND key <> 'extensionAttributes' AND type <> 'null'`

const changedProperties = `SELECT key FROM (${said('NEW')} EXCEPT ${said('OLD')})
  UNION SELECT key FROM (${said('OLD')} EXCEPT ${said('NEW')})`

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
  [
    'ALTER TABLE users ADD COLUMN deleted_at INTEGER',
    // One line for everything that ever changed: a reader remembers how far it has come.
    'CREATE TABLE changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE)',
    ...['users', 'user_groups'].flatMap((table) => [
      trigger(table, 'INSERT', [one('NEW.id')]),
      trigger(table, 'UPDATE', [one('NEW.id')]),
      trigger(table, 'DELETE', [one('OLD.id')]),
    ]),
    trigger('memberships', 'INSERT', [one('NEW.group_id'), one('NEW.member_id')]),
    trigger('memberships', 'DELETE', [one('OLD.group_id'), one('OLD.member_id')]),
    // Who is assigned decides about a group and about everybody in it.
    trigger('assignments', 'INSERT', [one('NEW.principal_id'), membersOf('NEW.principal_id')]),
    trigger('assignments', 'DELETE', [one('OLD.principal_id'), membersOf('OLD.principal_id')]),
    'CREATE TABLE provisioning_jobs (app_id TEXT PRIMARY KEY, doc TEXT NOT NULL, state TEXT NOT NULL)',
    `CREATE TABLE provisioning_links (
      app_id TEXT NOT NULL, kind TEXT NOT NULL, source_id TEXT NOT NULL, target_id TEXT NOT NULL,
      state TEXT NOT NULL, PRIMARY KEY (app_id, kind, source_id)) WITHOUT ROWID`,
    `CREATE TABLE provisioning_members (
      app_id TEXT NOT NULL, group_id TEXT NOT NULL, member_id TEXT NOT NULL, target_id TEXT NOT NULL,
      is_confirmed INTEGER NOT NULL, PRIMARY KEY (app_id, group_id, member_id)) WITHOUT ROWID`,
    'CREATE INDEX provisioning_members_by_member ON provisioning_members (app_id, member_id)',
    `CREATE TABLE provisioning_retries (
      app_id TEXT NOT NULL, kind TEXT NOT NULL, source_id TEXT NOT NULL,
      PRIMARY KEY (app_id, kind, source_id)) WITHOUT ROWID`,
    `CREATE TABLE provisioning_log (
      id INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, at INTEGER NOT NULL, doc TEXT NOT NULL)`,
    'CREATE INDEX provisioning_log_by_app ON provisioning_log (app_id, id)',
  ],
  [
    // The last time each property of each user changed; '' when they came, went or came back. `was`: the manager before.
    `CREATE TABLE user_changes (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, property TEXT NOT NULL, was TEXT,
      UNIQUE (user_id, property))`,
    propertyTrigger('came', 'INSERT ON users', existence('NEW')),
    propertyTrigger('went', 'DELETE ON users', existence('OLD')),
    propertyTrigger(
      'parked',
      'UPDATE OF deleted_at ON users WHEN OLD.deleted_at IS NOT NEW.deleted_at',
      existence('NEW'),
    ),
    propertyTrigger(
      'edited',
      'UPDATE OF doc ON users WHEN OLD.doc <> NEW.doc',
      `DELETE FROM user_changes WHERE user_id = NEW.id AND property IN (${changedProperties});
       INSERT INTO user_changes (user_id, property, was)
         SELECT NEW.id, key, CASE key WHEN 'managerId' THEN OLD.doc ->> '$.managerId' END
         FROM (${changedProperties});`,
    ),
    'CREATE TABLE registrations (app_id TEXT PRIMARY KEY, doc TEXT NOT NULL)',
    `CREATE TABLE graph_tokens (
      token TEXT PRIMARY KEY, app_id TEXT NOT NULL, permissions TEXT NOT NULL, expires_at INTEGER NOT NULL)`,
    'CREATE TABLE graph_assertions (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL)',
    'CREATE TABLE graph_faults (id INTEGER PRIMARY KEY AUTOINCREMENT, doc TEXT NOT NULL, met INTEGER NOT NULL, fired INTEGER NOT NULL)',
    'CREATE TABLE graph_counts (kind TEXT NOT NULL, status INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (kind, status)) WITHOUT ROWID',
    'CREATE TABLE graph_log (id INTEGER PRIMARY KEY AUTOINCREMENT, doc TEXT NOT NULL)',
    `CREATE TABLE stale_assignments (
      app_id TEXT NOT NULL, principal_id TEXT NOT NULL, role_id TEXT NOT NULL,
      PRIMARY KEY (app_id, principal_id, role_id)) WITHOUT ROWID`,
  ],
  [
    `CREATE INDEX users_by_manager ON users (${managerOf}) WHERE ${managerOf} IS NOT NULL`,
    // With a manager goes what their people say about them, and comes back with them.
    propertyTrigger('went_manager', 'DELETE ON users', reports('OLD')),
    propertyTrigger(
      'parked_manager',
      'UPDATE OF deleted_at ON users WHEN OLD.deleted_at IS NOT NEW.deleted_at',
      reports('NEW'),
    ),
  ],
]

/** What a trigger does to note that something changed: it moves to the end of `changes`. */
function noted(ids: string): string {
  // Not INSERT OR REPLACE: a statement's own OR clause would win over that of its triggers.
  return `DELETE FROM changes WHERE id IN (${ids}); INSERT INTO changes (id) ${ids};`
}

function one(column: string): string {
  return noted(`SELECT ${column}`)
}

function membersOf(column: string): string {
  return noted(`SELECT member_id FROM memberships WHERE group_id = ${column}`)
}

function trigger(table: string, event: string, work: readonly string[]): string {
  return `CREATE TRIGGER ${table}_${event.toLowerCase()}_noted AFTER ${event} ON ${table}
    BEGIN ${work.join(' ')} END`
}

function existence(row: string): string {
  return `DELETE FROM user_changes WHERE user_id = ${row}.id AND property = '';
    INSERT INTO user_changes (user_id, property) VALUES (${row}.id, '');`
}

function reports(row: string): string {
  const theirs = `SELECT id FROM users WHERE ${managerOf} = ${row}.id`
  return `DELETE FROM user_changes WHERE property = 'managerId' AND user_id IN (${theirs});
    INSERT INTO user_changes (user_id, property, was)
      SELECT id, 'managerId', ${row}.id FROM users WHERE ${managerOf} = ${row}.id;`
}

function propertyTrigger(name: string, when: string, work: string): string {
  return `CREATE TRIGGER users_${name}_property AFTER ${when} BEGIN ${work} END`
}

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
