import { eventStatements } from '../activity/index.ts'
import { always, type Database, runBatch, type Statement } from '../db/index.ts'
import { newId, newTimedId } from '../kernel/index.ts'
import { readReconciler, setDue } from './reconcilers-store.ts'
import { insertRun, noRunUnfinished, type ReconcilerKey, runExists } from './runs-store.ts'
import type { ReconcileDeps } from './work.ts'

/** What `dueReconcilers` found. */
export type DueRow = ReconcilerKey & { readonly settings: string }

/** Starts a run for each connection that is due. One whose last run is not over is due again after its usual time. */
export async function startDueRuns(
  { clock, random }: Pick<ReconcileDeps, 'clock' | 'random'>,
  { db, due }: { readonly db: Database; readonly due: readonly DueRow[] },
): Promise<void> {
  const nowMs = clock.nowMs()
  for (const { organizationId, connectionId, settings } of due) {
    const key = { organizationId, connectionId }
    const { settings: read } = readReconciler(key, { settings: JSON.parse(settings) })
    const run = {
      ...key,
      id: newTimedId('run', nowMs, random),
      kind: 'reconcile',
      trigger: 'schedule',
      dryRun: false,
      isFull: false,
      nowMs,
    } as const
    const { everyMinutes, isScheduled } = read
    const guard = runExists(run)
    const statements: readonly Statement[] = [
      ...(isScheduled
        ? [insertRun(db, run, { step: 'application', guard: noRunUnfinished(key) })]
        : []),
      ...eventStatements(
        db,
        {
          type: 'reconcile.started',
          outcome: 'success',
          organizationId,
          ...(connectionId === '' ? {} : { connectionId }),
          actor: 'system',
          requestId: newId('req', random),
          facts: { run: run.id, trigger: run.trigger },
        },
        { nowMs, guard },
      ),
      setDue(db, key, {
        dueAt: isScheduled ? nowMs + everyMinutes * 60_000 : null,
        guard: always,
      }),
    ]
    await runBatch(db, statements)
  }
}
