import { type Context, Hono } from 'hono'
import { z } from 'zod'
import {
  type App,
  assign,
  deleteApp,
  findApp,
  findGroup,
  findUser,
  listApps,
  newApp,
  unassign,
} from '../directory/index.ts'
import { uuid } from '../keys/index.ts'
import type { World } from '../world.ts'
import { appInput, changeApp } from './app-input.ts'
import { missing, problem, readBody } from './problem.ts'
import { addressed, showApp } from './show.ts'

const assignmentInput = z.strictObject({
  principal: z.string(),
  role: z.string().nullable().default(null),
})

/** Enterprise applications. One is addressed by its appId, or by an identifier, percent-encoded. */
export function appRoutes(world: World): Hono {
  const { sql } = world
  const routes = new Hono()
  routes.get('/apps', (c) => c.json({ items: listApps(sql).map((app) => showApp(world, app)) }))
  routes.post('/apps', async (c) => {
    const body = await readBody(c, appInput)
    if (!body.ok) return problem(c, body.failure)
    const appId = body.value.appId?.toLowerCase() ?? uuid()
    if (findApp(sql, appId) !== null) {
      return problem(c, { status: 409, problem: 'There is an application with this appId.' })
    }
    return change(c, world, { appId, base: null, body: body.value, status: 201 })
  })
  routes.put('/apps/:key', async (c) => {
    const key = c.req.param('key')
    const found = addressed(world, key)
    if (found === null && !z.guid().safeParse(key).success) return problem(c, missing('such app'))
    const body = await readBody(c, appInput)
    if (!body.ok) return problem(c, body.failure)
    const appId = found?.appId ?? key.toLowerCase()
    const status = found === null ? 201 : 200
    // Keys, roles and assignments stay unless others are given, so that what points at them stays right.
    const base = found === null ? null : newApp({ appId, appRoles: found.appRoles })
    return change(c, world, { appId, base, body: body.value, status })
  })
  routes.get('/apps/:key', (c) => {
    const app = addressed(world, c.req.param('key'))
    return app === null ? problem(c, missing('such app')) : c.json(showApp(world, app))
  })
  routes.patch('/apps/:key', async (c) => {
    const app = addressed(world, c.req.param('key'))
    if (app === null) return problem(c, missing('such app'))
    const body = await readBody(c, appInput)
    if (!body.ok) return problem(c, body.failure)
    return change(c, world, { appId: app.appId, base: app, body: body.value, status: 200 })
  })
  routes.delete('/apps/:key', (c) => {
    const app = addressed(world, c.req.param('key'))
    if (app === null) return problem(c, missing('such app'))
    deleteApp(sql, app.appId)
    return c.body(null, 204)
  })
  routes.post('/apps/:key/assignments', async (c) => {
    const app = addressed(world, c.req.param('key'))
    if (app === null) return problem(c, missing('such app'))
    const body = await readBody(c, assignmentInput)
    if (!body.ok) return problem(c, body.failure)
    const { principal, role } = body.value
    const found = findUser(sql, principal) ?? findGroup(sql, principal)
    if (found === null) return problem(c, missing('such user or group'))
    const roleId = app.appRoles.find(({ id, value }) => id === role || value === role)?.id ?? null
    if (role !== null && roleId === null) return problem(c, missing('such role'))
    assign(sql, app.appId, { principalId: found.id, roleId })
    return c.json(showApp(world, app))
  })
  routes.delete('/apps/:key/assignments/:principal', (c) => {
    const app = addressed(world, c.req.param('key'))
    const key = c.req.param('principal')
    const found = findUser(sql, key) ?? findGroup(sql, key)
    if (app === null || found === null) return problem(c, missing('such assignment'))
    unassign(sql, app.appId, found.id)
    return c.json(showApp(world, app))
  })
  return routes
}

async function change(
  c: Context,
  world: World,
  to: {
    readonly appId: string
    readonly base: App | null
    readonly body: z.infer<typeof appInput>
    readonly status: 200 | 201
  },
): Promise<Response> {
  const changed = await changeApp(world, to.appId, { input: to.body, base: to.base })
  return changed.ok ? c.json(showApp(world, changed.value), to.status) : problem(c, changed.failure)
}
