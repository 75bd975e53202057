import { numberIn, type Sql, textIn } from '../directory/index.ts'

export type LoggedRequest = {
  readonly atMs: number
  /** A kind of request; with `inner-` before it inside a batch; `unknown` when there is no such call. */
  readonly kind: string
  readonly method: string
  readonly path: string
  readonly status: number
  /** The effect of the fault that met it. */
  readonly fault: string | null
  /** `x-ms-throttle-priority`. */
  readonly priority: string | null
}

export function logRequest(sql: Sql, request: LoggedRequest): void {
  sql.all('INSERT INTO graph_log (doc) VALUES (?)', JSON.stringify(request))
  sql.all(
    `INSERT INTO graph_counts VALUES (?, ?, 1)
      ON CONFLICT (kind, status) DO UPDATE SET n = n + 1`,
    request.kind,
    request.status,
  )
}

/** The last requests, the newest first. */
export function listRequests(sql: Sql, limit: number): readonly LoggedRequest[] {
  return sql
    .all('SELECT doc FROM graph_log ORDER BY id DESC LIMIT ?', limit)
    .map((row) => JSON.parse(textIn(row, 'doc')))
}

/** How many requests of each kind there were, and with which statuses. */
export function countRequests(sql: Sql) {
  const counts: Record<string, number> = {}
  const statuses: Record<string, Record<string, number>> = {}
  for (const row of sql.all('SELECT kind, status, n FROM graph_counts ORDER BY kind, status')) {
    const [kind, n] = [textIn(row, 'kind'), numberIn(row, 'n')]
    counts[kind] = (counts[kind] ?? 0) + n
    statuses[kind] = { ...statuses[kind], [numberIn(row, 'status')]: n }
  }
  return { counts, statuses }
}

export function forgetRequests(sql: Sql): void {
  sql.all('DELETE FROM graph_log')
  sql.all('DELETE FROM graph_counts')
}
