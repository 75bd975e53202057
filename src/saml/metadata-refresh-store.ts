import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'
import type { CertificateRow, ConnectionRow } from './connection-store.ts'
import type { ConnectionKey } from './connection-write-store.ts'

const { connectionCertificates, connections, metadataRefreshes } = tables

export type RefreshRow = typeof metadataRefreshes.$inferSelect

/** What a refresh is judged by, read in one trip. */
export type RefreshRecord = {
  readonly connection: ConnectionRow
  readonly certificates: readonly CertificateRow[]
  /** Null before the first refresh of a connection that housekeeping has not met. */
  readonly refresh: RefreshRow | null
}

/**
 * Takes what is due, the longest due first: one statement, which reads one entry of an index when nothing is.
 * A claim ends by itself, so that an invocation that dies is made up for, and metadata that kills it does not
 * do so every minute.
 */
export async function claimDueRefreshes(
  db: Database,
  nowMs: number,
): Promise<readonly ConnectionKey[]> {
  const due = db
    .select({ id: metadataRefreshes.connectionId })
    .from(metadataRefreshes)
    .where(lte(metadataRefreshes.dueAt, nowMs))
    .orderBy(asc(metadataRefreshes.dueAt))
    .limit(limits.metadataRefreshesPerTick)
  return db
    .update(metadataRefreshes)
    .set({ dueAt: nowMs + limits.metadataClaimMs })
    .where(inArray(metadataRefreshes.connectionId, due))
    .returning({
      connectionId: metadataRefreshes.connectionId,
      organizationId: metadataRefreshes.organizationId,
    })
}

/** Finds connections with a metadata URL whose refresh was never planned, and spreads them over a day. */
export function planRefreshes(db: Database, nowMs: number): Statement {
  return db.run(
    sql`insert into ${metadataRefreshes} (connection_id, organization_id, due_at, updated_at)
      select c.id, c.organization_id, ${nowMs} + abs(random() % ${limits.metadataRefreshMs}), ${nowMs}
      from ${connections} c where c.metadata_url is not null
        and not exists (select 1 from ${metadataRefreshes} r where r.connection_id = c.id)
      limit 1000`,
  )
}

/** Reads a connection with what its metadata is held against; null when it is gone. */
export async function loadRefresh(
  db: Database,
  { connectionId, organizationId }: ConnectionKey,
): Promise<RefreshRecord | null> {
  const isOwn = and(
    eq(connections.id, connectionId),
    eq(connections.organizationId, organizationId),
  )
  const [[connection], certificates, [refresh]] = await db.batch([
    db.select().from(connections).where(isOwn),
    db
      .select()
      .from(connectionCertificates)
      .where(
        and(
          eq(connectionCertificates.connectionId, connectionId),
          eq(connectionCertificates.organizationId, organizationId),
        ),
      ),
    refreshesQuery(db, { connectionIds: [connectionId], organizationId }),
  ])
  return connection === undefined ? null : { connection, certificates, refresh: refresh ?? null }
}

/** How the refreshes of some of an organization's connections stand. */
export function refreshesQuery(
  db: Database,
  { connectionIds, organizationId }: { connectionIds: readonly string[]; organizationId: string },
) {
  const isOwn = eq(metadataRefreshes.organizationId, organizationId)
  return db
    .select()
    .from(metadataRefreshes)
    .where(and(inArray(metadataRefreshes.connectionId, [...connectionIds]), isOwn))
}

export type RefreshState = Omit<RefreshRow, 'connectionId' | 'organizationId' | 'updatedAt'>

/** Stores how a refresh stands, while the guard holds. */
export function saveRefresh(
  db: Database,
  {
    key,
    state,
    nowMs,
    guard,
  }: { key: ConnectionKey; state: RefreshState; nowMs: number; guard: Guard },
): Statement {
  return insertWhere(db, metadataRefreshes, {
    row: { ...key, ...state, updatedAt: nowMs },
    guard,
    conflict: sql`(connection_id) do update set due_at = excluded.due_at, checked_at = excluded.checked_at,
      failure = excluded.failure, failures = excluded.failures, pending = excluded.pending, updated_at = excluded.updated_at`,
  })
}

/** Plans no more refreshes of a connection: it has no metadata URL. */
export function stopRefreshing(db: Database, { connectionId }: ConnectionKey, guard: Guard) {
  return db
    .delete(metadataRefreshes)
    .where(and(eq(metadataRefreshes.connectionId, connectionId), guard))
}

/** Whether the last document was refused for another reason, or not refused. */
export function failureIsNews(
  { connectionId }: ConnectionKey,
  failure: { readonly code: string; readonly reason: string },
): Guard {
  return sql`not exists (select 1 from ${metadataRefreshes} where connection_id = ${connectionId}
    and failure ->> '$.code' = ${failure.code} and failure ->> '$.reason' = ${failure.reason})`
}

/** Whether the last document was refused. */
export function hasFailed({ connectionId }: ConnectionKey): Guard {
  return sql`exists (select 1 from ${metadataRefreshes} where connection_id = ${connectionId} and failure is not null)`
}

/** Answers with a row when the connection still is what was read: the last of a batch that leaves it alone. */
export function standsQuery(db: Database, { id, organizationId, version }: ConnectionRow) {
  return db
    .select({ version: connections.version })
    .from(connections)
    .where(
      and(
        eq(connections.id, id),
        eq(connections.organizationId, organizationId),
        eq(connections.version, version),
      ),
    )
}

/** Sets or lifts the moments at which certificates may go, in one statement. */
export function setRetirements(
  db: Database,
  {
    key,
    retirements,
    guard,
  }: {
    key: ConnectionKey
    retirements: readonly { readonly sha256: string; readonly retireAtMs: number | null }[]
    guard: Guard
  },
): Statement {
  const moments = JSON.stringify(
    Object.fromEntries(retirements.map(({ sha256, retireAtMs }) => [sha256, retireAtMs])),
  )
  return db.run(
    sql`update ${connectionCertificates} set retire_at = (select value from json_each(${moments}) where key = sha256)
      where connection_id = ${key.connectionId} and organization_id = ${key.organizationId}
      and sha256 in (select key from json_each(${moments})) and ${guard}`,
  )
}

/** Retires certificates by an admin's word; their rows stay, so that metadata does not bring them back. */
export function retireCertificates(
  db: Database,
  {
    key,
    retired,
    nowMs,
    guard,
  }: { key: ConnectionKey; retired: readonly string[]; nowMs: number; guard: Guard },
): Statement {
  return db.run(
    sql`update ${connectionCertificates} set retired_at = ${nowMs}, retire_at = null
      where connection_id = ${key.connectionId} and organization_id = ${key.organizationId} and retired_at is null
      and sha256 in (select value from json_each(${JSON.stringify(retired)})) and ${guard}`,
  )
}

/** Trusts a certificate again that was retired or due to be; as if given by hand, so that no metadata retires it. */
export function restoreCertificate(
  db: Database,
  { key, sha256, guard }: { key: ConnectionKey; sha256: string; guard: Guard },
): Statement {
  return db.run(
    sql`update ${connectionCertificates} set retired_at = null, retire_at = null, origin = 'manual'
      where connection_id = ${key.connectionId} and organization_id = ${key.organizationId} and sha256 = ${sha256} and ${guard}`,
  )
}
