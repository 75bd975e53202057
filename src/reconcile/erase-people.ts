import { erasePersonActivity, eventStatements } from '../activity/index.ts'
import { type Database, openDatabase, runBatch } from '../db/index.ts'
import {
  erasePersonDrift,
  eraseUser,
  holdRules,
  loadRules,
  type Provisioner,
  type UserConsequences,
} from '../directory/index.ts'
import { newId } from '../kernel/index.ts'
import { endPersonSessions } from '../session/index.ts'
import { erasablePeople, isErasable, pruneReconciliation } from './housekeeping-store.ts'
import type { ReconcileDeps } from './work.ts'

type Erasable = {
  readonly id: string
  readonly organizationId: string
  readonly connectionId: string | null
}

/**
 * Housekeeping of reconciliation: erases people who were deleted in their tenant and whose retention is over, as a
 * hard delete by SCIM does, tombstone included; and deletes what is past its time. Safe to repeat and to overlap.
 */
export async function keepReconciliation(
  deps: Pick<ReconcileDeps, 'd1' | 'clock' | 'random' | 'config'>,
): Promise<void> {
  const nowMs = deps.clock.nowMs()
  const db = openDatabase(deps.d1, 'primary')
  const [due] = await runBatch(db, [erasablePeople(db, nowMs), ...pruneReconciliation(db, nowMs)])
  for (const one of due as readonly Erasable[]) await erase(one)

  async function erase({ id, organizationId, connectionId }: Erasable): Promise<void> {
    const rules = await loadRules(db, organizationId)
    if (rules === null) return
    const by: Provisioner = {
      organizationId,
      connectionId,
      entraTenantId: null,
      credentialId: '',
      requestId: newId('req', deps.random),
      nowMs,
      keyRing: deps.config.keyRing,
      keepsValues: false,
      rules: holdRules({ organizationId, connectionId }, rules),
    }
    // Restored in the tenant since: then nobody is erased.
    await eraseUser(db, by, id, null, consequencesOf(db, by), isErasable(id, nowMs))
  }
}

function consequencesOf(db: Database, by: Provisioner): UserConsequences {
  const { organizationId, connectionId, requestId, nowMs } = by
  return {
    events: ({ type, personId }, guard) =>
      eventStatements(
        db,
        {
          type,
          outcome: 'success',
          organizationId,
          ...(connectionId === null ? {} : { connectionId }),
          personId,
          actor: 'reconciliation',
          requestId,
          facts: { reason: 'retention_over' },
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
