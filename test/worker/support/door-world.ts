import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createApp } from '../../../src/app.ts'
import { openDatabase, tables } from '../../../src/db/index.ts'
import { parseConfig } from '../../../src/env.ts'
import type { Deps } from '../../../src/http/index.ts'
import { newId, seal, systemRandom } from '../../../src/kernel/index.ts'
import { connectionKeyPlace } from '../../../src/saml/open-connection.ts'
import {
  type BuildOptions,
  buildResponse,
  certificateBase64,
  context,
  type KeyName,
  privateKeyDer,
} from '../../support/saml-builder.ts'
import { type CountingD1, countingD1 } from './counting-d1.ts'

export const dayMs = 24 * 60 * 60 * 1000

const config = parseConfig({ ...env, PUBLIC_URL: context.publicUrl })
if (!config.ok) throw new Error(config.failure.problems.join(' '))
export const testConfig = config.value

type ConnectionRow = typeof tables.connections.$inferInsert
type OrganizationRow = typeof tables.organizations.$inferInsert

/** Portico with a counting D1, a clock that a test sets, and limits that a test can close. */
export function doorWorld(options: { readonly stale?: D1Database } = {}) {
  const counting: CountingD1 = countingD1(env.DB, options)
  const clock = { ms: context.nowMs, nowMs: () => clock.ms }
  const closed: readonly string[] = []
  const limits = { door: true, closed, evidence: true, scim: true, unknownPerNetwork: 10 }
  /** Keys that the limits were asked about, in order. */
  const knocks: string[] = []
  const unknown = new Map<string, number>()
  const logged: { level: string; message: string; fields: unknown }[] = []
  const deps: Deps = {
    config: testConfig,
    d1: counting.d1,
    clock,
    random: systemRandom,
    fetch: async () => new Response(null, { status: 404 }),
    doorLimiter: {
      limit: async ({ key }) => {
        knocks.push(key)
        // `closed` are beginnings of keys.
        return { success: limits.door && !limits.closed.some((start) => key.startsWith(start)) }
      },
    },
    unknownLimiter: {
      limit: async ({ key }) => {
        const count = (unknown.get(key) ?? 0) + 1
        unknown.set(key, count)
        return { success: count <= limits.unknownPerNetwork }
      },
    },
    evidenceLimiter: { limit: async () => ({ success: limits.evidence }) },
    // What the Worker reads from files, tests have at hand.
    readAsset: () => Promise.reject(new Error('no file is read here')),
    scimLimiter: { limit: async () => ({ success: limits.scim }) },
    log: (level, message, fields) => {
      logged.push({ level, message, fields })
    },
  }
  const app = createApp(deps)

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const ctx = createExecutionContext()
    const url = path.startsWith('http') ? path : `${context.publicUrl}${path}`
    const response = await app.fetch(new Request(url, { redirect: 'manual', ...init }), env, ctx)
    await waitOnExecutionContext(ctx)
    return response
  }

  return {
    app,
    deps,
    counting,
    clock,
    limits,
    knocks,
    logged,
    request,
    browser: () => browser(request),
  }
}

export type DoorWorld = ReturnType<typeof doorWorld>
type Send = (path: string, init?: RequestInit) => Promise<Response>

/** A browser with a cookie jar; `crossSite` requests carry no Lax cookies. */
export function browser(send: Send) {
  const jar = new Map<string, { value: string; sameSite: string }>()

  async function go(path: string, init: RequestInit & { crossSite?: boolean } = {}) {
    const cookies = [...jar].filter(([, one]) => init.crossSite !== true || one.sameSite === 'None')
    const headers = new Headers(init.headers)
    if (cookies.length > 0) {
      headers.set('cookie', cookies.map(([name, one]) => `${name}=${one.value}`).join('; '))
    }
    const response = await send(path, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...rest] = line.split('; ')
      const name = pair.slice(0, pair.indexOf('='))
      const sameSite = rest.find((part) => part.startsWith('SameSite='))?.slice(9) ?? 'Lax'
      if (rest.includes('Max-Age=0')) jar.delete(name)
      else jar.set(name, { value: pair.slice(name.length + 1), sameSite })
    }
    return response
  }

  /** Starts a sign-in and returns the id of its AuthnRequest. */
  async function start(query = '', connectionId: string = context.connectionId): Promise<string> {
    const response = await go(`/saml/${connectionId}/login${query}`)
    return requestIdOf(new URL(response.headers.get('location') ?? 'about:blank'))
  }

  function post(form: string, connectionId: string = context.connectionId) {
    return go(`/saml/${connectionId}/acs`, {
      method: 'POST',
      crossSite: true,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form,
    })
  }

  /** A whole sign-in, answered by the test's own identity provider. */
  async function signIn(options: BuildOptions & { query?: string } = {}) {
    const requestId = await start(options.query ?? '')
    return post((await answer(requestId, options)).form)
  }

  return { go, start, post, signIn, jar }
}

