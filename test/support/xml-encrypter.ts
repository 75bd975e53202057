/**
 * Encrypts an element's text as a SAML EncryptedAssertion (XML Encryption 1.1), with every part open to
 * defects. Independent of src; WebCrypto only, so that it also runs inside workerd.
 */
import { bytesToBase64, importPublicKey, type KeyName } from './keys.ts'
import { declare, type Names, ns, qualified } from './saml-template.ts'

export const contentAlgorithms = {
  'aes128-gcm': { uri: 'http://www.w3.org/2009/xmlenc11#aes128-gcm', name: 'AES-GCM', bytes: 16 },
  'aes256-gcm': { uri: 'http://www.w3.org/2009/xmlenc11#aes256-gcm', name: 'AES-GCM', bytes: 32 },
  'aes128-cbc': { uri: 'http://www.w3.org/2001/04/xmlenc#aes128-cbc', name: 'AES-CBC', bytes: 16 },
  'aes256-cbc': { uri: 'http://www.w3.org/2001/04/xmlenc#aes256-cbc', name: 'AES-CBC', bytes: 32 },
} as const
export type ContentAlgorithm = keyof typeof contentAlgorithms

export const transportAlgorithms = {
  /** RSA-OAEP with SHA-1 and MGF1 with SHA-1. */
  'rsa-oaep-mgf1p': {
    uri: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
    hash: 'SHA-1',
    content: `<ds:DigestMethod xmlns:ds="${ns.dsig}" Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>`,
  },
  /** XML Encryption 1.1: RSA-OAEP with SHA-256 and MGF1 with SHA-256. */
  'rsa-oaep-sha256': {
    uri: 'http://www.w3.org/2009/xmlenc11#rsa-oaep',
    hash: 'SHA-256',
    content: `<ds:DigestMethod xmlns:ds="${ns.dsig}" Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><xenc11:MGF xmlns:xenc11="${ns.xenc11}" Algorithm="http://www.w3.org/2009/xmlenc11#mgf1sha256"/>`,
  },
} as const
export type TransportAlgorithm = keyof typeof transportAlgorithms

export type EncryptOptions = {
  readonly content?: ContentAlgorithm
  readonly transport?: TransportAlgorithm
  /** Whose decryption key it is for; default E. */
  readonly key?: KeyName
  /** Written instead of the URIs of what was done (rows E02, E03). */
  readonly contentUri?: string
  readonly transportUri?: string
  /** Raw content of EncryptedKey's EncryptionMethod instead of the right one (row E08). */
  readonly transportContent?: string
  /** `Type` of EncryptedData; null leaves it out (row E09). */
  readonly type?: string | null
  /** Rewrites the plaintext octets (row E06), the content octets IV‖ciphertext‖tag, the wrapped key. */
  readonly plaintext?: (text: string) => string | Uint8Array
  readonly cipher?: (bytes: Uint8Array) => Uint8Array
  readonly wrapped?: (bytes: Uint8Array) => Uint8Array
  /** Octets of the content key instead of random ones, of any length the algorithm takes. */
  readonly contentKey?: Uint8Array<ArrayBuffer>
  /** 12 octets for GCM, 16 for CBC; another length for GCM is allowed (row E04). */
  readonly iv?: Uint8Array<ArrayBuffer>
  /** CBC padding: random octets and a length octet (XML Encryption), or PKCS#7. Default random. */
  readonly padding?: 'random' | 'pkcs7'
  /** `inside`: EncryptedKey in EncryptedData/KeyInfo (Entra) · `beside`: after EncryptedData, by RetrievalMethod. */
  readonly keyPlace?: 'inside' | 'beside'
  readonly recipient?: string
  /** Raw XML in KeyInfo before EncryptedKey, and raw XML appended to EncryptedAssertion. */
  readonly keyInfoExtra?: string
  readonly extraXml?: string
  /** Rewrites the finished EncryptedAssertion before anything outside it is signed. */
  readonly mutate?: (encryptedXml: string) => string
}

