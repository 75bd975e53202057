import { pruneActivity } from './activity/index.ts'
import { openDatabase, runBatch } from './db/index.ts'
import { pruneOrganizations } from './directory/index.ts'
import type { Deps } from './http/index.ts'
import { newId } from './kernel/index.ts'
import { certificateWarnings, pruneConsumed } from './saml/index.ts'
import { pruneSessions, rotateSigningKeys } from './session/index.ts'

const everyMs = 15 * 60 * 1000

/**
 * Housekeeping, every quarter of an hour of the clock and not of `event.cron`, which is empty locally:
 * prunes what is past its time in bounded portions, warns of expiring certificates, rotates the keys of
 * session tokens. Safe to repeat and to overlap.
 */
export async function runScheduled(deps: Deps, scheduledMs: number): Promise<void> {
  if (Math.floor(scheduledMs / 60_000) % (everyMs / 60_000) !== 0) return
  const nowMs = deps.clock.nowMs()
  const db = openDatabase(deps.d1, 'primary')
  const requestId = newId('req', deps.random)
  await runBatch(db, [
    pruneConsumed(db, nowMs),
    pruneSessions(db, nowMs),
    ...pruneActivity(db, nowMs),
    ...pruneOrganizations(db, nowMs),
  ])
  await runBatch(db, await certificateWarnings(db, { nowMs, requestId }))
  await runBatch(db, await rotateSigningKeys(db, deps.config.keyRing, nowMs))
}
