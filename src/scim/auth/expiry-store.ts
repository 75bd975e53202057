import { sql } from 'drizzle-orm'
import { eventStatements } from '../../activity/index.ts'
import { type Database, type Statement, tables } from '../../db/index.ts'
import { limits, toIso } from '../../kernel/index.ts'

const { scimClientSecrets, scimReadCounts, scimTokens } = tables
const dayMs = 24 * 60 * 60 * 1000
const hourMs = 60 * 60 * 1000
/** How long a token that an admin made stays listed after it has expired. */
const listedDays = 30
/** Rows that one statement may delete, so that a tick stays short; it keeps up with 30 tokens a second. */
const pruneRows = 2000
/** Warnings of one run and kind: each is two statements, and D1 counts them. */
const warningsAtOnce = 20

/** Deletes a portion of the tokens that expired, those of admins a month later, and of the old counts. */
export function pruneScimCredentials(db: Database, nowMs: number): readonly Statement[] {
  const oldestHour = Math.floor((nowMs - limits.eventDays * dayMs) / hourMs)
  return [
    db.run(
      sql`delete from ${scimTokens} where id in (select id from ${scimTokens}
        where expires_at < ${nowMs} and (client_id is not null or expires_at < ${nowMs - listedDays * dayMs}) limit ${pruneRows})`,
    ),
    // Rows are numbered as they come, so the oldest are found without an index of their own.
    db.run(
      sql`delete from ${scimReadCounts} where rowid in (select rowid from ${scimReadCounts} order by rowid limit 500) and hour < ${oldestHour}`,
    ),
  ]
}

type Expiring = {
  readonly id: string
  readonly organizationId: string
  readonly connectionId: string | null
  readonly clientId: string | null
  readonly expiresAt: number
  /** Days before expiry that the warning stands for: 30, 7 or 1. */
  readonly step: number
}

/** Which warning is due; the smallest that has been reached. */
function stepOf(nowMs: number) {
  return sql`case when expires_at <= ${nowMs + dayMs} then 1 when expires_at <= ${nowMs + 7 * dayMs} then 7 else 30 end`
}

/**
 * Events for tokens and secrets that come to their end, 30, 7 and 1 days before: an expired one stops
 * provisioning, and Entra puts the job into quarantine. The next to expire come first; disabled ones are left alone.
 */
export async function scimExpiryWarnings(
  db: Database,
  { nowMs, requestId }: { readonly nowMs: number; readonly requestId: string },
): Promise<readonly Statement[]> {
  const step = stepOf(nowMs)
  const isDue = sql`expires_at > ${nowMs} and expires_at <= ${nowMs + 30 * dayMs} and coalesce(warned_days, 99) > ${step}`
  const tokens = await db.all<Expiring>(
    sql`select id, organization_id as organizationId, connection_id as connectionId, null as clientId, expires_at as expiresAt, ${step} as step
      from ${scimTokens} where client_id is null and disabled_at is null and ${isDue} order by expires_at limit ${warningsAtOnce}`,
  )
  const secrets = await db.all<Expiring>(
    sql`select s.id, s.organization_id as organizationId, c.connection_id as connectionId, c.id as clientId, s.expires_at as expiresAt, ${step} as step
      from ${scimClientSecrets} s join ${tables.scimClients} c on c.id = s.client_id
      where c.disabled_at is null and ${isDue} order by s.expires_at limit ${warningsAtOnce}`,
  )
  return [
    ...tokens.flatMap((row) =>
      warn(db, row, { nowMs, requestId, type: 'scim_token.expiring', table: scimTokens }),
    ),
    ...secrets.flatMap((row) =>
      warn(db, row, {
        nowMs,
        requestId,
        type: 'scim_client.secret_expiring',
        table: scimClientSecrets,
      }),
    ),
  ]
}

type Warning = {
  readonly nowMs: number
  readonly requestId: string
  readonly type: 'scim_token.expiring' | 'scim_client.secret_expiring'
  readonly table: typeof scimTokens | typeof scimClientSecrets
}

function warn(
  db: Database,
  { id, organizationId, connectionId, clientId, expiresAt, step }: Expiring,
  { nowMs, requestId, type, table }: Warning,
): readonly Statement[] {
  const isUnwarned = sql`exists (select 1 from ${table} where id = ${id} and coalesce(warned_days, 99) > ${step})`
  const what = clientId === null ? { token: id } : { client: clientId, secret: id }
  const daysLeft = Math.floor((expiresAt - nowMs) / dayMs)
  return [
    ...eventStatements(
      db,
      {
        type,
        outcome: 'warning',
        organizationId,
        ...(connectionId === null ? {} : { connectionId }),
        actor: 'system',
        requestId,
        facts: { ...what, expiresAt: toIso(expiresAt), daysLeft },
      },
      { nowMs, guard: isUnwarned },
    ),
    db.run(sql`update ${table} set warned_days = ${step} where id = ${id}`),
  ]
}
