import { type Bytes, concatBytes } from '../kernel/index.ts'
import type { ContentAlgorithm } from './algorithms.ts'

const blockLength = 16
const tagLength = 16

async function decryptGcm(key: CryptoKey, iv: Bytes, sealed: Bytes): Promise<Bytes | null> {
  const params = { name: 'AES-GCM', iv, tagLength: tagLength * 8 }
  return new Uint8Array(await crypto.subtle.decrypt(params, key, sealed))
}

/**
 * WebCrypto insists on PKCS#7 padding, XML Encryption pads with any bytes and a length. So one block is
 * added that decrypts to a whole block of PKCS#7 padding: encrypting nothing, chained to the last block,
 * makes it. What comes back is the content with its own padding, of which only the length counts.
 */
async function decryptCbc(key: CryptoKey, iv: Bytes, blocks: Bytes): Promise<Bytes | null> {
  const chained = { name: 'AES-CBC', iv: blocks.slice(-blockLength) }
  const extra = await crypto.subtle.encrypt(chained, key, new Uint8Array())
  const padded = new Uint8Array(
    await crypto.subtle.decrypt(
      { name: 'AES-CBC', iv },
      key,
      concatBytes(blocks, new Uint8Array(extra)),
    ),
  )
  const padding = padded[padded.length - 1] ?? 0
  if (padding < 1 || padding > blockLength) return null
  return padded.subarray(0, padded.length - padding)
}

/** Whether a ciphertext can be one: an IV, then whole blocks, or then at least a tag. */
export function isCiphertext({ mode, ivLength }: ContentAlgorithm, bytes: Bytes): boolean {
  const rest = bytes.length - ivLength
  return mode === 'AES-GCM' ? rest >= tagLength : rest >= blockLength && rest % blockLength === 0
}

/**
 * Decrypts content with its key (XML Encryption 5.2).
 * @returns the plaintext; null when tag or padding is wrong, without saying which
 */
export async function decryptContent(
  { mode, ivLength }: ContentAlgorithm,
  rawKey: Bytes,
  bytes: Bytes,
): Promise<Bytes | null> {
  const iv = bytes.subarray(0, ivLength)
  const rest = bytes.subarray(ivLength)
  const usages: ('encrypt' | 'decrypt')[] =
    mode === 'AES-GCM' ? ['decrypt'] : ['encrypt', 'decrypt']
  const key = await crypto.subtle.importKey('raw', rawKey, mode, false, usages)
  try {
    return await (mode === 'AES-GCM' ? decryptGcm(key, iv, rest) : decryptCbc(key, iv, rest))
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}
