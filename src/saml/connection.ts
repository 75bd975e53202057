import { limits } from '../kernel/index.ts'
import type { VerifyKey } from '../xmldsig/index.ts'
import type { DecryptKey } from '../xmlenc/index.ts'
import type { ConnectionFailure } from './response-failure.ts'

/** One organization's application at one identity provider: everything that a response is judged by. */
export type SamlConnection = {
  readonly id: string
  /** Grows with every change; keys are imported once per version. */
  readonly version: number
  readonly status: 'draft' | 'testing' | 'active' | 'disabled'
  readonly idp: {
    readonly entityId: string
    /** Entra's tenant, lower case, when the entity id names one; then people are known by object id. */
    readonly tenantId: string | null
  }
  /** The pinned certificates' keys. Expired ones stay, so that a refusal can say what happened. */
  readonly keys: readonly VerifyKey[]
  readonly decryptKeys: readonly DecryptKey[]
  /** Derived from PUBLIC_URL. */
  readonly sp: { readonly entityId: string; readonly acsUrl: string }
  /** Whether `spn:` before our entity id is our audience too: Entra writes so for ids that are no URI. */
  readonly acceptSpnAudience: boolean
  readonly allowIdpInitiated: boolean
  /** Tolerated on top of `limits.clockSkewMs`. */
  readonly extraSkewMs: number
  /** For providers other than Entra: the claim that says who somebody is, instead of the NameID. */
  readonly identityClaim: string | null
  /** Scopes that the provider may use in a scoped identity claim; null when none were agreed. */
  readonly scopes: readonly string[] | null
  /** Names of claims that feed a single field, as `foldClaimName` writes them: stated twice, they are refused. */
  readonly singleClaims: ReadonlySet<string>
}

/** The extra skew an admin can give, at most. */
const maxExtraSkewMs = limits.clockSkewMs

/** How far clocks may be apart, in milliseconds. */
export function skewMs(connection: SamlConnection): number {
  return limits.clockSkewMs + Math.min(Math.max(connection.extraSkewMs, 0), maxExtraSkewMs)
}

/**
 * Whether anybody can sign in with this connection, judged before a byte of the message is read
 * (rows K13, P16).
 * @returns the failure, or null
 */
export function checkUsable(connection: SamlConnection): ConnectionFailure | null {
  if (connection.status !== 'active' && connection.status !== 'testing') {
    return { code: 'saml.connection_unusable', reason: 'status' }
  }
  // No key must mean nobody, never everybody (CVE-2026-28323).
  return connection.keys.length === 0
    ? { code: 'saml.connection_unusable', reason: 'no_keys' }
    : null
}
