import { limits } from '../kernel/index.ts'
import { addBrakeUse, type BrakeReason, judgeBrake } from './brake.ts'
import { brakeQueries, readBrake } from './brake-store.ts'
import { slices } from './chunks.ts'
import { commitPage } from './commit-page.ts'
import {
  closeSettled,
  driftSums,
  readSums,
  saveDrift,
  scimUsedAt,
  settlePlanned,
} from './drift-store.ts'
import { foundOne } from './found-drift.ts'
import { tieUsers } from './graph-users-store.ts'
import { restoreStatement, type Waiting } from './judge-page.ts'
import { nextPage, readList } from './pages-store.ts'
import type { BrakeUse } from './plan-types.ts'
import { saveDelta } from './reconcilers-store.ts'
import { runEvent } from './run-event.ts'
import { deletePages } from './runs-store.ts'
import { judgeSilence } from './silence.ts'
import { goOn, passOn, type Step, written } from './step.ts'

/**
 * Counts what all of the run would take away, before any of it is taken: too much holds it (DESIGN 5, 10). Only
 * what this run would do can hold it, however much the day has seen.
 */
export const judgeWaiting: Step = async (work) => {
  const nowMs = work.nowMs()
  const { scope, lease, db } = work
  const found = readBrake(await work.read(brakeQueries(db, lease, { ...scope, nowMs })))
  const reasons = reasonsOf(found, work.reconciler.settings)
  const { dryRun } = work.run()
  const held = reasons.length === 0 ? null : { reasons }
  if (dryRun) return goOn(work, { step: 'finish', held })
  if (held === null) return passOn(work, { step: 'apply', cursor: { after: '' } })
  return goOn(work, { step: 'apply', status: 'held', held, cursor: { after: '' } }, (guard) =>
    runEvent(work, { type: 'reconcile.held', outcome: 'warning', facts: held }, guard),
  )
}

function reasonsOf(
  { waiting, day, people }: { waiting: BrakeUse; day: BrakeUse; people: number },
  settings: Parameters<typeof judgeBrake>[2],
): readonly BrakeReason[] {
  const sums = addBrakeUse(waiting, day)
  const own = Object.fromEntries(Object.keys(waiting).map((what) => [what, sums[what] ?? 0]))
  return judgeBrake(own, people, settings)
}

/** Writes what waited, a row of it at a time: judged anew, since time has passed. */
export const applyWaiting: Step = async (work) => {
  const { after } = work.run().cursor
  const [rows] = await work.read([
    nextPage(work.db, work.lease, { kind: 'waiting', after: after === '' ? -1 : Number(after) }),
  ])
  const [row] = readList<Waiting>(rows)
  if (row === undefined) return passOn(work, { step: 'leave', cursor: { after: '' } })
  // Everybody who waited in it was erased.
  if (row.ids.length === 0)
    return passOn(work, { step: 'apply', cursor: { after: String(row.page) } })
  const parts = slices(
    row.ids.map(({ statement }) => restoreStatement(statement)),
    limits.reconcileSlice,
  )
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1
    const isWritten = await commitPage(work, {
      statements: part,
      mode: 'apply',
      assignments: null,
      next: isLast ? { cursor: { after: String(row.page) } } : {},
    })
    if (!isWritten) return written(false)
  }
  return { kind: 'next' }
}

/** Ends a run: only now the next one starts from where this one has read. */
export const finishRun: Step = async (work) => {
  const { db, lease, scope, reconciler } = work
  const nowMs = work.nowMs()
  const run = work.run()
  const answers = await work.read([driftSums(db, lease), scimUsedAt(db, scope)])
  const sums = readSums(answers[0])
  const [used] = answers[1] as readonly { at: number | null }[]
  const silent = judgeSilence(used?.at ?? null, { settings: reconciler.settings, nowMs })
  const silence =
    silent === null || silent.action === 'ignored' ? [] : [await foundOne(silent, work, run.dryRun)]
  const drift = Object.values(sums).reduce((sum, count) => sum + count, 0) + silence.length
  const counts = { ...run.counts, drift }
  const { deltaLink, names } = run.cursor
  const { everyMinutes, isScheduled } = reconciler.settings
  // Of a dry run it stays: what would have held it.
  const held = run.dryRun ? run.held : null
  const next = { status: 'done', finishedAt: nowMs, counts, held } as const
  return goOn(work, next, (guard) => [
    // Whom this run left, Graph tells of only once: the next one starts from where this one did.
    ...(run.dryRun || deltaLink === null || counts.left > 0
      ? []
      : [
          tieUsers(db, scope, guard),
          closeSettled(db, scope, {
            readStartedAt: run.readStartedAt ?? nowMs,
            isFull: run.isFull,
            isSilent: silent !== null,
            nowMs,
            guard,
          }),
          saveDelta(db, scopeKey(scope), {
            delta: { link: deltaLink, names },
            readStartedAt: run.readStartedAt ?? nowMs,
            isFull: run.isFull,
            dueAt: isScheduled ? nowMs + everyMinutes * 60_000 : null,
            nowMs,
            guard,
          }),
        ]),
    settlePlanned(db, lease.runId, { nowMs, guard }),
    ...saveDrift(db, { ...scope, runId: lease.runId }, { found: silence, nowMs, guard }),
    ...(drift === 0
      ? []
      : runEvent(work, { type: 'reconcile.drift', outcome: 'success', facts: { sums } }, guard)),
    ...runEvent(work, { type: 'reconcile.finished', outcome: 'success', facts: { counts } }, guard),
    deletePages(db, lease.runId, guard),
  ])
}

function scopeKey({
  organizationId,
  connectionId,
}: {
  organizationId: string
  connectionId: string
}) {
  return { organizationId, connectionId }
}
