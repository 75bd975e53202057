import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import type { Deps } from '../../../src/http/index.ts'
import { advance } from '../../../src/reconcile/index.ts'
import { certificatePem } from '../../support/keys.ts'
import { type AdminApi, type Json, listOf, openAdminApi, textOf } from '../admin/admin-client.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { graphTenantId, graphUrl, openGraphTenant } from '../support/graph-tenant.ts'

/** What a test changes of the world. */
export type RunWorldOptions = {
  readonly plan?: 'free' | 'paid'
  readonly assigned?: readonly string[]
  /** Whether the organization has a connection from the start. */
  readonly isConnected?: boolean
}

/** Portico with an organization whose tenant is the simulator's, and a clock that both go by. */
export async function runWorld({
  plan = 'paid',
  assigned = ['Retail'],
  isConnected = true,
}: RunWorldOptions = {}) {
  const counting = countingD1(env.DB)
  const clock = { ms: Date.UTC(2026, 10, 24, 9) }
  const tenant = openGraphTenant({ nowMs: () => clock.ms })
  const network = { fetch: tenant.fetch }
  const api = openAdminApi({
    d1: counting.d1,
    clock: { nowMs: () => clock.ms },
    fetch: ((url: string, init: RequestInit) => network.fetch(url, init)) as Deps['fetch'],
  })
  const organization = await api.post('/organizations', { slug: 'contoso', name: 'Contoso' })
  expect(organization.status).toBe(201)
  const connectionId = isConnected ? await connect() : ''
  const config = {
    ...api.deps.config,
    graphUrl,
    entraLoginUrl: graphUrl,
    workersPlan: plan,
  }
  Object.assign(api.deps, { config })
  const { tenantId, clientId, appId, clientSecret } = await tenant.register(assigned)
  const set = await api.put('/organizations/contoso/graph', {
    tenantId,
    clientId,
    appId,
    clientSecret,
  })
  expect([set.status, tenantId]).toEqual([200, graphTenantId])

  /** Gives the organization its connection. @returns its id */
  async function connect(): Promise<string> {
    const connection = await api.post('/organizations/contoso/connections', {
      name: 'Entra',
      status: 'active',
      manual: {
        entityId: `https://sts.windows.net/${graphTenantId}/`,
        ssoUrl: `https://login.microsoftonline.com/${graphTenantId}/saml2`,
        certificates: [certificatePem('K')],
      },
    })
    expect(connection.status).toBe(201)
    return textOf(connection.body, 'id')
  }

  const token = await api.post('/organizations/contoso/scim-tokens', { name: 'Entra' })

  /** A request of Entra's provisioning service. */
  async function scim(method: string, path: string, body?: unknown): Promise<Json> {
    const ctx = createExecutionContext()
    const request = new Request(`${api.deps.config.publicUrl}/scim/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${textOf(token.body, 'token')}`,
        'content-type': 'application/scim+json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const response = await api.app.fetch(request, env, ctx)
    await waitOnExecutionContext(ctx)
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? {} : JSON.parse(text)
  }

  /** A user of the tenant as SCIM provisions them. @returns the id here */
  async function provision(upn: string, attributes: Json = {}): Promise<string> {
    const user = await tenant.api<Json>('GET', `/users/${upn}`)
    const made = await scim('POST', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: upn,
      externalId: user['id'],
      active: true,
      ...attributes,
    })
    return textOf(made, 'id')
  }

  /** What the profile of somebody here holds. */
  async function profile(id: string): Promise<Json> {
    return (await api.get(`/organizations/contoso/users/${id}`)).body['profile'] as Json
  }

  async function start(body: Json = {}): Promise<Json> {
    const made = await api.post('/organizations/contoso/reconcile-runs', body)
    expect([made.status, made.body['code']]).toEqual([201, undefined])
    return run(textOf(made.body, 'id'))
  }

  async function run(id: string): Promise<Json> {
    return (await api.get(`/organizations/contoso/reconcile-runs/${id}`)).body
  }

  return {
    api,
    clock,
    counting,
    tenant,
    network,
    scim,
    provision,
    profile,
    organizationId: textOf(organization.body, 'id'),
    connectionId,
    connect,
    start,
    run,
    /** A tick of the schedule, for reconciliation alone. */
    tick: () => advance(api.deps, { plan, wallMs: 45_000 }),
  }
}

export type RunWorld = Awaited<ReturnType<typeof runWorld>>

/** Rows of the database. */
export async function rows(sql: string, ...values: unknown[]): Promise<readonly Json[]> {
  const { results } = await env.DB.prepare(sql)
    .bind(...values)
    .all()
  return results as Json[]
}

/** Events of a type, newest first. */
export async function eventsOf(api: AdminApi, type: string): Promise<readonly Json[]> {
  return listOf((await api.get(`/organizations/contoso/events?type=${type}`)).body, 'items')
}
