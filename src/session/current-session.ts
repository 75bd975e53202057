import type { Database } from '../db/index.ts'
import { sha256Hex } from '../kernel/index.ts'
import { type ActiveSession, loadSession, sessionCookie } from './session-store.ts'
import type { SigningKeyCache } from './signing-key-cache.ts'
import { type StoredSigningKey, signingKeysQuery } from './signing-key-store.ts'

/**
 * The session that the request's cookie names, in one D1 call; the token keys come along in the same
 * call when the isolate's copy is old.
 */
export async function currentSession(
  db: Database,
  cookies: ReadonlyMap<string, string>,
  { keys, nowMs }: { keys: SigningKeyCache; nowMs: number },
): Promise<ActiveSession | null> {
  const token = cookies.get(sessionCookie)
  // A token of another form was never ours: no call to the database for it.
  if (token === undefined || !/^[A-Za-z0-9_-]{43}$/.test(token)) return null
  const wantsKeys = keys.isStale(nowMs)
  const { active, others } = await loadSession(
    db,
    { tokenSha256: await sha256Hex(token), nowMs },
    wantsKeys ? [signingKeysQuery(db, nowMs)] : [],
  )
  if (wantsKeys) keys.put(others[0] as readonly StoredSigningKey[], nowMs)
  return active
}
