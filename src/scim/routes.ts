import type { MiddlewareHandler } from 'hono'
import { createRefusalCounter } from '../activity/index.ts'
import { openDatabase } from '../db/index.ts'
import {
  type AppContext,
  type AppEnv,
  type Deps,
  inBackground,
  mayKnock,
  type Registry,
  scimError,
} from '../http/index.ts'
import { err, ok, type Result } from '../kernel/index.ts'
import { type Credential, createAuthenticator } from './auth/index.ts'
import { type Found, findRoute } from './dispatch.ts'
import type { ScimFailure } from './errors.ts'
import { readListQuery } from './list-query.ts'
import { readPrecondition } from './preconditions.ts'
import { readProjection } from './projection.ts'
import { readJsonBody } from './read-body.ts'
import { type Refused, recordScimRefusal } from './record-refusal.ts'
import type { Answered, ScimAnswer, ScimRequest } from './request.ts'
import { serviceProviderConfig } from './schema/discovery.ts'

const base = '/scim/v2'
const scimPath = /^\/scim\/v2(?=\/|$)/i

/**
 * Everything below `/scim/v2`, in whatever case it is written (RFC 7644 3). The credential decides whose
 * people and groups are meant; nothing in the path or the body can.
 */
export function scimRoutes(deps: Deps, registry: Registry): MiddlewareHandler<AppEnv> {
  const authenticate = createAuthenticator(deps)
  const refusals = createRefusalCounter()

  return async function scim(c, next) {
    if (!scimPath.test(c.req.path)) return next()
    if (await isOpenQuestion(c)) return send(c, openAnswer(deps))
    const credential = await authenticate(c)
    if (!credential.ok) return c.get('fail')(credential.failure, { audience: 'scim' })
    const found = findRoute(c.req.path.replace(scimPath, ''))
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method
    const refuse = (refused: Omit<Refused, 'credential' | 'method'>) =>
      inBackground(
        c,
        recordScimRefusal(c, refusals, { method, credential: credential.value, ...refused }),
      )
    const allowed = Object.keys(found?.methods ?? {})
    if (found !== null && !allowed.includes(method)) {
      c.header('Allow', allowed.join(', '))
      return c.get('fail')({ code: 'http.method_not_allowed' }, { audience: 'scim' })
    }
    let body: unknown = null
    const onBody = (value: unknown) => {
      body = value
    }
    const result = await answer(c, { found, method, credential: credential.value, refuse, onBody })
    if (result.ok) {
      if (method === 'GET' || found?.isSearch === true) {
        authenticate.countRead(credential.value, c.get('nowMs'))
      }
      return send(c, result.value)
    }
    refuse({ found, failure: result.failure, body })
    return c.get('fail')(result.failure, { audience: 'scim' })
  }

  async function answer(
    c: AppContext,
    input: {
      readonly found: Found | null
      readonly method: string
      readonly credential: Credential
      readonly refuse: (refused: Omit<Refused, 'credential' | 'method'>) => void
      /** Is told what was sent, for the event of a refusal. */
      readonly onBody: (body: unknown) => void
    },
  ): Answered {
    const { found, method, credential, refuse } = input
    const handler = found?.methods[method as 'GET']
    if (found === null || handler === undefined) {
      const detail = `There is nothing at ${c.req.path.slice(0, 128)}; the base URL is ${base}, below it are Users and Groups.`
      return err({ code: 'scim.not_found', detail })
    }
    const allowed = checkScope(credential, found, method)
    if (!allowed.ok) return allowed
    const request = await readRequest(c, credential, method)
    if (!request.ok) return request
    input.onBody(request.value.body)
    const tools: Pick<ScimRequest, 'perform' | 'explain' | 'later'> = {
      later: (work) => inBackground(c, work),
      async perform(operation, inner) {
        const target = findRoute(operation.path)
        const inside = target?.methods[operation.method as 'POST']
        if (target === null || inside === undefined) {
          return err({ code: 'scim.not_found', detail: `There is nothing at ${operation.path}.` })
        }
        const result = await inside(inner, target.id)
        if (!result.ok) refuse({ found: target, failure: result.failure, body: inner.body })
        return result
      },
      explain(failure) {
        const entry = registry[failure.code]
        if (entry === undefined) throw new Error(`code without a registry entry: ${failure.code}`)
        return scimError({ failure, entry, requestId: c.get('requestId') })
      },
    }
    return handler({ ...request.value, ...tools }, found.id)
  }
}

/**
 * Whether somebody without a token asks how to authenticate, which they may know beforehand (RFC 7643 5,
 * authenticationSchemes). The document says nothing of any organization.
 */
async function isOpenQuestion(c: AppContext): Promise<boolean> {
  if (c.req.method !== 'GET' || c.req.header('authorization') !== undefined) return false
  const { resource, id } = findRoute(c.req.path.replace(scimPath, '')) ?? {}
  return resource === 'serviceproviderconfig' && id === '' && mayKnock(c, 'scim', 'open')
}

function openAnswer({ config }: Deps): ScimAnswer {
  return { status: 200, resource: serviceProviderConfig(`${config.publicUrl}${base}`) }
}

/** Reading needs the scope read, everything else write; a search by POST reads. */
function checkScope(
  { scopes }: Credential,
  found: Found,
  method: string,
): Result<null, ScimFailure> {
  const needed = method === 'GET' || found.isSearch ? 'read' : 'write'
  if (scopes.includes(needed)) return ok(null)
  const detail = `This credential lacks the scope ${needed}. Give it to the SCIM client in Portico.`
  return err({ code: 'scim.scope', detail })
}

async function readRequest(
  c: AppContext,
  credential: Credential,
  method: string,
): Promise<Result<Omit<ScimRequest, 'perform' | 'explain' | 'later'>, ScimFailure>> {
  const query = new URL(c.req.url).searchParams
  const list = readListQuery((name) => query.get(name))
  if (!list.ok) return list
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH'
  const body = hasBody ? await readJsonBody(c.req.raw) : ok(null)
  if (!body.ok) return body
  const projection = readProjection(query.getAll('attributes'), query.getAll('excludedAttributes'))
  if (!projection.ok) return projection
  const { config, d1 } = c.get('deps')
  return ok({
    db: openDatabase(d1, 'primary'),
    by: {
      organizationId: credential.organizationId,
      connectionId: credential.connectionId,
      entraTenantId: credential.entraTenantId,
      credentialId: credential.tokenId,
      keepsValues: credential.keepsValues,
      rules: credential.rules,
      requestId: c.get('requestId'),
      nowMs: c.get('nowMs'),
      keyRing: config.keyRing,
    },
    baseUrl: `${config.publicUrl}${base}`,
    body: body.value,
    list: list.value,
    projection: projection.value,
    precondition: readPrecondition(c.req.raw.headers),
  })
}

function send(c: AppContext, answer: ScimAnswer): Response {
  const { status, resource, stream, location, version } = answer
  if (version !== undefined) c.header('ETag', version)
  if (location !== undefined) {
    // RFC 7643 3.1: meta.location is what Content-Location says.
    c.header('Content-Location', location)
    if (status === 201) c.header('Location', location)
  }
  c.status(status)
  if (resource === undefined && stream === undefined) return c.body(null)
  c.header('Content-Type', 'application/scim+json')
  return c.body(stream ?? JSON.stringify(resource))
}
