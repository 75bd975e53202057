import { sql } from 'drizzle-orm'
import { type Database, type Statement, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'
import { dayMs } from './daily-counts-store.ts'
import { hourMs } from './refusal-store.ts'

const { eventDetails, events, organizations, refusalCounts } = tables
/** Rows that one statement may delete, so that a tick stays short. */
const pruneRows = 500

/** Deletes a portion of the details, events and sums of refusals that are past their time. */
export function pruneActivity(db: Database, nowMs: number): readonly Statement[] {
  const oldest = nowMs - limits.eventDays * dayMs
  return [
    db.run(
      sql`delete from ${eventDetails} where event_id in (select event_id from ${eventDetails} where expires_at < ${nowMs} limit ${pruneRows})`,
    ),
    // Ids sort by time, so the oldest events are found by the primary key alone.
    db.run(
      sql`delete from ${events} where id in (select id from ${events} order by id limit ${pruneRows}) and at < ${oldest}`,
    ),
    db.run(
      sql`delete from ${refusalCounts} where rowid in (select rowid from ${refusalCounts} where hour < ${Math.floor(oldest / hourMs)} limit ${pruneRows})`,
    ),
  ]
}

/** Deletes a portion of the oldest events beyond each organization's cap; walks an index as long as the cap. */
export function capActivity(db: Database): readonly Statement[] {
  return [
    db.run(
      sql`delete from ${events} where id in (
        select e.id from ${organizations} o join ${events} e on e.organization_id = o.id
        where e.id <= (select x.id from ${events} x where x.organization_id = o.id order by x.id desc limit 1 offset ${limits.eventsPerOrganization})
        limit ${pruneRows})`,
    ),
  ]
}
