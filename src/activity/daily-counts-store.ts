import { eq, sql } from 'drizzle-orm'
import { type Database, type Statement, tables } from '../db/index.ts'
import { limits, newTimedId } from '../kernel/index.ts'

const { countedEvents, dailyCounts, events, organizations, signInTimes } = tables
/** An event may be written by a request that began this long ago, and its id is as old as the request. */
const settledMs = 60 * 1000
/** Rows that one statement may delete. */
const pruneRows = 2000

export const dayMs = 24 * 60 * 60 * 1000

/** Instead of an organization: the sum over all of them, so that operators read as few rows as anybody. */
export const everyOrganization = ''

/** The day of a moment, counted from 1970 in UTC. */
export function dayOf(ms: number): number {
  return Math.floor(ms / dayMs)
}

/** Where the sums end: what comes after is only in the log. */
const lastCounted = sql`coalesce((select last_event_id from ${countedEvents} where id = 1), '')`

/** What SCIM did is one kind, whatever it did; else the same types would stand for sign-ins and reconciliation, too. */
const kind = sql`case actor when 'provisioning' then 'scim.write' else type end`

/**
 * Sums the next events of the log by organization, day, type, outcome and code: a bounded number, none younger than a
 * minute. Both statements go in one batch, which D1 runs alone: two at once count nothing twice.
 */
export function countNewEvents(db: Database, nowMs: number): readonly Statement[] {
  const before = newTimedId('evt', nowMs - settledMs, (length) => new Uint8Array(length))
  const next = sql`(select id, at, organization_id, type, outcome, code, actor from ${events}
    where id > ${lastCounted} and id < ${before} order by id limit ${limits.eventsCountedPerTick})`
  return [
    // `where true`: without it SQLite reads `on conflict` as the condition of a join.
    db.run(sql`insert into ${dailyCounts} (organization_id, day, type, outcome, code, count)
      with counted as materialized (
        select organization_id, at / 86400000 as day, ${kind} as kind, outcome, coalesce(code, '') as code, count(*) as count
        from ${next} where organization_id is not null group by 1, 2, 3, 4, 5)
      select * from counted where exists (select 1 from ${organizations} o where o.id = counted.organization_id)
      union all
      select ${everyOrganization}, day, kind, outcome, code, sum(count) from counted where true group by 2, 3, 4, 5
      on conflict (organization_id, day, type, outcome, code) do update set count = count + excluded.count`),
    db.run(sql`insert into ${countedEvents} (id, last_event_id)
      select 1, last.id from (select max(id) as id from ${next}) last where last.id is not null
      on conflict (id) do update set last_event_id = excluded.last_event_id`),
  ]
}

export type DailyCount = {
  readonly day: number
  readonly type: string
  readonly outcome: string
  readonly code: string
  readonly count: number
}

/** Adds to the sums of an organization and of all what no event tells of. */
export function addDailyCounts(
  db: Database,
  rows: readonly (DailyCount & { readonly organizationId: string })[],
): Statement {
  const values = rows.map((row) => [
    row.organizationId,
    row.day,
    row.type,
    row.outcome,
    row.code,
    row.count,
  ])
  const json = JSON.stringify(values)
  return db.run(sql`insert into ${dailyCounts} (organization_id, day, type, outcome, code, count)
    select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 from json_each(${json})
    union all
    select ${everyOrganization}, value ->> 1, value ->> 2, value ->> 3, value ->> 4, sum(value ->> 5)
    from json_each(${json}) where true group by 2, 3, 4, 5
    on conflict (organization_id, day, type, outcome, code) do update set count = count + excluded.count`)
}

/**
 * The sums of an organization since a day, as a statement of a batch; of all of them where it is `everyOrganization`.
 * Rows: a few for each day.
 */
export function dailyCountsQuery(db: Database, organizationId: string, fromDay: number): Statement {
  return db.all(
    sql`select day, type, outcome, code, count from ${dailyCounts}
      where organization_id = ${organizationId} and day >= ${fromDay} order by day`,
  )
}

/** What the log holds beyond the sums, summed the same way; a bounded number of events. */
export function uncountedQuery(db: Database, organizationId: string): Statement {
  const own =
    organizationId === everyOrganization ? sql`` : sql`and organization_id = ${organizationId}`
  return db.all(
    sql`select at / 86400000 as day, ${kind} as type, outcome, coalesce(code, '') as code, count(*) as count
      from (select at, type, outcome, code, actor from ${events}
        where id > ${lastCounted} ${own} order by id limit ${limits.uncountedEvents})
      group by 1, 2, 3, 4`,
  )
}

/** Deletes a portion of the sums that are as old as the oldest events. */
export function pruneDailyCounts(db: Database, nowMs: number): readonly Statement[] {
  const oldest = dayOf(nowMs) - limits.eventDays
  return [dailyCounts, signInTimes].map((table) =>
    db.run(
      sql`delete from ${table} where rowid in (select rowid from ${table} where day < ${oldest} limit ${pruneRows})`,
    ),
  )
}

/** Forgets the sums of a deleted organization. */
export function eraseDailyCounts(db: Database, organizationId: string): readonly Statement[] {
  return [dailyCounts, signInTimes].map((table) =>
    db.delete(table).where(eq(table.organizationId, organizationId)),
  )
}
