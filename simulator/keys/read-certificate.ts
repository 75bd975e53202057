import { createHash, X509Certificate } from 'node:crypto'
import { err, ok, type Result } from '../result.ts'
import { type Bytes, base64ToBytes, bytesToBase64, isBase64 } from './base64.ts'

/** What the simulator needs to know of somebody's certificate. */
export type ReadCertificate = {
  readonly thumbprint: string
  /** DER in base64. */
  readonly certificate: string
  readonly subject: string
  readonly issuer: string
  /** Decimal, as XML Signature writes it. */
  readonly serialNumber: string
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/**
 * Reads one certificate from PEM or from bare base64, as portals and metadata have them.
 * @returns its parts, or a sentence that says what is wrong
 */
export function readCertificate(text: string): Result<ReadCertificate, string> {
  const body = text.replaceAll(/-----(?:BEGIN|END) CERTIFICATE-----|\s/g, '')
  if (!isBase64(body)) return err('is neither PEM nor base64')
  try {
    const der = base64ToBytes(body)
    const read = new X509Certificate(der)
    return ok({
      thumbprint: thumbprintOf(der),
      certificate: bytesToBase64(der),
      subject: oneLine(read.subject),
      issuer: oneLine(read.issuer),
      serialNumber: BigInt(`0x${read.serialNumber}`).toString(),
      spki: Uint8Array.from(read.publicKey.export({ type: 'spki', format: 'der' })),
      notBeforeMs: new Date(read.validFrom).getTime(),
      notAfterMs: new Date(read.validTo).getTime(),
    })
  } catch {
    return err('is not an X.509 certificate')
  }
}

/** PEM of a certificate in base64. */
export function toPem(certificate: string): string {
  const lines = certificate.match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

export function thumbprintOf(der: Uint8Array): string {
  return createHash('sha1').update(der).digest('hex').toUpperCase()
}

function oneLine(name: string): string {
  return name.split('\n').reverse().join(', ')
}
