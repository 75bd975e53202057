import { limits, toIso } from '../kernel/index.ts'
import type { VerifyKey } from '../xmldsig/index.ts'
import type { ConnectionFailure } from './response-failure.ts'

/**
 * Whether the dates of the certificates that signed allow it now (row K12). Kantara would ignore them,
 * Entra's gallery wants an expired one refused; refusing can be undone by an admin, accepting cannot.
 * RFC 5280 4.1.2.5: both ends belong to the validity.
 * @returns the failure, or null
 */
export function checkCertificateDates(
  keys: readonly VerifyKey[],
  nowMs: number,
): ConnectionFailure | null {
  for (const key of keys) {
    if (nowMs < key.notBeforeMs) return refuse('saml.certificate_not_yet_valid', key)
    if (nowMs > key.notAfterMs) return refuse('saml.certificate_expired', key)
  }
  return null
}

function refuse(
  code: 'saml.certificate_not_yet_valid' | 'saml.certificate_expired',
  { id, notBeforeMs, notAfterMs }: VerifyKey,
): ConnectionFailure {
  return { code, keyId: id, notBefore: toIso(notBeforeMs), notAfter: toIso(notAfterMs) }
}

/**
 * The keys with those first whose certificates are valid now: a renewed certificate may carry the key of the old
 * one, and whichever verifies first is the one that is judged.
 */
export function timelyFirst(keys: readonly VerifyKey[], nowMs: number): readonly VerifyKey[] {
  const isTimely = (key: VerifyKey) => checkCertificateDates([key], nowMs) === null
  return [...keys.filter(isTimely), ...keys.filter((key) => !isTimely(key))]
}

/** Something that works today and soon will not. */
export type ResponseWarning = {
  readonly code: 'certificate_expiring'
  readonly keyId: string
  readonly notAfterMs: number
}

const warningMs = limits.certificateWarningDays * 24 * 60 * 60 * 1000

/** The certificates among those that signed that expire within `limits.certificateWarningDays`. */
export function expiringCertificates(
  keys: readonly VerifyKey[],
  nowMs: number,
): readonly ResponseWarning[] {
  return keys
    .filter(({ notAfterMs }) => notAfterMs - nowMs <= warningMs)
    .map(({ id, notAfterMs }) => ({ code: 'certificate_expiring', keyId: id, notAfterMs }))
}
