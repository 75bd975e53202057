/**
 * The throw-away keys of the tests, importable in Node and in workerd. K is the key pinned on the
 * default connection; the others are named in saml-security 1. Made by test/fixtures/keys/make-keys.ts.
 */
import { keyMaterial, oddCertificates } from './keys.generated.ts'

/**
 * K pinned RSA-2048 · KE, KE384, KE521 pinned P-256, P-384, P-521 · K4096 · Knext a second pinned key ·
 * Kprime unknown to everybody · KprimeClone the same key under a certificate that copies K's subject,
 * issuer, serial number and key id · KprimeChain the same key under a certificate of the authority Ka ·
 * K2 pinned on another tenant's connection · Kexpired, Kfuture by date · Kenc published with
 * `use="encryption"` · E decryption key of the service provider · E2 that of another one.
 */
export type KeyName = keyof typeof keyMaterial
export type OddCertificateName = keyof typeof oddCertificates
export const oddCertificateNames = Object.keys(oddCertificates) as OddCertificateName[]

export function bytesFromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll(/\s/g, '')), (c) => c.charCodeAt(0))
}

export function bytesToBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** The certificate as DER in base64, without line breaks: what stands in X509Certificate. */
export function certificateBase64(name: KeyName): string {
  return keyMaterial[name].certificate
}

/** The certificate as DER. */
export function certificateDer(name: KeyName): Uint8Array<ArrayBuffer> {
  return bytesFromBase64(keyMaterial[name].certificate)
}

/** The certificate as PEM with lines of 64 characters. */
export function certificatePem(name: KeyName): string {
  return toPem(keyMaterial[name].certificate, 'CERTIFICATE')
}

/** The private key as PKCS#8 DER. */
export function privateKeyDer(name: KeyName): Uint8Array<ArrayBuffer> {
  return bytesFromBase64(keyMaterial[name].pkcs8)
}

/** A certificate with one defect (row K08), as DER. */
export function oddCertificateDer(name: OddCertificateName): Uint8Array<ArrayBuffer> {
  return bytesFromBase64(oddCertificates[name])
}

export function toPem(base64: string, label: string): string {
  const lines = base64.replaceAll(/(.{64})/g, '$1\n').trimEnd()
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}

type Asn1 = {
  readonly tag: number
  readonly start: number
  readonly body: number
  readonly end: number
}

function readAsn1(bytes: Uint8Array, start: number): Asn1 {
  const tag = bytes[start] ?? 0
  let length = bytes[start + 1] ?? 0
  let body = start + 2
  if (length > 127) {
    const count = length & 127
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[body++] ?? 0)
  }
  return { tag, start, body, end: body + length }
}

/** The SubjectPublicKeyInfo inside a certificate of ours, as DER. */
export function spkiDer(name: KeyName): Uint8Array<ArrayBuffer> {
  const certificate = certificateDer(name)
  const tbs = readAsn1(certificate, readAsn1(certificate, 0).body)
  let at = tbs.body
  for (let field = 0; field < 6; field++) at = readAsn1(certificate, at).end // version … subject
  return certificate.slice(at, readAsn1(certificate, at).end)
}

/** The private key for WebCrypto with the parameters the caller needs. */
export function importPrivateKey(
  name: KeyName,
  algorithm: SubtleCryptoImportKeyAlgorithm | string,
  usage: 'sign' | 'decrypt' = 'sign',
): Promise<CryptoKey> {
  return crypto.subtle.importKey('pkcs8', privateKeyDer(name), algorithm, false, [usage])
}

/** The public key for WebCrypto with the parameters the caller needs. */
export function importPublicKey(
  name: KeyName,
  algorithm: SubtleCryptoImportKeyAlgorithm | string,
  usage: 'verify' | 'encrypt' = 'verify',
): Promise<CryptoKey> {
  return crypto.subtle.importKey('spki', spkiDer(name), algorithm, true, [usage])
}
