import type { RefusalCounter } from '../activity/index.ts'
import type { AppContext } from '../http/index.ts'
import { type AnyFailure, isId, limits, printable } from '../kernel/index.ts'
import { type Credential, recordRefusedAttempt } from './auth/index.ts'
import type { Found } from './dispatch.ts'
import { isNameless } from './nameless.ts'
import { sentNames } from './sent-names.ts'

/** A request of a known credential that was refused. */
export type Refused = {
  readonly credential: Credential
  readonly method: string
  /** Null when nothing is at the address. */
  readonly found: Found | null
  readonly failure: AnyFailure
  /** What was sent, as far as it could be read. */
  readonly body: unknown
}

/**
 * Makes a refused request an event, so that an admin finds out why somebody is missing; what is beyond the
 * evidence limit of the credential is summed (DESIGN 2.2), since a provisioning job repeats what fails.
 */
export async function recordScimRefusal(
  c: AppContext,
  refusals: RefusalCounter,
  { credential, method, found, failure, body }: Refused,
): Promise<void> {
  const { organizationId, connectionId, tokenId, clientId } = credential
  const isPerson = found?.resource === 'users' && isId('usr', found.id)
  // What is no id of ours may be anything, such as a userName, and facts are kept for long.
  const id = found !== null && isNameless(found.id) ? { id: found.id } : {}
  const sent = sentNames(body)
  const answered =
    'detail' in failure ? printable(String(failure.detail), limits.evidenceLength) : null
  const target = found === null ? {} : { resource: found.resource, ...id }
  await recordRefusedAttempt(c, refusals, {
    type: 'provisioning.refused',
    actor: 'provisioning',
    code: failure.code,
    organizationId,
    connectionId,
    // The tokens of a client last an hour each, so they count together.
    credentialId: clientId ?? tokenId,
    ...(isPerson ? { personId: found.id } : {}),
    facts: { credential: tokenId, method, ...target, ...(sent.length === 0 ? {} : { sent }) },
    // What was answered may repeat values: kept only in somebody's name, with whom it goes.
    ...(isPerson && answered !== null ? { detail: { answered } } : {}),
  })
}
