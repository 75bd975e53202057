import { foldCase, type KeyRing, keyedDigests } from '../kernel/index.ts'
import type { Provisioner } from './provisioning.ts'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * The identity key that a SCIM statement names: a GUID in `externalId` is an object id of the tenant whose
 * connection the credential belongs to (DESIGN 2.1, rule 1).
 * @returns null for what is no object id, such as the mailNickname that Entra maps by default, and for every
 *   credential of another provider
 */
export function statedIdentityKey(
  { entraTenantId }: Pick<Provisioner, 'entraTenantId'>,
  externalId: string | null,
): string | null {
  if (entraTenantId === null || externalId === null) return null
  const objectId = externalId.toLowerCase()
  return guid.test(objectId) ? `entra:${entraTenantId}:${objectId}` : null
}

/**
 * Keys under which somebody of the name who was not bound is remembered once erased, the newest first: as many
 * as the ring has keys, since older tombstones were made with older ones.
 */
export async function nameTombstones(ring: KeyRing, userName: string): Promise<readonly string[]> {
  const digests = await keyedDigests(ring, 'tombstone', foldCase(userName))
  return digests.map((digest) => `name:${digest}`)
}
