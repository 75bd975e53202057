import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { openRun } from './cycle.ts'
import { changeState, loadJob } from './jobs.ts'
import { clearRetry } from './links.ts'
import type { LogEntry } from './log.ts'
import { judge } from './quarantine.ts'
import { forEach, type Run } from './run.ts'
import { syncGroup } from './sync-group.ts'
import { syncMembers } from './sync-members.ts'
import { syncReference } from './sync-reference.ts'
import { syncUser } from './sync-user.ts'

/** More members cannot be chosen. */
export const onDemandMembers = 5

/** One person, or one group with some of its members; by object ids. */
export type OnDemandRequest =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string; readonly members: readonly string[] }

export type OnDemandResult = {
  readonly result: 'Success' | 'Skipped' | 'Failure'
  readonly requests: number
  readonly steps: readonly LogEntry[]
}

/**
 * Provisions one person, or one group with at most five members, at once. Always in the older dialect, and
 * without roles.
 */
export async function provisionOnDemand(
  world: World,
  appId: string,
  request: OnDemandRequest,
): Promise<Result<OnDemandResult, string>> {
  const found = loadJob(world.sql, appId)
  if (found === null) return err('Provisioning is not set up for this application.')
  const opened = openRun(world, found.job, 'on-demand')
  if (!opened.ok) return opened
  const mapping = opened.value.mapping.filter(({ kind }) => !kind.startsWith('roles'))
  const run: Run = { ...opened.value, mapping }
  if (request.kind === 'user') await syncUser(run, request.id)
  else {
    if (request.members.length > onDemandMembers) {
      return err(`Choose at most ${onDemandMembers} members.`)
    }
    await forEach(run, request.members, (id) => syncUser(run, id))
    if (run.fatal === null) await syncGroup(run, request.id)
    if (run.fatal === null) await syncMembers(run, request.id, new Set(request.members))
  }
  await forEach(run, run.references, (pending) => syncReference(run, pending))
  for (const { kind, sourceId } of run.entries) {
    // Somebody is watching: what fails here is not tried again by itself.
    if (kind !== null && sourceId !== null) clearRetry(world.sql, [appId, kind], sourceId)
  }
  if (run.fatal !== null) {
    changeState(world.sql, appId, { quarantine: judge(run, found.state, 1) })
  }
  return ok({ result: resultOf(run.entries), requests: run.scim.sent(), steps: run.entries })
}

function resultOf(entries: readonly LogEntry[]): OnDemandResult['result'] {
  if (entries.some(({ status }) => status === 'failure')) return 'Failure'
  return entries.some(({ status }) => status === 'success') ? 'Success' : 'Skipped'
}
