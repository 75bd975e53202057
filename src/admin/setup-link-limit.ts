import { always, type Database, type Guard } from '../db/index.ts'
import { nobodyExists } from '../directory/index.ts'
import type { Principal } from '../http/index.ts'
import { limits, ok, type Result } from '../kernel/index.ts'
import { type ConnectionRow, listConnections } from '../saml/index.ts'
import { onlyBeforeUse } from './permissions.ts'
import { type Refusal, refuse } from './refusal.ts'

type Status = ConnectionRow['status']

const isForLinks = (status: Status): boolean => status === 'draft'

/**
 * What a setup link may do to a connection: only while nobody at all signs in with it, and it stays so. Whoever sets
 * issuer and keys can sign as anybody, and a tester is a person with roles: so opening it for testers, too, is for
 * whoever answers for the organization (docs/decisions/0018). Test sign-ins try a draft. Everybody else may. The
 * caller writes under the version that was judged, so nobody can open the connection in between.
 * @param after the status that is asked for, when one is
 */
export function checkLinkLimit(
  principal: Principal,
  status: Status,
  after: Status = status,
): Result<null, Refusal> {
  if (principal.kind !== 'setup-link' || (isForLinks(status) && isForLinks(after))) return ok(null)
  const message = isForLinks(status)
    ? 'stays draft: an operator or a signed-in admin opens it, for testers too'
    : `is ${status}: only an operator or a signed-in admin changes it now`
  return refuse('admin.setup_link_limit', { field: 'status', message })
}

/** Refuses a setup link what would change an organization whose people sign in already. */
export async function checkBeforeUse(
  db: Database,
  principal: Principal,
  operationId: string,
): Promise<Result<null, Refusal>> {
  if (principal.kind !== 'setup-link' || !onlyBeforeUse.has(operationId)) return ok(null)
  const connections = await listConnections(db, principal.organizationId, {
    after: '',
    limit: limits.connectionsPerOrganization,
  })
  return connections.some(({ connection }) => connection.status === 'active')
    ? refuse('admin.setup_link_limit', { field: 'org', message: 'has an active connection' })
    : ok(null)
}

/** A connection that is added by a setup link comes before the first person: it would let others be them. */
export function linkMayAddConnection(principal: Principal, organizationId: string): Guard {
  return principal.kind === 'setup-link' ? nobodyExists(organizationId) : always
}
