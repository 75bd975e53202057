/** The simulator in Node: its app over an in-memory SQLite, a clock to turn, and a browser's cookies. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { createApp } from '../../simulator/app.ts'
import {
  addCertificate,
  createCertificate,
  listCertificates,
  type Sql,
  type SqlRow,
  startTenant,
} from '../../simulator/directory/index.ts'
import type { World } from '../../simulator/world.ts'

export const baseUrl = 'http://127.0.0.1:8788'
export const tenantId = 'c0470500-0000-4000-8000-000000000001'
export const issuer = `https://sts.windows.net/${tenantId}/`
export const saml2 = `${baseUrl}/${tenantId}/saml2`
export const appId = '11111111-1111-4111-8111-111111111111'
export const entityId = 'http://localhost:8787/saml/con_1/metadata'
export const acsUrl = 'http://localhost:8787/saml/con_1/acs'
export const logoutUrl = 'http://localhost:8787/saml/con_1/slo'
export const adele = 'a0000000-0000-4000-8000-000000000001'

function memorySql(): Sql {
  const database = new DatabaseSync(':memory:')
  const prepared = new Map<string, StatementSync>()
  const prepare = (statement: string) => {
    const known = prepared.get(statement) ?? database.prepare(statement)
    prepared.set(statement, known)
    return known
  }
  return {
    all: (statement, ...values) => prepare(statement).all(...values) as SqlRow[],
    transaction: (work) => {
      database.exec('SAVEPOINT work')
      try {
        const result = work()
        database.exec('RELEASE work')
        return result
      } catch (error) {
        database.exec('ROLLBACK TO work')
        throw error
      }
    },
  }
}

export type Simulator = ReturnType<typeof startSimulator>

/** A fresh tenant, without applications. */
export function startSimulator(
  fetchMetadata: (url: string) => string = () => '',
  fetchOther: World['fetch'] | null = null,
) {
  const time = { nowMs: Date.parse('2026-11-24T09:00:00.000Z') }
  const waits: number[] = []
  const world: World = {
    sql: memorySql(),
    baseUrl,
    nowMs: () => time.nowMs,
    wait: async (ms) => {
      waits.push(ms)
      time.nowMs += ms
    },
    fetch: async (url, init) => {
      if (fetchOther !== null) return fetchOther(url, init)
      const text = fetchMetadata(url)
      return new Response(text, { status: text === '' ? 404 : 200 })
    },
  }
  startTenant(world.sql)
  const app = createApp(world)
  return {
    world,
    time,
    /** How long answers were kept back, each in milliseconds. */
    waits,
    request: (path: string, init?: RequestInit) => app.request(path, init),
    /** A call of the JSON API. */
    api: async (method: string, path: string, body?: unknown) => {
      const response = await app.request(`/api${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      const text = await response.text()
      return { status: response.status, json: text === '' ? null : JSON.parse(text) }
    },
  }
}

/** Making a key takes a while, so applications that need none of their own have the same one. */
const sharedKey = await createCertificate(Date.parse('2026-11-24T09:00:00.000Z'))

export function giveKey({ world }: Simulator, owner: string): void {
  if (listCertificates(world.sql, owner).length > 0) return
  addCertificate(world.sql, owner, sharedKey, world.nowMs())
}

/** The application that most tests sign in to. */
export async function registerApp(simulator: Simulator, more: Record<string, unknown> = {}) {
  giveKey(simulator, appId)
  const { status, json } = await simulator.api('PUT', `/apps/${appId}`, {
    displayName: 'Portico',
    identifiers: [entityId],
    replyUrls: [acsUrl],
    logoutUrl,
    assignments: [{ principal: 'All Contoso' }],
    ...more,
  })
  if (status > 201) throw new Error(JSON.stringify(json))
  return json
}

export type RequestParts = {
  readonly attributes?: Readonly<Record<string, string | null>>
  readonly issuer?: string | null
  readonly content?: string
  readonly root?: string
}

/** An AuthnRequest that is right, but for what a test changes. */
export function authnRequest(parts: RequestParts = {}): string {
  const attributes = {
    ID: '_request',
    Version: '2.0',
    IssueInstant: '2026-11-24T09:00:00Z',
    Destination: saml2,
    AssertionConsumerServiceURL: acsUrl,
    ...parts.attributes,
  }
  const text = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('')
  const name = parts.root ?? 'AuthnRequest'
  const by =
    parts.issuer === null
      ? ''
      : `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${parts.issuer ?? entityId}</saml:Issuer>`
  return `<samlp:${name} xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"${text}>${by}${parts.content ?? ''}</samlp:${name}>`
}

export function deflated(xml: string): string {
  return deflateRawSync(xml).toString('base64')
}

/** The path and query of a message by Redirect. */
export function redirectPath(xml: string, more = ''): string {
  return `/${tenantId}/saml2?SAMLRequest=${encodeURIComponent(deflated(xml))}${more}`
}

export function inflated(url: string, parameter: 'SAMLRequest' | 'SAMLResponse'): string {
  const value = new URL(url).searchParams.get(parameter) ?? ''
  return inflateRawSync(Buffer.from(value, 'base64')).toString('utf8')
}

/** The AADSTS code of an error page, without the prefix; null when the page is none. */
export async function codeOf(response: Response): Promise<string | null> {
  return /AADSTS(\d+):/.exec(await response.text())?.[1] ?? null
}

/** A browser: it keeps the cookie, and reads forms. */
export function openBrowser(simulator: Simulator) {
  let cookie = ''
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    if (cookie !== '') headers.set('cookie', cookie)
    const response = await simulator.request(path, { ...init, headers })
    const set = response.headers.get('set-cookie')
    if (set !== null) cookie = set.split(';')[0] ?? ''
    return response
  }
  return {
    get: (path: string) => send(path),
    post: (path: string, fields: Record<string, string>) =>
      send(path, { method: 'POST', body: new URLSearchParams(fields) }),
    /** Chooses somebody on the sign-in page. */
    choose: async (page: Response, fields: Record<string, string>) => {
      const flow = fieldOf(await page.text(), 'flow')
      return send(`/${tenantId}/login`, {
        method: 'POST',
        body: new URLSearchParams({ flow, ...fields }),
      })
    },
    cookie: () => cookie,
  }
}

/** The value of a hidden field. */
export function fieldOf(html: string, name: string): string {
  const value = new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1]
  if (value === undefined) throw new Error(`no field ${name} in ${html}`)
  return unescapeHtml(value)
}

export function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** The response that a page posts to the application. */
export async function postedXml(page: Response): Promise<string> {
  return Buffer.from(fieldOf(await page.text(), 'SAMLResponse'), 'base64').toString('utf8')
}

/** The text of the first element of a name. */
export function textIn(xml: string, name: string): string | null {
  return new RegExp(`<(?:\\w+:)?${name}(?: [^>]*)?>([^<]*)</`).exec(xml)?.[1] ?? null
}

/** The values of an attribute of the assertion. */
export function valuesOf(xml: string, claim: string): readonly string[] {
  const at = xml.indexOf(`<Attribute Name="${claim}"`)
  if (at < 0) return []
  const part = xml.slice(at, xml.indexOf('</Attribute>', at))
  return [...part.matchAll(/<AttributeValue>([^<]*)</g)].map(([, value]) => value ?? '')
}
