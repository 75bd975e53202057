const xmlenc = 'http://www.w3.org/2001/04/xmlenc#'
const xmlenc11 = 'http://www.w3.org/2009/xmlenc11#'

/** How content is encrypted: AES in a mode, with a key of this length. */
export type ContentAlgorithm = {
  readonly uri: string
  readonly mode: 'AES-GCM' | 'AES-CBC'
  readonly keyLength: number
  readonly ivLength: number
}

/** How content keys travel: RSA-OAEP, whose digest and mask WebCrypto binds to one hash. */
export type TransportHash = 'SHA-1' | 'SHA-256'

export type TransportAlgorithm = {
  readonly uri: string
  /** Whether the document may name the hash of the mask; otherwise it is SHA-1. */
  readonly namesMask: boolean
}

function byUri<T extends { readonly uri: string }>(...rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row.uri, row]))
}

const gcm = (uri: string, keyLength: number): ContentAlgorithm => ({
  uri: xmlenc11 + uri,
  mode: 'AES-GCM',
  keyLength,
  ivLength: 12,
})

const cbc = (uri: string, keyLength: number): ContentAlgorithm => ({
  uri: xmlenc + uri,
  mode: 'AES-CBC',
  keyLength,
  ivLength: 16,
})

/** A missing row is the refusal: 3DES and everything unknown have none. */
export const contentAlgorithms = byUri<ContentAlgorithm>(
  gcm('aes128-gcm', 16),
  gcm('aes256-gcm', 32),
  cbc('aes128-cbc', 16),
  cbc('aes256-cbc', 32),
)

/** RSA 1.5 has no row: its padding answers questions about other people's messages (Bleichenbacher). */
export const transportAlgorithms = byUri<TransportAlgorithm>(
  { uri: `${xmlenc}rsa-oaep-mgf1p`, namesMask: false },
  { uri: `${xmlenc11}rsa-oaep`, namesMask: true },
)

export const digestHashes: ReadonlyMap<string, TransportHash> = new Map([
  ['http://www.w3.org/2000/09/xmldsig#sha1', 'SHA-1'],
  [`${xmlenc}sha256`, 'SHA-256'],
])

export const maskHashes: ReadonlyMap<string, TransportHash> = new Map([
  [`${xmlenc11}mgf1sha1`, 'SHA-1'],
  [`${xmlenc11}mgf1sha256`, 'SHA-256'],
])

export const namespaces = {
  xmlenc,
  xmlenc11,
  dsig: 'http://www.w3.org/2000/09/xmldsig#',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
} as const

export const elementType = `${xmlenc}Element`
