import { eventStatements } from '../activity/index.ts'
import { openDatabase } from '../db/index.ts'
import { groupsClaim, learnGroups } from '../directory/index.ts'
import { type AppContext, inBackground } from '../http/index.ts'

/** Somebody whose sign-in had more groups than it could carry. */
export type Overage = {
  readonly organizationId: string
  readonly connectionId: string
  readonly personId: string
  readonly objectId: string
}

/**
 * Asks the tenant for the groups that a sign-in left out, once the answer is on its way. Until then, and where nobody
 * can tell, those that were known before stay: too many to say is unknown, never none.
 */
export function askGroups(c: AppContext, who: Overage): void {
  const { memberGroups } = c.get('deps')
  if (memberGroups === undefined || memberGroups === null) return
  inBackground(c, learn(c, who, memberGroups))
}

async function learn(
  c: AppContext,
  { personId, ...who }: Overage,
  ask: NonNullable<AppContext['var']['deps']['memberGroups']>,
): Promise<void> {
  const { deps, nowMs, requestId } = c.var
  const groups = await ask(who)
  if (groups === null) return
  const { organizationId, connectionId } = who
  const db = openDatabase(deps.d1, 'primary')
  await learnGroups(db, { organizationId, personId, signedInAt: nowMs, groups }, (guard) =>
    eventStatements(
      db,
      {
        type: 'user.updated',
        outcome: 'success',
        organizationId,
        connectionId,
        personId,
        actor: 'system',
        requestId,
        facts: { changed: [groupsClaim], groups: groups.length },
      },
      { nowMs, guard },
    ),
  )
}
