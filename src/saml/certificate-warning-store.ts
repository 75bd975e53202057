import { and, asc, eq, gt, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import { eventsStatement } from '../activity/index.ts'
import { type Database, type Statement, tables } from '../db/index.ts'
import { limits, toIso } from '../kernel/index.ts'

const { connectionCertificates, connections } = tables
const dayMs = 24 * 60 * 60 * 1000
/** Days before expiry at which an event says so, each once, the first one first. */
const warningDays = [limits.certificateWarningDays, 30, 14, 7, 3, 1, 0]

/** The warning step of a certificate: the smallest threshold that its end has reached; for those that have reached one. */
function stepAt(nowMs: number): SQL<number> {
  const nearest = [...warningDays].reverse()
  const cases = nearest.map(
    (days) => sql`when ${connectionCertificates.notAfter} <= ${nowMs + days * dayMs} then ${days}`,
  )
  return sql`(case ${sql.join(cases, sql` `)} end)`
}

/**
 * Events for certificates that come to their end, from 60 days before, one at each step, the soonest end
 * first. Entra's own mails go to five addresses at most, and an expired certificate locks everybody out.
 * What a tick leaves is for the next one.
 */
export async function certificateWarnings(
  db: Database,
  { nowMs, requestId }: { nowMs: number; requestId: string },
): Promise<readonly Statement[]> {
  const step = stepAt(nowMs)
  const { warnedDays, notAfter, connectionId, organizationId, sha256 } = connectionCertificates
  const rows = await db
    .select({ connectionId, organizationId, sha256, notAfter })
    .from(connectionCertificates)
    .innerJoin(connections, eq(connections.id, connectionId))
    .where(
      and(
        lte(notAfter, nowMs + limits.certificateWarningDays * dayMs),
        // Long expired ones have had their last word.
        gt(notAfter, nowMs - 30 * dayMs),
        or(isNull(warnedDays), gt(warnedDays, step)),
        isNull(connectionCertificates.retiredAt),
        // Nobody signs in by the others; turned on, they are told of at the next tick.
        inArray(connections.status, ['testing', 'active']),
      ),
    )
    .orderBy(asc(notAfter))
    .limit(limits.certificateWarningsPerTick)
  if (rows.length === 0) return []
  const events = rows.map((row) => ({
    type: 'certificate.expiring' as const,
    outcome: 'warning' as const,
    organizationId: row.organizationId,
    connectionId: row.connectionId,
    actor: 'system' as const,
    requestId,
    facts: {
      sha256: row.sha256,
      notAfter: toIso(row.notAfter),
      daysLeft: Math.max(0, Math.floor((row.notAfter - nowMs) / dayMs)),
    },
  }))
  // Of two overlapping ticks only the first one tells.
  const isUntold = sql`exists (select 1 from ${connectionCertificates} where connection_id = value ->> '$.connectionId'
    and sha256 = value ->> '$.facts.sha256' and (warned_days is null or warned_days > ${step}))`
  const told = JSON.stringify(rows.map((row) => [row.connectionId, row.sha256]))
  return [
    eventsStatement(db, events, { nowMs, guard: isUntold }),
    db.run(sql`update ${connectionCertificates} set warned_days = ${step}
      where (connection_id, sha256) in (select value ->> 0, value ->> 1 from json_each(${told}))`),
  ]
}
