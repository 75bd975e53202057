import { and, eq, gt, lt, sql } from 'drizzle-orm'
import { eventStatements } from '../activity/index.ts'
import { type Database, type Statement, tables } from '../db/index.ts'
import { limits, toIso } from '../kernel/index.ts'

const { connectionCertificates, connections } = tables
const dayMs = 24 * 60 * 60 * 1000
/** Days before expiry at which an event says so, each once. */
const warningDays = [limits.certificateWarningDays, 30, 14, 7, 3, 1, 0]

/** The warning step for a certificate with this time left: the smallest threshold it has reached; null before the first. */
export function warningStep(notAfterMs: number, nowMs: number): number | null {
  const reached = warningDays.filter((days) => notAfterMs - nowMs <= days * dayMs)
  return reached.at(-1) ?? null
}

/**
 * Events for certificates that come to their end, from 60 days before, one at each step. Entra's own
 * mails go to five addresses at most, and an expired certificate locks everybody out.
 */
export async function certificateWarnings(
  db: Database,
  { nowMs, requestId }: { nowMs: number; requestId: string },
): Promise<readonly Statement[]> {
  const rows = await db
    .select({ certificate: connectionCertificates, status: connections.status })
    .from(connectionCertificates)
    .innerJoin(connections, eq(connections.id, connectionCertificates.connectionId))
    .where(
      and(
        lt(connectionCertificates.notAfter, nowMs + limits.certificateWarningDays * dayMs),
        // Long expired ones have had their last word.
        gt(connectionCertificates.notAfter, nowMs - 30 * dayMs),
      ),
    )
    .limit(200)
  return rows.flatMap(({ certificate, status }) => {
    const step = warningStep(certificate.notAfter, nowMs)
    const isNew = step !== null && step < (certificate.warnedDays ?? Number.POSITIVE_INFINITY)
    if (!isNew || status === 'draft' || status === 'disabled') return []
    const remember = db
      .update(connectionCertificates)
      .set({ warnedDays: step })
      .where(
        and(
          eq(connectionCertificates.connectionId, certificate.connectionId),
          eq(connectionCertificates.sha256, certificate.sha256),
        ),
      )
    const isUnwarned = sql`exists (select 1 from ${connectionCertificates} where connection_id = ${certificate.connectionId} and sha256 = ${certificate.sha256} and (warned_days is null or warned_days > ${step}))`
    return [
      ...eventStatements(
        db,
        {
          type: 'certificate.expiring',
          outcome: 'warning',
          organizationId: certificate.organizationId,
          connectionId: certificate.connectionId,
          actor: 'system',
          requestId,
          facts: {
            sha256: certificate.sha256,
            notAfter: toIso(certificate.notAfter),
            daysLeft: Math.max(0, Math.floor((certificate.notAfter - nowMs) / dayMs)),
          },
        },
        { nowMs, guard: isUnwarned },
      ),
      remember,
    ]
  })
}
