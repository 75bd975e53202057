import { SignJWT } from 'jose'
import { limits } from '../kernel/index.ts'
import type { SigningKey } from './signing-key-store.ts'

export type SessionTokenClaims = {
  /** PUBLIC_URL. */
  readonly issuer: string
  readonly audience: string
  readonly organizationId: string
  readonly personId: string
  readonly sessionId: string
  /** The session's own end: a token never outlives it. */
  readonly sessionExpiresAtMs: number
}

/** A five-minute ES256 token with which the app's backends know the person (JWT, RFC 7519). */
export async function signSessionToken(
  key: SigningKey,
  claims: SessionTokenClaims,
  nowMs: number,
): Promise<string> {
  const nowSeconds = Math.floor(nowMs / 1000)
  const expires = Math.min(
    nowSeconds + limits.sessionTokenSeconds,
    Math.floor(claims.sessionExpiresAtMs / 1000),
  )
  return new SignJWT({ org: claims.organizationId, sid: claims.sessionId })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'JWT' })
    .setIssuer(claims.issuer)
    .setAudience(claims.audience)
    .setSubject(claims.personId)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(expires)
    .sign(key.key)
}
