import type { Database } from '../db/index.ts'
import { type AppContext, clientNetwork, type HttpFailure, parseCookies } from '../http/index.ts'
import { err, type KeyRing, ok, type Result, sha256Hex } from '../kernel/index.ts'
import { createGuessLimit, type GuessLimit } from './guess-limit.ts'
import { type ActiveSession, loadSession, sessionCookie } from './session-store.ts'
import { createSigningKeyCache, type SigningKeyCache } from './signing-key-cache.ts'
import { type StoredSigningKey, signingKeysQuery } from './signing-key-store.ts'

/** What an isolate keeps between requests that name a session. */
export type SessionDoor = { readonly keys: SigningKeyCache; readonly guesses: GuessLimit }

/** The door of an isolate. */
export function createSessionDoor(ring: KeyRing): SessionDoor {
  return { keys: createSigningKeyCache(ring), guesses: createGuessLimit() }
}

type TooMany = Extract<HttpFailure, { readonly code: 'http.too_many_requests' }>

/**
 * The session that the request's cookie names, in one D1 call; the token keys come along in the same
 * call when the isolate's copy is old. No call without a cookie of the form that we give.
 * @returns null when there is none; `http.too_many_requests` to a network that keeps inventing them
 */
export async function currentSession(
  c: AppContext,
  db: Database,
  { keys, guesses }: SessionDoor,
): Promise<Result<ActiveSession | null, TooMany>> {
  const nowMs = c.get('nowMs')
  const token = parseCookies(c.req.header('cookie')).get(sessionCookie)
  if (token === undefined || !/^[A-Za-z0-9_-]{43}$/.test(token)) return ok(null)
  const network = clientNetwork(c)
  if (guesses.isClosed(network, nowMs)) return err({ code: 'http.too_many_requests' })
  const wantsKeys = keys.isStale(nowMs)
  const { active, others } = await loadSession(
    db,
    { tokenSha256: await sha256Hex(token), nowMs },
    wantsKeys ? [signingKeysQuery(db, nowMs)] : [],
  )
  if (wantsKeys) keys.put(others[0] as readonly StoredSigningKey[], nowMs)
  if (active === null) await guesses.countMiss(c.get('deps').doorLimiter, network, nowMs)
  return ok(active)
}
