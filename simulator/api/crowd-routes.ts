import { Hono } from 'hono'
import { z } from 'zod'
import { makeCrowd } from '../directory/index.ts'
import type { World } from '../world.ts'
import { problem, readBody } from './problem.ts'

const crowdInput = z.strictObject({
  people: z.int().min(0).max(200_000).default(0),
  groups: z.int().min(0).max(10_000).default(0),
  /** Where numbers begin. */
  from: z.int().min(1).default(1),
})

/** Many invented users and groups, for runs under load. */
export function crowdRoutes(world: World): Hono {
  const routes = new Hono()
  routes.post('/crowd', async (c) => {
    const body = await readBody(c, crowdInput)
    if (!body.ok) return problem(c, body.failure)
    return c.json(makeCrowd(world.sql, body.value), 201)
  })
  return routes
}
