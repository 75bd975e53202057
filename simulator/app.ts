import { Hono } from 'hono'
import { apiRoutes } from './api/index.ts'
import { resolveTenant } from './directory/index.ts'
import { graphRoutes } from './graph/index.ts'
import { myAppsRoutes } from './my-apps/index.ts'
import { portalRoutes } from './portal/index.ts'
import { publicKeys } from './provisioning/index.ts'
import { signInRoutes } from './sign-in/index.ts'
import type { World } from './world.ts'

/** The whole simulator over its surroundings. */
export function createApp(world: World): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    const isOwn = ['same-origin', 'none', undefined].includes(c.req.header('sec-fetch-site'))
    const isWrite = c.req.method !== 'GET' && c.req.method !== 'HEAD'
    const isSamlPost = new URL(c.req.url).pathname.toLowerCase().endsWith('/saml2')
    if (isWrite && !isOwn && !isSamlPost) return c.text('Not from another site.\n', 403)
    c.header('Cache-Control', 'no-store')
    c.header('Referrer-Policy', 'no-referrer')
    return next()
  })
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.route('/api', apiRoutes(world))
  app.get('/:tenant/discovery/v2.0/keys', async (c) =>
    resolveTenant(c.req.param('tenant')) ? c.json(await publicKeys(world)) : c.notFound(),
  )
  app.route('/', graphRoutes(world))
  app.route('/', portalRoutes(world))
  app.route('/', myAppsRoutes(world))
  app.route('/', signInRoutes(world))
  app.notFound((c) => c.text('There is nothing here. Start at /.\n', 404))
  return app
}
