import { Hono } from 'hono'
import { z } from 'zod'
import {
  addFault,
  countRequests,
  expireDeltaLinks,
  expireTokens,
  forgetRequests,
  listFaults,
  listRequests,
  loadGraphSettings,
  removeFaults,
  saveGraphSettings,
} from '../graph/index.ts'
import type { World } from '../world.ts'
import { faultInput, graphSettingsInput } from './graph-input.ts'
import { problem, readBody } from './problem.ts'

const shownRequests = 500

/** How Graph behaves, what goes wrong there, and what was asked of it. */
export function graphApiRoutes(world: World): Hono {
  const { sql } = world
  const routes = new Hono()
  const show = () => ({
    settings: loadGraphSettings(sql),
    faults: listFaults(sql),
    requests: countRequests(sql),
  })
  routes.get('/graph', (c) => c.json(show()))
  routes.patch('/graph', async (c) => {
    const body = await readBody(c, graphSettingsInput)
    if (!body.ok) return problem(c, body.failure)
    const given = Object.entries(body.value).filter(([, value]) => value !== undefined)
    saveGraphSettings(sql, { ...loadGraphSettings(sql), ...Object.fromEntries(given) })
    return c.json(show())
  })
  routes.post('/graph/faults', async (c) => {
    const body = await readBody(c, faultInput)
    if (!body.ok) return problem(c, body.failure)
    addFault(sql, body.value)
    return c.json(show(), 201)
  })
  routes.put('/graph/faults', async (c) => {
    const body = await readBody(c, z.array(faultInput))
    if (!body.ok) return problem(c, body.failure)
    sql.transaction(() => {
      removeFaults(sql, null)
      for (const fault of body.value) addFault(sql, fault)
    })
    return c.json(show())
  })
  routes.delete('/graph/faults', (c) => {
    removeFaults(sql, null)
    return c.body(null, 204)
  })
  routes.delete('/graph/faults/:id', (c) => {
    removeFaults(sql, Number(c.req.param('id')))
    return c.body(null, 204)
  })
  routes.post('/graph/expire-tokens', (c) => {
    expireTokens(world, null)
    return c.body(null, 204)
  })
  routes.post('/graph/expire-links', (c) => {
    expireDeltaLinks(sql)
    return c.body(null, 204)
  })
  routes.get('/graph/requests', (c) =>
    c.json({ ...countRequests(sql), items: listRequests(sql, shownRequests) }),
  )
  routes.delete('/graph/requests', (c) => {
    forgetRequests(sql)
    return c.body(null, 204)
  })
  return routes
}
