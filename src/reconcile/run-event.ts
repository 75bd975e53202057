import { type EventInput, eventStatements } from '../activity/index.ts'
import type { Guard, Statement } from '../db/index.ts'
import type { Work } from './work.ts'

/** An event about the run itself. */
export function runEvent(
  work: Work,
  event: Pick<EventInput, 'type' | 'outcome'> & Partial<Pick<EventInput, 'code' | 'facts'>>,
  guard: Guard,
): readonly Statement[] {
  const { db, scope, lease, requestId } = work
  const { kind, trigger, dryRun } = work.run()
  return eventStatements(
    db,
    {
      ...event,
      organizationId: scope.organizationId,
      ...(scope.connectionId === '' ? {} : { connectionId: scope.connectionId }),
      actor: 'reconciliation',
      requestId,
      facts: { run: lease.runId, kind, trigger, dryRun, ...event.facts },
    },
    { nowMs: work.nowMs(), guard },
  )
}
