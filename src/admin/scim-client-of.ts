import type { Database } from '../db/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import { findScimClient, type ScimClientWithSecrets } from '../scim/index.ts'
import { organizationOf } from './organization-of.ts'
import { type Refusal, refuse } from './refusal.ts'

type ClientRequest = {
  readonly db: Database
  readonly params: { readonly org: string; readonly client: string }
}

/** The SCIM client that the path names; another organization's is not found. */
export async function scimClientOf(
  request: ClientRequest,
): Promise<Result<ScimClientWithSecrets, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const key = { organizationId: organization.value.id, clientId: request.params.client }
  const found = await findScimClient(request.db, key)
  return found === null ? refuse('admin.scim_client_not_found') : ok(found)
}
