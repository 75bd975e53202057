import type { Bytes } from '../kernel/index.ts'
import type { TransportHash } from './algorithms.ts'

/** A private key that can unwrap content keys and do nothing else. */
class DecryptKey {
  readonly #keys: Readonly<Record<TransportHash, CryptoKey>>

  constructor(keys: Readonly<Record<TransportHash, CryptoKey>>) {
    this.#keys = keys
  }

  /**
   * RSA-OAEP, once.
   * @returns the content key's bytes, or null when this key does not open it
   */
  async unwrap(hash: TransportHash, wrapped: Bytes): Promise<Bytes | null> {
    const key = this.#keys[hash]
    // As long as the modulus (RFC 8017, 7.1.2): some libraries take one without its leading zeros.
    const { modulusLength } = key.algorithm as { readonly modulusLength?: number }
    if (wrapped.length * 8 !== modulusLength) return null
    try {
      return new Uint8Array(await crypto.subtle.decrypt({ name: 'RSA-OAEP' }, key, wrapped))
    } catch (error) {
      if (error instanceof DOMException) return null // OperationError, for every reason alike
      throw error
    }
  }
}

export type { DecryptKey }

/** Opens a stored RSA private key for decryption only; throws when the bytes are none, which is a bug. */
export async function importDecryptKey(privateKeyPkcs8: Bytes): Promise<DecryptKey> {
  const load = (hash: TransportHash) =>
    crypto.subtle.importKey('pkcs8', privateKeyPkcs8, { name: 'RSA-OAEP', hash }, false, [
      'decrypt',
    ])
  return new DecryptKey({ 'SHA-1': await load('SHA-1'), 'SHA-256': await load('SHA-256') })
}
