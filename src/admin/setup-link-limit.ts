import type { Guard } from '../db/index.ts'
import { always } from '../db/index.ts'
import { nobodyExists } from '../directory/index.ts'
import type { Principal } from '../http/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import type { ConnectionRow } from '../saml/index.ts'
import { type Refusal, refuse } from './refusal.ts'

type Status = ConnectionRow['status']

const isForLinks = (status: Status): boolean => status === 'draft' || status === 'testing'

/**
 * What a setup link may do to a connection (DESIGN 2.2): only while nobody but testers signs in with it, and
 * it stays so. Everybody else may. The caller writes under the version that was judged, so nobody can activate
 * the connection in between.
 * @param after the status that is asked for, when one is
 */
export function checkLinkLimit(
  principal: Principal,
  status: Status,
  after: Status = status,
): Result<null, Refusal> {
  if (principal.kind !== 'setup-link' || (isForLinks(status) && isForLinks(after))) return ok(null)
  const message = isForLinks(after)
    ? `is ${status}: only an operator or a signed-in admin changes it now`
    : 'may be draft or testing: an operator or a signed-in admin activates it'
  return refuse('admin.setup_link_limit', { field: 'status', message })
}

/** A connection that is added by a setup link comes before the first person: it would let others be them. */
export function linkMayAddConnection(principal: Principal, organizationId: string): Guard {
  return principal.kind === 'setup-link' ? nobodyExists(organizationId) : always
}
