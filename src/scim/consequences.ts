import { type EventInput, erasePersonActivity, eventStatements } from '../activity/index.ts'
import { runBatch } from '../db/index.ts'
import {
  erasePersonDrift,
  type GroupConsequences,
  type UserConsequences,
} from '../directory/index.ts'
import { endPersonSessions } from '../session/index.ts'
import { isNameless } from './nameless.ts'
import type { ScimRequest } from './request.ts'

/** What every event of a provisioning request says. */
export function provisioningEvent({ by }: ScimRequest) {
  return {
    outcome: 'success',
    organizationId: by.organizationId,
    ...(by.connectionId === null ? {} : { connectionId: by.connectionId }),
    actor: 'provisioning',
    requestId: by.requestId,
  } as const satisfies Partial<EventInput>
}

/**
 * What belongs into the batch that changes a person: its event, the end of the sessions of somebody who may
 * not sign in any more, and of the personal details in older events of somebody who is erased.
 */
export function userConsequences(request: ScimRequest): UserConsequences {
  const { db, by } = request
  const { organizationId, nowMs } = by
  return {
    events: ({ type, personId, sent, changed, values }, guard) =>
      eventStatements(
        db,
        {
          ...provisioningEvent(request),
          type,
          personId,
          facts: { credential: by.credentialId, sent, changed },
          // A hard delete erases what is personal, so its own event must not bring it back.
          ...(by.keepsValues && type !== 'user.erased' ? { detail: values } : {}),
        },
        { nowMs, guard },
      ),
    onDenied: (personId, guard) => [endPersonSessions(db, { organizationId, personId, guard })],
    onErased: (personId, guard) => [
      erasePersonActivity(db, { organizationId, personId, guard }),
      ...erasePersonDrift(db, { organizationId, personId, guard }),
    ],
  }
}

/** What belongs into the batch that changes a group: its event. Names of attributes are kept, values only on request. */
export function groupConsequences(request: ScimRequest): GroupConsequences {
  const { db, by } = request
  return {
    events: ({ type, groupId, displayName, ...facts }, guard) =>
      eventStatements(
        db,
        {
          ...provisioningEvent(request),
          type,
          facts: { group: groupId, credential: by.credentialId, ...facts },
          ...(by.keepsValues ? { detail: { displayName } } : {}),
        },
        { nowMs: by.nowMs, guard },
      ),
  }
}

/** How many unknown ids a warning names; the rest, and what has not the form of an id, are counted. */
const namedIds = 20

/**
 * Warns of members that were skipped because nobody has their ids: one stale id must not block a group, but
 * it must not vanish silently either.
 */
export async function warnOfUnknownMembers(
  request: ScimRequest,
  groupId: string,
  unknown: readonly string[],
): Promise<void> {
  if (unknown.length === 0) return
  const { db, by } = request
  const ids = unknown.filter(isNameless).slice(0, namedIds)
  const facts = { group: groupId, credential: by.credentialId, skipped: unknown.length, ids }
  const event = { ...provisioningEvent(request), type: 'provisioning.warning' } as const
  await runBatch(
    db,
    eventStatements(
      db,
      { ...event, outcome: 'warning', code: 'scim.unknown_members', facts },
      { nowMs: by.nowMs },
    ),
  )
}
