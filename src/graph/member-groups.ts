import type { Database } from '../db/index.ts'
import type { KeyRing } from '../kernel/index.ts'
import { createGraphClient } from './client.ts'
import { loadGraphCredential } from './credential-store.ts'
import { openGraphCredential } from './seal-credential.ts'
import { createTokenCache, type TokenWorld } from './token.ts'

/** Somebody at a connection's tenant. */
export type MemberOf = {
  readonly organizationId: string
  readonly connectionId: string
  readonly objectId: string
}

/**
 * Makes what asks Graph for the groups of somebody whose sign-in could not carry them (`getMemberGroups`).
 * @returns a function that gives object ids, nested groups too, or null where they stay unknown: there is no
 *   credential for the tenant, or Graph does not answer with all of them
 * @see https://learn.microsoft.com/graph/api/directoryobject-getmembergroups
 */
export function createMemberGroups(
  world: Omit<TokenWorld, 'tokens'> & { readonly keyRing: KeyRing },
  open: () => Database,
): (who: MemberOf) => Promise<readonly string[] | null> {
  const tokens = createTokenCache()
  return async ({ objectId, ...key }) => {
    const row = await loadGraphCredential(open(), key)
    const credential = row === null ? null : await openGraphCredential(world.keyRing, row)
    if (credential === null || !credential.ok) return null
    const client = createGraphClient({ ...world, tokens }, credential.value)
    const groups = await client.memberGroups(objectId)
    return groups.ok ? groups.value : null
  }
}
