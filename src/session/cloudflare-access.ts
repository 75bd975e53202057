import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { type Deps, readBody } from '../http/index.ts'
import { decodeUtf8, limits } from '../kernel/index.ts'

/** Whom Cloudflare Access let through. */
export type AccessIdentity = {
  readonly subject: string
  readonly email: string | null
  /** When they signed in there, in milliseconds since the epoch. */
  readonly issuedAtMs: number
}

/** The header with Access's token (Cloudflare One, "Validate JWTs"). */
export const accessHeader = 'cf-access-jwt-assertion'

/**
 * Recognizes people whom Cloudflare Access let through: its token is signed with RS256 by a key that the configured
 * team publishes, of that team, for that application, and in time. Nothing in the token chooses a key or an
 * address. Keys are read when they are an hour old or one is unknown, at most once a minute.
 */
export function createAccessCheck(deps: Deps) {
  const { access } = deps.config
  let keys: { readonly set: JSONWebKeySet; readonly readAtMs: number } | null = null
  let triedAtMs = Number.NEGATIVE_INFINITY

  async function keysFor(token: string, nowMs: number): Promise<JSONWebKeySet | null> {
    const isKnown = keys?.set.keys.some(({ kid }) => kid === keyIdOf(token)) === true
    const isFresh = keys !== null && nowMs - keys.readAtMs < limits.tenantKeysMs
    if ((!isKnown || !isFresh) && nowMs - triedAtMs >= limits.tenantKeysRefetchMs) {
      triedAtMs = nowMs
      const set = await fetchKeys(deps, `${access?.teamUrl}/cdn-cgi/access/certs`)
      if (set !== null) keys = { set, readAtMs: nowMs }
    }
    return keys?.set ?? null
  }

  /** @returns null for whoever did not come by Access, or when it is not configured */
  return async function checkAccess(
    token: string | undefined,
    nowMs: number,
  ): Promise<AccessIdentity | null> {
    if (access === null || token === undefined || token.length > limits.accessTokenLength)
      return null
    const set = await keysFor(token, nowMs)
    if (set === null) return null
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(set), {
        issuer: access.teamUrl,
        audience: access.audience,
        algorithms: ['RS256'],
        currentDate: new Date(nowMs),
        requiredClaims: ['exp', 'iat', 'sub'],
      })
      const { sub, iat, email } = payload
      // A service token has no subject, and nobody to be named in events.
      if (sub === undefined || !/^[\w-]{1,64}$/.test(sub) || iat === undefined) return null
      return {
        subject: sub,
        email: typeof email === 'string' ? email : null,
        issuedAtMs: iat * 1000,
      }
    } catch {
      return null // jose throws for every token that is not Access's: that is the answer
    }
  }
}

export type AccessCheck = ReturnType<typeof createAccessCheck>

function keyIdOf(token: string): string | null {
  try {
    return decodeProtectedHeader(token).kid ?? null
  } catch {
    return null // no header, so no key of ours
  }
}

async function fetchKeys(deps: Deps, url: string): Promise<JSONWebKeySet | null> {
  try {
    const response = await deps.fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(limits.tenantKeysFetchMs),
    })
    const body = response.ok ? await readBody(response, limits.tenantKeysBytes) : null
    const text = body === null ? null : decodeUtf8(body)
    const set: unknown = text === null ? null : JSON.parse(text)
    return isKeySet(set) ? set : null
  } catch {
    return null // unreachable, too slow or no JSON: the keys that are known go on being used
  }
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys)
}
