import { numberIn, type Sql, textIn } from '../directory/index.ts'
import type { CycleKind } from './job-model.ts'
import type { Kind } from './links.ts'

/** A line of the provisioning log. */
export type LogEntry = {
  readonly cycle: CycleKind
  readonly action: 'create' | 'update' | 'disable' | 'delete' | 'members' | 'manager' | 'connect'
  readonly status: 'success' | 'failure' | 'skipped'
  readonly kind: Kind | null
  readonly sourceId: string | null
  readonly name: string | null
  readonly targetId: string | null
  /** Entra's code of a failure. */
  readonly code: string | null
  /** What the application said, word for word; or what is wrong with its answer. */
  readonly detail: string | null
  /** What happened, in plain words. */
  readonly message: string
  /** What was sent. */
  readonly changes: readonly {
    readonly op: string
    readonly path: string
    readonly value: unknown
  }[]
}

export function recordLog(sql: Sql, appId: string, entry: LogEntry, nowMs: number): void {
  sql.all(
    'INSERT INTO provisioning_log (app_id, at, doc) VALUES (?, ?, ?)',
    appId,
    nowMs,
    JSON.stringify(entry),
  )
}

/** The newest first. */
export function listLog(
  sql: Sql,
  appId: string,
  page: { readonly limit: number; readonly failuresOnly?: boolean },
): readonly (LogEntry & { readonly atMs: number })[] {
  return sql
    .all(
      `SELECT at, doc FROM provisioning_log WHERE app_id = ?
        AND (? = 0 OR json_extract(doc, '$.status') = 'failure') ORDER BY id DESC LIMIT ?`,
      appId,
      page.failuresOnly === true ? 1 : 0,
      page.limit,
    )
    .map((row) => ({ ...JSON.parse(textIn(row, 'doc')), atMs: numberIn(row, 'at') }))
}
