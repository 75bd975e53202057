import { type SQL, sql } from 'drizzle-orm'
import { allOf, type Database, type Guard, type Statement, tables } from '../db/index.ts'
import { type Lease, leaseStands } from './lease-store.ts'
import type { Run } from './run.ts'

const { reconcileRuns } = tables

/** Where a run stands after a batch. */
export type Checkpoint = Pick<
  Run,
  | 'step'
  | 'cursor'
  | 'counts'
  | 'status'
  | 'continueAt'
  | 'attempts'
  | 'isFull'
  | 'readStartedAt'
  | 'held'
  | 'failure'
  | 'finishedAt'
>

/**
 * The first statement of every batch of a run: its checkpoint, which happens only while the lease is held, the run
 * is not over and the guard holds. Everything else of the batch looks for the gate that it stores, so that all of
 * it happens or nothing: a batch has no branches.
 */
export function openGate(
  db: Database,
  lease: Lease,
  { checkpoint, guard }: { checkpoint: Checkpoint; guard: Guard },
): Statement {
  return db
    .update(reconcileRuns)
    .set(checkpoint)
    .where(
      allOf(
        sql`id = ${lease.runId}`,
        sql`organization_id = ${lease.organizationId}`,
        sql`status = 'running'`,
        leaseStands(lease),
        guard,
      ),
    )
    .returning({ id: reconcileRuns.id })
}

/** Whether this batch has opened its gate. */
export function gateIsOpen(runId: string, gate: string): Guard {
  return sql`exists (select 1 from ${reconcileRuns} where id = ${runId} and cursor ->> '$.gate' = ${gate})`
}

/** Names of the columns that a row of a list stands under, for `json_each`. */
export function field(name: string): SQL {
  return sql.raw(`j.value ->> '$.${name}'`)
}

/** The same as JSON. */
export function jsonField(name: string): SQL {
  return sql.raw(`j.value -> '$.${name}'`)
}
