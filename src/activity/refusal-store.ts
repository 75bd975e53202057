import { sql } from 'drizzle-orm'
import { type Database, runBatch, tables } from '../db/index.ts'

const { refusalCounts } = tables
const hourMs = 60 * 60 * 1000
const flushMs = 60 * 1000

type Refusal = {
  readonly organizationId: string
  readonly connectionId: string
  readonly code: string
}

/**
 * Sums refusals that are beyond the evidence limit: a stranger who floods a door costs memory for one
 * number and at most one write a minute per isolate, never a row a message (row Q07).
 */
export function createRefusalCounter() {
  let counts = new Map<string, Refusal & { hour: number; count: number }>()
  let flushedAtMs = 0

  return {
    /** Counts one refusal. */
    add(refusal: Refusal, nowMs: number): void {
      const hour = Math.floor(nowMs / hourMs)
      const key = `${refusal.connectionId} ${hour} ${refusal.code}`
      const count = (counts.get(key)?.count ?? 0) + 1
      counts.set(key, { ...refusal, hour, count })
    },

    /** Whether a minute has passed since the last flush and something waits. */
    isDue(nowMs: number): boolean {
      return counts.size > 0 && nowMs - flushedAtMs >= flushMs
    },

    /** Writes the sums; on an outage they are kept for the next flush. */
    async flush(db: Database, nowMs: number): Promise<void> {
      const pending = counts
      counts = new Map()
      flushedAtMs = nowMs
      try {
        await runBatch(
          db,
          [...pending.values()].map((row) =>
            db
              .insert(refusalCounts)
              .values(row)
              .onConflictDoUpdate({
                target: [refusalCounts.connectionId, refusalCounts.hour, refusalCounts.code],
                set: { count: sql`${refusalCounts.count} + excluded.count` },
              }),
          ),
        )
      } catch (outage) {
        for (const [key, row] of pending) {
          counts.set(key, { ...row, count: row.count + (counts.get(key)?.count ?? 0) })
        }
        throw outage
      }
    },
  }
}

export type RefusalCounter = ReturnType<typeof createRefusalCounter>
