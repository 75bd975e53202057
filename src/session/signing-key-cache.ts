import { type Database, runBatch, type Statement } from '../db/index.ts'
import { err, type KeyRing, limits, ok, type Result } from '../kernel/index.ts'
import type { SessionFailure } from './errors.ts'
import {
  createSigningKey,
  currentSigningKey,
  insertSigningKey,
  openSigningKey,
  publishMs,
  retireOlderKeys,
  rotateMs,
  type SigningKey,
  type StoredSigningKey,
  signingKeysQuery,
} from './signing-key-store.ts'

/** How long an isolate works with the keys it has read. */
const cacheMs = 5 * 60 * 1000

/** The signing keys of this isolate: read with the first session, then kept for a few minutes. */
export function createSigningKeyCache(ring: KeyRing) {
  let known: { readonly keys: readonly StoredSigningKey[]; readonly atMs: number } | null = null
  let opened: SigningKey | null = null

  return {
    /** Whether the next read of a session should bring the keys along, in the same trip. */
    isStale(nowMs: number): boolean {
      // No keys at all is news that gets old at once: the first one signs as soon as it is made.
      return known === null || known.keys.length === 0 || nowMs - known.atMs >= cacheMs
    },

    /**
     * The same for the JWKS, which anybody may ask for: that there are no keys yet is believed for some
     * seconds, so that no request costs a read each time.
     */
    isStaleForReaders(nowMs: number): boolean {
      const maxAgeMs = known?.keys.length === 0 ? limits.noKeysCacheMs : cacheMs
      return known === null || nowMs - known.atMs >= maxAgeMs
    },

    /** Takes what such a read brought. */
    put(keys: readonly StoredSigningKey[], nowMs: number): void {
      known = { keys, atMs: nowMs }
    },

    /**
     * The key that signs now. The very first one is made here, on a database that has none.
     * @returns `session.signing_key_sealed` when the key that sealed it is lost
     */
    async signer(db: Database, nowMs: number): Promise<Result<SigningKey, SessionFailure>> {
      const stored = currentSigningKey(known?.keys ?? [], nowMs) ?? (await makeFirst(db, nowMs))
      if (opened?.kid !== stored.kid) opened = await openSigningKey(ring, stored)
      return opened === null
        ? err({ code: 'session.signing_key_sealed', kid: stored.kid })
        : ok(opened)
    },

    published(): readonly StoredSigningKey[] {
      return known?.keys ?? []
    },
  }

  async function makeFirst(db: Database, nowMs: number): Promise<StoredSigningKey> {
    const key = await createSigningKey(ring, nowMs)
    const results = await runBatch(db, [insertSigningKey(db, key), signingKeysQuery(db, nowMs)])
    const keys = (results[1] ?? []) as readonly StoredSigningKey[]
    known = { keys, atMs: nowMs }
    return currentSigningKey(keys, nowMs) ?? key
  }
}

export type SigningKeyCache = ReturnType<typeof createSigningKeyCache>

/**
 * Housekeeping: the next key when the newest is a month old, and an end for the ones it replaces once
 * caches had time to learn it.
 */
export async function rotateSigningKeys(
  db: Database,
  ring: KeyRing,
  nowMs: number,
): Promise<readonly Statement[]> {
  const keys = await signingKeysQuery(db, nowMs)
  const [newest] = keys
  if (newest === undefined || nowMs - newest.createdAt < rotateMs) return []
  const key = await createSigningKey(ring, nowMs)
  return [insertSigningKey(db, key), retireOlderKeys(db, { nowMs, retireAtMs: nowMs + publishMs })]
}
