import { capActivity, countNewEvents, pruneActivity, pruneDailyCounts } from './activity/index.ts'
import { type Database, openDatabase, runBatch } from './db/index.ts'
import { backfillSearchKeys, pruneOrganizations } from './directory/index.ts'
import { graphExpiryWarnings } from './graph/index.ts'
import type { Deps } from './http/index.ts'
import { limits, newId } from './kernel/index.ts'
import { advance, keepReconciliation } from './reconcile/index.ts'
import { resealSecrets } from './reseal.ts'
import {
  certificateWarnings,
  planRefreshes,
  pruneConsumed,
  pruneTestSignIns,
  refreshDueMetadata,
} from './saml/index.ts'
import { pruneScimCredentials, scimExpiryWarnings } from './scim/index.ts'
import {
  pruneConsoleSessions,
  pruneSessions,
  pruneSetupLinks,
  rotateSigningKeys,
} from './session/index.ts'

const everyMs = 15 * 60 * 1000
const hourMs = 60 * 60 * 1000

/**
 * Housekeeping. Every minute: sums new events by day, prunes what is past its time, in portions that keep up with
 * 300,000 sign-ins a day, and refreshes the metadata of the identity providers that are due. Every quarter of an hour of the clock,
 * and not of `event.cron`, which is empty locally: caps the event log, prunes what the console leaves, warns of expiring certificates and credentials,
 * rotates the keys of session tokens, encrypts anew what an older key sealed, and erases those whose
 * retention is over. Every minute starts the reconciliations that are due, and goes on with all. Safe to repeat and to overlap.
 */
export async function runScheduled(deps: Deps, scheduledMs: number): Promise<void> {
  const nowMs = deps.clock.nowMs()
  const db = openDatabase(deps.d1, 'primary')
  const isQuarter = Math.floor(scheduledMs / 60_000) % (everyMs / 60_000) === 0
  const { workersPlan: plan, loopback: isEager } = deps.config
  await runBatch(db, [
    pruneConsumed(db, nowMs),
    pruneSessions(db, nowMs),
    pruneTestSignIns(db, nowMs),
    // Of the free plan's 50 statements reconciliation needs the rest: there, sums are up to a quarter of an hour behind.
    ...(isQuarter || plan !== 'free' ? countNewEvents(db, nowMs) : []),
    ...pruneActivity(db, nowMs),
    ...pruneOrganizations(db, nowMs),
    ...pruneScimCredentials(db, nowMs),
  ])
  await backfillSearchKeys(db)
  await refreshDueMetadata(deps, nowMs)
  if (isQuarter) await quarterly(deps, { db, nowMs, scheduledMs })
  // The free plan has no room for both: it goes on with the next minute.
  if (isQuarter && plan === 'free') return
  // On localhost everything is due with each tick: nobody waits a quarter of an hour to see it work.
  // Last: it takes what time is left, and goes on where it stopped with the next tick.
  await advance(deps, { plan, wallMs: limits.reconcileTickMs, isEager })
}

async function quarterly(
  deps: Deps,
  { db, nowMs, scheduledMs }: { db: Database; nowMs: number; scheduledMs: number },
): Promise<void> {
  const requestId = newId('req', deps.random)
  await runBatch(db, [
    ...capActivity(db),
    ...pruneDailyCounts(db, nowMs),
    pruneConsoleSessions(db, nowMs),
    pruneSetupLinks(db, nowMs),
  ])
  await runBatch(db, await certificateWarnings(db, { nowMs, requestId }))
  await runBatch(db, await scimExpiryWarnings(db, { nowMs, requestId }))
  await runBatch(db, await graphExpiryWarnings(db, { nowMs, requestId }))
  if (scheduledMs % hourMs < everyMs) await runBatch(db, [planRefreshes(db, nowMs)])
  await runBatch(db, await rotateSigningKeys(db, deps.config.keyRing, nowMs))
  await resealSecrets(deps, db)
  await keepReconciliation(deps)
}
