import { and, eq, sql } from 'drizzle-orm'
import {
  always,
  type Database,
  type Guard,
  insertWhere,
  type Statement,
  tables,
} from '../db/index.ts'
import { limits, newTimedId } from '../kernel/index.ts'
import { dayMs, eraseDailyCounts } from './daily-counts-store.ts'
import type { EventInput } from './event.ts'

const { eventDetails, events, refusalCounts } = tables

/** Writes an event, and its personal detail beside it, in the batch of what it tells about. */
export function eventStatements(
  db: Database,
  event: EventInput,
  { nowMs, guard = always }: { nowMs: number; guard?: Guard },
): readonly Statement[] {
  const id = newTimedId('evt', nowMs)
  const { detail, ...rest } = event
  const statements = [insertWhere(db, events, { row: { id, at: nowMs, ...rest }, guard })]
  if (detail === undefined) return statements
  const row = {
    eventId: id,
    organizationId: event.organizationId,
    personId: event.personId,
    detail,
    expiresAt: nowMs + limits.eventDetailDays * dayMs,
  }
  return [...statements, insertWhere(db, eventDetails, { row, guard })]
}

/**
 * Writes many events without detail in one statement; together they must be below `limits.d1ChunkBytes`.
 * @param guard is asked of each event, which it finds as JSON in `value`
 */
export function eventsStatement(
  db: Database,
  list: readonly Omit<EventInput, 'detail'>[],
  { nowMs, guard = always }: { nowMs: number; guard?: Guard },
): Statement {
  const rows = JSON.stringify(list.map((event) => ({ ...event, id: newTimedId('evt', nowMs) })))
  return db.run(
    sql`insert into ${events} (id, at, organization_id, type, outcome, code, connection_id, person_id, actor, request_id, facts)
      select value ->> '$.id', ${nowMs}, value ->> '$.organizationId', value ->> '$.type', value ->> '$.outcome',
        value ->> '$.code', value ->> '$.connectionId', value ->> '$.personId', value ->> '$.actor',
        value ->> '$.requestId', value -> '$.facts'
      from json_each(${rows}) where ${guard}`,
  )
}

/** Erases the personal details and the sums of a deleted organization; what happened stays in the log. */
export function eraseOrganizationActivity(
  db: Database,
  organizationId: string,
): readonly Statement[] {
  return [
    db.delete(eventDetails).where(eq(eventDetails.organizationId, organizationId)),
    db.delete(refusalCounts).where(eq(refusalCounts.organizationId, organizationId)),
    ...eraseDailyCounts(db, organizationId),
  ]
}

/** Erases the personal details of a person's events, in the batch that erases the person. */
export function erasePersonActivity(
  db: Database,
  { organizationId, personId, guard }: { organizationId: string; personId: string; guard: Guard },
): Statement {
  return db
    .delete(eventDetails)
    .where(
      and(
        eq(eventDetails.organizationId, organizationId),
        eq(eventDetails.personId, personId),
        guard,
      ),
    )
}
