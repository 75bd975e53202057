import { Hono } from 'hono'
import { z } from 'zod'
import {
  homeTenant,
  listSignIns,
  loadSettings,
  rotateTenantKey,
  saveSettings,
  seedTenant,
  tenant,
} from '../directory/index.ts'
import { provisioningService, publicKeys, tokenIssuer } from '../provisioning/index.ts'
import { idpUrls, issuerOf } from '../saml/index.ts'
import type { World } from '../world.ts'
import { appRoutes } from './app-routes.ts'
import { certificateRoutes } from './certificate-routes.ts'
import { crowdRoutes } from './crowd-routes.ts'
import { directoryRoutes } from './directory-routes.ts'
import { graphApiRoutes } from './graph-routes.ts'
import { problem, readBody } from './problem.ts'
import { provisioningRoutes } from './provisioning-routes.ts'
import { registrationRoutes } from './registration-routes.ts'
import { responseRoutes } from './response-routes.ts'

const settingsInput = z.strictObject({
  logoutResponseIssuer: z.enum(['login', 'sts']).optional(),
  checksLogoutNameId: z.boolean().optional(),
})
const keysInput = z.strictObject({ removeOthers: z.boolean().default(false) })
const resetInput = z.strictObject({ keepApps: z.boolean().default(false) })

/** Everything under `/api`. */
export function apiRoutes(world: World): Hono {
  const routes = new Hono()
  const show = () => {
    const urls = idpUrls(world.baseUrl)
    return {
      tenantId: tenant.id,
      displayName: tenant.name,
      domains: tenant.domains,
      issuer: issuerOf(null),
      ssoUrl: urls.saml2,
      sloUrl: urls.saml2,
      metadataUrl: urls.metadata(null),
      guestTenantId: homeTenant.id,
      tokenIssuer: tokenIssuer(world.baseUrl),
      keysUrl: `${world.baseUrl}/${tenant.id}/discovery/v2.0/keys`,
      provisioningService,
      settings: loadSettings(world.sql),
    }
  }
  routes.get('/tenant', (c) => c.json(show()))
  routes.patch('/tenant', async (c) => {
    const body = await readBody(c, settingsInput)
    if (!body.ok) return problem(c, body.failure)
    const before = loadSettings(world.sql)
    saveSettings(world.sql, {
      logoutResponseIssuer: body.value.logoutResponseIssuer ?? before.logoutResponseIssuer,
      checksLogoutNameId: body.value.checksLogoutNameId ?? before.checksLogoutNameId,
    })
    return c.json(show())
  })
  routes.post('/tenant/keys', async (c) => {
    const body = await readBody(c, keysInput)
    if (!body.ok) return problem(c, body.failure)
    await rotateTenantKey(world.sql, world.nowMs(), body.value)
    return c.json(await publicKeys(world), 201)
  })
  routes.post('/reset', async (c) => {
    const body = await readBody(c, resetInput)
    if (!body.ok) return problem(c, body.failure)
    seedTenant(world.sql, { apps: body.value.keepApps })
    return c.json(show())
  })
  routes.get('/sign-ins', (c) => c.json({ items: listSignIns(world.sql, 100) }))
  routes.route('/', directoryRoutes(world))
  routes.route('/', appRoutes(world))
  routes.route('/', certificateRoutes(world))
  routes.route('/', responseRoutes(world))
  routes.route('/', provisioningRoutes(world))
  routes.route('/', crowdRoutes(world))
  routes.route('/', registrationRoutes(world))
  routes.route('/', graphApiRoutes(world))
  routes.all('*', (c) => problem(c, { status: 404, problem: 'There is no such call.' }))
  return routes
}
