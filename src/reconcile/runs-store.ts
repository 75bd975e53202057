import { and, eq, inArray, lte, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import { newTimedId, type RandomBytes } from '../kernel/index.ts'
import { firstCursor, noCounts, type Run, type RunFailure } from './world.ts'

const { graphCredentials, reconcileLeases, reconcilers, reconcileRuns } = tables

const unfinished = ['queued', 'running', 'paused', 'held'] as const

export type NewRun = Pick<Run, 'organizationId' | 'connectionId' | 'kind' | 'trigger'> & {
  readonly dryRun?: boolean
  readonly isFull?: boolean
}

/** A run to be carried on by the next tick or at once; the id is new. */
export function newRun(
  { dryRun = false, isFull = false, ...run }: NewRun,
  { nowMs, random }: { nowMs: number; random: RandomBytes },
): Run {
  return {
    id: newTimedId('run', nowMs, random),
    ...run,
    dryRun,
    isFull,
    status: 'queued',
    step: run.kind === 'resolve' ? 'resolve' : 'application',
    cursor: firstCursor,
    counts: noCounts,
    readStartedAt: null,
    held: null,
    failure: null,
    attempts: 0,
    continueAt: nowMs,
    createdAt: nowMs,
    startedAt: null,
    finishedAt: null,
  }
}

/** Stores a run while the guard holds. */
export function insertRun(db: Database, run: Run, guard: Guard): Statement {
  return insertWhere(db, reconcileRuns, { row: run, guard })
}

/** Whether no run of this kind is on its way in the connection; one that is held does not count. */
export function noRunUnderWay({
  organizationId,
  connectionId,
  kind,
}: Pick<Run, 'organizationId' | 'connectionId' | 'kind'>): Guard {
  return sql`not exists (select 1 from ${reconcileRuns} where organization_id = ${organizationId} and connection_id = ${connectionId}
    and kind = ${kind} and status in ('queued', 'running', 'paused'))`
}

/** Runs that can go on now, those that have waited longest first. One indexed read. */
export async function dueRuns(db: Database, nowMs: number, limit: number): Promise<readonly Run[]> {
  return db
    .select()
    .from(reconcileRuns)
    .where(
      and(
        inArray(reconcileRuns.status, ['queued', 'running', 'paused']),
        sql`status in ('queued', 'running', 'paused')`,
        lte(reconcileRuns.continueAt, nowMs),
      ),
    )
    .orderBy(reconcileRuns.continueAt)
    .limit(limit)
}

/** A run of an organization, or null. */
export async function findRun(
  db: Database,
  organizationId: string,
  id: string,
): Promise<Run | null> {
  const [run] = await db
    .select()
    .from(reconcileRuns)
    .where(and(eq(reconcileRuns.id, id), eq(reconcileRuns.organizationId, organizationId)))
  return run ?? null
}

/**
 * Takes an organization's lease for a run in one statement, when nobody has it or its time is over.
 * @returns the generation by which every batch of the run is guarded; null when another has the lease
 */
export async function takeLease(
  db: Database,
  { organizationId, id }: Pick<Run, 'organizationId' | 'id'>,
  { nowMs, leaseMs }: { nowMs: number; leaseMs: number },
): Promise<number | null> {
  const [taken] = await db
    .insert(reconcileLeases)
    .values({ organizationId, generation: 1, runId: id, until: nowMs + leaseMs })
    .onConflictDoUpdate({
      target: reconcileLeases.organizationId,
      set: {
        generation: sql`${reconcileLeases.generation} + 1`,
        runId: id,
        until: nowMs + leaseMs,
      },
      setWhere: lte(reconcileLeases.until, nowMs),
    })
    .returning({ generation: reconcileLeases.generation })
  return taken?.generation ?? null
}

/** Gives the lease back, unless it was stolen meanwhile. */
export function releaseLease(
  db: Database,
  { organizationId }: Pick<Run, 'organizationId'>,
  generation: number,
): Statement {
  return db
    .update(reconcileLeases)
    .set({ until: 0 })
    .where(
      and(
        eq(reconcileLeases.organizationId, organizationId),
        eq(reconcileLeases.generation, generation),
      ),
    )
}

/** Whether the lease is still the one that was taken: asked by every batch of a run. */
export function leaseStands(
  { organizationId, id }: Pick<Run, 'organizationId' | 'id'>,
  generation: number,
): Guard {
  return sql`exists (select 1 from ${reconcileLeases} where organization_id = ${organizationId} and generation = ${generation} and run_id = ${id})`
}

/** Takes a run over from what is stored, while the guard holds; answers with its id when it did. */
export function saveRun(
  db: Database,
  run: Run,
  changes: Partial<Omit<Run, 'id' | 'organizationId'>>,
  guard: Guard,
): Statement {
  return db
    .update(reconcileRuns)
    .set(changes)
    .where(
      and(
        eq(reconcileRuns.id, run.id),
        eq(reconcileRuns.organizationId, run.organizationId),
        inArray(reconcileRuns.status, [...unfinished]),
        guard,
      ),
    )
    .returning({ id: reconcileRuns.id })
}

/** Whether the batch with this nonce took place: its first statement wrote it into the cursor. */
export function pageWritten({ id }: Pick<Run, 'id'>, nonce: string): Guard {
  return sql`exists (select 1 from ${reconcileRuns} where id = ${id} and json_extract(cursor, '$.nonce') = ${nonce})`
}

/** Connections whose next run is due, with a Graph credential. One indexed read. */
export async function dueReconcilers(db: Database, nowMs: number, limit: number) {
  return db
    .select({
      organizationId: reconcilers.organizationId,
      connectionId: reconcilers.connectionId,
      settings: reconcilers.settings,
    })
    .from(reconcilers)
    .innerJoin(
      graphCredentials,
      and(
        eq(graphCredentials.organizationId, reconcilers.organizationId),
        eq(graphCredentials.connectionId, reconcilers.connectionId),
      ),
    )
    .where(and(sql`due_at is not null`, lte(reconcilers.dueAt, nowMs)))
    .orderBy(reconcilers.dueAt)
    .limit(limit)
}

/** Sets when a connection is due next, or with `null` never. */
export function setDue(
  db: Database,
  { organizationId, connectionId }: Pick<Run, 'organizationId' | 'connectionId'>,
  { dueAt, nowMs, guard }: { dueAt: number | null; nowMs: number; guard: Guard },
): Statement {
  return insertWhere(db, reconcilers, {
    row: { organizationId, connectionId, settings: {}, dueAt, updatedAt: nowMs },
    guard,
    conflict: sql`(organization_id, connection_id) do update set due_at = excluded.due_at`,
  })
}

/** How a connection is reconciled, as it is stored: null while nobody set anything and nothing ran. */
export async function findReconciler(
  db: Database,
  { organizationId, connectionId }: Pick<Run, 'organizationId' | 'connectionId'>,
) {
  const [found] = await db
    .select()
    .from(reconcilers)
    .where(
      and(
        eq(reconcilers.organizationId, organizationId),
        eq(reconcilers.connectionId, connectionId),
      ),
    )
  return found ?? null
}
