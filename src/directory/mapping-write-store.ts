import { sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import { newTimedId } from '../kernel/index.ts'
import { moveMapping } from './ruleset-store.ts'

const { reconcileRuns } = tables

/** How a re-resolve begins: with the first page of people. */
const firstStep = 'resolve'

/**
 * What belongs to every change of what profiles are made by, in its batch and under its guard: the version that
 * makes each older profile one to be made anew, and the run that does it. A run that has not begun yet does for
 * several changes.
 */
export function mappingMoved(
  db: Database,
  { organizationId, nowMs, guard }: { organizationId: string; nowMs: number; guard: Guard },
): readonly Statement[] {
  const isQueued = sql`exists (select 1 from ${reconcileRuns} where organization_id = ${organizationId} and kind = 'resolve' and status = 'queued')`
  return [
    moveMapping(db, organizationId, guard),
    insertWhere(db, reconcileRuns, {
      row: {
        id: newTimedId('run', nowMs),
        organizationId,
        connectionId: '',
        kind: 'resolve',
        trigger: 'mapping',
        status: 'queued',
        step: firstStep,
        continueAt: nowMs,
        createdAt: nowMs,
      },
      guard: sql`(${guard} and not ${isQueued})`,
    }),
  ]
}
