import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { runScheduled } from '../../../src/scheduled.ts'
import { createContoso, type Json, listOf, openAdminApi, textOf } from '../admin/admin-client.ts'
import { dayMs } from '../support/door-world.ts'
import { graphTenantId, graphUrl, openGraphTenant } from '../support/graph-tenant.ts'

const appId = '11111111-1111-4111-8111-111111111111'
const metadataUrl = `${graphUrl}/${graphTenantId}/federationmetadata/2007-06/federationmetadata.xml?appid=${appId}`

type Certificate = { readonly thumbprint: string; readonly isActive?: boolean }

/** Portico and a tenant of the simulator that knows it: one isolate, whose caches live through the test. */
async function joinedWorld() {
  const base = openAdminApi({ publicUrl: 'http://localhost:8787' })
  const clock = base.clock
  const nowMs = () => clock.ms
  const tenant = openGraphTenant({ nowMs })
  await tenant.api('PUT', `/apps/${appId}`, { displayName: 'Portico' })
  const api = openAdminApi({
    config: { ...base.deps.config, entraLoginUrl: graphUrl },
    clock: { nowMs },
    fetch: (input, init) => tenant.fetch(String(input), init as RequestInit),
  })
  await createContoso(api)
  const created = await api.post('/organizations/contoso/connections', {
    name: 'Entra',
    status: 'active',
    metadataUrl,
  })
  expect([created.status, created.body['errors']]).toEqual([201, undefined])
  const connection = created.body
  await tenant.api('PUT', `/apps/${appId}`, {
    displayName: 'Portico',
    identifiers: [connection['entityId']],
    replyUrls: [connection['acsUrl']],
    assignments: [{ principal: 'All Contoso' }],
  })
  const path = `/organizations/contoso/connections/${textOf(connection, 'id')}`

  return {
    api,
    path,
    /** Certificates of the application in Entra, the active one first. */
    certificates: async () =>
      (await tenant.api<{ items: Certificate[] }>('GET', `/apps/${appId}/certificates`)).items,
    entra: (method: string, at = '', body?: unknown) =>
      tenant.api<Certificate>(method, `/apps/${appId}/certificates${at}`, body),
    /** What Portico trusts. */
    trusted: async () => listOf((await api.get(path)).body['idp'] as Json, 'certificates'),
    /** Lets days go by, with a tick of the schedule at the end of each. */
    async pass(days: number) {
      for (let day = 0; day < days; day++) {
        clock.ms += dayMs
        await runScheduled(api.deps, 1)
      }
    },
    /** Signs Adele in. @returns the status of our answer to the response */
    async signIn(): Promise<number> {
      const started = await api.app.request(textOf(connection, 'loginUrl'))
      const request = new URL(started.headers.get('location') ?? '').searchParams.get('SAMLRequest')
      const { samlResponse } = await tenant.api<{ samlResponse: string }>('POST', '/responses', {
        app: appId,
        user: 'AdeleV@contoso.com',
        inResponseTo: await requestIdOf(request ?? ''),
      })
      const ctx = createExecutionContext()
      const response = new Request(textOf(connection, 'acsUrl'), {
        method: 'POST',
        headers: { cookie: started.headers.getSetCookie().map(pairOf).join('; ') },
        body: new URLSearchParams({ SAMLResponse: samlResponse }),
      })
      const posted = await api.app.fetch(response, env, ctx)
      await waitOnExecutionContext(ctx)
      return posted.status
    },
  }
}

const pairOf = (cookie: string) => cookie.split(';')[0] ?? ''

async function requestIdOf(deflated: string): Promise<string> {
  const bytes = Uint8Array.from(atob(deflated), (c) => c.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  const xml = await new Response(stream).text()
  return /\bID="([^"]+)"/.exec(xml)?.[1] ?? ''
}

describe('a new signing certificate in Entra', () => {
  it('signs people in without an admin of ours, and the old one goes', async () => {
    const world = await joinedWorld()
    expect(await world.signIn()).toBe(303)
    const [old] = await world.certificates()

    // As Entra does it: the new one is published before it signs.
    const { thumbprint } = await world.entra('POST', '', {})
    await world.pass(1)
    expect(await world.trusted()).toHaveLength(2)
    expect(await world.signIn()).toBe(303)
    await world.entra('POST', `/${thumbprint}/activate`)
    expect(await world.signIn()).toBe(303)

    await world.entra('DELETE', `/${old?.thumbprint}`)
    await world.pass(1)
    const retiring = (await world.trusted()).filter(({ retireAt }) => retireAt !== null)
    expect(retiring).toHaveLength(1)
    // Vanished and not replaced in use: it would stay.
    await world.pass(7)
    expect(await world.trusted()).toHaveLength(2)
    expect(await world.signIn()).toBe(303)
    await world.pass(1)
    const left = await world.trusted()
    expect(left).toHaveLength(1)
    expect(left[0]?.['sha256']).not.toBe(retiring[0]?.['sha256'])
    expect(await world.signIn()).toBe(303)
    const { results } = await env.DB.prepare(
      `select type from events where type in ('metadata.refreshed', 'metadata.pending', 'metadata.approved',
        'certificate.retired') order by at, type`,
    ).all<{ type: string }>()
    expect(results.map(({ type }) => type)).toEqual([
      'metadata.refreshed',
      'metadata.refreshed',
      'certificate.retired',
      'metadata.refreshed',
    ])
  })

  it('that signs before we know it is refused until the next refresh', async () => {
    const world = await joinedWorld()
    await world.entra('POST', '', { activate: true })
    expect(await world.signIn()).toBe(403)
    await world.pass(1)
    expect(await world.signIn()).toBe(303)
  })

  it('the old one is refused from the moment at which an admin retires it', async () => {
    const world = await joinedWorld()
    await world.entra('POST', '', {})
    await world.pass(1)
    expect(await world.signIn()).toBe(303)
    const used = (await world.trusted()).find(({ lastVerifiedAt }) => lastVerifiedAt !== null)
    await world.api.post(`${world.path}/certificates/${used?.['sha256']}/retire`, undefined)
    expect(await world.signIn()).toBe(403)
    await world.pass(1)
    expect(await world.signIn()).toBe(403)
    await world.api.post(`${world.path}/certificates/${used?.['sha256']}/restore`, undefined)
    expect(await world.signIn()).toBe(303)
  })
})
