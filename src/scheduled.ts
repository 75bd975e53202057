import { capActivity, pruneActivity } from './activity/index.ts'
import { openDatabase, runBatch } from './db/index.ts'
import { pruneOrganizations } from './directory/index.ts'
import { graphExpiryWarnings } from './graph/index.ts'
import type { Deps } from './http/index.ts'
import { newId } from './kernel/index.ts'
import { resealSecrets } from './reseal.ts'
import {
  certificateWarnings,
  planRefreshes,
  pruneConsumed,
  refreshDueMetadata,
} from './saml/index.ts'
import { pruneScimCredentials, scimExpiryWarnings } from './scim/index.ts'
import { pruneSessions, rotateSigningKeys } from './session/index.ts'

const everyMs = 15 * 60 * 1000
const hourMs = 60 * 60 * 1000

/**
 * Housekeeping. Every minute: prunes what is past its time, in portions that keep up with 300,000 sign-ins a
 * day, and refreshes the metadata of the identity providers that are due. Every quarter of an hour of the clock,
 * and not of `event.cron`, which is empty locally: caps the event log, warns of expiring certificates and credentials,
 * rotates the keys of session tokens, and encrypts anew what an older key sealed. Safe to repeat and to overlap.
 */
export async function runScheduled(deps: Deps, scheduledMs: number): Promise<void> {
  const nowMs = deps.clock.nowMs()
  const db = openDatabase(deps.d1, 'primary')
  await runBatch(db, [
    pruneConsumed(db, nowMs),
    pruneSessions(db, nowMs),
    ...pruneActivity(db, nowMs),
    ...pruneOrganizations(db, nowMs),
    ...pruneScimCredentials(db, nowMs),
  ])
  await refreshDueMetadata(deps, nowMs)
  if (Math.floor(scheduledMs / 60_000) % (everyMs / 60_000) !== 0) return
  const requestId = newId('req', deps.random)
  await runBatch(db, capActivity(db))
  await runBatch(db, await certificateWarnings(db, { nowMs, requestId }))
  await runBatch(db, await scimExpiryWarnings(db, { nowMs, requestId }))
  await runBatch(db, await graphExpiryWarnings(db, { nowMs, requestId }))
  if (scheduledMs % hourMs < everyMs) await runBatch(db, [planRefreshes(db, nowMs)])
  await runBatch(db, await rotateSigningKeys(db, deps.config.keyRing, nowMs))
  await resealSecrets(deps, db)
}
