import { sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'
import { type Run, type RunRow, readRun } from './run.ts'

const { reconcileLeases, reconcileRuns } = tables

/** The right to write for one run, until somebody takes the lease with the next generation. */
export type Lease = {
  readonly organizationId: string
  readonly runId: string
  readonly generation: number
}

/**
 * Takes the lease of an organization for a run that can go on, and the run with it, in one batch: read by
 * `readLease`. Whoever holds it stops being able to write with the same statement, once their time is over.
 * Each taking counts as a try of the run's step, so that one that kills its Worker every time comes to an end.
 */
export function takeLease(
  db: Database,
  { organizationId, runId }: Omit<Lease, 'generation'>,
  nowMs: number,
): readonly Statement[] {
  const canGoOn = sql`exists (select 1 from ${reconcileRuns} where id = ${runId} and organization_id = ${organizationId} and status in ('queued', 'running', 'paused') and continue_at <= ${nowMs})`
  const until = nowMs + limits.reconcileLeaseMs
  return [
    db.all(
      sql`insert into ${reconcileLeases} (organization_id, generation, run_id, until)
        select ${organizationId}, 1, ${runId}, ${until} where ${canGoOn}
        on conflict (organization_id) do update set generation = generation + 1, run_id = excluded.run_id, until = excluded.until
        where reconcile_leases.until <= ${nowMs} returning generation`,
    ),
    db
      .update(reconcileRuns)
      .set({
        status: 'running',
        attempts: sql`${reconcileRuns.attempts} + 1`,
        startedAt: sql`coalesce(${reconcileRuns.startedAt}, ${nowMs})`,
      })
      .where(sql`id = ${runId} and ${canGoOn} and changes() = 1`)
      .returning(),
  ]
}

/** The lease and the run that `takeLease` came to; null when the lease is another's or the run is over. */
export function readLease(
  key: Omit<Lease, 'generation'>,
  [taken, rows]: readonly unknown[],
): { readonly lease: Lease; readonly run: Run } | null {
  const [held] = taken as readonly { generation: number }[]
  const [row] = rows as readonly RunRow[]
  if (held === undefined || row === undefined) return null
  return { lease: { ...key, generation: held.generation }, run: readRun(row) }
}

/** Whether the lease still is this one. */
export function leaseStands({ organizationId, runId, generation }: Lease): Guard {
  return sql`exists (select 1 from ${reconcileLeases} where organization_id = ${organizationId} and generation = ${generation} and run_id = ${runId})`
}

/** Gives the lease back, so that another run of the organization need not wait for its end. */
export function releaseLease(db: Database, lease: Lease): Statement {
  const { organizationId, generation } = lease
  return db.run(
    sql`update ${reconcileLeases} set until = 0 where organization_id = ${organizationId} and generation = ${generation}`,
  )
}

/** Asks whether the lease still is this one and the run is not over. */
export function heldQuery(db: Database, lease: Lease): Statement {
  return db.all(
    sql`select (${leaseStands(lease)} and exists (select 1 from ${reconcileRuns} where id = ${lease.runId} and status = 'running')) as held`,
  )
}
