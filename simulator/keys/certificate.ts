import { bytesToBase64 } from './base64.ts'
import {
  bitString,
  explicit,
  integer,
  nothing,
  oid,
  printable,
  sequence,
  set,
  time,
} from './der.ts'
import { thumbprintOf } from './read-certificate.ts'

export type CertificateRequest = {
  readonly commonName: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/** An RSA key and its self-signed certificate. */
export type KeyPair = {
  /** SHA-1 over the certificate in upper-case hex, as the Entra portal shows it. */
  readonly thumbprint: string
  /** DER in base64. */
  readonly certificate: string
  /** PKCS#8 in base64. */
  readonly privateKey: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
} as const

const sha256WithRsa = () => sequence(oid('1.2.840.113549.1.1.11'), nothing())

/** Makes an RSA-2048 key and a self-signed version 3 certificate without extensions, as Entra's are. */
export async function createKeyPair(request: CertificateRequest): Promise<KeyPair> {
  const keys = await crypto.subtle.generateKey(rsa, true, ['sign', 'verify'])
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey))
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey))
  const name = sequence(set(sequence(oid('2.5.4.3'), printable(request.commonName))))
  const serial = crypto.getRandomValues(new Uint8Array(16))
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  const body = sequence(
    explicit(0, integer(Uint8Array.of(2))),
    integer(serial),
    sha256WithRsa(),
    name,
    sequence(time(request.notBeforeMs), time(request.notAfterMs)),
    name,
    spki,
  )
  const signature = await crypto.subtle.sign(rsa.name, keys.privateKey, body)
  const der = sequence(body, sha256WithRsa(), bitString(new Uint8Array(signature)))
  return {
    thumbprint: thumbprintOf(der),
    certificate: bytesToBase64(der),
    privateKey: bytesToBase64(pkcs8),
    notBeforeMs: request.notBeforeMs,
    notAfterMs: request.notAfterMs,
  }
}
