import { type Bytes, utf8 } from './base64.ts'

/** Joins octets. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

/** One DER value: tag, definite length in its shortest form (X.690 section 10.1), content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const body = concat(...content)
  return concat(Uint8Array.of(tag), length(body.length), body)
}

function length(value: number): Bytes {
  if (value < 0x80) return Uint8Array.of(value)
  const octets: number[] = []
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return Uint8Array.of(0x80 | octets.length, ...octets)
}

export const sequence = (...items: readonly Uint8Array[]): Bytes => der(0x30, ...items)
export const set = (...items: readonly Uint8Array[]): Bytes => der(0x31, ...items)
export const nothing = (): Bytes => der(0x05)
export const printable = (text: string): Bytes => der(0x13, utf8(text))

/** A context-specific constructed value: `[n] EXPLICIT`. */
export const explicit = (n: number, item: Uint8Array): Bytes => der(0xa0 | n, item)

/** A bit string without unused bits. */
export const bitString = (bytes: Uint8Array): Bytes => der(0x03, Uint8Array.of(0), bytes)

/** A positive integer from its octets: leading zeros dropped, one kept where the first bit is set. */
export function integer(bytes: Uint8Array): Bytes {
  const firstSet = bytes.findIndex((byte) => byte !== 0)
  const shortest = firstSet < 0 ? Uint8Array.of(0) : bytes.slice(firstSet)
  const isNegative = (shortest[0] ?? 0) >= 0x80
  return der(0x02, isNegative ? concat(Uint8Array.of(0), shortest) : shortest)
}

/** An object identifier from its dotted form. */
export function oid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left % 128) | 0x80)
    }
    return groups
  })
  return der(0x06, Uint8Array.from(octets))
}

/** A moment as RFC 5280 section 4.1.2.5 has it: UTCTime through 2049, GeneralizedTime from 2050. */
export function time(ms: number): Bytes {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d{3}/g, '')
  return new Date(ms).getUTCFullYear() < 2050
    ? der(0x17, utf8(digits.slice(2)))
    : der(0x18, utf8(digits))
}
