const encoder = new TextEncoder()
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export type Bytes = Uint8Array<ArrayBuffer>

/** Text as UTF-8 octets. */
export function utf8(text: string): Bytes {
  return encoder.encode(text) as Bytes // TypeScript's library types the buffer too widely
}

/** UTF-8 octets as text, or null when they are not UTF-8; a byte order mark is kept as a character. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strictDecoder.decode(bytes)
  } catch {
    return null // fatal mode throws TypeError for every malformed sequence and for nothing else
  }
}

/** Lower-case hexadecimal. */
export function hexEncode(bytes: Uint8Array): string {
  return bytes.toHex()
}

/**
 * Standard base64 (RFC 4648 section 4), strictly: padding required, trailing bits zero, only the given
 * white space skipped. `atob` accepts several spellings of the same bytes, which lets one message wear
 * two faces (saml-security T04).
 * @param skip characters that may stand anywhere; none unless told
 * @returns the bytes, or null when the text is not exactly base64
 */
export function base64Decode(text: string, skip = ''): Bytes | null {
  const bytes = decodeStrictly(text, 'base64')
  if (bytes === null) return null
  // The platform skips white space wherever it stands: what is longer than the digits has some.
  const surplus = text.length - 4 * Math.ceil(bytes.length / 3)
  return surplus === 0 || surplus === countOf(skip, text) ? bytes : null
}

/** How many characters of the text are among these. */
function countOf(characters: string, text: string): number {
  let count = 0
  for (const character of characters) count += text.split(character).length - 1
  return count
}

function decodeStrictly(text: string, alphabet: 'base64' | 'base64url'): Bytes | null {
  try {
    return Uint8Array.fromBase64(text, { alphabet, lastChunkHandling: 'strict' })
  } catch {
    return null // SyntaxError, which means malformed and nothing else
  }
}

/** Standard base64 with padding. */
export function base64Encode(bytes: Uint8Array): string {
  return bytes.toBase64()
}

/** base64url without padding (RFC 4648 section 5). */
export function base64UrlEncode(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true })
}

/** base64url without padding, strictly; null when the text is anything else. */
export function base64UrlDecode(text: string): Bytes | null {
  if (/[^A-Za-z0-9_-]/.test(text)) return null
  return decodeStrictly(text + '='.repeat((4 - (text.length % 4)) % 4), 'base64url')
}

const base32Alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** Crockford base32 in lower case: no letters that read alike, sorts as the bytes do. */
export function base32Encode(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += base32Alphabet.charAt((buffer >> bits) & 31)
    }
  }
  return bits > 0 ? text + base32Alphabet.charAt((buffer << (5 - bits)) & 31) : text
}

/** The octets one after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

/** Whether two octet strings are equal, in a time that depends on their length only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}
