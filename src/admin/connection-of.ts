import type { Database } from '../db/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import { type ConnectionRecord, loadConnection } from '../saml/index.ts'
import { organizationOf } from './organization-of.ts'
import { type Refusal, refuse } from './refusal.ts'

type ConnectionRequest = {
  readonly db: Database
  readonly params: { readonly org: string; readonly connection: string }
}

/** The connection that the path names; another organization's is not found. */
export async function connectionOf(
  request: ConnectionRequest,
): Promise<Result<ConnectionRecord, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const { id } = organization.value
  const record = await loadConnection(request.db, request.params.connection, id)
  return record === null ? refuse('admin.connection_not_found') : ok(record)
}
