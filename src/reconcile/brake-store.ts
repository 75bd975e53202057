import { sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import type { Lease } from './lease-store.ts'
import type { BrakeUse } from './plan-types.ts'
import type { ReconcilerKey } from './runs-store.ts'

const { brakeCounts, reconcilePages, resourceCounts } = tables

/** Asks what waits, how much of the same was taken away in 24 hours, and how many people there are. */
export function brakeQueries(
  db: Database,
  { runId }: Lease,
  { organizationId, connectionId, nowMs }: ReconcilerKey & { readonly nowMs: number },
): readonly Statement[] {
  const hour = Math.floor(nowMs / 3_600_000)
  return [
    // Somebody who was mentioned twice, or whose page was read twice, is one.
    db.all(
      sql`select u.value as what, count(distinct j.value ->> '$.personId') as count
        from ${reconcilePages} p, json_each(p.ids) j, json_each(j.value, '$.uses') u
        where p.run_id = ${runId} and p.kind in ('waiting', 'leaving') group by u.value`,
    ),
    db.all(
      sql`select what, sum(count) as count from ${brakeCounts}
        where organization_id = ${organizationId} and connection_id = ${connectionId} and hour > ${hour - 24} group by what`,
    ),
    db.all(
      sql`select count from ${resourceCounts} where organization_id = ${organizationId} and connection_id = ${connectionId} and kind = 'users'`,
    ),
  ]
}

type Use = { readonly what: string; readonly count: number }

/** What `brakeQueries` found. */
export function readBrake([waiting, day, people]: readonly unknown[]): {
  readonly waiting: BrakeUse
  readonly day: BrakeUse
  readonly people: number
} {
  const useOf = (rows: unknown) =>
    Object.fromEntries((rows as readonly Use[]).map(({ what, count }) => [what, count]))
  const [row] = people as readonly { count: number }[]
  return { waiting: useOf(waiting), day: useOf(day), people: row?.count ?? 0 }
}

/** Counts what was taken away, while the guard holds. */
export function countTaken(
  db: Database,
  { organizationId, connectionId }: ReconcilerKey,
  {
    uses,
    nowMs,
    guard,
  }: {
    uses: readonly { readonly what: string; readonly count: number }[]
    nowMs: number
    guard: Guard
  },
): Statement {
  return db.run(
    sql`insert into ${brakeCounts} (organization_id, connection_id, what, hour, count)
      select ${organizationId}, ${connectionId}, j.value ->> '$.what', ${Math.floor(nowMs / 3_600_000)}, j.value ->> '$.count'
      from json_each(${JSON.stringify(uses)}) j where ${guard}
      on conflict (organization_id, connection_id, what, hour) do update set count = count + excluded.count`,
  )
}

/** Forgets what is older than a day. */
export function pruneBrakeCounts(db: Database, nowMs: number): Statement {
  return db.run(sql`delete from ${brakeCounts} where hour < ${Math.floor(nowMs / 3_600_000) - 24}`)
}
