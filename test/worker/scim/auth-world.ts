import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { Hono } from 'hono'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { expect } from 'vitest'
import { registry } from '../../../src/errors.ts'
import { type AppEnv, answerFailure, type Deps, requestContext } from '../../../src/http/index.ts'
import { createAuthenticator } from '../../../src/scim/auth/authenticate.ts'
import { createContoso, type Json, listOf, openAdminApi, textOf } from '../admin/admin-client.ts'
import { countingD1 } from '../support/counting-d1.ts'

export const tenantId = '11111111-2222-3333-4444-555555555555'
export const otherTenantId = '99999999-2222-3333-4444-555555555555'
export const appId = 'aaaaaaaa-0000-4000-8000-000000000001'
export const subject = 'bbbbbbbb-0000-4000-8000-000000000002'
export const loginUrl = 'https://login.microsoftonline.com'
export const issuer = `${loginUrl}/${tenantId}/v2.0`
export const keysUrl = `${loginUrl}/${tenantId}/discovery/v2.0/keys`

export const federation = { tenantId, subject, audience: `api://${appId}` }

export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
  readonly text: string
}

/** Portico with a counting D1 and limits that a test can close, and a door that shows who came in. */
export function scimWorld() {
  const limits = { door: true, evidence: true, scim: true }
  /** Keys that the limits were asked about, in order. */
  const knocks: string[] = []
  const limiter = (name: keyof typeof limits): RateLimit => ({
    limit: async ({ key }) => {
      knocks.push(`${name} ${key}`)
      return { success: limits[name] }
    },
  })
  const counting = countingD1(env.DB)
  const api = openAdminApi({
    d1: counting.d1,
    doorLimiter: limiter('door'),
    evidenceLimiter: limiter('evidence'),
    // What the Worker reads from files, tests have at hand.
    readAsset: () => Promise.reject(new Error('no file is read here')),
    scimLimiter: limiter('scim'),
  })
  const doors = [showCredentials(api.deps), api.app] as const

  async function send(app: 0 | 1, path: string, init: RequestInit): Promise<Reply> {
    const ctx = createExecutionContext()
    const request = new Request(`https://sso.example.com${path}`, init)
    const response = await doors[app].fetch(request, env, ctx)
    const text = await response.text()
    await waitOnExecutionContext(ctx)
    const isJson = (response.headers.get('content-type') ?? '').includes('json')
    const body = (isJson && text !== '' ? JSON.parse(text) : null) as Json
    return { status: response.status, headers: response.headers, body, text }
  }

  return {
    api,
    counting,
    limits,
    knocks,
    /** Asks for an access token with a form. */
    askToken: (form: Readonly<Record<string, string>> | string, headers: HeadersInit = {}) =>
      send(1, '/oauth/token', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
      }),
    /** Any other request. */
    request: (path: string, init: RequestInit = {}) => send(1, path, init),
    /** Presents a token, and is shown what it stands for. */
    present: (token: string | null, headers: Readonly<Record<string, string>> = {}) =>
      send(0, '/', {
        headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
      }),
    /** Presents a token for a read that succeeds. */
    read: (token: string) => send(0, '/read', { headers: { authorization: `Bearer ${token}` } }),
  }
}

export type ScimWorld = ReturnType<typeof scimWorld>

function showCredentials(deps: Deps) {
  const authenticate = createAuthenticator(deps)
  return new Hono<AppEnv>()
    .use(requestContext(deps))
    .use(async (c, next) => {
      c.set('fail', (failure, options) => answerFailure(c, registry, failure, options))
      await next()
    })
    .get('*', async (c) => {
      const result = await authenticate(c)
      if (!result.ok) return c.get('fail')(result.failure, { audience: 'scim' })
      if (c.req.path === '/read') authenticate.countRead(result.value, c.get('nowMs'))
      return c.json(result.value)
    })
}

/** Contoso in a world of its own. */
export async function contosoWorld(): Promise<ScimWorld> {
  const world = scimWorld()
  await createContoso(world.api)
  return world
}

export async function makeToken(world: ScimWorld, body: Json = {}, org = 'contoso'): Promise<Json> {
  const made = await world.api.post(`/organizations/${org}/scim-tokens`, { name: 'Entra', ...body })
  expect([made.status, made.body['errors']]).toEqual([201, undefined])
  return made.body
}

export async function makeClient(
  world: ScimWorld,
  body: Json = {},
  org = 'contoso',
): Promise<{ readonly id: string; readonly secret: string; readonly secretId: string }> {
  const path = `/organizations/${org}/scim-clients`
  const made = await world.api.post(path, { name: 'Entra', ...body })
  expect([made.status, made.body['errors']]).toEqual([201, undefined])
  const [secret] = listOf(made.body, 'secrets')
  return {
    id: textOf(made.body, 'id'),
    secret: String(made.body['secret']),
    secretId: String(secret?.['id']),
  }
}

/** An access token by a client's secret. */
export async function mint(
  world: ScimWorld,
  client: { readonly id: string; readonly secret: string },
): Promise<string> {
  const answer = await world.askToken({
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
  })
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  return textOf(answer.body, 'access_token')
}

export async function eventsOf(world: ScimWorld, type: string): Promise<readonly Json[]> {
  const { body } = await world.api.get(`/organizations/contoso/events?type=${type}`)
  return listOf(body, 'items')
}

export type TenantKey = Awaited<ReturnType<typeof tenantKey>>

/** A key pair as a tenant has it. */
export async function tenantKey(kid: string) {
  const pair = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(pair.publicKey)
  return { kid, privateKey: pair.privateKey, jwk: { ...jwk, kid, use: 'sig' } }
}

/** Serves keys as Entra does for the tenant, and counts how often they are asked for. */
export function serveKeys(
  { api }: ScimWorld,
  keys: () => readonly object[] | Response,
  url = keysUrl,
): { count: number } {
  const asked = { count: 0 }
  api.network.set(url, () => {
    asked.count++
    const served = keys()
    return served instanceof Response ? served : Response.json({ keys: served })
  })
  return asked
}

/** Claims of an assertion as Entra makes it, at a moment. */
export function claims(nowMs: number, change: Json = {}): JWTPayload {
  const now = Math.floor(nowMs / 1000)
  return {
    iss: issuer,
    sub: subject,
    oid: subject,
    tid: tenantId,
    aud: `api://${appId}`,
    iat: now - 300,
    nbf: now - 300,
    exp: now + 3600,
    ...change,
  }
}

export async function signed(
  payload: JWTPayload,
  key: TenantKey,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid, ...header })
    .sign(key.privateKey)
}

/** Asks for an access token with an assertion. */
export function assertWith(world: ScimWorld, clientId: string, assertion: string): Promise<Reply> {
  return world.askToken({
    grant_type: 'client_credentials',
    client_id: clientId,
    scope: 'scim',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  })
}

/** How SQLite carries a statement out, line by line. */
export async function planOf(sql: string): Promise<readonly string[]> {
  const parameters = sql.split('?').length - 1
  const plan = await env.DB.prepare(`explain query plan ${sql}`)
    .bind(...Array<null>(parameters).fill(null))
    .all<{ detail: string }>()
  return plan.results.map(({ detail }) => detail)
}
