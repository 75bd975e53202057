import type { Bytes } from '../kernel/index.ts'

/** One DER value: `bytes` with its header, `content` without. Both are views, not copies. */
export type Der = { readonly tag: number; readonly bytes: Bytes; readonly content: Bytes }

export const derTag = {
  integer: 0x02,
  bitString: 0x03,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
} as const

/**
 * Reads the DER value at the start of the bytes (X.690 section 10): definite and shortest length, a tag of
 * one byte. What follows it is not looked at.
 * @returns null when it is malformed or cut off
 */
export function readDer(bytes: Bytes): Der | null {
  const [tag = 0, first] = bytes
  if (first === undefined || (tag & 0x1f) === 0x1f) return null
  let length = first
  let header = 2
  if (first >= 0x80) {
    const count = first - 0x80
    if (count > 3) return null // 16 MiB and more
    length = 0
    for (let i = 0; i < count; i++) {
      const byte = bytes[header++]
      if (byte === undefined) return null
      length = length * 256 + byte
    }
    // Not the shortest form, or indefinite, which names no length at all.
    if (length < 0x80 || length < 256 ** (count - 1)) return null
  }
  const end = header + length
  if (end > bytes.length) return null
  return { tag, bytes: bytes.subarray(0, end), content: bytes.subarray(header, end) }
}

/** The values inside a constructed value of this tag, which they must fill exactly; null otherwise. */
export function readDerChildren(der: Der | null | undefined, tag: number): readonly Der[] | null {
  if (der?.tag !== tag) return null
  const children: Der[] = []
  let rest = der.content
  while (rest.length > 0) {
    const child = readDer(rest)
    if (child === null) return null
    children.push(child)
    rest = rest.subarray(child.bytes.length)
  }
  return children
}

/** The magnitude of an INTEGER that is positive and in its shortest form; null otherwise. */
export function readDerPositive(der: Der | undefined): Bytes | null {
  if (der?.tag !== derTag.integer) return null
  const [first, second] = der.content
  if (first === undefined || first >= 0x80) return null
  if (first !== 0) return der.content
  return second === undefined || second < 0x80 ? null : der.content.subarray(1)
}

/** The octets of a BIT STRING without unused bits; null otherwise. */
export function readDerBits(der: Der | undefined): Bytes | null {
  if (der?.tag !== derTag.bitString || der.content[0] !== 0) return null
  return der.content.subarray(1)
}
