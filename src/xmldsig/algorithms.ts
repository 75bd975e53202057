export type Hash = 'SHA-256' | 'SHA-384' | 'SHA-512'
export type Curve = 'P-256' | 'P-384' | 'P-521'

/** One signature algorithm, resolved: nothing behind the table looks at an identifier again. */
export type SignatureAlgorithm = {
  readonly uri: string
  readonly hash: Hash
  readonly family: 'rsa' | 'ec'
  /** The only curve that goes with this algorithm; null for RSA. */
  readonly curve: Curve | null
  readonly importParams: SubtleCryptoImportKeyAlgorithm
  readonly verifyParams: SubtleCryptoSignAlgorithm
}

export type DigestAlgorithm = {
  readonly uri: string
  readonly hash: Hash
  readonly byteLength: number
}

const dsigMore = 'http://www.w3.org/2001/04/xmldsig-more#'
const xmlenc = 'http://www.w3.org/2001/04/xmlenc#'

function rsa(name: string, hash: Hash): SignatureAlgorithm {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash }
  return {
    uri: dsigMore + name,
    hash,
    family: 'rsa',
    curve: null,
    importParams: algorithm,
    verifyParams: algorithm,
  }
}

function ecdsa(name: string, hash: Hash, curve: Curve): SignatureAlgorithm {
  return {
    uri: dsigMore + name,
    hash,
    family: 'ec',
    curve,
    importParams: { name: 'ECDSA', namedCurve: curve },
    verifyParams: { name: 'ECDSA', hash },
  }
}

function byUri<T extends { readonly uri: string }>(...rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row.uri, row]))
}

/**
 * The signatures that are accepted. A missing row is the refusal: SHA-1 (WebCrypto itself would verify
 * it), MD5, HMAC, DSA and PSS have none. XML Signature lets any hash meet any curve; here each curve has
 * the one hash of its strength (as JWA's ES256, ES384 and ES512), so that a document cannot choose a
 * weaker one for a pinned key.
 */
export const signatureAlgorithms = byUri<SignatureAlgorithm>(
  rsa('rsa-sha256', 'SHA-256'),
  rsa('rsa-sha384', 'SHA-384'),
  rsa('rsa-sha512', 'SHA-512'),
  ecdsa('ecdsa-sha256', 'SHA-256', 'P-256'),
  ecdsa('ecdsa-sha384', 'SHA-384', 'P-384'),
  ecdsa('ecdsa-sha512', 'SHA-512', 'P-521'),
)

export const digestAlgorithms = byUri<DigestAlgorithm>(
  { uri: `${xmlenc}sha256`, hash: 'SHA-256', byteLength: 32 },
  { uri: `${dsigMore}sha384`, hash: 'SHA-384', byteLength: 48 },
  { uri: `${xmlenc}sha512`, hash: 'SHA-512', byteLength: 64 },
)

/** What we sign with ourselves; also the `SigAlg` of the Redirect binding. */
export const rsaSha256 = `${dsigMore}rsa-sha256`
export const sha256Digest = `${xmlenc}sha256`
