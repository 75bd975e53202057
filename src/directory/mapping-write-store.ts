import { sql } from 'drizzle-orm'
import {
  type Database,
  type Guard,
  insertWhere,
  runBatch,
  type Statement,
  tables,
} from '../db/index.ts'
import { newTimedId } from '../kernel/index.ts'
import type { MappingChanges } from './effective-mapping.ts'
import { moveMapping } from './ruleset-store.ts'

const { mappings, reconcileRuns } = tables

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
    // Last: the guard may be the version itself.
    moveMapping(db, organizationId, guard),
  ]
}

/** Stores what an organization's mapping says otherwise than the default one, while the guard holds. */
export function saveMapping(
  db: Database,
  {
    organizationId,
    changes,
    nowMs,
    guard,
  }: { organizationId: string; changes: MappingChanges; nowMs: number; guard: Guard },
): Statement {
  return insertWhere(db, mappings, {
    row: { organizationId, rules: changes, updatedAt: nowMs },
    guard,
    conflict: sql`(organization_id) do update set rules = excluded.rules, updated_at = excluded.updated_at`,
  })
}

/** Takes the rule of an attribute that goes, so that one of the same key does not find it; while the guard holds. */
export function dropRule(
  db: Database,
  { organizationId, key, guard }: { organizationId: string; key: string; guard: Guard },
): Statement {
  return db.run(
    sql`update ${mappings} set rules = json_remove(rules, ${`$."${key}"`}) where organization_id = ${organizationId} and ${guard}`,
  )
}

/** When the mapping was last changed, and the run that makes profiles anew, if one is not over. */
export type MappingState = { readonly updatedAt: number | null; readonly run: string | null }

/** The state of an organization's mapping beside its rules. One call. */
export async function mappingState(db: Database, organizationId: string): Promise<MappingState> {
  const [answer] = await runBatch(db, [
    db.all(
      sql`select (select updated_at from ${mappings} where organization_id = ${organizationId}) as "updatedAt",
        (select id from ${reconcileRuns} where organization_id = ${organizationId} and kind = 'resolve' and status in ('queued', 'running', 'paused') order by id desc limit 1) as "run"`,
    ),
  ])
  return (answer as readonly MappingState[])[0] ?? { updatedAt: null, run: null }
}
