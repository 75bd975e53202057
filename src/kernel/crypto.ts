import { type Bytes, hexEncode, utf8 } from './bytes.ts'

/** SHA-256 of octets or of UTF-8 text. */
export async function sha256(data: Bytes | string): Promise<Bytes> {
  return new Uint8Array(
    await crypto.subtle.digest('SHA-256', typeof data === 'string' ? utf8(data) : data),
  )
}

/** SHA-256 in lower-case hexadecimal: how tokens are stored, and how certificates are named. */
export async function sha256Hex(data: Bytes | string): Promise<string> {
  return hexEncode(await sha256(data))
}
