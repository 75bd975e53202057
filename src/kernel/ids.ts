import { base32Encode } from './bytes.ts'

/** Prefixes of the ids in the public surface; an id of one kind is never accepted as another. */
export type IdPrefix =
  | 'org'
  | 'con'
  | 'crt'
  | 'key'
  | 'usr'
  | 'grp'
  | 'ses'
  | 'evt'
  | 'tok'
  | 'cli'
  | 'sec'
  | 'rec'
  | 'run'
  | 'drf'
  | 'req'
  | 'lnk'
  | 'cse'
  | 'tst'

/** A source of unpredictable bytes, passed in so that tests can be exact. */
export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>

/** Unpredictable bytes of the platform (WebCrypto). */
export const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length))

/** A new id: the prefix and 130 random bits in lower-case base32. */
export function newId(prefix: IdPrefix, random: RandomBytes = systemRandom): string {
  return `${prefix}_${base32Encode(random(17)).slice(0, 26)}`
}

/** A new id that sorts by time (events): 48 bits of milliseconds, then 80 random bits. */
export function newTimedId(
  prefix: IdPrefix,
  nowMs: number,
  random: RandomBytes = systemRandom,
): string {
  const bytes = new Uint8Array(16)
  let rest = Math.floor(nowMs)
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  bytes.set(random(10), 6)
  return `${prefix}_${base32Encode(bytes)}`
}

/** The least id that can be made at a moment: ids of that moment and later ones stand behind it. */
export function timedIdFrom(prefix: IdPrefix, atMs: number): string {
  return newTimedId(prefix, Math.max(0, atMs), (length) => new Uint8Array(length))
}

/** Whether a text has the form of an id of this kind; says nothing about existence. */
export function isId(prefix: IdPrefix, text: string): boolean {
  return (
    text.length === prefix.length + 27 &&
    text.startsWith(`${prefix}_`) &&
    /^[0-9a-hjkmnp-tv-z]+$/.test(text.slice(prefix.length + 1))
  )
}
