import { eq, sql } from 'drizzle-orm'
import { addDailyCounts } from '../../activity/index.ts'
import { type Database, runBatch, type Statement, tables } from '../../db/index.ts'
import type { Credential } from './credential.ts'

const { scimReadCounts, scimTokens } = tables
const hourMs = 60 * 60 * 1000
const flushMs = 60 * 1000
/** Rows that one statement writes. */
const chunk = 500

type Reads = {
  readonly organizationId: string
  readonly credentialId: string
  readonly hour: number
  readonly count: number
}

/**
 * What this isolate's credentials were used for: when last, and how many reads in which hour. Entra reads
 * before each write, so a read is one more in memory and at most one batch a minute, never a row of its own.
 */
export function createUsage() {
  let used = new Map<string, number>()
  let reads = new Map<string, Reads>()
  let flushedAtMs: number | null = null
  let isHurried = false

  function addReads(more: Reads): void {
    const key = `${more.organizationId} ${more.credentialId} ${more.hour}`
    reads.set(key, { ...more, count: more.count + (reads.get(key)?.count ?? 0) })
  }

  return {
    /** Remembers when a token was used. */
    touch({ tokenId }: Credential, nowMs: number): void {
      used.set(tokenId, nowMs)
    },

    /** What is touched next is a credential's first use, which somebody who sets it up waits for. */
    hurry(): void {
      isHurried = true
    },

    /** Counts a successful read; those of a client together, since its tokens last an hour. */
    countRead({ organizationId, clientId, tokenId }: Credential, nowMs: number): void {
      const hour = Math.floor(nowMs / hourMs)
      addReads({ organizationId, credentialId: clientId ?? tokenId, hour, count: 1 })
    },

    /** Whether something waits, and a minute has passed since the last flush or somebody waits for it. */
    isDue(nowMs: number): boolean {
      const waits = used.size > 0 || reads.size > 0
      return waits && (isHurried || flushedAtMs === null || nowMs - flushedAtMs >= flushMs)
    },

    /** Writes what waits in one batch; on an outage it is kept for the next flush. */
    async flush(db: Database, nowMs: number): Promise<void> {
      const pending = { used, reads }
      used = new Map()
      reads = new Map()
      flushedAtMs = nowMs
      isHurried = false
      try {
        await runBatch(db, [
          ...chunked([...pending.used]).map((rows) => saveUses(db, rows)),
          ...chunked([...pending.reads.values()]).flatMap((rows) => saveReads(db, rows)),
        ])
      } catch (outage) {
        for (const [id, at] of pending.used) used.set(id, Math.max(at, used.get(id) ?? 0))
        for (const counted of pending.reads.values()) addReads(counted)
        throw outage
      }
    },
  }
}

function chunked<T>(rows: readonly T[]): readonly (readonly T[])[] {
  const chunks: T[][] = []
  for (let i = 0; i < rows.length; i += chunk) chunks.push(rows.slice(i, i + chunk))
  return chunks
}

/** Never back in time: isolates flush in any order. */
function saveUses(db: Database, rows: readonly (readonly [id: string, at: number])[]): Statement {
  const uses = JSON.stringify(Object.fromEntries(rows))
  return db.run(
    sql`update ${scimTokens} set last_used_at = max(coalesce(last_used_at, 0), json_extract(${uses}, '$.' || id))
      where id in (select key from json_each(${uses}))`,
  )
}

/** By credential and hour, and for statistics by day. */
function saveReads(db: Database, rows: readonly Reads[]): readonly Statement[] {
  const counts = rows.map((row) => [row.organizationId, row.credentialId, row.hour, row.count])
  const daily = Map.groupBy(rows, ({ organizationId, hour }) =>
    JSON.stringify([organizationId, Math.floor(hour / 24)]),
  )
  const sums = [...daily].map(([key, counted]) => {
    const [organizationId, day] = JSON.parse(key) as [string, number]
    const count = counted.reduce((sum, { count: more }) => sum + more, 0)
    return { organizationId, day, type: 'scim.read', outcome: 'success', code: '', count }
  })
  return [
    addDailyCounts(db, sums),
    db.run(
      sql`insert into ${scimReadCounts} (organization_id, token_id, hour, count)
      select j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3 from json_each(${JSON.stringify(counts)}) j where true
      on conflict (organization_id, token_id, hour) do update set count = count + excluded.count`,
    ),
  ]
}

/** Forgets what the credentials of a deleted organization were used for. */
export function eraseScimReadCounts(db: Database, organizationId: string): Statement {
  return db.delete(scimReadCounts).where(eq(scimReadCounts.organizationId, organizationId))
}
