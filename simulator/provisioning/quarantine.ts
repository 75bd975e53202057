import type { JobState, Quarantine } from './job-model.ts'
import type { Run } from './run.ts'

const hourMs = 3_600_000
/** When a job in quarantine is tried again; after the last, daily. */
const pauses = [6 * hourMs, 12 * hourMs, 24 * hourMs] as const
/** Then it is disabled. */
export const quarantineEndsMs = 28 * 24 * hourMs

/**
 * Whether a job is in quarantine after a run: at once when credentials or the endpoint as a whole are wrong,
 * or when too large a share of what was looked at has failed.
 */
export function judge(run: Run, state: JobState, objects: number): Quarantine | null {
  const { fatal, counts, job } = run
  if (fatal !== null) {
    const reason =
      run.kind === 'on-demand' ? 'QuarantineOnDemand' : 'EncounteredQuarantineException'
    return quarantine(run, state, { reason, code: fatal.code, detail: fatal.detail })
  }
  const { least, share, most } = job.escrow
  const isShare = counts.failed >= least && counts.failed > share * Math.max(objects, 1)
  if (!isShare && counts.failed <= most) return null
  const reason = 'EncounteredEscrowProportionThreshold'
  const detail = `${counts.failed} of ${objects} objects failed.`
  return quarantine(run, state, { reason, code: reason, detail })
}

function quarantine(
  { world }: Run,
  { quarantine: before }: JobState,
  why: Pick<Quarantine, 'reason' | 'code' | 'detail'>,
): Quarantine {
  const nowMs = world.nowMs()
  const attempts = before === null ? 0 : before.attempts + 1
  const pause = pauses[attempts] ?? 24 * hourMs
  return { ...why, sinceMs: before?.sinceMs ?? nowMs, attempts, nextAttemptMs: nowMs + pause }
}

/** Whether the service would run a job now by itself. */
export function isDue({ status, quarantine: found }: JobState, nowMs: number): boolean {
  return status === 'started' && (found === null || found.nextAttemptMs <= nowMs)
}

/** Whether a job has been in quarantine for so long that it is disabled. */
export function isOver({ quarantine: found }: JobState, nowMs: number): boolean {
  return found !== null && nowMs - found.sinceMs >= quarantineEndsMs
}
