import { sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import { limits, newTimedId } from '../kernel/index.ts'
import { pruneBrakeCounts } from './brake-store.ts'

const { driftItems, graphUsers, people, reconcileRuns, scimUsers } = tables
const dayMs = 24 * 60 * 60 * 1000

/** Rows that one tick deletes of a kind: it keeps up with what runs find, and stays short. */
const portion = 1000
/** For how long what is past its time is looked for: what was missed by then goes with its run. */
const lookBackMs = 7 * dayMs

/**
 * Deletes what is past its time: runs with what they found, personal values in differences after the time of details,
 * and what the brake counted before yesterday. A run with a difference that an admin dismissed stays, so that the
 * difference stays quiet.
 */
export function pruneReconciliation(db: Database, nowMs: number): readonly Statement[] {
  const detail = nowMs - limits.eventDetailDays * dayMs
  return [
    db.run(
      sql`delete from ${reconcileRuns} where id in (select r.id from ${reconcileRuns} r
        where r.id < ${firstId('run', nowMs - limits.reconcileRunDays * dayMs)} and r.status in ('done', 'failed')
          and not exists (select 1 from ${driftItems} d where d.run_id = r.id and d.state = 'dismissed')
        order by r.id limit ${portion})`,
    ),
    db.run(
      sql`update ${driftItems} set stated = 'null', held = 'null' where id in (select id from ${driftItems}
        where id >= ${firstId('drf', detail - lookBackMs)} and id < ${firstId('drf', detail)} and (stated <> 'null' or held <> 'null')
        order by id limit ${portion})`,
    ),
    pruneBrakeCounts(db, nowMs),
  ]
}

/** The smallest id of a moment: ids sort by time. */
function firstId(prefix: 'run' | 'drf', ms: number): string {
  return newTimedId(prefix, ms, (length) => new Uint8Array(length))
}

/**
 * Whether SCIM has not said since that the person is there: restored in the tenant while Graph could not be read,
 * nobody is erased for what was known of them before.
 */
const isUnclaimed = sql`(${people.deniedByScim} = 1 or not exists (select 1 from ${scimUsers} s cross join ${graphUsers} g on g.person_id = s.person_id
  where s.person_id = ${people.id} and s.modified_at > g.changed_at))`

/** People whose retention is over, the longest first: one read of an index. */
export function erasablePeople(db: Database, nowMs: number): Statement {
  return db.all(
    sql`select id, organization_id as "organizationId", connection_id as "connectionId" from ${people} where erase_at is not null and erase_at <= ${nowMs} and retired_at is null and ${isUnclaimed} order by erase_at limit ${limits.reconcileErasuresPerTick}`,
  )
}

/** Whether the person's retention still is over: restored in the tenant, nobody is erased. */
export function isErasable(personId: string, nowMs: number): Guard {
  return sql`exists (select 1 from ${people} where id = ${personId} and erase_at is not null and erase_at <= ${nowMs} and ${isUnclaimed})`
}
