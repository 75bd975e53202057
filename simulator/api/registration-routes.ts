import { Hono } from 'hono'
import { z } from 'zod'
import {
  type ClientCertificate,
  clientCertificate,
  loadRegistration,
  newSecret,
  permissions,
  type Registration,
  saveRegistration,
} from '../graph/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { missing, type Problem, problem, readBody } from './problem.ts'
import { addressed } from './show.ts'

const secretLifetimeMs = 180 * 86_400_000

const secretInput = z.strictObject({
  secret: z.string().min(1).optional(),
  expiresAt: z.iso.datetime().optional(),
})

const registrationInput = z.strictObject({
  permissions: z.array(z.enum(permissions)).optional(),
  /** PEM or base64; instead of those before. */
  certificates: z.array(z.string()).optional(),
  /** Instead of those before. */
  secrets: z.array(secretInput).optional(),
})

/** What an application has registered to call Graph by itself. Secrets are shown: nothing here is secret. */
export function registrationRoutes(world: World): Hono {
  const { sql } = world
  const routes = new Hono()
  const base = '/apps/:key/registration'
  const made = ({ secret, expiresAt }: z.infer<typeof secretInput>) =>
    newSecret(
      secret ?? null,
      expiresAt === undefined ? world.nowMs() + secretLifetimeMs : new Date(expiresAt).getTime(),
    )
  routes.get(base, (c) => {
    const app = addressed(world, c.req.param('key'))
    if (app === null) return problem(c, missing('such app'))
    return c.json(showRegistration(loadRegistration(sql, app.appId)))
  })
  routes.patch(base, async (c) => {
    const app = addressed(world, c.req.param('key'))
    if (app === null) return problem(c, missing('such app'))
    const body = await readBody(c, registrationInput)
    if (!body.ok) return problem(c, body.failure)
    const before = loadRegistration(sql, app.appId)
    const certificates = readCertificates(body.value.certificates)
    if (!certificates.ok) return problem(c, certificates.failure)
    const changed: Registration = {
      permissions: body.value.permissions ?? before.permissions,
      certificates: certificates.value ?? before.certificates,
      secrets: body.value.secrets?.map(made) ?? before.secrets,
    }
    saveRegistration(sql, app.appId, changed)
    return c.json(showRegistration(changed))
  })
  routes.post(`${base}/secrets`, async (c) => {
    const app = addressed(world, c.req.param('key'))
    if (app === null) return problem(c, missing('such app'))
    const body = await readBody(c, secretInput)
    if (!body.ok) return problem(c, body.failure)
    const before = loadRegistration(sql, app.appId)
    const secret = made(body.value)
    saveRegistration(sql, app.appId, { ...before, secrets: [...before.secrets, secret] })
    return c.json(showSecret(secret), 201)
  })
  routes.delete(`${base}/secrets/:id`, (c) => {
    const app = addressed(world, c.req.param('key'))
    if (app === null) return problem(c, missing('such app'))
    const before = loadRegistration(sql, app.appId)
    const secrets = before.secrets.filter(({ id }) => id !== c.req.param('id'))
    saveRegistration(sql, app.appId, { ...before, secrets })
    return c.body(null, 204)
  })
  return routes
}

function readCertificates(
  texts: readonly string[] | undefined,
): Result<readonly ClientCertificate[] | null, Problem> {
  if (texts === undefined) return ok(null)
  const read: ClientCertificate[] = []
  for (const text of texts) {
    const certificate = clientCertificate(text)
    if (!certificate.ok)
      return err({ status: 400, problem: `A certificate ${certificate.failure}.` })
    read.push(certificate.value)
  }
  return ok(read)
}

const showSecret = ({ id, secret, expiresAtMs }: Registration['secrets'][number]) => ({
  id,
  secret,
  expiresAt: new Date(expiresAtMs).toISOString(),
})

function showRegistration({ secrets, certificates, permissions: granted }: Registration) {
  return {
    permissions: granted,
    secrets: secrets.map(showSecret),
    certificates: certificates.map(({ thumbprint, notAfterMs }) => ({
      thumbprint,
      notAfter: new Date(notAfterMs).toISOString(),
    })),
  }
}
