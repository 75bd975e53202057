import { openDatabase } from '../../db/index.ts'
import {
  type AppContext,
  clientNetwork,
  type Deps,
  type HttpFailure,
  inBackground,
  mayKnock,
} from '../../http/index.ts'
import { err, limits, ok, type Result, sha256Hex } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import { type Credential, judge, readBearer } from './credential.ts'
import { findCredential } from './credentials-store.ts'
import { createUsage } from './usage-store.ts'

export type AuthenticationFailure =
  | ScimFailure
  | Extract<HttpFailure, { readonly code: 'http.too_many_requests' }>

export type Authenticate = {
  /**
   * The credential of a request, or why it may not call; WWW-Authenticate is set on the answer to come.
   * Only failed attempts count against the limit on strangers, so that nobody can lock Entra out by
   * sharing its addresses with it.
   */
  (c: AppContext): Promise<Result<Credential, AuthenticationFailure>>
  /** Counts a read that succeeded. */
  readonly countRead: (credential: Credential, nowMs: number) => void
}

/** How long a network that failed too often is refused without a look into the database. */
const shutOutMs = 10 * 1000
const shutOutEntries = 1000

type Cached = { readonly credential: Credential; readonly expiresAtMs: number }

/**
 * Lets the holders of SCIM tokens in. What an isolate has read it trusts for 30 seconds, which is how long
 * a revocation takes at most (DESIGN 6); what it has not found it does not remember, so that a new token
 * works at once.
 */
export function createAuthenticator(deps: Deps): Authenticate {
  const cache = new Map<string, Cached>()
  const shutOut = new Map<string, number>()
  const usage = createUsage()

  async function authenticate(c: AppContext): Promise<Result<Credential, AuthenticationFailure>> {
    const nowMs = c.get('nowMs')
    const found = await find(c, nowMs)
    if (!found.ok) return refuse(c, found.failure, nowMs)
    const { clientId, tokenId } = found.value
    const { success } = await deps.scimLimiter.limit({ key: `scim ${clientId ?? tokenId}` })
    if (!success) return err({ code: 'http.too_many_requests' })
    usage.touch(found.value, nowMs)
    if (usage.isDue(nowMs)) {
      inBackground(c, usage.flush(openDatabase(deps.d1, 'primary'), nowMs))
    }
    return found
  }

  async function find(
    c: AppContext,
    nowMs: number,
  ): Promise<Result<Credential, AuthenticationFailure>> {
    const token = readBearer(c.req.header('authorization'))
    if (!token.ok) return token
    const key = await sha256Hex(token.value)
    const known = cache.get(key)
    if (known !== undefined && known.expiresAtMs > nowMs) return ok(known.credential)
    cache.delete(key)
    if ((shutOut.get(clientNetwork(c)) ?? 0) > nowMs) return err({ code: 'http.too_many_requests' })
    const stored = await findCredential(openDatabase(deps.d1, 'primary'), key)
    const judged = judge(stored, nowMs)
    // Before the first connection nothing is remembered: when it comes it takes the credential over, and
    // what were written in between without it would belong to nobody.
    if (judged.ok && judged.value.connectionId !== null) {
      const end = stored?.expiresAt ?? Number.POSITIVE_INFINITY
      const expiresAtMs = Math.min(nowMs + limits.scimCredentialCacheMs, end)
      remember(
        cache,
        key,
        { credential: judged.value, expiresAtMs },
        limits.scimCredentialCacheEntries,
      )
    }
    return judged
  }

  async function refuse(
    c: AppContext,
    failure: AuthenticationFailure,
    nowMs: number,
  ): Promise<Result<never, AuthenticationFailure>> {
    if (failure.code !== 'scim.unauthorized') return err(failure)
    if (!(await mayKnock(c, 'scim', 'token'))) {
      remember(shutOut, clientNetwork(c), nowMs + shutOutMs, shutOutEntries)
      return err({ code: 'http.too_many_requests' })
    }
    // RFC 6750 3: what is wrong is only said to whoever sent a token.
    const isGiven = c.req.header('authorization') !== undefined
    c.header(
      'WWW-Authenticate',
      `Bearer realm="Portico SCIM"${isGiven ? ', error="invalid_token"' : ''}`,
    )
    return err(failure)
  }

  return Object.assign(authenticate, { countRead: usage.countRead })
}

/** Keeps an entry as the newest, and lets the oldest go when there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T, entries: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > entries && oldest !== undefined) map.delete(oldest)
}
