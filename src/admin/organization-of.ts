import type { Database } from '../db/index.ts'
import {
  loadOrganization,
  type Organization,
  type OrganizationWithDomains,
} from '../directory/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import { type Refusal, refuse } from './refusal.ts'

type OrganizationRequest = { readonly db: Database; readonly params: { readonly org: string } }

/** The organization that the path names by id or slug, with its proved domains. */
export async function organizationWithDomains({
  db,
  params,
}: OrganizationRequest): Promise<Result<OrganizationWithDomains, Refusal>> {
  const found = await loadOrganization(db, params.org)
  return found === null ? refuse('admin.organization_not_found') : ok(found)
}

/** The organization that the path names by id or slug. */
export async function organizationOf(
  request: OrganizationRequest,
): Promise<Result<Organization, Refusal>> {
  const found = await organizationWithDomains(request)
  return found.ok ? ok(found.value.organization) : found
}
