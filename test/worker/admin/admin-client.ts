import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import { problemSchema } from '../../../src/admin/api.ts'
import type { Endpoint } from '../../../src/admin/endpoint.ts'
import { endpoints } from '../../../src/admin/endpoints.ts'
import { createApp } from '../../../src/app.ts'
import { parseConfig } from '../../../src/env.ts'
import type { Deps } from '../../../src/http/index.ts'
import { systemRandom } from '../../../src/kernel/index.ts'

export const adminKey = 'test-admin-key-0123456789abcdefghijklmnopqrstuvwxyz'
export const nextAdminKey = 'next-admin-key-0123456789abcdefghijklmnopqrstuvwxyz'
/** 2026-11-24T09:00:00Z, when the certificates of the tests are valid. */
export const startMs = Date.UTC(2026, 10, 24, 9)

export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
  readonly text: string
}
export type Json = Readonly<Record<string, unknown>>

/** A text in an answer, which must be there. */
export function textOf(json: Json | undefined, name: string): string {
  const value = json?.[name]
  if (typeof value !== 'string') throw new Error(`no text ${name} in ${JSON.stringify(json)}`)
  return value
}

/** A list of objects in an answer, which must be there. */
export function listOf(json: Json, name: string): readonly Json[] {
  const value = json[name]
  if (!Array.isArray(value)) throw new Error(`no list ${name} in ${JSON.stringify(json)}`)
  return value
}

type Call = {
  readonly body?: unknown
  /** A body as it is, instead of JSON. */
  readonly raw?: BodyInit
  readonly headers?: Readonly<Record<string, string>>
  readonly key?: string | null
}

/** A Worker of its own with a clock, a network and a log that the test holds, and a client for its API. */
export function openAdminApi(overrides: Partial<Deps> & { publicUrl?: string } = {}) {
  const config = parseConfig({
    ...env,
    ADMIN_KEY: adminKey,
    ADMIN_KEY_NEXT: nextAdminKey,
    PUBLIC_URL: overrides.publicUrl ?? 'https://sso.example.com',
  })
  if (!config.ok) throw new Error(config.failure.problems.join())
  const clock = { ms: startMs }
  const log: string[] = []
  const network = new Map<string, (request: Request) => Response | Promise<Response>>()
  const deps: Deps = {
    config: config.value,
    d1: env.DB,
    clock: { nowMs: () => clock.ms },
    random: systemRandom,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const { origin, pathname } = new URL(request.url)
      const answer = network.get(origin + pathname)
      if (answer === undefined) throw new TypeError('Network connection lost.')
      return answer(request)
    },
    doorLimiter: { limit: async () => ({ success: true }) },
    unknownLimiter: { limit: async () => ({ success: true }) },
    evidenceLimiter: { limit: async () => ({ success: true }) },
    // What the Worker reads from files, tests have at hand.
    readAsset: () => Promise.reject(new Error('no file is read here')),
    scimLimiter: { limit: async () => ({ success: true }) },
    log: (level, message, fields) => log.push(JSON.stringify({ level, message, ...fields })),
    ...overrides,
  }
  const app = createApp(deps)

  async function call(method: string, path: string, options: Call = {}): Promise<Answer> {
    const { body, raw, headers = {}, key = adminKey } = options
    const ctx = createExecutionContext()
    const request = new Request(`${deps.config.publicUrl}/api/v1${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(raw !== undefined ? { body: raw } : {}),
      ...(body !== undefined ? { body: JSON.stringify(body) } : {}),
    })
    const response = await app.fetch(request, env, ctx)
    // What goes on behind the answer is done when the test looks.
    await waitOnExecutionContext(ctx)
    const text = await response.text()
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '')
    const answer = {
      status: response.status,
      headers: response.headers,
      body: (isJson && text !== '' ? JSON.parse(text) : null) as Json,
      text,
    }
    checkDocumented(method, path.split('?')[0] ?? '', answer, log)
    return answer
  }

  /** Any request of any door; what goes on behind the answer is done when it returns. */
  async function fetchAny(request: Request): Promise<Response> {
    const ctx = createExecutionContext()
    const response = await app.fetch(request, env, ctx)
    await waitOnExecutionContext(ctx)
    return response
  }

  return {
    call,
    fetch: fetchAny,
    clock,
    log,
    network,
    deps,
    app,
    get: (path: string) => call('GET', path),
    post: (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
      call('POST', path, { body, headers }),
    put: (path: string, body: unknown) => call('PUT', path, { body }),
    patch: (path: string, body: unknown) => call('PATCH', path, { body }),
    delete: (path: string) => call('DELETE', path),
  }
}

export type AdminApi = ReturnType<typeof openAdminApi>

/** Every answer must be one that the operation documents, in status and in shape. */
function checkDocumented(
  method: string,
  path: string,
  { status, body, headers }: Answer,
  log: readonly string[],
): void {
  const operation = findEndpoint(method, path)?.operation
  if (status === 500) throw new Error(log.join('\n'))
  if (status >= 400) {
    expect(headers.get('content-type')).toBe('application/problem+json')
    if (method !== 'HEAD') expect(problemSchema.safeParse(body).error?.issues).toBeUndefined()
    if (operation === undefined || status >= 500) return
    const common = [400, 401, 413, 415, 429, 409]
    const isNamed = (operation.described.refusals ?? []).some((code) => code === body['code'])
    expect([isNamed || common.includes(status), method, path, status, body['code']]).toEqual([
      true,
      method,
      path,
      status,
      body['code'],
    ])
    return
  }
  if (operation === undefined) return
  const { answer } = operation.described
  const documented = operation.created ? 201 : answer === undefined ? 204 : 200
  expect([status, method, path]).toEqual([documented, method, path])
  if (operation.lines) return
  expect(answer?.safeParse(body).error?.issues).toBeUndefined()
}

export function findEndpoint(method: string, path: string): Endpoint | undefined {
  return endpoints.find(({ operation }) => {
    const pattern = new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
    return operation.method === method.toLowerCase() && pattern.test(path)
  })
}

/** An organization to work in. */
export async function createContoso(api: AdminApi, slug = 'contoso'): Promise<Json> {
  const answer = await api.post('/organizations', { slug, name: 'Contoso' })
  expect(answer.status).toBe(201)
  return answer.body
}

/** Names of the fields that a problem blames. */
export function blamed({ body }: Answer): readonly string[] {
  return body['errors'] === undefined
    ? []
    : listOf(body, 'errors').map((error) => textOf(error, 'field'))
}

/** What the database holds, to show that a refused request changed nothing. */
export async function countRows(): Promise<Readonly<Record<string, number>>> {
  const tables = ['organizations', 'domains', 'connections', 'connection_keys']
  const more = ['connection_certificates', 'connection_testers', 'events', 'idempotency_keys']
  const people = ['people', 'sessions', 'recovery_links', 'event_details']
  const scim = ['scim_tokens', 'scim_clients', 'scim_client_secrets']
  const counts: Record<string, number> = {}
  for (const table of [...tables, ...more, ...people, ...scim]) {
    counts[table] =
      (await env.DB.prepare(`select count(*) as n from ${table}`).first<number>('n')) ?? 0
  }
  return counts
}
