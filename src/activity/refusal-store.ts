import { and, desc, eq, gte, sql } from 'drizzle-orm'
import { type Database, runBatch, type Statement, tables } from '../db/index.ts'
import { limits, utf8 } from '../kernel/index.ts'

const { refusalCounts } = tables
export const hourMs = 60 * 60 * 1000
const flushMs = 60 * 1000

type Refusal = {
  readonly organizationId: string
  readonly connectionId: string
  readonly code: string
}

type Sum = Refusal & { readonly hour: number; readonly count: number }

/**
 * Sums refusals that are beyond the evidence limit: a stranger who floods a door costs memory for one
 * number and at most one write a minute per isolate, never a row a message (row Q07).
 * @param maxSums different connections, hours and codes that wait at once; what is beyond is only a number
 */
export function createRefusalCounter(maxSums: number = limits.refusalSums) {
  let sums = new Map<string, Sum>()
  let flushedAtMs = 0
  let beyond = 0

  function put(sum: Sum): void {
    const key = `${sum.connectionId} ${sum.hour} ${sum.code}`
    const known = sums.get(key)
    if (known === undefined && sums.size >= maxSums) beyond += sum.count
    else sums.set(key, { ...sum, count: sum.count + (known?.count ?? 0) })
  }

  return {
    /** Counts one refusal. */
    add(refusal: Refusal, nowMs: number): void {
      put({ ...refusal, hour: Math.floor(nowMs / hourMs), count: 1 })
    },

    /** Whether a minute has passed since the last flush and something waits. */
    isDue(nowMs: number): boolean {
      return sums.size > 0 && nowMs - flushedAtMs >= flushMs
    },

    /**
     * Writes the sums; on an outage they are kept for the next flush.
     * @returns how many refusals were in no sum, because there were too many different ones; for the log
     */
    async flush(db: Database, nowMs: number): Promise<number> {
      const pending = sums
      sums = new Map()
      flushedAtMs = nowMs
      try {
        await runBatch(db, addSums(db, [...pending.values()]))
      } catch (outage) {
        for (const sum of pending.values()) put(sum)
        throw outage
      }
      const lost = beyond
      beyond = 0
      return lost
    },
  }
}

export type RefusalCounter = ReturnType<typeof createRefusalCounter>

/** One statement per portion of values that D1 takes, whatever the number of rows. */
function addSums(db: Database, sums: readonly Sum[]): readonly Statement[] {
  return chunksOf(sums, limits.d1ChunkBytes).map((chunk) =>
    // `where true`: without it SQLite reads `on conflict` as the condition of a join.
    db.run(
      sql`insert into ${refusalCounts} (connection_id, hour, code, organization_id, count)
        select value ->> '$.connectionId', value ->> '$.hour', value ->> '$.code',
          value ->> '$.organizationId', value ->> '$.count'
        from json_each(${chunk}) where true
        on conflict (connection_id, hour, code) do update set count = count + excluded.count`,
    ),
  )
}

/** Rows as JSON arrays, each below a number of bytes. */
function chunksOf(rows: readonly unknown[], maxBytes: number): readonly string[] {
  const chunks: string[][] = []
  let room = 0
  for (const row of rows) {
    const text = JSON.stringify(row)
    const bytes = utf8(text).length + 1
    if (chunks.length === 0 || bytes > room) {
      chunks.push([])
      room = maxBytes - 2
    }
    chunks.at(-1)?.push(text)
    room -= bytes
  }
  return chunks.map((texts) => `[${texts.join(',')}]`)
}

/** Where a page of sums ended. */
export type RefusalPlace = {
  readonly hour: number
  readonly connectionId: string
  readonly code: string
}

export type RefusalCount = typeof refusalCounts.$inferSelect

/** One page of an organization's sums, newest hour first; ask for one more than shown. */
export async function listRefusalCounts(
  db: Database,
  organizationId: string,
  page: { fromMs?: number; after?: RefusalPlace; limit: number },
): Promise<readonly RefusalCount[]> {
  const { fromMs, after, limit } = page
  const { hour, connectionId, code } = refusalCounts
  return db
    .select()
    .from(refusalCounts)
    .where(
      and(
        eq(refusalCounts.organizationId, organizationId),
        // The hour in which `from` lies is shown whole.
        fromMs === undefined ? undefined : gte(hour, Math.floor(fromMs / hourMs)),
        after === undefined
          ? undefined
          : sql`(${hour}, ${connectionId}, ${code}) < (${after.hour}, ${after.connectionId}, ${after.code})`,
      ),
    )
    .orderBy(desc(hour), desc(connectionId), desc(code))
    .limit(limit)
}
