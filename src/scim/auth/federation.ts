import { createLocalJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { err, limits, ok, printable, type Result } from '../../kernel/index.ts'
import { audienceApp, blankSecretAudience, type Federation } from './federation-rule.ts'
import type { TenantKeyCache, TenantKeys } from './tenant-keys.ts'

/** Why an assertion is refused: the first check that failed. */
export type AssertionDefect =
  | 'too_long'
  | 'malformed'
  | 'header'
  | 'unknown_key'
  | 'signature'
  | 'expired'
  | 'not_yet_valid'
  | 'lifetime'
  | 'claims_missing'
  | 'tenant'
  | 'issuer'
  | 'blank_secret'
  | 'audience'
  | 'subject'

export type AssertionFailure =
  | {
      readonly code: 'oauth.assertion'
      readonly reason: AssertionDefect
      /** What the assertion says of itself, as evidence; believed by nobody. */
      readonly claims: Readonly<Record<string, string>>
    }
  | { readonly code: 'oauth.keys_unavailable' }

/** Where a key would be taken from by whoever believes a token about its own key. */
const foreignKeys = ['jku', 'jwk', 'x5u', 'x5c']

type Verified = { readonly payload: JWTPayload; readonly nowMs: number }
type Check = (verified: Verified, federation: Federation) => boolean

/**
 * What must hold of a verified assertion, in this order. It may be presented again while it is valid: Entra
 * sends the same one until it is renewed, it is bound to one client, and all it gives is what its
 * holder may have anyway, another token of that client.
 */
const checks: readonly (readonly [defect: AssertionDefect, holds: Check])[] = [
  ['claims_missing', ({ payload }) => hasTimes(payload)],
  // One audience for every custom application of every vendor: another vendor may hold this token.
  ['blank_secret', ({ payload }) => audienceApp(payload.aud) !== blankSecretAudience],
  ['lifetime', hasShortLife],
  ['tenant', ({ payload }, { tenantId }) => payload['tid'] === tenantId],
  ['issuer', ({ payload }, { issuer }) => payload.iss === issuer],
  ['audience', ({ payload }, { audience }) => isFor(payload.aud, audience)],
  ['subject', ({ payload }, { subject }) => payload.sub === subject],
]

/**
 * Whether Entra vouches for the provisioning service of a client's tenant (RFC 7523 3): signed with RS256 by
 * a key that the tenant publishes, and saying exactly what was entered when the client was created.
 * @param federation the client's, as configured: the token chooses neither keys nor rules
 */
export async function verifyAssertion(
  assertion: string,
  input: { readonly federation: Federation; readonly keys: TenantKeyCache; readonly nowMs: number },
): Promise<Result<null, AssertionFailure>> {
  const { federation, keys, nowMs } = input
  if (assertion.length > limits.federatedAssertionLength) return refuse('too_long')
  const kid = readKeyId(assertion)
  if (!kid.ok) return kid
  const found = await keys.get(federation.tenantId, kid.value)
  if (found === null) return err({ code: 'oauth.keys_unavailable' })
  const verified = await verify(assertion, found, nowMs)
  if (!verified.ok) return verified
  const { payload } = verified.value
  const failed = checks.find(([, holds]) => !holds(verified.value, federation))
  return failed === undefined ? ok(null) : refuse(failed[0], evidenceOf(payload))
}

/** The key that an assertion says it is signed with; the name may only choose among the tenant's own. */
function readKeyId(assertion: string): Result<string, AssertionFailure> {
  try {
    const header = decodeProtectedHeader(assertion)
    const { alg, kid } = header
    const isForeign = foreignKeys.some((name) => name in header)
    if (isForeign || alg !== 'RS256' || typeof kid !== 'string') {
      return refuse('header', { alg: shown(alg), kid: shown(kid) })
    }
    return ok(kid)
  } catch {
    return refuse('malformed') // TypeError: not three parts, or no header in the first
  }
}

async function verify(
  assertion: string,
  keys: TenantKeys,
  nowMs: number,
): Promise<Result<Verified, AssertionFailure>> {
  try {
    const { payload } = await jwtVerify(assertion, resolverOf(keys), {
      algorithms: ['RS256'],
      currentDate: new Date(nowMs),
      clockTolerance: limits.clockSkewMs / 1000,
    })
    return ok({ payload, nowMs })
  } catch (error) {
    if (error instanceof errors.JWTExpired) return refuse('expired', evidenceOf(error.payload))
    if (error instanceof errors.JWTClaimValidationFailed) {
      const defect = error.claim === 'nbf' && error.reason === 'check_failed'
      return refuse(defect ? 'not_yet_valid' : 'claims_missing', evidenceOf(error.payload))
    }
    if (error instanceof errors.JWSSignatureVerificationFailed) return refuse('signature')
    if (error instanceof errors.JWKSNoMatchingKey) return refuse('unknown_key')
    // Whatever else jose throws, it says of the token or of the keys, both of which are a stranger's.
    return refuse('malformed')
  }
}

type Resolver = ReturnType<typeof createLocalJWKSet>

/** Keys are imported once, for as long as their set is the one in use. */
const resolvers = new WeakMap<TenantKeys, Resolver>()

function resolverOf(found: TenantKeys): Resolver {
  const resolver =
    resolvers.get(found) ?? createLocalJWKSet({ keys: found.keys.map((key) => ({ ...key })) })
  resolvers.set(found, resolver)
  return resolver
}

function hasTimes({ iat, exp }: JWTPayload): boolean {
  return typeof iat === 'number' && typeof exp === 'number'
}

/** Issued in the past, and for two hours at most. */
function hasShortLife({ payload: { iat = 0, exp = 0 }, nowMs }: Verified): boolean {
  return (
    iat * 1000 <= nowMs + limits.clockSkewMs && (exp - iat) * 1000 <= limits.federatedAssertionMs
  )
}

function isFor(aud: unknown, audience: string): boolean {
  const app = audienceApp(aud)
  return app !== null && app === audienceApp(audience)
}

function refuse(reason: AssertionDefect, claims: Readonly<Record<string, string>> = {}) {
  return err<AssertionFailure>({ code: 'oauth.assertion', reason, claims })
}

/** What an admin compares with the client's settings. */
function evidenceOf(payload: JWTPayload): Readonly<Record<string, string>> {
  const names = ['iss', 'aud', 'sub', 'tid', 'iat', 'nbf', 'exp']
  return Object.fromEntries(
    names.filter((name) => name in payload).map((name) => [name, shown(payload[name])]),
  )
}

function shown(value: unknown): string {
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none'), 128)
}
