import type { Database } from '../db/index.ts'
import { loadPerson, type Organization, type PersonWithViews } from '../directory/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import { organizationOf } from './organization-of.ts'
import { type Refusal, refuse } from './refusal.ts'

type PersonRequest = {
  readonly db: Database
  readonly params: { readonly org: string; readonly user: string }
}

export type PersonOfOrganization = PersonWithViews & { readonly organization: Organization }

/** The person that the path names; another organization's is not found. */
export async function personOf(
  request: PersonRequest,
): Promise<Result<PersonOfOrganization, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const found = await loadPerson(request.db, organization.value.id, request.params.user)
  return found === null
    ? refuse('directory.user_not_found')
    : ok({ ...found, organization: organization.value })
}
