import { sql } from 'drizzle-orm'
import { eventStatements } from '../activity/index.ts'
import { type Database, type Statement, tables } from '../db/index.ts'
import { toIso } from '../kernel/index.ts'

const { graphCredentials } = tables
const dayMs = 24 * 60 * 60 * 1000
/** Warnings of one run: each is two statements, and D1 counts them. */
const warningsAtOnce = 20

type Expiring = {
  readonly organizationId: string
  readonly connectionId: string
  readonly clientId: string
  readonly kind: string
  readonly expiresAt: number
  /** Days before expiry that the warning stands for: 30, 7 or 1. */
  readonly step: number
}

/**
 * Events for Graph credentials that come to their end, 30, 7 and 1 days before, and one once it has come: without
 * one nothing is reconciled. The next to expire come first; one indexed read when there are none.
 */
export async function graphExpiryWarnings(
  db: Database,
  { nowMs, requestId }: { readonly nowMs: number; readonly requestId: string },
): Promise<readonly Statement[]> {
  const step = sql`case when expires_at <= ${nowMs} then 0 when expires_at <= ${nowMs + dayMs} then 1 when expires_at <= ${nowMs + 7 * dayMs} then 7 else 30 end`
  const due = await db.all<Expiring>(
    sql`select organization_id as organizationId, connection_id as connectionId, client_id as clientId, kind,
        expires_at as expiresAt, ${step} as step
      from ${graphCredentials} where expires_at <= ${nowMs + 30 * dayMs} and coalesce(warned_days, 99) > ${step}
      order by expires_at limit ${warningsAtOnce}`,
  )
  return due.flatMap((row) => warn(db, row, { nowMs, requestId }))
}

function warn(
  db: Database,
  { organizationId, connectionId, clientId, kind, expiresAt, step }: Expiring,
  { nowMs, requestId }: { readonly nowMs: number; readonly requestId: string },
): readonly Statement[] {
  const isIt = sql`organization_id = ${organizationId} and connection_id = ${connectionId} and expires_at = ${expiresAt}`
  const isUnwarned = sql`exists (select 1 from ${graphCredentials} where ${isIt} and coalesce(warned_days, 99) > ${step})`
  const daysLeft = Math.max(0, Math.floor((expiresAt - nowMs) / dayMs))
  return [
    ...eventStatements(
      db,
      {
        type: 'graph.credential_expiring',
        outcome: 'warning',
        organizationId,
        ...(connectionId === '' ? {} : { connectionId }),
        actor: 'system',
        requestId,
        facts: { clientId, kind, expiresAt: toIso(expiresAt), daysLeft },
      },
      { nowMs, guard: isUnwarned },
    ),
    db.run(sql`update ${graphCredentials} set warned_days = ${step} where ${isIt}`),
  ]
}
