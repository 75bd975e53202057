import { createRefusalCounter } from '../../activity/index.ts'
import { openDatabase } from '../../db/index.ts'
import {
  type AppContext,
  clientNetwork,
  type Deps,
  type HttpFailure,
  inBackground,
  mayKnock,
} from '../../http/index.ts'
import { err, limits, type Result, sha256Hex } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import { createCallLimit } from './call-limit.ts'
import {
  type Credential,
  judge,
  type RefusedToken,
  readBearer,
  type StoredCredential,
} from './credential.ts'
import { findCredential } from './credentials-store.ts'
import { recordRefusedAttempt } from './record-refusal.ts'
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

type Cached = { readonly judged: Result<Credential, RefusedToken>; readonly expiresAtMs: number }

/**
 * Lets the holders of SCIM tokens in. What an isolate has read it trusts for 30 seconds, which is how long
 * a revocation takes at most (DESIGN 6); what it has not found it does not remember, so that a new token
 * works at once.
 */
export function createAuthenticator(deps: Deps): Authenticate {
  const cache = new Map<string, Cached>()
  const shutOut = new Map<string, number>()
  const usage = createUsage()
  const mayCall = createCallLimit(deps.scimLimiter)
  const refusals = createRefusalCounter()

  async function authenticate(c: AppContext): Promise<Result<Credential, AuthenticationFailure>> {
    const nowMs = c.get('nowMs')
    const found = await find(c, nowMs)
    if (!found.ok) return refuse(c, found.failure, nowMs)
    const { clientId, tokenId } = found.value
    if (!(await mayCall(clientId ?? tokenId))) return err({ code: 'http.too_many_requests' })
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
    if (known !== undefined && known.expiresAtMs > nowMs) return known.judged
    // Whoever was let in before is looked up again, however many others of the network fail meanwhile.
    const isShutOut = known === undefined && (shutOut.get(clientNetwork(c)) ?? 0) > nowMs
    if (isShutOut) return err({ code: 'http.too_many_requests' })
    const stored = await findCredential(openDatabase(deps.d1, 'primary'), key)
    cache.delete(key)
    const judged = judge(stored, nowMs)
    if (stored === null) return judged
    if (!judged.ok) record(c, stored, judged.failure)
    else if (stored.isUnused) usage.hurry()
    const entry = { judged, expiresAtMs: trustedUntil(stored, judged, nowMs) }
    if (entry.expiresAtMs > nowMs) {
      remember(cache, { key, value: entry, entries: limits.scimCredentialCacheEntries })
    }
    return judged
  }

  /** A token that somebody holds and may not use is worth an event: it stops all provisioning. */
  function record(c: AppContext, stored: StoredCredential, { code, reason }: RefusedToken): void {
    const { organizationId, connectionId, tokenId, clientId } = stored
    const attempt = recordRefusedAttempt(c, refusals, {
      type: 'provisioning.refused',
      code,
      organizationId,
      connectionId,
      credentialId: clientId ?? tokenId,
      facts: { credential: tokenId, ...(reason === undefined ? {} : { reason }) },
    })
    inBackground(c, attempt)
  }

  async function refuse(
    c: AppContext,
    failure: AuthenticationFailure,
    nowMs: number,
  ): Promise<Result<never, AuthenticationFailure>> {
    if (failure.code !== 'scim.unauthorized') return err(failure)
    if (!(await mayKnock(c, 'scim', 'token'))) {
      remember(shutOut, {
        key: clientNetwork(c),
        value: nowMs + shutOutMs,
        entries: shutOutEntries,
      })
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

/** Until when an isolate acts on what it has read of a token. */
function trustedUntil(
  { connectionId, expiresAt }: StoredCredential,
  judged: Result<Credential, RefusedToken>,
  nowMs: number,
): number {
  // One that is refused is read again, so that it works as soon as it is enabled; but an organization
  // without provisioning may have a job that goes on asking.
  if (!judged.ok && judged.failure.code !== 'scim.switched_off') return nowMs
  // Before the first connection nothing is remembered: when it comes it takes the credential over, and
  // what were written in between without it would belong to nobody.
  if (judged.ok && connectionId === null) return nowMs
  return Math.min(nowMs + limits.scimCredentialCacheMs, expiresAt ?? Number.POSITIVE_INFINITY)
}

type Entry<T> = { readonly key: string; readonly value: T; readonly entries: number }

/** Keeps an entry as the newest, and lets the oldest go when there are too many. */
function remember<T>(map: Map<string, T>, { key, value, entries }: Entry<T>): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > entries && oldest !== undefined) map.delete(oldest)
}
