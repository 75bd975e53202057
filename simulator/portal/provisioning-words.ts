import type { JobState } from '../provisioning/index.ts'

/** How a job is, in a sentence. */
export function statusText(state: JobState, nowMs: number): string {
  const { quarantine } = state
  if (state.status === 'disabled') {
    return 'Disabled: it was in quarantine for 28 days. Clear the quarantine to go on.'
  }
  if (quarantine !== null) {
    const hours = Math.max(1, Math.ceil((quarantine.nextAttemptMs - nowMs) / 3_600_000))
    const next = `The next attempt by itself is in ${hours} ${hours === 1 ? 'hour' : 'hours'}.`
    return `In quarantine since ${timeText(quarantine.sinceMs)}: ${quarantine.detail} ${next}`
  }
  if (state.status === 'stopped') {
    return state.last === null
      ? 'Not started. Test the connection, then start.'
      : 'Stopped: changes are collected until it is started again.'
  }
  return state.watermark === null
    ? 'Started: the next cycle is an initial one and looks at everybody.'
    : 'Started: a cycle every minute sends what has changed (every 40 minutes in Entra).'
}

/** What the last cycle did, in a sentence. */
export function cycleText({ last }: JobState): string {
  if (last === null) return 'No cycle has run yet.'
  const counts = [
    [last.created, 'created'],
    [last.updated, 'updated'],
    [last.disabled, 'disabled'],
    [last.deleted, 'deleted'],
    [last.membersAdded, 'members added'],
    [last.membersRemoved, 'members removed'],
    [last.skipped, 'skipped'],
    [last.failed, 'failed'],
  ] as const
  const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  const what = said.length === 0 ? 'nothing to do' : said.join(', ')
  const seconds = ((last.finishedAtMs - last.startedAtMs) / 1000).toFixed(1)
  const kind = last.kind === 'initial' ? 'Initial' : 'Incremental'
  return `${kind} cycle at ${timeText(last.startedAtMs)}: ${what}; ${last.requests} requests in ${seconds} s.`
}

export function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
