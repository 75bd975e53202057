import { constants, createCipheriv, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto'

/** Encrypts as an identity provider does, with node:crypto; every piece can be replaced by a defect. */
export const xmlenc = 'http://www.w3.org/2001/04/xmlenc#'
export const xmlenc11 = 'http://www.w3.org/2009/xmlenc11#'
export const ds = 'http://www.w3.org/2000/09/xmldsig#'
const saml = 'urn:oasis:names:tc:SAML:2.0:assertion'

export const sha1 = `<ds:DigestMethod xmlns:ds="${ds}" Algorithm="${ds}sha1"/>`
export const sha256 = `<ds:DigestMethod xmlns:ds="${ds}" Algorithm="${xmlenc}sha256"/>`
export const mgf = (name: string) =>
  `<m:MGF xmlns:m="${xmlenc11}" Algorithm="${xmlenc11}mgf1${name}"/>`

export const contents = {
  'aes128-gcm': { uri: `${xmlenc11}aes128-gcm`, cipher: 'aes-128-gcm', keyLength: 16 },
  'aes256-gcm': { uri: `${xmlenc11}aes256-gcm`, cipher: 'aes-256-gcm', keyLength: 32 },
  'aes128-cbc': { uri: `${xmlenc}aes128-cbc`, cipher: 'aes-128-cbc', keyLength: 16 },
  'aes256-cbc': { uri: `${xmlenc}aes256-cbc`, cipher: 'aes-256-cbc', keyLength: 32 },
} as const

export type ContentName = keyof typeof contents

/** XML Encryption's own padding: bytes of any value, then how many there are. */
export function pad(plaintext: Buffer, fill: (length: number) => Buffer = randomBytes): Buffer {
  const length = 16 - (plaintext.length % 16)
  return Buffer.concat([plaintext, fill(length).subarray(0, length - 1), Buffer.from([length])])
}

function encryptContent(name: ContentName, key: Buffer, plaintext: Buffer, padded: Buffer): Buffer {
  const { cipher } = contents[name]
  if (name.endsWith('gcm')) {
    const iv = randomBytes(12)
    const gcm = createCipheriv(cipher as 'aes-128-gcm', key, iv)
    return Buffer.concat([iv, gcm.update(plaintext), gcm.final(), gcm.getAuthTag()])
  }
  const iv = randomBytes(16)
  const cbc = createCipheriv(cipher, key, iv).setAutoPadding(false)
  return Buffer.concat([iv, cbc.update(padded), cbc.final()])
}

export type Options = {
  content: ContentName
  contentUri: string
  contentMethod: string
  keyLength: number
  transportUri: string
  transportMethod: string
  padding: number
  oaepHash: string
  /** What CBC encrypts, from the plaintext. */
  pad: (plaintext: Buffer) => Buffer
  ciphertext: (ciphertext: Buffer) => Buffer
  cipherData: (value: string) => string
  dataAttributes: string
  keyAttributes: string
  keyInfoOfKey: string
  /** KeyInfo and what stands beside the EncryptedData, from the EncryptedKey. */
  place: (encryptedKey: string) => { keyInfo: string; siblings: string }
  wrapper: (inner: string) => string
}

export const insideKeyInfo: Options['place'] = (encryptedKey) => ({
  keyInfo: `<ds:KeyInfo xmlns:ds="${ds}">${encryptedKey}</ds:KeyInfo>`,
  siblings: '',
})

export const beside: Options['place'] = (encryptedKey) => ({
  keyInfo: '',
  siblings: encryptedKey,
})

const cipherValue = (value: string) => `<xenc:CipherValue>${value}</xenc:CipherValue>`
const cipherData = (value: string) => `<xenc:CipherData>${value}</xenc:CipherData>`

export const encryptedAssertion = (inner: string) =>
  `<EncryptedAssertion xmlns="${saml}" xmlns:xenc="${xmlenc}">${inner}</EncryptedAssertion>`

export function encrypt(
  plaintext: string | Buffer,
  publicKey: KeyObject,
  replaced: Partial<Options> = {},
): string {
  const content = replaced.content ?? 'aes256-gcm'
  const o: Options = {
    content,
    contentUri: contents[content].uri,
    contentMethod: '',
    keyLength: contents[content].keyLength,
    transportUri: `${xmlenc}rsa-oaep-mgf1p`,
    transportMethod: '',
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: 'sha1',
    pad,
    ciphertext: (bytes) => bytes,
    cipherData: (value) => cipherData(cipherValue(value)),
    dataAttributes: ` Type="${xmlenc}Element"`,
    keyAttributes: '',
    keyInfoOfKey: '',
    place: insideKeyInfo,
    wrapper: encryptedAssertion,
    ...replaced,
  }
  const key = randomBytes(contents[content].keyLength)
  const bytes = Buffer.from(plaintext)
  const sealed = o.ciphertext(encryptContent(content, key, bytes, o.pad(bytes)))
  const sent = o.keyLength === key.length ? key : randomBytes(o.keyLength)
  const { padding, oaepHash } = o
  const wrapped = publicEncrypt({ key: publicKey, padding, oaepHash }, sent).toString('base64')
  const encryptedKey =
    `<xenc:EncryptedKey${o.keyAttributes}>` +
    `<xenc:EncryptionMethod Algorithm="${o.transportUri}">${o.transportMethod}</xenc:EncryptionMethod>` +
    `${o.keyInfoOfKey}${cipherData(cipherValue(wrapped))}</xenc:EncryptedKey>`
  const { keyInfo, siblings } = o.place(encryptedKey)
  const data =
    `<xenc:EncryptedData${o.dataAttributes}>` +
    `<xenc:EncryptionMethod Algorithm="${o.contentUri}">${o.contentMethod}</xenc:EncryptionMethod>` +
    `${keyInfo}${o.cipherData(sealed.toString('base64'))}</xenc:EncryptedData>`
  return o.wrapper(data + siblings)
}
