import { numberIn, type Sql, type SqlRow, textIn } from './sql.ts'
import { type User, userIn } from './users.ts'

/** A user as a reader of changes meets them; null when they are deleted for ever. */
export type ReadUser = {
  readonly id: string
  readonly seq: number
  readonly user: User | null
  readonly isDeleted: boolean
}

/** Which users and which of their properties a reader looks at. */
export type ReadScope = {
  /** Names as in {@link User}, or of an extension attribute. */
  readonly properties: readonly string[]
  /** Object ids; null: everybody. */
  readonly ids: readonly string[] | null
}

/** The property that says that somebody came, went or came back. */
const existence = ''

/** The number of the last change of a property; 0 when there was none. */
export function lastUserChange(sql: Sql): number {
  const [row] = sql.all('SELECT coalesce(max(seq), 0) AS last FROM user_changes')
  return row === undefined ? 0 : numberIn(row, 'last')
}

/** Everybody who is there, by object id, after one of them. */
export function readUsers(
  sql: Sql,
  ids: readonly string[] | null,
  page: { readonly after: string; readonly limit: number },
): readonly ReadUser[] {
  const only = ids === null ? '' : 'AND id IN (SELECT value FROM json_each(?3))'
  return sql
    .all(
      `SELECT id, 0 AS seq, doc, deleted_at FROM users
        WHERE id > ?1 AND deleted_at IS NULL ${only} ORDER BY id LIMIT ?2`,
      page.after,
      page.limit,
      ...(ids === null ? [] : [JSON.stringify(ids)]),
    )
    .map(readUserIn)
}

/**
 * Who changed between two numbers in what the reader looks at, each once, in the order of their last change.
 * The cost is that of the changes, not of the directory.
 */
export function readChangedUsers(
  sql: Sql,
  scope: ReadScope,
  page: { readonly after: number; readonly until: number; readonly limit: number },
): readonly ReadUser[] {
  const seen = 'IN (SELECT value FROM json_each(?1))'
  const only = scope.ids === null ? '' : 'AND c.user_id IN (SELECT value FROM json_each(?5))'
  return sql
    .all(
      `SELECT c.user_id AS id, c.seq, u.doc, u.deleted_at
        FROM user_changes c LEFT JOIN users u ON u.id = c.user_id
        WHERE c.seq > ?2 AND c.seq <= ?3 AND c.property ${seen} ${only}
          AND NOT EXISTS (SELECT 1 FROM user_changes later WHERE later.user_id = c.user_id
            AND later.seq > c.seq AND later.seq <= ?3 AND later.property ${seen})
        ORDER BY c.seq LIMIT ?4`,
      JSON.stringify([existence, ...scope.properties]),
      page.after,
      page.until,
      page.limit,
      ...(scope.ids === null ? [] : [JSON.stringify(scope.ids)]),
    )
    .map(readUserIn)
}

/** Which of some object ids are of users who are there. */
export function presentUsers(sql: Sql, ids: readonly string[]): ReadonlySet<string> {
  const rows = sql.all(
    `SELECT u.id FROM json_each(?) j CROSS JOIN users u ON u.id = j.value
      WHERE u.deleted_at IS NULL`,
    JSON.stringify([...new Set(ids)]),
  )
  return new Set(rows.map((row) => textIn(row, 'id')))
}

/** When each property of somebody changed last, and their manager before that. */
export type UserHistory = {
  readonly changedAt: ReadonlyMap<string, number>
  readonly managerBefore: string | null
  /** When they came, went or came back. */
  readonly existsSince: number
}

export function historyOf(sql: Sql, userId: string): UserHistory {
  const rows = sql.all('SELECT property, seq, was FROM user_changes WHERE user_id = ?', userId)
  const changedAt = new Map(rows.map((row) => [textIn(row, 'property'), numberIn(row, 'seq')]))
  const manager = rows.find((row) => row['property'] === 'managerId')?.['was']
  return {
    changedAt,
    managerBefore: typeof manager === 'string' ? manager : null,
    existsSince: changedAt.get(existence) ?? 0,
  }
}

function readUserIn(row: SqlRow): ReadUser {
  return {
    id: textIn(row, 'id'),
    seq: numberIn(row, 'seq'),
    user: row['doc'] === null ? null : userIn(row),
    isDeleted: row['deleted_at'] !== null,
  }
}
