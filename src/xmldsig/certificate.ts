import {
  type Bytes,
  base64Decode,
  decodeUtf8,
  err,
  limits,
  ok,
  parseUtcTime,
  type Result,
  sha256Hex,
} from '../kernel/index.ts'
import { type Der, derTag, readDer, readDerChildren } from './der.ts'
import { renderName } from './distinguished-name.ts'
import type { CertificateDefect, DsigFailure } from './errors.ts'
import { type KeyKind, readPublicKey } from './public-key.ts'

/** An X.509 certificate: a key to pin, dates, and names for people. Nothing else in it is believed. */
export type Certificate = {
  readonly der: Bytes
  /** SHA-256 fingerprint in lower-case hexadecimal; this is the key's id everywhere. */
  readonly sha256: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
  /** RFC 4514 text. */
  readonly subject: string
  readonly issuer: string
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes
  readonly key: KeyKind
}

const refuse = (reason: CertificateDefect) =>
  err<DsigFailure>({ code: 'xmldsig.bad_certificate', reason })

const pem = /^-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----$/

/**
 * Reads what an admin pastes or metadata carries: one certificate as PEM or as bare base64, white space
 * allowed. Whether the bytes are a certificate is for `parseCertificate` to say.
 * @returns the DER, or `xmldsig.bad_certificate`
 */
export function decodeCertificateText(text: string): Result<Bytes, DsigFailure> {
  if (text.length > limits.certificateBytes * 2) return refuse('size')
  const trimmed = text.trim()
  if (trimmed.includes('-----') && !pem.test(trimmed)) return refuse('not_one_certificate')
  const der = base64Decode(pem.exec(trimmed)?.[1] ?? trimmed, ' \t\r\n')
  return der === null || der.length === 0 ? refuse('not_base64') : ok(der)
}

/** UTCTime or GeneralizedTime in the one form RFC 5280 4.1.2.5 allows: with seconds, ending in Z. */
function readTime(der: Der | undefined): number | null {
  if (der === undefined) return null
  let digits = decodeUtf8(der.content) ?? ''
  if (der.tag === derTag.utcTime) digits = (digits < '5' ? '20' : '19') + digits
  else if (der.tag !== derTag.generalizedTime) return null
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\dZ)$/.exec(digits)
  if (parts === null) return null
  const [, year, month, day, hour, minute, rest] = parts
  return parseUtcTime(`${year}-${month}-${day}T${hour}:${minute}:${rest}`)
}

/** Fields after the key: unique ids [1], [2] and extensions [3], each at most once, in this order. */
function isTail(fields: readonly Der[]): boolean {
  let last = derTag.version as number
  return fields.every(({ tag }) => {
    const rises = (tag & 0x9f) > (last & 0x9f) && tag >= 0x81 && tag <= derTag.extensions
    last = tag
    return rises
  })
}

/**
 * Reads a certificate strictly: DER without anything after it, an RSA key of 2048 to 8192 bits with an odd
 * exponent, or an EC key on a named NIST curve. Its own signature, extensions and chain are not evaluated:
 * trust comes from pinning (Kantara IIP-MD11).
 * @returns the certificate, or `xmldsig.bad_certificate` with the reason
 */
export async function parseCertificate(der: Uint8Array): Promise<Result<Certificate, DsigFailure>> {
  if (der.length > limits.certificateBytes) return refuse('size')
  const bytes = new Uint8Array(der)
  const outer = readDer(bytes)
  if (outer === null) return refuse('not_der')
  if (outer.bytes.length !== bytes.length) return refuse('trailing_data')
  const [tbs, algorithm, signature, more] = readDerChildren(outer, derTag.sequence) ?? []
  const fields = readDerChildren(tbs, derTag.sequence)
  if (
    fields === null ||
    algorithm?.tag !== derTag.sequence ||
    signature?.tag !== derTag.bitString ||
    more !== undefined
  ) {
    return refuse('not_a_certificate')
  }
  const hasVersion = fields[0]?.tag === derTag.version
  const [serial, inner, issuer, validity, subject, spki, ...tail] = fields.slice(hasVersion ? 1 : 0)
  const [notBefore, notAfter, third] = readDerChildren(validity, derTag.sequence) ?? []
  const notBeforeMs = readTime(notBefore)
  const notAfterMs = readTime(notAfter)
  const issuerText = renderName(issuer)
  const subjectText = renderName(subject)
  if (
    serial?.tag !== derTag.integer ||
    inner?.tag !== derTag.sequence ||
    notBeforeMs === null ||
    notAfterMs === null ||
    third !== undefined ||
    issuerText === null ||
    subjectText === null ||
    spki === undefined ||
    !isTail(tail)
  ) {
    return refuse('not_a_certificate')
  }
  const key = readPublicKey(spki)
  if (!key.ok) return refuse(key.failure)
  return ok({
    der: bytes,
    sha256: await sha256Hex(bytes),
    notBeforeMs,
    notAfterMs,
    subject: subjectText,
    issuer: issuerText,
    spki: spki.bytes.slice(),
    key: key.value,
  })
}