const encoder = new TextEncoder()

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

async function encryptContent(
  plaintext: Uint8Array<ArrayBuffer>,
  key: Uint8Array<ArrayBuffer>,
  options: EncryptOptions,
): Promise<Uint8Array> {
  const { name } = contentAlgorithms[options.content ?? 'aes256-gcm']
  const imported = await crypto.subtle.importKey('raw', key, name, false, ['encrypt'])
  if (name === 'AES-GCM') {
    const iv = options.iv ?? crypto.getRandomValues(new Uint8Array(12))
    return join(iv, new Uint8Array(await crypto.subtle.encrypt({ name, iv }, imported, plaintext)))
  }
  const iv = options.iv ?? crypto.getRandomValues(new Uint8Array(16))
  if (options.padding === 'pkcs7') {
    return join(iv, new Uint8Array(await crypto.subtle.encrypt({ name, iv }, imported, plaintext)))
  }
  const count = 16 - (plaintext.length % 16)
  const pad = crypto.getRandomValues(new Uint8Array(count))
  pad[count - 1] = count
  const padded = await crypto.subtle.encrypt({ name, iv }, imported, join(plaintext, pad))
  return join(iv, new Uint8Array(padded).slice(0, -16)) // without the block that WebCrypto adds
}

/** The EncryptedAssertion with the text inside. */
export async function encryptText(
  text: string,
  names: Names,
  options: EncryptOptions = {},
): Promise<string> {
  const content = contentAlgorithms[options.content ?? 'aes256-gcm']
  const transport = transportAlgorithms[options.transport ?? 'rsa-oaep-mgf1p']
  const plain = options.plaintext?.(text) ?? text
  const octets = typeof plain === 'string' ? encoder.encode(plain) : plain
  const key = options.contentKey ?? crypto.getRandomValues(new Uint8Array(content.bytes))
  const ciphertext = await encryptContent(octets.slice(), key, options)
  const publicKey = await importPublicKey(
    options.key ?? 'E',
    { name: 'RSA-OAEP', hash: transport.hash },
    'encrypt',
  )
  const wrapped = new Uint8Array(await crypto.subtle.encrypt('RSA-OAEP', publicKey, key))

  const value = (bytes: Uint8Array) =>
    `<xenc:CipherData><xenc:CipherValue>${bytesToBase64(bytes)}</xenc:CipherValue></xenc:CipherData>`
  const recipient = options.recipient === undefined ? '' : ` Recipient="${options.recipient}"`
  const beside = options.keyPlace === 'beside'
  const encryptedKey = `<xenc:EncryptedKey${declare('xenc', ns.xenc)}${beside ? ' Id="_ek"' : ''}${recipient}><xenc:EncryptionMethod Algorithm="${options.transportUri ?? transport.uri}">${options.transportContent ?? transport.content}</xenc:EncryptionMethod>${value(options.wrapped?.(wrapped) ?? wrapped)}</xenc:EncryptedKey>`
  const retrieval = `<RetrievalMethod Type="http://www.w3.org/2001/04/xmlenc#EncryptedKey" URI="#_ek"/>`
  const type =
    options.type === undefined ? 'http://www.w3.org/2001/04/xmlenc#Element' : options.type
  const outer = qualified(names.assertion, 'EncryptedAssertion')
  const encrypted = `<${outer}${declare(names.assertion, ns.assertion)}><xenc:EncryptedData${declare('xenc', ns.xenc)}${type === null ? '' : ` Type="${type}"`}><xenc:EncryptionMethod Algorithm="${options.contentUri ?? content.uri}"/><KeyInfo xmlns="${ns.dsig}">${options.keyInfoExtra ?? ''}${beside ? retrieval : encryptedKey}</KeyInfo>${value(options.cipher?.(ciphertext) ?? ciphertext)}</xenc:EncryptedData>${beside ? encryptedKey : ''}${options.extraXml ?? ''}</${outer}>`
  return options.mutate?.(encrypted) ?? encrypted
}
