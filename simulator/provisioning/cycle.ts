import { changesUntil, findApp, findGroup, lastChange, type Sql } from '../directory/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { mappingOf } from './default-mapping.ts'
import type { CycleKind, CycleSummary, Job, JobState } from './job-model.ts'
import { changeState, loadJob } from './jobs.ts'
import { findLink, listLinks, listRetries } from './links.ts'
import { prepareMapping } from './mapped-values.ts'
import { dialectOf } from './patch-body.ts'
import { judge } from './quarantine.ts'
import { forEach, type Run, startRun, summarize } from './run.ts'
import { openScim } from './scim-client.ts'
import { everybody, everyGroup, findPerson, groupsOf } from './scope.ts'
import { syncGroup } from './sync-group.ts'
import { syncMembers } from './sync-members.ts'
import { syncReference } from './sync-reference.ts'
import { syncUser } from './sync-user.ts'

/** Objects that a cycle looks at. */
type Plan = { readonly users: readonly string[]; readonly groups: readonly string[] }

/** Opens a run of a job. @returns a sentence when the job cannot run as it is set up */
export function openRun(world: World, job: Job, kind: CycleKind): Result<Run, string> {
  const app = findApp(world.sql, job.appId)
  if (app === null) return err('There is no such application.')
  if (!URL.canParse(job.tenantUrl)) return err('The tenant URL is missing.')
  const mapping = prepareMapping(mappingOf(job))
  if (!mapping.ok) return mapping
  // The flag does not work with on-demand provisioning.
  const dialect = kind === 'on-demand' ? 'legacy' : dialectOf(job.tenantUrl)
  const scim = openScim(world, job, dialect)
  return ok(startRun({ world, app, job, kind, scim, mapping: mapping.value }))
}

/**
 * Runs a cycle: the first, and one after a restart, over everything in scope; others over what changed and
 * what failed before. People first, then groups without members, then members and managers.
 * @returns what it did, or a sentence when it could not start
 */
export async function runCycle(world: World, appId: string): Promise<Result<CycleSummary, string>> {
  const found = loadJob(world.sql, appId)
  if (found === null) return err('Provisioning is not set up for this application.')
  const { job, state } = found
  const startedAtMs = world.nowMs()
  const kind = state.watermark === null ? 'initial' : 'incremental'
  const opened = openRun(world, job, kind)
  if (!opened.ok) return opened
  const run = opened.value
  const { plan, until } = planOf(world.sql, job, state)
  await forEach(run, plan.users, (id) => syncUser(run, id))
  await forEach(run, plan.groups, (id) => syncGroup(run, id))
  await forEach(run, groupsToFill(run, plan), (id) => syncMembers(run, id))
  await forEach(run, run.references, (pending) => syncReference(run, pending))
  const summary = summarize(run, startedAtMs)
  const after = loadJob(world.sql, appId)?.state
  // Restarted meanwhile: the next cycle begins from nothing all the same.
  const isCurrent = run.fatal === null && after?.epoch === state.epoch
  changeState(world.sql, appId, {
    ...(isCurrent ? { watermark: until } : {}),
    quarantine: judge(run, state, plan.users.length + plan.groups.length),
    last: summary,
  })
  return ok(summary)
}

function planOf(
  sql: Sql,
  job: Job,
  { watermark }: JobState,
): { readonly plan: Plan; readonly until: number } {
  const retried = (kind: 'user' | 'group') => listRetries(sql, [job.appId, kind])
  const linked = (kind: 'user' | 'group') =>
    listLinks(sql, [job.appId, kind]).map(({ sourceId }) => sourceId)
  if (watermark === null) {
    const users = unique(everybody(sql, job), linked('user'), retried('user'))
    const groups = unique(everyGroup(sql, job), linked('group'), retried('group'))
    return { plan: { users, groups }, until: lastChange(sql) }
  }
  const { ids, until } = changesUntil(sql, watermark)
  const isUser = (id: string) =>
    findPerson(sql, id) !== null || findLink(sql, [job.appId, 'user'], id) !== null
  const isGroup = (id: string) =>
    findGroup(sql, id) !== null || findLink(sql, [job.appId, 'group'], id) !== null
  const users = unique(retried('user'), ids.filter(isUser))
  const groups = unique(retried('group'), ids.filter(isGroup))
  return { plan: { users, groups }, until }
}

/** The planned groups, and those of people that the application has just learned of. */
function groupsToFill(run: Run, { groups }: Plan): readonly string[] {
  return unique(groups, ...[...run.linked].map((id) => groupsOf(run.sql, id)))
}

function unique(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())]
}
