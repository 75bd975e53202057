import { numberIn, type Sql, textIn } from './sql.ts'

/** Ids of users and groups that changed, and how far a reader has come with them. */
export type DirectoryChanges = { readonly ids: readonly string[]; readonly until: number }

/** The number of the last change; 0 when there was none. */
export function lastChange(sql: Sql): number {
  const [row] = sql.all('SELECT coalesce(max(seq), 0) AS last FROM changes')
  return row === undefined ? 0 : numberIn(row, 'last')
}

/** What changed after a number, the oldest first: users and groups, also those that are gone by now. */
export function changesUntil(sql: Sql, after: number): DirectoryChanges {
  const rows = sql.all('SELECT seq, id FROM changes WHERE seq > ? ORDER BY seq', after)
  const last = rows.at(-1)
  return {
    ids: rows.map((row) => textIn(row, 'id')),
    until: last === undefined ? after : numberIn(last, 'seq'),
  }
}
