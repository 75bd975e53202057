import type { App, Sql } from '../directory/index.ts'
import type { World } from '../world.ts'
import type { Failure } from './failure.ts'
import type { CycleKind, CycleSummary, Job } from './job-model.ts'
import { clearRetry, type Kind, noteRetry } from './links.ts'
import { type LogEntry, recordLog } from './log.ts'
import type { PreparedRow } from './mapped-values.ts'
import type { ScimClient } from './scim-client.ts'

/** What may be counted. */
export type Count =
  | 'created'
  | 'updated'
  | 'disabled'
  | 'deleted'
  | 'membersAdded'
  | 'membersRemoved'
  | 'skipped'
  | 'failed'

/** Somebody's manager, to be set once everybody is there. */
export type PendingReference = {
  readonly sourceId: string
  readonly targetId: string
  /** What the application has now. */
  readonly current: string | null
}

/** One cycle of one job. */
export type Run = {
  readonly world: World
  readonly sql: Sql
  readonly app: App
  readonly job: Job
  readonly kind: CycleKind
  readonly scim: ScimClient
  readonly mapping: readonly PreparedRow[]
  readonly counts: Record<Count, number>
  /** People that the application learned of, whose groups must be looked at. */
  readonly linked: Set<string>
  readonly references: PendingReference[]
  /** What was written into the log on demand, in order. */
  readonly entries: LogEntry[]
  /** Ends the cycle. */
  fatal: Failure | null
}

/** An object that is being worked on. */
export type Subject = {
  readonly kind: Kind
  readonly sourceId: string
  readonly name: string | null
}

type Outcome = Pick<LogEntry, 'action' | 'message'> &
  Partial<Pick<LogEntry, 'targetId' | 'changes'>>

export function startRun(
  from: Omit<Run, 'counts' | 'linked' | 'references' | 'entries' | 'fatal' | 'sql'>,
): Run {
  const counts = {
    ...{ created: 0, updated: 0, disabled: 0, deleted: 0 },
    ...{ membersAdded: 0, membersRemoved: 0, skipped: 0, failed: 0 },
  }
  const { sql } = from.world
  return { ...from, sql, counts, linked: new Set(), references: [], entries: [], fatal: null }
}

/** Notes that something was done. */
export function succeed(run: Run, subject: Subject, outcome: Outcome, count: Count | null): void {
  if (count !== null) run.counts[count] += 1
  write(run, subject, { ...outcome, status: 'success', code: null, detail: null })
}

/** Notes that nothing was to be done, and why. */
export function skip(run: Run, subject: Subject, outcome: Outcome): void {
  run.counts.skipped += 1
  write(run, subject, { ...outcome, status: 'skipped', code: null, detail: null })
}

/** Notes a failure; the next cycle tries again. */
export function fail(
  run: Run,
  subject: Subject,
  { failure, ...outcome }: Outcome & { readonly failure: Failure },
): void {
  const { code, detail, isFatal } = failure
  run.counts.failed += 1
  if (isFatal) run.fatal ??= failure
  noteRetry(run.sql, [run.job.appId, subject.kind], subject.sourceId)
  write(run, subject, { ...outcome, status: 'failure', code, detail })
}

/** Takes an object off the list of those to try again. */
export function settle(run: Run, subject: Subject): void {
  clearRetry(run.sql, [run.job.appId, subject.kind], subject.sourceId)
}

function write(
  run: Run,
  { kind, sourceId, name }: Subject,
  outcome: Outcome & Pick<LogEntry, 'status' | 'code' | 'detail'>,
): void {
  const entry: LogEntry = {
    ...{ cycle: run.kind, kind, sourceId, name, targetId: null, changes: [] },
    ...outcome,
  }
  // Only of what somebody waits for: a cycle may have very many.
  if (run.kind === 'on-demand') run.entries.push(entry)
  recordLog(run.sql, run.job.appId, entry, run.world.nowMs())
}

/** What a run did. */
export function summarize(run: Run, startedAtMs: number): CycleSummary {
  return {
    ...{ kind: run.kind, startedAtMs, finishedAtMs: run.world.nowMs() },
    ...{ requests: run.scim.sent(), ...run.counts },
  }
}

/** Works on many things, several at a time, until something fatal happens. */
export async function forEach<T>(
  run: Run,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) {
      if (run.fatal !== null) return
      await work(item)
    }
  }
  await Promise.all(Array.from({ length: run.job.parallel }, worker))
}
