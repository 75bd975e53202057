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
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const base64Values = new Int8Array(128).fill(-1)
for (let i = 0; i < 64; i++) base64Values[base64Alphabet.charCodeAt(i)] = i

/** The 24 bits of four base64 digits that stand together, or something negative. */
function quantum(text: string, at: number): number {
  if (at + 4 > text.length) return -1
  const a = text.charCodeAt(at)
  const b = text.charCodeAt(at + 1)
  const c = text.charCodeAt(at + 2)
  const d = text.charCodeAt(at + 3)
  if ((a | b | c | d) > 127) return -1
  return (
    ((base64Values[a] ?? -1) << 18) |
    ((base64Values[b] ?? -1) << 12) |
    ((base64Values[c] ?? -1) << 6) |
    (base64Values[d] ?? -1)
  )
}

/**
 * Standard base64 (RFC 4648 section 4), strictly: padding required, trailing bits zero, only the given
 * white space skipped. `atob` accepts several spellings of the same bytes, which lets one message wear
 * two faces (saml-security T04).
 * @param skip characters that may stand anywhere; none unless told
 * @returns the bytes, or null when the text is not exactly base64
 */
export function base64Decode(text: string, skip = ''): Bytes | null {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4) + 3)
  let length = 0
  let buffer = 0
  let bits = 0
  let digits = 0
  let padding = 0
  for (let i = 0; i < text.length; i++) {
    if (bits === 0 && padding === 0) {
      // Four digits at a time while nothing else stands between them: three times as fast.
      for (let four = quantum(text, i); four >= 0; four = quantum(text, i)) {
        out[length++] = four >> 16
        out[length++] = four >> 8
        out[length++] = four
        digits += 4
        i += 4
      }
      if (i >= text.length) break
    }
    const code = text.charCodeAt(i)
    const value = code < 128 ? (base64Values[code] ?? -1) : -1
    if (value >= 0) {
      if (padding > 0) return null
      digits++
      buffer = ((buffer << 6) | value) & 0xffffff
      bits += 6
      if (bits >= 8) {
        bits -= 8
        out[length++] = (buffer >> bits) & 0xff
      }
    } else if (code === 0x3d) {
      padding++
    } else if (skip === '' || !skip.includes(text.charAt(i))) {
      return null
    }
  }
  if (padding > 2 || (digits + padding) % 4 !== 0) return null
  if (bits > 0 && (buffer & ((1 << bits) - 1)) !== 0) return null
  return out.slice(0, length)
}

/** Standard base64 with padding. */
export function base64Encode(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const a = bytes[i] ?? 0
    const b = bytes[i + 1] ?? 0
    const c = bytes[i + 2] ?? 0
    const left = bytes.length - i
    text += base64Alphabet.charAt(a >> 2) + base64Alphabet.charAt(((a & 3) << 4) | (b >> 4))
    text += left > 1 ? base64Alphabet.charAt(((b & 15) << 2) | (c >> 6)) : '='
    text += left > 2 ? base64Alphabet.charAt(c & 63) : '='
  }
  return text
}

/** base64url without padding (RFC 4648 section 5). */
export function base64UrlEncode(bytes: Uint8Array): string {
  return base64Encode(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** base64url without padding, strictly; null when the text is anything else. */
export function base64UrlDecode(text: string): Bytes | null {
  if (/[^A-Za-z0-9_-]/.test(text)) return null
  const standard = text.replaceAll('-', '+').replaceAll('_', '/')
  return base64Decode(standard + '='.repeat((4 - (standard.length % 4)) % 4))
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
