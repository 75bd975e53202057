import { type Bytes, bytesToBase64, type ReadCertificate, utf8 } from '../keys/index.ts'
import { ns } from './namespaces.ts'
import { element, text } from './write.ts'

/** Whom a token is encrypted for, and how. */
export type TokenEncryption = {
  readonly certificate: ReadCertificate
  readonly content: 'aes256-cbc' | 'aes256-gcm'
  /** rsa-oaep-mgf1p: SHA-1 throughout; rsa-oaep: SHA-256 throughout (XML Encryption 1.1). */
  readonly transport: 'rsa-oaep-mgf1p' | 'rsa-oaep'
}

const contentUris = {
  'aes256-cbc': `${ns.xmlenc}aes256-cbc`,
  'aes256-gcm': `${ns.xmlenc11}aes256-gcm`,
} as const

const wssecurity =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'

/**
 * Encrypts an element (XML Encryption), in the shape .NET writes: the key inside KeyInfo, described by
 * its certificate's issuer and serial number.
 * @param xml the element's text, with its namespaces declared on it
 * @returns EncryptedData
 */
export async function encryptXml(xml: string, encryption: TokenEncryption): Promise<string> {
  const raw = crypto.getRandomValues(new Uint8Array(32))
  const content = await encryptContent(utf8(xml), raw, encryption.content)
  const wrapped = await wrapKey(raw, encryption)
  const { issuer, serialNumber } = encryption.certificate
  const value = (bytes: Bytes, prefix: string) =>
    element(`${prefix}:CipherData`, {}, element(`${prefix}:CipherValue`, {}, bytesToBase64(bytes)))
  const encryptedKey = element(
    'e:EncryptedKey',
    { 'xmlns:e': ns.xmlenc },
    transportMethod(encryption.transport),
    element(
      'KeyInfo',
      {},
      element(
        'o:SecurityTokenReference',
        { 'xmlns:o': wssecurity },
        element(
          'X509Data',
          {},
          element(
            'X509IssuerSerial',
            {},
            element('X509IssuerName', {}, text(issuer)),
            element('X509SerialNumber', {}, serialNumber),
          ),
        ),
      ),
    ),
    value(wrapped, 'e'),
  )
  return element(
    'xenc:EncryptedData',
    { Type: `${ns.xmlenc}Element`, 'xmlns:xenc': ns.xmlenc },
    element('xenc:EncryptionMethod', { Algorithm: contentUris[encryption.content] }),
    element('KeyInfo', { xmlns: ns.dsig }, encryptedKey),
    value(content, 'xenc'),
  )
}

function transportMethod(transport: TokenEncryption['transport']): string {
  const digest = (uri: string) => element('DigestMethod', { Algorithm: uri })
  if (transport === 'rsa-oaep-mgf1p') {
    const method = { Algorithm: `${ns.xmlenc}rsa-oaep-mgf1p` }
    return element('e:EncryptionMethod', method, digest(`${ns.dsig}sha1`))
  }
  return element(
    'e:EncryptionMethod',
    { Algorithm: `${ns.xmlenc11}rsa-oaep` },
    digest(`${ns.xmlenc}sha256`),
    element('x:MGF', { 'xmlns:x': ns.xmlenc11, Algorithm: `${ns.xmlenc11}mgf1sha256` }),
  )
}

async function wrapKey(raw: Bytes, { certificate, transport }: TokenEncryption): Promise<Bytes> {
  const hash = transport === 'rsa-oaep-mgf1p' ? 'SHA-1' : 'SHA-256'
  const algorithm = { name: 'RSA-OAEP', hash }
  const key = await crypto.subtle.importKey('spki', certificate.spki, algorithm, false, ['encrypt'])
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'RSA-OAEP' }, key, raw))
}

async function encryptContent(
  plaintext: Bytes,
  raw: Bytes,
  content: TokenEncryption['content'],
): Promise<Bytes> {
  const name = content === 'aes256-gcm' ? 'AES-GCM' : 'AES-CBC'
  const iv = crypto.getRandomValues(new Uint8Array(name === 'AES-GCM' ? 12 : 16))
  const key = await crypto.subtle.importKey('raw', raw, name, false, ['encrypt'])
  const padded = name === 'AES-GCM' ? plaintext : padRandomly(plaintext)
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name, iv }, key, padded))
  const body = name === 'AES-GCM' ? sealed : sealed.slice(0, -16) // without WebCrypto's own padding
  const out = new Uint8Array(iv.length + body.length)
  out.set(iv)
  out.set(body, iv.length)
  return out
}

/** XML Encryption 5.2.1: octets of any value, the last one counts them. .NET fills them with noise. */
function padRandomly(plaintext: Bytes): Bytes {
  const count = 16 - (plaintext.length % 16)
  const padding = crypto.getRandomValues(new Uint8Array(count))
  padding[count - 1] = count
  const out = new Uint8Array(plaintext.length + count)
  out.set(plaintext)
  out.set(padding, plaintext.length)
  return out
}
