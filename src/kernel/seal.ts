import { type Bytes, base64UrlDecode, base64UrlEncode, hexEncode, utf8 } from './bytes.ts'
import { type RandomBytes, systemRandom } from './ids.ts'

/** A named 256-bit master key; every purpose gets a key of its own derived from it. */
export type MasterKey = { readonly kid: string; readonly key: Bytes }

/** Master keys, the first of which writes; the others only read until nothing needs them any more. */
export type KeyRing = readonly [MasterKey, ...MasterKey[]]

/** Where a sealed value lives: bound to it, so a value moved to another row or tenant does not open. */
export type SealedPlace = {
  readonly table: string
  readonly column: string
  readonly organization: string
  readonly row: string
}

/** Derived once per isolate: a master key never changes under its kid. */
const derived = new WeakMap<MasterKey, Map<string, Promise<Bytes>>>()

/**
 * A key derived from a master key for one purpose (HKDF, RFC 5869), so that no two uses share a key.
 * @returns 32 octets
 */
export function derivedKeyOctets(master: MasterKey, purpose: string): Promise<Bytes> {
  const ofMaster = derived.get(master) ?? new Map<string, Promise<Bytes>>()
  const octets = ofMaster.get(purpose) ?? derive(master, purpose)
  derived.set(master, ofMaster.set(purpose, octets))
  return octets
}

async function derive(master: MasterKey, purpose: string): Promise<Bytes> {
  const base = await crypto.subtle.importKey('raw', master.key, 'HKDF', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8(`portico ${purpose}`) },
    base,
    256,
  )
  return new Uint8Array(bits)
}

async function sealingKey(master: MasterKey): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', await derivedKeyOctets(master, 'seal'), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
}

function placeOctets(place: SealedPlace): Bytes {
  return utf8(JSON.stringify([place.table, place.column, place.organization, place.row]))
}

/**
 * Encrypts a secret for the database with the ring's first key (AES-256-GCM).
 * @returns `kid.iv.ciphertext`, the latter two in base64url
 */
export async function seal(
  ring: KeyRing,
  place: SealedPlace,
  input: { readonly secret: Bytes; readonly random?: RandomBytes },
): Promise<string> {
  const [master] = ring
  const iv = (input.random ?? systemRandom)(12)
  const ciphertext = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: placeOctets(place) },
    await sealingKey(master),
    input.secret,
  )
  return `${master.kid}.${base64UrlEncode(iv)}.${base64UrlEncode(new Uint8Array(ciphertext))}`
}

/** Opens what `seal` wrote for this place; null when the key is gone, or the value was moved or altered. */
export async function unseal(
  ring: KeyRing,
  place: SealedPlace,
  sealed: string,
): Promise<Bytes | null> {
  const [kid, ivText, text] = sealed.split('.')
  const master = ring.find((key) => key.kid === kid)
  const iv = ivText === undefined ? null : base64UrlDecode(ivText)
  const ciphertext = text === undefined ? null : base64UrlDecode(text)
  if (master === undefined || iv === null || ciphertext === null) return null
  try {
    const secret = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData: placeOctets(place) },
      await sealingKey(master),
      ciphertext,
    )
    return new Uint8Array(secret)
  } catch {
    return null // OperationError: the tag does not match, which is the answer, not an accident
  }
}

/**
 * Keyed digests of a text under every key of the ring, the writing one first: how a name is remembered
 * without being kept (tombstones).
 */
export async function keyedDigests(
  ring: KeyRing,
  purpose: string,
  text: string,
): Promise<readonly string[]> {
  return Promise.all(
    ring.map(async (master) => {
      const octets = await derivedKeyOctets(master, purpose)
      const key = await crypto.subtle.importKey(
        'raw',
        octets,
        { name: 'HMAC', hash: 'SHA-256' },
        false,
        ['sign'],
      )
      const mac = await crypto.subtle.sign('HMAC', key, utf8(text))
      return `${master.kid}:${hexEncode(new Uint8Array(mac))}`
    }),
  )
}

/** Reads `kid:base64,kid:base64` as it stands in ENCRYPTION_KEYS; null when a part is not of that form. */
export function parseKeyRing(
  text: string,
  decode: (base64: string) => Bytes | null,
): KeyRing | null {
  const keys: MasterKey[] = []
  for (const part of text.split(',')) {
    const colon = part.indexOf(':')
    const kid = part.slice(0, colon).trim()
    const key = decode(part.slice(colon + 1).trim())
    if (colon < 1 || !/^[A-Za-z0-9_-]{1,32}$/.test(kid) || key === null || key.length !== 32)
      return null
    if (keys.some((known) => known.kid === kid)) return null
    keys.push({ kid, key })
  }
  const [first, ...rest] = keys
  return first === undefined ? null : [first, ...rest]
}
