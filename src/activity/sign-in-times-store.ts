import { sql } from 'drizzle-orm'
import { type Database, runBatch, type Statement, tables } from '../db/index.ts'
import { dayOf, everyOrganization } from './daily-counts-store.ts'
import { bucketOf } from './percentiles.ts'

const { signInTimes } = tables
const flushMs = 60 * 1000
/** Rows that one statement writes. */
const chunk = 1000

type Bucket = {
  readonly organizationId: string
  readonly day: number
  readonly bucketMs: number
  readonly count: number
}

/**
 * How long this isolate took to finish sign-ins, as a histogram: a sign-in is one more in memory, and at most one
 * batch a minute goes to the database. What an isolate has not written when it ends is lost, which leaves
 * percentiles as they are.
 */
export function createSignInTimes() {
  let buckets = new Map<string, Bucket>()
  let flushedAtMs: number | null = null

  function put(more: Bucket): void {
    const key = `${more.organizationId} ${more.day} ${more.bucketMs}`
    buckets.set(key, { ...more, count: more.count + (buckets.get(key)?.count ?? 0) })
  }

  return {
    /** Counts one sign-in that was finished in so many milliseconds. */
    add(organizationId: string, { tookMs, nowMs }: { tookMs: number; nowMs: number }): void {
      put({ organizationId, day: dayOf(nowMs), bucketMs: bucketOf(tookMs), count: 1 })
    },

    /** Whether a minute has passed since the last flush and something waits. */
    isDue(nowMs: number): boolean {
      return buckets.size > 0 && (flushedAtMs === null || nowMs - flushedAtMs >= flushMs)
    },

    /** Writes what waits in one batch; on an outage it is kept for the next flush. */
    async flush(db: Database, nowMs: number): Promise<void> {
      const pending = [...buckets.values()]
      buckets = new Map()
      flushedAtMs = nowMs
      const parts = Array.from({ length: Math.ceil(pending.length / chunk) }, (_, i) =>
        pending.slice(i * chunk, (i + 1) * chunk),
      )
      try {
        await runBatch(
          db,
          parts.map((part) => saveTimes(db, part)),
        )
      } catch (outage) {
        for (const bucket of pending) put(bucket)
        throw outage
      }
    },
  }
}

export type SignInTimes = ReturnType<typeof createSignInTimes>

/** Adds to the histograms of the organizations and of all of them together. */
function saveTimes(db: Database, rows: readonly Bucket[]): Statement {
  const json = JSON.stringify(
    rows.map((row) => [row.organizationId, row.day, row.bucketMs, row.count]),
  )
  return db.run(sql`insert into ${signInTimes} (organization_id, day, bucket_ms, count)
    select value ->> 0, value ->> 1, value ->> 2, value ->> 3 from json_each(${json})
    union all
    select ${everyOrganization}, value ->> 1, value ->> 2, sum(value ->> 3) from json_each(${json}) where true group by 2, 3
    on conflict (organization_id, day, bucket_ms) do update set count = count + excluded.count`)
}

/** The histograms of an organization since a day, as a statement of a batch. */
export function signInTimesQuery(db: Database, organizationId: string, fromDay: number): Statement {
  return db.all(
    sql`select day, bucket_ms as "bucketMs", count from ${signInTimes}
      where organization_id = ${organizationId} and day >= ${fromDay} order by day, bucket_ms`,
  )
}
