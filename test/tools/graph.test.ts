import { describe, expect, it } from 'vitest'
import type { AdminApi } from '../../tools/stack/admin-api.ts'
import { demoAppId } from '../../tools/stack/demo.ts'
import { connectGraph } from '../../tools/stack/graph.ts'
import type { Simulator } from '../../tools/stack/simulator-api.ts'
import { baseUrl, startSimulator, tenantId } from '../simulator/simulator.ts'

type Stored = { readonly clientId: string; readonly kind: string; readonly clientSecret?: string }

/** A start of the stack over a simulator, and a Portico that only keeps what it is told. */
async function startWorld() {
  const tenant = startSimulator()
  await tenant.api('POST', '/apps', { appId: demoAppId })
  const call = async (method: string, path: string, body?: unknown) => {
    const { status, json } = await tenant.api(method, path, body)
    if (status > 299) throw new Error(`${method} ${path} answered ${status}`)
    return json
  }
  const simulator = {
    get: (path: string) => call('GET', path),
    patch: (path: string, body: unknown) => call('PATCH', path, body),
    post: (path: string, body?: unknown) => call('POST', path, body),
  } as Simulator
  const portico = { stored: null as Stored | null, puts: 0, hasGraph: true }
  const api = {
    get: async () => portico.stored,
    put: async (path: string, body: Stored) => {
      if (!portico.hasGraph) throw new Error(`PUT /api/v1${path} answered 404: {}`)
      portico.stored = { ...body, kind: 'secret' }
      portico.puts += 1
    },
    post: async () => {
      const form = {
        grant_type: 'client_credentials',
        client_id: demoAppId,
        client_secret: portico.stored?.clientSecret ?? '',
        scope: `${baseUrl}/.default`,
      }
      const path = `/${tenantId}/oauth2/v2.0/token`
      const { ok } = await tenant.request(path, { method: 'POST', body: new URLSearchParams(form) })
      return { ok, problems: ok ? [] : [{ message: 'Entra refuses the credential.' }] }
    },
  } as unknown as AdminApi
  return {
    tenant,
    portico,
    call,
    start: () =>
      connectGraph({
        ...{ simulator, simulatorUrl: baseUrl, api, organizationId: 'org_1' },
        nowMs: tenant.time.nowMs,
      }),
  }
}

const path = `/apps/${demoAppId}/registration`

describe('Graph at the start', () => {
  it('can be read: the application has a secret and permissions, and Portico knows', async () => {
    const { call, portico, start } = await startWorld()
    expect(await start()).toEqual({ ok: true, pageUrl: `${baseUrl}/graph` })
    const { permissions, secrets } = await call('GET', path)
    expect(permissions).toEqual(['User.Read.All', 'Application.Read.All', 'GroupMember.Read.All'])
    expect(portico.stored).toMatchObject({
      tenantId,
      clientId: demoAppId,
      appId: demoAppId,
      clientSecret: secrets[0].secret,
    })
  })

  it('stays the next time, with what a person changed', async () => {
    const { call, portico, start } = await startWorld()
    await start()
    await call('PATCH', path, { permissions: ['User.Read.All'] })
    const before = await call('GET', path)
    expect(await start()).toMatchObject({ ok: true })
    expect([await call('GET', path), portico.puts]).toEqual([before, 1])
  })

  it('gets another secret after the end of the first, or with a fresh tenant', async () => {
    const { call, portico, start, tenant } = await startWorld()
    await start()
    tenant.time.nowMs += 181 * 86_400_000
    expect(await start()).toMatchObject({ ok: true })
    await call('POST', '/reset')
    await call('POST', '/apps', { appId: demoAppId })
    expect(await start()).toMatchObject({ ok: true })
    expect(portico.puts).toBe(3)
  })

  it('leaves a credential that is somebody else’s, and says what is wrong with it', async () => {
    const { portico, start } = await startWorld()
    portico.stored = { clientId: '22222222-2222-4222-8222-222222222222', kind: 'certificate' }
    expect(await start()).toEqual({ ok: false, problem: 'Entra refuses the credential.' })
    expect(portico.puts).toBe(0)
  })

  it('does not keep the stack from starting when Portico has no Graph', async () => {
    const { portico, start } = await startWorld()
    portico.hasGraph = false
    expect(await start()).toEqual({ ok: false, problem: 'This Portico cannot read Graph yet.' })
  })
})
