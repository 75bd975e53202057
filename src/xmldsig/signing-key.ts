import { type Bytes, type RandomBytes, utf8 } from '../kernel/index.ts'
import { derTag } from './der.ts'
import { writeBits, writeDer, writeSequence, writeTime } from './der-write.ts'
import { signOctets } from './sign-octets.ts'

const rsaSha256Params = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const oidCommonName = Uint8Array.of(0x55, 0x04, 0x03)
const oidSha256WithRsa = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b)

/** A new key pair as it is stored: the private key is for the caller to seal at once. */
export type SigningKeyPair = { readonly privateKeyPkcs8: Bytes; readonly certificateDer: Bytes }

export type CertificateRequest = {
  /** What admins see; at most 64 characters are used (RFC 5280, ub-common-name). */
  readonly commonName: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly random: RandomBytes
}

/** 126 random bits, positive, never zero and always of 16 bytes (RFC 5280 4.1.2.2). */
function serialNumber(random: RandomBytes): Bytes {
  const bytes = random(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return writeDer(derTag.integer, bytes)
}

/**
 * Makes an RSA-2048 key pair and its self-signed certificate (RSA with SHA-256). The same pair serves for
 * signing what we send and for decrypting what we receive, as providers expect one certificate.
 */
export async function createSigningKeyPair(request: CertificateRequest): Promise<SigningKeyPair> {
  const pair = (await crypto.subtle.generateKey(
    { ...rsaSha256Params, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
    true,
    ['sign', 'verify'],
  )) as CryptoKeyPair // RSA always gives a pair; the library's type also covers secret keys
  const spki = new Uint8Array(
    (await crypto.subtle.exportKey('spki', pair.publicKey)) as ArrayBuffer,
  )
  const pkcs8 = (await crypto.subtle.exportKey('pkcs8', pair.privateKey)) as ArrayBuffer
  const algorithm = writeSequence(writeDer(derTag.oid, oidSha256WithRsa), writeDer(derTag.null))
  const commonName = writeDer(derTag.utf8String, utf8(request.commonName.slice(0, 64)))
  const name = writeSequence(
    writeDer(derTag.set, writeSequence(writeDer(derTag.oid, oidCommonName), commonName)),
  )
  const toBeSigned = writeSequence(
    writeDer(derTag.version, writeDer(derTag.integer, Uint8Array.of(2))),
    serialNumber(request.random),
    algorithm,
    name,
    writeSequence(writeTime(request.notBeforeMs), writeTime(request.notAfterMs)),
    name,
    spki,
  )
  const signature = await signOctets(pair.privateKey, toBeSigned)
  return {
    privateKeyPkcs8: new Uint8Array(pkcs8),
    certificateDer: writeSequence(toBeSigned, algorithm, writeBits(signature)),
  }
}

/** Opens a stored private key for signing only; throws when the bytes are no RSA key, which is a bug. */
export function importSigningKey(privateKeyPkcs8: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('pkcs8', privateKeyPkcs8, rsaSha256Params, false, ['sign'])
}
