import { eventStatements, type RefusalCounter } from '../activity/index.ts'
import { openDatabase, runBatch } from '../db/index.ts'
import type { AppContext } from '../http/index.ts'
import { type AnyFailure, isId } from '../kernel/index.ts'
import type { Credential } from './auth/index.ts'
import type { Found } from './dispatch.ts'
import { isNameless } from './nameless.ts'

/** A request of a known credential that was refused. */
export type Refused = {
  readonly credential: Credential
  readonly method: string
  /** Null when nothing is at the address. */
  readonly found: Found | null
  readonly failure: AnyFailure
}

/**
 * Makes a refused request an event, so that an admin finds out why somebody is missing; what is beyond the
 * evidence limit of the credential is summed (DESIGN 2.2), since a provisioning job repeats what fails.
 */
export async function recordScimRefusal(
  c: AppContext,
  refusals: RefusalCounter,
  { credential, method, found, failure }: Refused,
): Promise<void> {
  const { d1, evidenceLimiter } = c.get('deps')
  const db = openDatabase(d1, 'primary')
  const nowMs = c.get('nowMs')
  const { organizationId, connectionId, tokenId } = credential
  const { code } = failure
  const { success } = await evidenceLimiter.limit({ key: `scim ${tokenId}` })
  if (!success) {
    refusals.add({ organizationId, connectionId: connectionId ?? tokenId, code }, nowMs)
    if (refusals.isDue(nowMs)) await refusals.flush(db, nowMs)
    return
  }
  const isPerson = found?.resource === 'users' && isId('usr', found.id)
  // What is no id of ours may be anything, such as a userName, and facts are kept for long.
  const id = found !== null && isNameless(found.id) ? { id: found.id } : {}
  const target = found === null ? {} : { resource: found.resource, ...id }
  await runBatch(
    db,
    eventStatements(
      db,
      {
        type: 'provisioning.refused',
        outcome: 'refused',
        code,
        organizationId,
        ...(connectionId === null ? {} : { connectionId }),
        ...(isPerson ? { personId: found.id } : {}),
        actor: 'provisioning',
        requestId: c.get('requestId'),
        facts: { credential: tokenId, method, ...target },
      },
      { nowMs },
    ),
  )
}
