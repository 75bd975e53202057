import type * as z from '#zod'
import { graphErrors } from '../graph/index.ts'
import type { ErrorEntry } from '../kernel/index.ts'
import { toIso } from '../kernel/index.ts'
import { driftKinds, type NamedDrift, type Run, reconcileErrors } from '../reconcile/index.ts'
import type { driftAnswer, runSummary } from './reconcile-schema.ts'

const entries: Readonly<Record<string, ErrorEntry>> = { ...graphErrors, ...reconcileErrors }

const isoOrNull = (ms: number | null) => (ms === null ? null : toIso(ms))

/** A run as the API shows it, without what it found. */
export function presentRun(run: Run): z.input<typeof runSummary> {
  const { failure, held } = run
  return {
    id: run.id,
    connection: run.connectionId === '' ? null : run.connectionId,
    kind: run.kind,
    trigger: run.trigger,
    status: run.status,
    dryRun: run.dryRun,
    full: run.isFull,
    step: run.step,
    createdAt: toIso(run.createdAt),
    startedAt: isoOrNull(run.startedAt),
    continueAt: run.status === 'paused' ? toIso(run.continueAt) : null,
    finishedAt: isoOrNull(run.finishedAt),
    counts: { ...run.counts },
    held: held === null ? null : { reasons: held.reasons.map((one) => ({ ...one })) },
    failure: failure === null ? null : presentFailure(failure),
  }
}

function presentFailure({ code, detail }: NonNullable<Run['failure']>) {
  const entry = entries[code]
  return { code, message: entry?.means ?? '', fix: entry?.fix ?? '', detail: detail ?? null }
}

/** A difference as the API shows it. */
export function presentDrift(row: NamedDrift): z.input<typeof driftAnswer> {
  return {
    id: row.id,
    run: row.runId,
    kind: driftKinds.find((kind) => kind === row.kind) ?? 'attribute_different',
    user: row.personId,
    userName: row.userName,
    group: row.groupId,
    object: row.objectId,
    attribute: row.attribute,
    stated: row.stated,
    held: row.held,
    rule: row.rule,
    action: row.action,
    state: row.state,
    at: toIso(row.at),
    decidedAt: isoOrNull(row.decidedAt),
  }
}
