import { type Bytes, err, ok, type Result } from '../kernel/index.ts'
import { type Hash, type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import type { Certificate } from './certificate.ts'
import type { DsigFailure } from './errors.ts'
import type { KeyKind } from './public-key.ts'

/**
 * A pinned public key that can verify and do nothing else. Its kind was decided by the certificate, so a
 * document that names an HMAC, or another family or curve, meets no key at all.
 */
class VerifyKey {
  /** SHA-256 fingerprint of the certificate, lower-case hexadecimal. */
  readonly id: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly kind: KeyKind
  readonly #spki: Bytes
  /** WebCrypto binds an RSA key to one hash, so there is one per hash in use. */
  readonly #imported = new Map<Hash, CryptoKey>()

  constructor(certificate: Certificate) {
    this.id = certificate.sha256
    this.notBeforeMs = certificate.notBeforeMs
    this.notAfterMs = certificate.notAfterMs
    this.kind = certificate.key
    this.#spki = certificate.spki
  }

  /** Whether this key is of the algorithm's family and, for EC, on its curve. */
  accepts(algorithm: SignatureAlgorithm): boolean {
    return this.kind.family === 'rsa'
      ? algorithm.family === 'rsa'
      : algorithm.curve === this.kind.curve
  }

  /** Makes the CryptoKey for one algorithm; throws what WebCrypto throws when the key is no key. */
  async #load(algorithm: SignatureAlgorithm): Promise<CryptoKey> {
    const { importParams, hash } = algorithm
    const key = await crypto.subtle.importKey('spki', this.#spki, importParams, false, ['verify'])
    this.#imported.set(hash, key)
    return key
  }

  /** Whether the signature over the octets is this key's. */
  async verify(algorithm: SignatureAlgorithm, signature: Bytes, octets: Bytes): Promise<boolean> {
    const key = this.#imported.get(algorithm.hash) ?? (await this.#load(algorithm))
    return crypto.subtle.verify(algorithm.verifyParams, key, signature, octets)
  }

  /** See `importVerifyKey`. */
  static async import(certificate: Certificate): Promise<Result<VerifyKey, DsigFailure>> {
    const key = new VerifyKey(certificate)
    try {
      for (const algorithm of signatureAlgorithms.values()) {
        if (!key.accepts(algorithm)) continue
        await key.#load(algorithm)
        return ok(key)
      }
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
    }
    return err({ code: 'xmldsig.bad_certificate', reason: 'key_refused' })
  }
}

export type { VerifyKey }

/**
 * Makes a pinned certificate's key ready to verify, non-extractable and for nothing else. Dates are kept
 * for the caller to judge: they matter when a message is accepted, not when a key is loaded.
 * @returns the key, or `xmldsig.bad_certificate` when its numbers are not a key (a point off the curve)
 */
export function importVerifyKey(certificate: Certificate): Promise<Result<VerifyKey, DsigFailure>> {
  return VerifyKey.import(certificate)
}
