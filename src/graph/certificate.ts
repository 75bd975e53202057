import {
  type Bytes,
  base64Decode,
  err,
  ok,
  type RandomBytes,
  type Result,
  utf8,
} from '../kernel/index.ts'
import {
  createSigningKeyPair,
  decodeCertificateText,
  importSigningKey,
  importVerifyKey,
  parseCertificate,
  rsaSha256,
  signOctets,
  verifyOctets,
} from '../xmldsig/index.ts'
import type { GraphProof } from './credential.ts'

/** Entra takes certificates of any length; two years is what its own ones last at most. */
const validityMs = 2 * 365 * 24 * 60 * 60 * 1000
/** Clocks of others may be behind. */
const backdateMs = 60 * 60 * 1000

export type CertificateProof = {
  readonly proof: GraphProof & { readonly kind: 'certificate' }
  readonly notAfterMs: number
}

/** What is wrong with a pasted certificate, to be said of the field. */
export type PemDefect =
  | 'certificate'
  | 'key_missing'
  | 'key_encrypted'
  | 'key_format'
  | 'not_rsa'
  | 'key_mismatch'
  | 'expired'

/** Makes a key pair of Portico's own: the private key never leaves, the certificate is for the admin to upload. */
export async function createGraphCertificate({
  clientId,
  nowMs,
  random,
}: {
  readonly clientId: string
  readonly nowMs: number
  readonly random: RandomBytes
}): Promise<CertificateProof> {
  const notAfterMs = nowMs + validityMs
  const { privateKeyPkcs8, certificateDer } = await createSigningKeyPair({
    commonName: `Portico Graph ${clientId}`,
    notBeforeMs: nowMs - backdateMs,
    notAfterMs,
    random,
  })
  return { proof: { kind: 'certificate', privateKeyPkcs8, certificateDer }, notAfterMs }
}

const block = /-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----/g

/**
 * Reads a certificate with its private key as PEM: one certificate, an RSA key of at least 2048 bits in PKCS#8
 * without a password, and the two belong together.
 * @returns what is wrong otherwise
 */
export async function readGraphCertificate(
  text: string,
  nowMs: number,
): Promise<Result<CertificateProof, PemDefect>> {
  if (text.includes('ENCRYPTED')) return err('key_encrypted')
  const blocks = [...text.matchAll(block)].map(([whole, label = '', body = '']) => ({
    whole,
    label,
    body,
  }))
  const keys = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'))
  const [pem, more] = blocks.filter(({ label }) => label === 'CERTIFICATE')
  if (pem === undefined || more !== undefined) return err('certificate')
  const [key] = keys
  if (key === undefined || keys.length > 1) return err('key_missing')
  const privateKeyPkcs8 = key.label === 'PRIVATE KEY' ? base64Decode(key.body, ' \t\r\n') : null
  if (privateKeyPkcs8 === null) return err('key_format')
  return pair(pem.whole, privateKeyPkcs8, nowMs)
}

async function pair(
  pem: string,
  privateKeyPkcs8: Bytes,
  nowMs: number,
): Promise<Result<CertificateProof, PemDefect>> {
  const der = decodeCertificateText(pem)
  const certificate = der.ok ? await parseCertificate(der.value) : der
  if (!certificate.ok) return err('certificate')
  const { der: certificateDer, notAfterMs, key } = certificate.value
  if (key.family !== 'rsa') return err('not_rsa')
  if (notAfterMs <= nowMs) return err('expired')
  const verifyKey = await importVerifyKey(certificate.value)
  if (!verifyKey.ok) return err('certificate')
  const octets = utf8('portico')
  const signature = await trySign(privateKeyPkcs8, octets)
  if (signature === null) return err('key_format')
  const signed = { algorithm: rsaSha256, signature, octets, keys: [verifyKey.value] }
  if (!(await verifyOctets(signed)).ok) return err('key_mismatch')
  return ok({ proof: { kind: 'certificate', privateKeyPkcs8, certificateDer }, notAfterMs })
}

async function trySign(privateKeyPkcs8: Bytes, octets: Bytes): Promise<Bytes | null> {
  try {
    return await signOctets(await importSigningKey(privateKeyPkcs8), octets)
  } catch {
    return null // WebCrypto throws for what is no RSA key in PKCS#8, and for nothing else here
  }
}
