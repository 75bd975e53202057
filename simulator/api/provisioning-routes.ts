import { Hono } from 'hono'
import { z } from 'zod'
import { findGroup, findUser, listDeletedUsers } from '../directory/index.ts'
import {
  changeJob,
  clearQuarantine,
  deleteJob,
  type Job,
  type JobState,
  listLinks,
  listLog,
  loadJob,
  mappingOf,
  newJob,
  type OnDemandRequest,
  provisionInTurn,
  restartJob,
  runCycleInTurn,
  startJob,
  statusCode,
  stopJob,
  testConnection,
} from '../provisioning/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { missing, type Problem, problem, readBody } from './problem.ts'
import { jobInput, mergeJob } from './provisioning-input.ts'
import { addressed } from './show.ts'

const restartInput = z.strictObject({ reset: z.enum(['full', 'keep-links']).default('keep-links') })
const onDemandInput = z.strictObject({
  user: z.string().optional(),
  group: z.string().optional(),
  members: z.array(z.string()).default([]),
})

/** Provisioning of an application: settings, state, and the portal's buttons. */
export function provisioningRoutes(world: World): Hono {
  const { sql } = world
  const routes = new Hono()
  const base = '/apps/:key/provisioning'
  const jobOf = (key: string): Result<{ job: Job; state: JobState }, Problem> => {
    const app = addressed(world, key)
    const found = app === null ? null : loadJob(sql, app.appId)
    return found === null ? err(missing('provisioning of such an app')) : ok(found)
  }

  routes.get(base, (c) => {
    const found = jobOf(c.req.param('key'))
    return found.ok ? c.json(showJob(found.value)) : problem(c, found.failure)
  })
  routes.put(base, async (c) => {
    const app = addressed(world, c.req.param('key'))
    if (app === null) return problem(c, missing('such app'))
    const body = await readBody(c, jobInput)
    if (!body.ok) return problem(c, body.failure)
    const before = loadJob(sql, app.appId)
    const merged = mergeJob(before?.job ?? newJob(app.appId), body.value)
    if (!merged.ok) return problem(c, merged.failure)
    changeJob(world, merged.value)
    const found = jobOf(app.appId)
    const status = before === null ? 201 : 200
    return found.ok ? c.json(showJob(found.value), status) : problem(c, found.failure)
  })
  routes.delete(base, (c) => {
    const found = jobOf(c.req.param('key'))
    if (!found.ok) return problem(c, found.failure)
    deleteJob(sql, found.value.job.appId)
    return c.body(null, 204)
  })
  routes.get(`${base}/log`, (c) => {
    const found = jobOf(c.req.param('key'))
    if (!found.ok) return problem(c, found.failure)
    const limit = Math.min(Number(c.req.query('limit') ?? 100) || 100, 10_000)
    const failuresOnly = c.req.query('failures') !== undefined
    return c.json({ items: listLog(sql, found.value.job.appId, { limit, failuresOnly }) })
  })
  routes.get(`${base}/connections`, (c) => {
    const found = jobOf(c.req.param('key'))
    if (!found.ok) return problem(c, found.failure)
    const { appId } = found.value.job
    return c.json({
      users: listLinks(sql, [appId, 'user']),
      groups: listLinks(sql, [appId, 'group']),
    })
  })
  routes.post(`${base}/test-connection`, async (c) => {
    const found = jobOf(c.req.param('key'))
    if (!found.ok) return problem(c, found.failure)
    const tested = await testConnection(world, found.value.job.appId)
    return tested.ok ? c.json(tested.value) : problem(c, { status: 400, problem: tested.failure })
  })
  routes.post(`${base}/cycle`, async (c) => {
    const found = jobOf(c.req.param('key'))
    if (!found.ok) return problem(c, found.failure)
    const ran = await runCycleInTurn(world, found.value.job.appId)
    if (!ran.ok) return problem(c, { status: 400, problem: ran.failure })
    const after = jobOf(c.req.param('key'))
    const quarantine = after.ok ? after.value.state.quarantine : null
    return c.json({ ...ran.value, quarantine })
  })
  routes.post(`${base}/on-demand`, async (c) => {
    const found = jobOf(c.req.param('key'))
    if (!found.ok) return problem(c, found.failure)
    const body = await readBody(c, onDemandInput)
    if (!body.ok) return problem(c, body.failure)
    const request = onDemandRequest(world, body.value)
    if (!request.ok) return problem(c, request.failure)
    const done = await provisionInTurn(world, found.value.job.appId, request.value)
    return done.ok ? c.json(done.value) : problem(c, { status: 400, problem: done.failure })
  })
  routes.post(`${base}/restart`, async (c) => {
    const found = jobOf(c.req.param('key'))
    if (!found.ok) return problem(c, found.failure)
    const body = await readBody(c, restartInput)
    if (!body.ok) return problem(c, body.failure)
    restartJob(world, found.value.job.appId, body.value.reset)
    return c.body(null, 204)
  })
  const switches = { start: startJob, stop: stopJob, 'clear-quarantine': clearQuarantine }
  for (const [name, change] of Object.entries(switches)) {
    routes.post(`${base}/${name}`, (c) => {
      const found = jobOf(c.req.param('key'))
      if (!found.ok) return problem(c, found.failure)
      change(world, found.value.job.appId)
      return c.body(null, 204)
    })
  }
  return routes
}

/** Finds who is to be provisioned: people by id or user principal name, also deleted ones by id; groups by id or name. */
export function onDemandRequest(
  { sql }: World,
  input: z.infer<typeof onDemandInput>,
): Result<OnDemandRequest, Problem> {
  const person = (key: string) =>
    findUser(sql, key)?.id ?? listDeletedUsers(sql).find(({ id }) => id === key)?.id ?? null
  if (input.user !== undefined) {
    const id = person(input.user)
    return id === null ? err(missing(`user ${input.user}`)) : ok({ kind: 'user', id })
  }
  const group = findGroup(sql, input.group ?? '')
  if (group === null) return err(missing(`group ${input.group ?? ''}`))
  const members = input.members.map((key) => person(key) ?? '')
  const unknown = members.indexOf('')
  if (unknown >= 0) return err(missing(`user ${input.members[unknown]}`))
  return ok({ kind: 'group', id: group.id, members })
}

/** A job as the API shows it, with all rows of its mapping. Secrets are shown: nothing here is secret. */
function showJob({ job, state }: { readonly job: Job; readonly state: JobState }) {
  return { ...job, mapping: mappingOf(job), state, status: statusCode(state) }
}