/** Where a page of ours leads on to by itself, with scripts or without. */
export async function leadsTo(response: Response): Promise<URL> {
  const page = await response.text()
  const [, url = ''] = /<meta http-equiv="refresh" content="0;url=([^"]*)"/.exec(page) ?? []
  if (!page.includes(`<a class="button" href="${url}"`)) throw new Error('no button beside it')
  return new URL(url.replaceAll('&amp;', '&'))
}

/** The id of the AuthnRequest that a URL of the Redirect binding carries. */
export async function requestIdOf(url: URL): Promise<string> {
  const deflated = Uint8Array.from(atob(url.searchParams.get('SAMLRequest') ?? ''), (c) =>
    c.charCodeAt(0),
  )
  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  const xml = await new Response(stream).text()
  return /\bID="([^"]+)"/.exec(xml)?.[1] ?? ''
}

let serial = 0

/** A response to a request: fresh ids, so that two answers are two assertions. */
export function answer(requestId: string | null, options: BuildOptions = {}) {
  serial++
  const id = serial.toString(16).padStart(12, '0')
  return buildResponse({
    ...options,
    response: {
      id: `_5e000000-0000-4000-8000-${id}`,
      inResponseTo: requestId,
      ...options.response,
    },
    assertion: {
      id: `_a5000000-0000-4000-8000-${id}`,
      confirmations: [{ inResponseTo: requestId }],
      sessionIndex: `_a5000000-0000-4000-8000-${id}`,
      ...options.assertion,
    },
  })
}

/** Contoso with one active connection to tenant A, whose key is K. */
export async function createContoso(
  change: {
    organization?: Partial<OrganizationRow>
    connection?: Partial<ConnectionRow>
    keys?: readonly KeyName[]
  } = {},
) {
  const db = openDatabase(env.DB, 'primary')
  const organization = {
    id: 'org_00000000000000000000000001',
    slug: 'contoso',
    name: 'Contoso',
    createdAt: context.nowMs,
    updatedAt: context.nowMs,
    ...change.organization,
  }
  await db.insert(tables.organizations).values(organization)
  const connection = {
    id: context.connectionId as string,
    organizationId: organization.id,
    name: 'Entra',
    status: 'active' as const,
    idpEntityId: context.idpEntityId as string,
    ssoUrl: context.ssoUrl as string,
    sloUrl: context.idpSloUrl as string,
    tenantId: context.tenantId as string,
    createdAt: context.nowMs,
    updatedAt: context.nowMs,
    ...change.connection,
  }
  await db.insert(tables.connections).values(connection)
  await pin(connection.id, change.keys ?? ['K'])
  return { db, organization, connection }
}

/** Pins the certificates of test keys to a connection. */
export async function pin(connectionId: string, keys: readonly KeyName[]): Promise<void> {
  for (const name of keys) await pinCertificate(connectionId, certificateBase64(name))
}

/** Pins a certificate, DER in base64. */
export async function pinCertificate(connectionId: string, der: string): Promise<void> {
  const bytes = Uint8Array.from(atob(der), (c) => c.charCodeAt(0))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  await openDatabase(env.DB, 'primary')
    .insert(tables.connectionCertificates)
    .values({
      connectionId,
      organizationId: 'org_00000000000000000000000001',
      sha256: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
      der,
      notBefore: context.nowMs - dayMs,
      notAfter: context.nowMs + 400 * dayMs,
      origin: 'manual',
      addedAt: context.nowMs,
    })
}

/** Gives a connection the private key to which the builder encrypts. */
export async function giveDecryptKey(connectionId: string, key: KeyName): Promise<void> {
  const db = openDatabase(env.DB, 'primary')
  const row = { id: newId('key'), organizationId: 'org_00000000000000000000000001' }
  await db.insert(tables.connectionKeys).values({
    ...row,
    connectionId,
    purpose: 'encryption',
    state: 'active',
    certificate: certificateBase64(key),
    privateKeySealed: await seal(testConfig.keyRing, connectionKeyPlace(row), {
      secret: privateKeyDer(key),
    }),
    createdAt: context.nowMs,
  })
}

export { context, tables }
