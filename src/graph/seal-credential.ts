import {
  type Bytes,
  base64Decode,
  decodeUtf8,
  err,
  type KeyRing,
  ok,
  type RandomBytes,
  type Result,
  type SealedPlace,
  seal,
  unseal,
  utf8,
} from '../kernel/index.ts'
import type { GraphCredential, GraphProof } from './credential.ts'
import type { GraphCredentialRow, StoredGraphCredential } from './credential-store.ts'
import type { GraphFailure } from './errors.ts'

type Place = Pick<GraphCredentialRow, 'organizationId' | 'tenantId' | 'clientId'>

/**
 * Where a credential's secret is sealed for. Its row is named by tenant and client, not by the connection, which
 * changes when the first one is made; so a secret whose row was pointed at another tenant does not open either.
 */
export function graphSecretPlace({ organizationId, tenantId, clientId }: Place): SealedPlace {
  return {
    table: 'graph_credentials',
    column: 'secret_sealed',
    organization: organizationId,
    row: `${tenantId}/${clientId}`,
  }
}

/** Seals a secret, or a certificate's private key, for its row. */
export function sealGraphProof(
  ring: KeyRing,
  place: Place,
  { proof, random }: { readonly proof: GraphProof; readonly random: RandomBytes },
): Promise<string> {
  const secret = proof.kind === 'secret' ? utf8(proof.secret) : proof.privateKeyPkcs8
  return seal(ring, graphSecretPlace(place), { secret, random })
}

/**
 * Opens a stored credential for one use.
 * @returns `graph.key_lost` when its key is gone, or the row was altered or moved; `graph.other_tenant` when the
 * connection has been given to another tenant since, whose people these object ids are not
 */
export async function openGraphCredential(
  ring: KeyRing,
  row: StoredGraphCredential,
): Promise<Result<GraphCredential, GraphFailure>> {
  if (row.connectionTenantId !== null && row.connectionTenantId !== row.tenantId) {
    return err({ code: 'graph.other_tenant' })
  }
  const secret = await unseal(ring, graphSecretPlace(row), row.secretSealed)
  const proof = secret === null ? null : proofOf(row, secret)
  if (proof === null) return err({ code: 'graph.key_lost' })
  const { organizationId, connectionId, tenantId, clientId, version, updatedAt } = row
  const cacheKey = [organizationId, connectionId, tenantId, clientId, version, updatedAt].join(' ')
  return ok({ cacheKey, tenantId, clientId, proof })
}

function proofOf({ kind, certificate }: GraphCredentialRow, secret: Bytes): GraphProof | null {
  if (kind === 'secret') {
    const text = decodeUtf8(secret)
    return text === null ? null : { kind, secret: text }
  }
  const certificateDer = base64Decode(certificate ?? '')
  return certificateDer === null || certificateDer.length === 0
    ? null
    : { kind, certificateDer, privateKeyPkcs8: secret }
}
