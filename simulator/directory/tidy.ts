import { purgeExpired } from './deleted-users.ts'
import type { Sql } from './sql.ts'

const hourMs = 3_600_000
const keptSignIns = 500
const keptProvisioning = 20_000
const keptGraph = 2000

/** Removes what has had its time: unfinished sign-ins after an hour, sessions unused for a week, users deleted 30 days ago, old log lines. */
export function tidy(sql: Sql, nowMs: number): void {
  sql.transaction(() => {
    sql.all('DELETE FROM flows WHERE created_at < ?', nowMs - hourMs)
    sql.all('DELETE FROM sessions WHERE used_at < ?', nowMs - 7 * 24 * hourMs)
    sql.all(
      `DELETE FROM participants WHERE NOT EXISTS (SELECT 1 FROM sessions s
        WHERE s.browser = participants.browser AND s.user_id = participants.user_id)`,
    )
    purgeExpired(sql, nowMs)
    sql.all(
      'DELETE FROM provisioning_log WHERE id <= (SELECT max(id) FROM provisioning_log) - ?',
      keptProvisioning,
    )
    sql.all('DELETE FROM graph_tokens WHERE expires_at < ?', nowMs - hourMs)
    sql.all('DELETE FROM graph_assertions WHERE expires_at < ?', nowMs)
    sql.all('DELETE FROM graph_log WHERE id <= (SELECT max(id) FROM graph_log) - ?', keptGraph)
    sql.all('DELETE FROM sign_ins WHERE id <= (SELECT max(id) FROM sign_ins) - ?', keptSignIns)
  })
}
