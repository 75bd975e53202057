import { type Bytes, concatBytes, utf8 } from '../kernel/index.ts'
import { derTag } from './der.ts'

/** One DER value around its content (X.690 section 10). */
export function writeDer(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const body = concatBytes(...content)
  const size: number[] = []
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256)
  const length = body.length < 0x80 ? [body.length] : [0x80 + size.length, ...size]
  return concatBytes(Uint8Array.of(tag, ...length), body)
}

export function writeSequence(...parts: readonly Uint8Array[]): Bytes {
  return writeDer(derTag.sequence, ...parts)
}

/** BIT STRING without unused bits. */
export function writeBits(bytes: Uint8Array): Bytes {
  return writeDer(derTag.bitString, Uint8Array.of(0), bytes)
}

/** Time as RFC 5280 4.1.2.5 wants it: UTCTime through 2049, GeneralizedTime after; whole seconds. */
export function writeTime(ms: number): Bytes {
  const digits = new Date(ms).toISOString().replace(/\.\d+|[-:T]/g, '')
  return digits < '2050'
    ? writeDer(derTag.utcTime, utf8(digits.slice(2)))
    : writeDer(derTag.generalizedTime, utf8(digits))
}
