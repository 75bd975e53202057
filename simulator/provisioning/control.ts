import type { Result } from '../result.ts'
import type { World } from '../world.ts'
import { runCycle } from './cycle.ts'
import { mappingOf } from './default-mapping.ts'
import type { CycleSummary, Job, JobState } from './job-model.ts'
import { changeState, listJobApps, loadJob, resetWatermark, saveJob } from './jobs.ts'
import { dropAllLinks } from './links.ts'
import { type OnDemandRequest, type OnDemandResult, provisionOnDemand } from './on-demand.ts'
import { isDue, isOver } from './quarantine.ts'
import { unconfirmMembers } from './sent-members.ts'

/** What a job is doing now: one thing at a time. */
const busy = new WeakMap<World, Map<string, Promise<unknown>>>()

function inTurn<T>(world: World, appId: string, work: () => Promise<T>): Promise<T> {
  const turns = busy.get(world) ?? new Map<string, Promise<unknown>>()
  busy.set(world, turns)
  const before = turns.get(appId) ?? Promise.resolve()
  const mine = before.then(work, work)
  turns.set(appId, mine)
  const done = () => {
    if (turns.get(appId) === mine) turns.delete(appId)
  }
  mine.then(done, done)
  return mine
}

/** Runs a cycle now, after what the job is doing. */
export function runCycleInTurn(world: World, appId: string): Promise<Result<CycleSummary, string>> {
  return inTurn(world, appId, () => runCycle(world, appId))
}

/** Provisions one object now, after what the job is doing. */
export function provisionInTurn(
  world: World,
  appId: string,
  request: OnDemandRequest,
): Promise<Result<OnDemandResult, string>> {
  return inTurn(world, appId, () => provisionOnDemand(world, appId, request))
}

/** Begins with cycles at every tick. */
export function startJob({ sql }: World, appId: string): void {
  changeState(sql, appId, { status: 'started' })
}

export function stopJob({ sql }: World, appId: string): void {
  changeState(sql, appId, { status: 'stopped' })
}

/**
 * Makes the next cycle an initial one, as a change of mapping or scope does. Quarantine ends.
 * @param reset `full` forgets all links; `keep-links` looks at every object again under the id it had
 */
export function restartJob({ sql }: World, appId: string, reset: 'full' | 'keep-links'): void {
  sql.transaction(() => {
    if (reset === 'full') dropAllLinks(sql, appId)
    else unconfirmMembers(sql, appId)
    resetWatermark(sql, appId)
    changeState(sql, appId, { status: 'started', quarantine: null })
  })
}

/** Writes new settings. Other rows of the mapping or another scope make the next cycle an initial one. */
export function changeJob({ sql }: World, job: Job): void {
  const before = loadJob(sql, job.appId)
  sql.transaction(() => {
    saveJob(sql, job)
    if (before === null || !decidesWhatIsSent(before.job, job)) return
    unconfirmMembers(sql, job.appId)
    resetWatermark(sql, job.appId)
  })
}

function decidesWhatIsSent(before: Job, after: Job): boolean {
  const facts = (job: Job) =>
    JSON.stringify([
      ...[job.scope, job.scopingFilters, job.userMatching, job.groupMatching],
      ...[mappingOf(job), job.provisionsGroups],
    ])
  return facts(before) !== facts(after)
}

export function clearQuarantine({ sql }: World, appId: string): void {
  const state = loadJob(sql, appId)?.state
  const status = state?.status === 'disabled' ? 'started' : state?.status
  changeState(sql, appId, { quarantine: null, ...(status === undefined ? {} : { status }) })
}

/** What happens at every tick: each job that is due runs; one too long in quarantine is disabled. */
export async function tickProvisioning(world: World): Promise<void> {
  for (const appId of listJobApps(world.sql)) {
    const state = loadJob(world.sql, appId)?.state
    if (state === undefined || busy.get(world)?.has(appId) === true) continue
    if (state.status === 'started' && isOver(state, world.nowMs())) {
      changeState(world.sql, appId, { status: 'disabled' })
    } else if (isDue(state, world.nowMs())) await runCycleInTurn(world, appId)
  }
}

/** Microsoft Graph's `status.code`, near enough. */
export function statusCode(
  state: JobState,
): 'NotRun' | 'Active' | 'Paused' | 'Quarantine' | 'Disabled' {
  if (state.status === 'disabled') return 'Disabled'
  if (state.quarantine !== null) return 'Quarantine'
  if (state.status === 'stopped') return state.last === null ? 'NotRun' : 'Paused'
  return 'Active'
}
