import { Hono } from 'hono'
import { z } from 'zod'
import {
  activateCertificate,
  addCertificate,
  createCertificate,
  deleteCertificate,
  listCertificates,
} from '../directory/index.ts'
import type { World } from '../world.ts'
import { missing, problem, readBody } from './problem.ts'
import { addressed, showCertificate } from './show.ts'

const certificateInput = z.strictObject({
  notBefore: z.iso.datetime().optional(),
  notAfter: z.iso.datetime().optional(),
  /** Signs from now on. */
  activate: z.boolean().default(false),
  /** All others go. Entra would switch from an expired certificate to a valid one by itself. */
  removeOthers: z.boolean().default(false),
})

/** Signing certificates of an application: make, promote, remove. */
export function certificateRoutes(world: World): Hono {
  const { sql } = world
  const routes = new Hono()
  const list = (appId: string) => ({ items: listCertificates(sql, appId).map(showCertificate) })

  routes.get('/apps/:key/certificates', (c) => {
    const app = addressed(world, c.req.param('key'))
    return app === null ? problem(c, missing('such app')) : c.json(list(app.appId))
  })
  routes.post('/apps/:key/certificates', async (c) => {
    const app = addressed(world, c.req.param('key'))
    if (app === null) return problem(c, missing('such app'))
    const body = await readBody(c, certificateInput)
    if (!body.ok) return problem(c, body.failure)
    const { notBefore, notAfter, activate, removeOthers } = body.value
    const pair = await createCertificate(world.nowMs(), {
      ...(notBefore === undefined ? {} : { notBeforeMs: new Date(notBefore).getTime() }),
      ...(notAfter === undefined ? {} : { notAfterMs: new Date(notAfter).getTime() }),
    })
    sql.transaction(() => {
      addCertificate(sql, app.appId, pair, world.nowMs())
      if (activate) activateCertificate(sql, app.appId, pair.thumbprint)
      const others = removeOthers ? listCertificates(sql, app.appId) : []
      for (const { thumbprint } of others) {
        if (thumbprint !== pair.thumbprint) deleteCertificate(sql, app.appId, thumbprint)
      }
    })
    const made = listCertificates(sql, app.appId).find(
      ({ thumbprint }) => thumbprint === pair.thumbprint,
    )
    return made === undefined
      ? problem(c, missing('such certificate'))
      : c.json(showCertificate(made), 201)
  })
  routes.post('/apps/:key/certificates/:thumbprint/activate', (c) => {
    const app = addressed(world, c.req.param('key'))
    if (app === null) return problem(c, missing('such app'))
    return activateCertificate(sql, app.appId, c.req.param('thumbprint').toUpperCase())
      ? c.json(list(app.appId))
      : problem(c, missing('such certificate'))
  })
  routes.delete('/apps/:key/certificates/:thumbprint', (c) => {
    const app = addressed(world, c.req.param('key'))
    if (app === null) return problem(c, missing('such app'))
    deleteCertificate(sql, app.appId, c.req.param('thumbprint').toUpperCase())
    return c.json(list(app.appId))
  })
  return routes
}
