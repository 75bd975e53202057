import type { Actor } from '../activity/index.ts'
import { type Database, openDatabase } from '../db/index.ts'
import type { Deps } from '../http/index.ts'
import { newId, type Result } from '../kernel/index.ts'
import type { VerifyKey } from '../xmldsig/index.ts'
import { checkCertificateDates } from './certificate-dates.ts'
import { type ConnectionKey, connectionAt } from './connection-write-store.ts'
import type { MetadataFailure, MetadataFetchFailure } from './message-errors.ts'
import { type FetchedMetadata, fetchMetadata } from './metadata-fetch.ts'
import { type IdpMetadata, readMetadata } from './metadata-read.ts'
import { metadataTrust } from './metadata-refresh.ts'
import {
  claimDueRefreshes,
  loadRefresh,
  type RefreshRecord,
  stopRefreshing,
} from './metadata-refresh-store.ts'
import { openVerifyKey } from './open-connection.ts'
import { recordMetadata, recordMetadataFailure } from './refresh-write.ts'

export type RefreshDeps = Pick<Deps, 'config' | 'd1' | 'fetch' | 'random' | 'log'>

/** On whose word metadata is refreshed, and when. */
export type RefreshCause = {
  readonly actor: Actor
  readonly requestId: string
  readonly nowMs: number
}

export type RefreshOutcome =
  | { readonly kind: 'refreshed' }
  /** The document changed nothing; the failure is stored with the connection. */
  | { readonly kind: 'refused'; readonly failure: MetadataFailure | MetadataFetchFailure }
  /** The connection is gone, or has no metadata URL. */
  | { readonly kind: 'no_url' }
  /** The connection changed each time it was judged. */
  | { readonly kind: 'conflict' }

/** As often as a write is tried again that lost to another one. */
const attempts = 3

/**
 * Refreshes the metadata of what is due, a few connections a call (DESIGN 2.2). Safe to repeat and to overlap;
 * one statement when nothing is due.
 */
export async function refreshDueMetadata(deps: RefreshDeps, nowMs: number): Promise<void> {
  const db = openDatabase(deps.d1, 'primary')
  const due = await claimDueRefreshes(db, nowMs)
  await Promise.all(due.map(refreshOne))

  async function refreshOne(key: ConnectionKey): Promise<void> {
    const requestId = newId('req', deps.random)
    try {
      await refreshMetadata(deps, { db, key }, { actor: 'system', requestId, nowMs })
    } catch (error) {
      // One connection must not stop the others; its claim runs out, and it is tried again.
      const facts = { connection: key.connectionId, request: requestId, error: String(error) }
      deps.log('error', 'metadata was not refreshed', facts)
    }
  }
}

/**
 * Fetches a connection's metadata and does what it asks for, as far as it is trusted: in one batch, guarded by the
 * connection's version. What is not trusted waits for an admin.
 */
export async function refreshMetadata(
  deps: RefreshDeps,
  { db, key }: { readonly db: Database; readonly key: ConnectionKey },
  cause: RefreshCause,
): Promise<RefreshOutcome> {
  const first = await loadRefresh(db, key)
  const url = first?.connection.metadataUrl ?? null
  if (first === null) return { kind: 'no_url' }
  if (url === null) {
    await stopRefreshing(db, key, connectionAt(first.connection))
    return { kind: 'no_url' }
  }
  const fetched = await fetchMetadata(url, {
    fetch: deps.fetch,
    allowLoopback: deps.config.loopback,
  })
  for (let attempt = 0; attempt < attempts; attempt++) {
    const record = attempt === 0 ? first : await loadRefresh(db, key)
    // Whoever changed the URL has read what it leads to.
    if (record === null || record.connection.metadataUrl !== url) return { kind: 'conflict' }
    const world = { db, random: deps.random, record, cause }
    const read = await judge(deps, { record, fetched, nowMs: cause.nowMs })
    const isStored = read.ok
      ? await recordMetadata(world, read.value)
      : await recordMetadataFailure(world, read.failure)
    if (!isStored) continue
    return read.ok ? { kind: 'refreshed' } : { kind: 'refused', failure: read.failure }
  }
  return { kind: 'conflict' }
}

type Judged = { readonly metadata: IdpMetadata; readonly trusted: ReturnType<typeof metadataTrust> }

/** Reads a document against the connection as it is: the same entity, and who vouches for it. */
async function judge(
  { config }: RefreshDeps,
  {
    record,
    fetched,
    nowMs,
  }: {
    record: RefreshRecord
    fetched: Result<FetchedMetadata, MetadataFetchFailure>
    nowMs: number
  },
): Promise<Result<Judged, MetadataFailure | MetadataFetchFailure>> {
  if (!fetched.ok) return fetched
  const { bytes, urls } = fetched.value
  const read = await readMetadata(bytes, {
    nowMs,
    allowLoopback: config.loopback,
    expectedEntityId: record.connection.idpEntityId,
    sourceUrl: urls[0],
    signedBy: await vouchingKeys(record, nowMs),
    otherSigners: 'report',
  })
  if (!read.ok) return read
  const metadata = read.value
  const { entraLoginUrl } = config
  return {
    ok: true,
    value: { metadata, trusted: metadataTrust({ urls, metadata, entraLoginUrl }) },
  }
}

/** The pinned keys that may vouch for others: what could sign a sign-in today, and nothing else. */
async function vouchingKeys(
  { certificates }: RefreshRecord,
  nowMs: number,
): Promise<readonly VerifyKey[]> {
  const trusted = certificates.filter(({ retiredAt }) => retiredAt === null)
  const keys = await Promise.all(trusted.map(({ der }) => openVerifyKey(der)))
  return keys.filter(
    (key) => key !== null && checkCertificateDates([key], nowMs) === null,
  ) as VerifyKey[]
}
