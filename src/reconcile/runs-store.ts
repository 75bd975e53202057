import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import { settlePlanned } from './drift-store.ts'
import { firstCursor, noCounts, type Run, type RunRow, readRun, type StepName } from './run.ts'

const { graphCredentials, organizations, reconcileRuns, reconcilePages } = tables

/** What is reconciled: one connection of an organization; empty before its first one. */
export type ReconcilerKey = { readonly organizationId: string; readonly connectionId: string }

export type NewRun = ReconcilerKey & {
  readonly id: string
  readonly kind: RunRow['kind']
  readonly trigger: RunRow['trigger']
  readonly dryRun: boolean
  readonly isFull: boolean
  readonly nowMs: number
}

/** Whether the connection has no run that is not over: two would do the same work. */
export function noRunUnfinished({ organizationId, connectionId }: ReconcilerKey): Guard {
  return sql`not exists (select 1 from ${reconcileRuns} where organization_id = ${organizationId} and connection_id = ${connectionId} and kind = 'reconcile' and status in ('queued', 'running', 'paused', 'held'))`
}

/** Stores a run that begins as soon as somebody advances it, while the guard holds. */
export function insertRun(
  db: Database,
  { id, nowMs, ...run }: NewRun,
  { step, guard }: { step: StepName; guard: Guard },
): Statement {
  return insertWhere(db, reconcileRuns, {
    row: {
      id,
      ...run,
      status: 'queued',
      step,
      cursor: firstCursor,
      counts: noCounts,
      continueAt: nowMs,
      createdAt: nowMs,
    },
    guard,
  })
}

/** Whether the run is there; its id is new, so only if this attempt made it. */
export function runExists({ id, organizationId }: Pick<NewRun, 'id' | 'organizationId'>): Guard {
  return sql`exists (select 1 from ${reconcileRuns} where id = ${id} and organization_id = ${organizationId})`
}

/** What can go on now, the longest waiting first: one read of an index of what is unfinished. */
export function waitingRuns(db: Database, nowMs: number, limit: number): Statement {
  // The condition is that of the partial index, word for word.
  return db.all(
    sql`select id as "runId", organization_id as "organizationId" from ${reconcileRuns} where status in ('queued', 'running', 'paused') and continue_at <= ${nowMs} order by continue_at limit ${limit}`,
  )
}

/** A run of the organization, or null. */
export async function findRun(
  db: Database,
  { organizationId, runId }: { organizationId: string; runId: string },
): Promise<Run | null> {
  const [row] = await db
    .select()
    .from(reconcileRuns)
    .where(and(eq(reconcileRuns.id, runId), eq(reconcileRuns.organizationId, organizationId)))
  return row === undefined ? null : readRun(row)
}

/** Runs, newest first; ask for one more than shown. */
export async function listRuns(
  db: Database,
  organizationId: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<readonly Run[]> {
  const rows = await db
    .select()
    .from(reconcileRuns)
    .where(
      and(
        eq(reconcileRuns.organizationId, organizationId),
        before === null ? undefined : lt(reconcileRuns.id, before),
      ),
    )
    .orderBy(desc(reconcileRuns.id))
    .limit(limit)
  return rows.map(readRun)
}

/** Whether the run waits for an admin because of the brake. */
export function runIsHeld(organizationId: string, runId: string): Guard {
  return sql`exists (select 1 from ${reconcileRuns} where id = ${runId} and organization_id = ${organizationId} and status = 'held')`
}

/** Whether the run is not over. */
export function runIsUnfinished(organizationId: string, runId: string): Guard {
  return sql`exists (select 1 from ${reconcileRuns} where id = ${runId} and organization_id = ${organizationId} and status in ('queued', 'running', 'paused', 'held'))`
}

/** Lets a held run go on with what it planned; what it does from now on an admin has said yes to. */
export function releaseRun(
  db: Database,
  { organizationId, runId, nowMs }: { organizationId: string; runId: string; nowMs: number },
): Statement {
  return db
    .update(reconcileRuns)
    .set({
      status: 'queued',
      step: 'apply',
      cursor: sql`json_set(${reconcileRuns.cursor}, '$.released', json('true'))`,
      continueAt: nowMs,
      attempts: 0,
    })
    .where(sql`id = ${runId} and ${runIsHeld(organizationId, runId)}`)
    .returning()
}

/** Ends a run without what it has not done yet; whoever is writing for it stops with the next batch. */
export function cancelRun(
  db: Database,
  { organizationId, runId, nowMs }: { organizationId: string; runId: string; nowMs: number },
): readonly Statement[] {
  return [
    settlePlanned(db, runId, { nowMs, guard: runIsUnfinished(organizationId, runId) }),
    deletePages(db, runId, runIsUnfinished(organizationId, runId)),
    db
      .update(reconcileRuns)
      .set({
        status: 'failed',
        failure: { code: 'reconcile.cancelled' },
        held: null,
        finishedAt: nowMs,
      })
      .where(sql`id = ${runId} and ${runIsUnfinished(organizationId, runId)}`)
      .returning(),
  ]
}

/**
 * Ends the runs of a connection whose tenant or application becomes another one, while the guard holds: what they have
 * read is of the other, and so is the link that they would leave behind.
 */
export function endRunsOfOthers(
  db: Database,
  { organizationId, connectionId }: ReconcilerKey,
  {
    tenantId,
    appId,
    nowMs,
    guard,
  }: { tenantId: string; appId: string; nowMs: number; guard: Guard },
): readonly Statement[] {
  const isOther = sql`exists (select 1 from ${graphCredentials} where organization_id = ${organizationId} and connection_id = ${connectionId} and (tenant_id <> ${tenantId} or app_id <> ${appId}))`
  const theirs = sql`organization_id = ${organizationId} and connection_id = ${connectionId} and kind = 'reconcile' and status in ('queued', 'running', 'paused', 'held') and ${isOther} and ${guard}`
  return [
    db
      .delete(reconcilePages)
      .where(sql`run_id in (select id from ${reconcileRuns} where ${theirs})`),
    db
      .update(reconcileRuns)
      .set({
        status: 'failed',
        failure: { code: 'reconcile.cancelled' },
        held: null,
        finishedAt: nowMs,
      })
      .where(theirs),
  ]
}

/** Forgets what a run has kept, while the guard holds. */
export function deletePages(db: Database, runId: string, guard: Guard): Statement {
  return db.delete(reconcilePages).where(and(eq(reconcilePages.runId, runId), guard))
}

/** The rules that decide which groups and app roles give which roles. */
export async function loadRoleRules(
  db: Database,
  organizationId: string,
): Promise<(typeof organizations.$inferSelect)['roleRules']> {
  const [row] = await db
    .select({ roleRules: organizations.roleRules })
    .from(organizations)
    .where(eq(organizations.id, organizationId))
  return row?.roleRules ?? []
}
