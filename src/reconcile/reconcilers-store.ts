import { and, eq, sql } from 'drizzle-orm'
import {
  allOf,
  type Database,
  type Guard,
  insertWhere,
  type Statement,
  tables,
} from '../db/index.ts'
import type { ReconcilerKey } from './runs-store.ts'
import { defaultSettings, ownSettings, readSettings, type Settings } from './settings.ts'

const { driftItems, graphCredentials, graphUsers, reconcileLeases, reconcilers, reconcileRuns } =
  tables

export type ReconcilerRow = typeof reconcilers.$inferSelect

/** Where the next run starts from, with the names that Graph froze into the link. */
export type DeltaStart = { readonly link: string; readonly names: readonly string[] }

/** How a connection is reconciled; as by default while nothing is stored. */
export type Reconciler = ReconcilerKey & {
  readonly settings: Settings
  readonly dueAt: number | null
  readonly delta: DeltaStart | null
  readonly deltaAt: number | null
  readonly lastFullAt: number | null
  /** 0 while nothing is stored. */
  readonly version: number
}

/** Reads how a connection is reconciled. */
export async function loadReconciler(db: Database, key: ReconcilerKey): Promise<Reconciler> {
  const [row] = await db.select().from(reconcilers).where(isAt(key))
  return readReconciler(key, row)
}

/** How a connection is reconciled of which nothing is stored. */
export function defaultReconciler(key: ReconcilerKey): Reconciler {
  return readReconciler(key, undefined)
}

/** Reads a row, or what is known of it. */
export function readReconciler(
  key: ReconcilerKey,
  row: Partial<ReconcilerRow> | undefined,
): Reconciler {
  const settings = readSettings(row?.settings ?? {})
  return {
    ...key,
    // What an older version stored and this one refuses is as it is by default.
    settings: settings.ok ? settings.value : defaultSettings,
    dueAt: row?.dueAt ?? null,
    delta: row?.deltaLink == null ? null : (JSON.parse(row.deltaLink) as DeltaStart),
    deltaAt: row?.deltaAt ?? null,
    lastFullAt: row?.lastFullAt ?? null,
    version: row?.version ?? 0,
  }
}

function isAt({ organizationId, connectionId }: ReconcilerKey) {
  return and(
    eq(reconcilers.organizationId, organizationId),
    eq(reconcilers.connectionId, connectionId),
  )
}

/** Stores settings if nobody stored others since; answers with the row when it did. */
export function saveSettings(
  db: Database,
  { organizationId, connectionId, version }: Reconciler,
  { settings, dueAt, nowMs }: { settings: Settings; dueAt: number | null; nowMs: number },
): readonly Statement[] {
  const own = ownSettings(settings)
  const row = { organizationId, connectionId, settings: own, dueAt, version: version + 1 }
  return [
    insertWhere(db, reconcilers, {
      row: { ...row, updatedAt: nowMs },
      guard: settingsAt({ organizationId, connectionId }, version),
      conflict: sql`(organization_id, connection_id) do update set settings = excluded.settings, due_at = excluded.due_at, version = excluded.version, updated_at = excluded.updated_at`,
    }),
  ]
}

/** Whether the settings still are what was read; version 0 is that nothing is stored. */
export function settingsAt(
  { organizationId, connectionId }: ReconcilerKey,
  version: number,
): Guard {
  return sql`coalesce((select version from ${reconcilers} where organization_id = ${organizationId} and connection_id = ${connectionId}), 0) = ${version}`
}

/**
 * Puts a connection on the schedule at once, from the start, while the guard holds: it was given a credential, which
 * may be another tenant's or another application's.
 */
export function scheduleAnew(
  db: Database,
  { organizationId, connectionId }: ReconcilerKey,
  { nowMs, guard }: { nowMs: number; guard: Guard },
): Statement {
  return insertWhere(db, reconcilers, {
    row: { organizationId, connectionId, dueAt: nowMs, updatedAt: nowMs },
    guard,
    conflict: sql`(organization_id, connection_id) do update set delta_link = null, delta_at = null, last_full_at = null, due_at = excluded.due_at`,
  })
}

/** What is due and has a credential. */
export function dueReconcilers(db: Database, nowMs: number, limit: number): Statement {
  return db.all(
    sql`select r.organization_id as "organizationId", r.connection_id as "connectionId", r.settings
      from ${reconcilers} r cross join ${graphCredentials} g
      where r.due_at is not null and r.due_at <= ${nowMs} and g.organization_id = r.organization_id and g.connection_id = r.connection_id
      order by r.due_at limit ${limit}`,
  )
}

/** Sets when a connection is due next, while the guard holds. */
export function setDue(
  db: Database,
  key: ReconcilerKey,
  { dueAt, guard }: { dueAt: number | null; guard: Guard },
): Statement {
  return db
    .update(reconcilers)
    .set({ dueAt })
    .where(and(isAt(key), guard))
}

/** Stores where the next run starts from, while the guard holds. */
export function saveDelta(
  db: Database,
  key: ReconcilerKey,
  {
    delta,
    readStartedAt,
    isFull,
    dueAt,
    nowMs,
    guard,
  }: {
    delta: DeltaStart
    readStartedAt: number
    isFull: boolean
    dueAt: number | null
    nowMs: number
    guard: Guard
  },
): Statement {
  return insertWhere(db, reconcilers, {
    row: {
      ...key,
      deltaLink: JSON.stringify(delta),
      deltaAt: readStartedAt,
      lastFullAt: isFull ? readStartedAt : null,
      dueAt,
      updatedAt: nowMs,
    },
    guard,
    conflict: sql`(organization_id, connection_id) do update set delta_link = excluded.delta_link, delta_at = excluded.delta_at, last_full_at = coalesce(excluded.last_full_at, last_full_at), due_at = excluded.due_at`,
  })
}

type Move = ReconcilerKey & { readonly guard: Guard }

/** Ends what an invocation is writing for a connection that is another one from now on; the run itself goes on. */
function endLease(db: Database, organizationId: string, guard: Guard): Statement {
  return db
    .update(reconcileLeases)
    .set({ generation: sql`${reconcileLeases.generation} + 1`, until: 0 })
    .where(and(eq(reconcileLeases.organizationId, organizationId), guard))
}

const moved = [reconcilers, graphUsers, driftItems, reconcileRuns] as const

/** Gives what was reconciled before the organization's first connection to it. */
export function adoptReconciliation(
  db: Database,
  { organizationId, connectionId, guard }: Move,
): readonly Statement[] {
  return [
    endLease(db, organizationId, guard),
    ...moved.map((table) =>
      db
        .update(table)
        .set({ connectionId })
        .where(allOf(sql`organization_id = ${organizationId} and connection_id = ''`, guard)),
    ),
  ]
}

/** Takes it from the last connection that goes, or forgets it with one of several. */
export function releaseReconciliation(
  db: Database,
  { organizationId, connectionId, guard }: Move,
  isOnly: Guard,
): readonly Statement[] {
  const own = sql`organization_id = ${organizationId} and connection_id = ${connectionId}`
  return [
    endLease(db, organizationId, guard),
    ...moved.map((table) =>
      db
        .update(table)
        .set({ connectionId: '' })
        .where(allOf(own, guard, isOnly)),
    ),
    ...moved.map((table) => db.delete(table).where(allOf(own, guard))),
  ]
}
