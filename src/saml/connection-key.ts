import { base64Encode, type KeyRing, newId, type RandomBytes, seal } from '../kernel/index.ts'
import { createSigningKeyPair } from '../xmldsig/index.ts'
import type { ConnectionKeyRow } from './connection-store.ts'
import type { ConnectionKey } from './connection-write-store.ts'
import { connectionKeyPlace } from './open-connection.ts'

/** Providers compare our certificate byte by byte and look at no date, but an expired one worries people. */
const validityMs = 10 * 365 * 24 * 60 * 60 * 1000
/** Clocks of others may be behind. */
const backdateMs = 24 * 60 * 60 * 1000

export type ConnectionKeyRequest = {
  readonly key: ConnectionKey
  readonly purpose: ConnectionKeyRow['purpose']
  readonly state: ConnectionKeyRow['state']
  readonly ring: KeyRing
  readonly random: RandomBytes
  readonly nowMs: number
}

/** Makes a key pair of Portico's own for a connection; its private half is sealed before it leaves here. */
export async function createConnectionKey(
  request: ConnectionKeyRequest,
): Promise<ConnectionKeyRow> {
  const { key, purpose, state, ring, random, nowMs } = request
  const id = newId('key', random)
  const pair = await createSigningKeyPair({
    commonName: `Portico ${purpose} ${key.connectionId}`,
    notBeforeMs: nowMs - backdateMs,
    notAfterMs: nowMs + validityMs,
    random,
  })
  const place = connectionKeyPlace({ id, organizationId: key.organizationId })
  return {
    id,
    ...key,
    purpose,
    state,
    certificate: base64Encode(pair.certificateDer),
    privateKeySealed: await seal(ring, place, { secret: pair.privateKeyPkcs8, random }),
    createdAt: nowMs,
  }
}
