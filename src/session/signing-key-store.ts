import { and, desc, gt, isNull, lt, or } from 'drizzle-orm'
import { exportJWK, exportPKCS8, generateKeyPair, importPKCS8 } from 'jose'
import { type Database, type SealedTable, type Statement, tables } from '../db/index.ts'
import {
  type Bytes,
  decodeUtf8,
  type KeyRing,
  newId,
  type SealedPlace,
  seal,
  unseal,
  utf8,
} from '../kernel/index.ts'

const { signingKeys } = tables

/** A new key signs only after its public half could reach caches of the JWKS. */
const settleMs = 60 * 60 * 1000
/** Age at which housekeeping makes the next key. */
export const rotateMs = 30 * 24 * 60 * 60 * 1000
/** How long a replaced key stays published: far longer than any token lives. */
export const publishMs = 24 * 60 * 60 * 1000

export type StoredSigningKey = typeof signingKeys.$inferSelect
export type SigningKey = { readonly kid: string; readonly key: CryptoKey }

function place(kid: string): SealedPlace {
  return { table: 'signing_keys', column: 'private_key_sealed', organization: '', row: kid }
}

/** The private halves, for housekeeping to encrypt anew. */
export const sealedSigningKeys: SealedTable = {
  table: signingKeys,
  id: signingKeys.kid,
  sealed: signingKeys.privateKeySealed,
  organization: null,
  place: ({ id }) => place(id),
}

/** Makes an ES256 key pair, the private half sealed. */
export async function createSigningKey(ring: KeyRing, nowMs: number): Promise<StoredSigningKey> {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const kid = newId('key')
  const { kty, crv, x, y } = await exportJWK(pair.publicKey)
  const publicJwk = {
    kty: kty ?? '',
    crv: crv ?? '',
    x: x ?? '',
    y: y ?? '',
    alg: 'ES256',
    use: 'sig',
    kid,
  }
  const secret = utf8(await exportPKCS8(pair.privateKey))
  const privateKeySealed = await seal(ring, place(kid), { secret })
  return { kid, publicJwk, privateKeySealed, createdAt: nowMs, retireAt: null }
}

/** Published keys, newest first. */
export function signingKeysQuery(db: Database, nowMs: number) {
  return db
    .select()
    .from(signingKeys)
    .where(or(isNull(signingKeys.retireAt), gt(signingKeys.retireAt, nowMs)))
    .orderBy(desc(signingKeys.createdAt))
    .limit(10)
}

/** Stores a key. */
export function insertSigningKey(db: Database, key: StoredSigningKey): Statement {
  return db.insert(signingKeys).values(key)
}

/** Sets an end for all keys made before now. */
export function retireOlderKeys(
  db: Database,
  { nowMs, retireAtMs }: { nowMs: number; retireAtMs: number },
): Statement {
  return db
    .update(signingKeys)
    .set({ retireAt: retireAtMs })
    .where(and(lt(signingKeys.createdAt, nowMs), isNull(signingKeys.retireAt)))
}

/** The key that signs now: the newest that caches can know, or the oldest there is. */
export function currentSigningKey(
  keys: readonly StoredSigningKey[],
  nowMs: number,
): StoredSigningKey | null {
  return keys.find((key) => key.createdAt <= nowMs - settleMs) ?? keys.at(-1) ?? null
}

/** Opens a key's private half; null when its encryption key is gone. */
export async function openSigningKey(
  ring: KeyRing,
  stored: StoredSigningKey,
): Promise<SigningKey | null> {
  const secret: Bytes | null = await unseal(ring, place(stored.kid), stored.privateKeySealed)
  const pem = secret === null ? null : decodeUtf8(secret)
  return pem === null ? null : { kid: stored.kid, key: await importPKCS8(pem, 'ES256') }
}
