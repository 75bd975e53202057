import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AdminApi } from '../../tools/stack/admin-api.ts'
import { demoAppId } from '../../tools/stack/demo.ts'
import { provisionDemo } from '../../tools/stack/provision.ts'
import type { Simulator } from '../../tools/stack/simulator-api.ts'
import { scimError, startStandIn } from '../simulator/scim-stand-in.ts'
import { baseUrl, startSimulator } from '../simulator/simulator.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-test-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** A start of the stack, over a simulator and a SCIM stand-in that takes the tokens handed out last. */
async function startWorld() {
  const target = startStandIn()
  const tenant = startSimulator(() => '', target.fetch)
  await tenant.api('POST', '/apps', {
    appId: demoAppId,
    assignments: [{ principal: 'All Contoso' }],
  })
  const call = async (method: string, path: string, body?: unknown) => {
    const { status, json } = await tenant.api(method, path, body)
    if (method === 'GET' && status === 404) return null
    if (status > 299) throw new Error(`${method} ${path} answered ${status}`)
    return json
  }
  const simulator = {
    get: (path: string) => call('GET', path),
    put: (path: string, body: unknown) => call('PUT', path, body),
    post: (path: string, body?: unknown) => call('POST', path, body),
  } as Simulator
  const tokens: string[] = []
  let hasTokens = true
  const api = {
    post: async (path: string) => {
      if (!hasTokens) throw new Error(`POST /api/v1${path} answered 404: {}`)
      tokens.push(`token-${tokens.length + 1}`)
      return { id: 'tok_1', token: tokens.at(-1) }
    },
  } as unknown as AdminApi
  target.faults.push(({ headers }) =>
    headers['authorization'] === `Bearer ${tokens.at(-1)}`
      ? null
      : scimError(401, 'Unknown token.'),
  )
  const statePath = join(folder, 'stack.json')
  const places = { simulator, simulatorUrl: baseUrl, api, organizationId: 'org_1', statePath }
  return {
    target,
    tokens,
    call,
    statePath,
    withoutTokens: () => {
      hasTokens = false
    },
    start: (port = 8787) => provisionDemo({ ...places, localUrl: `http://localhost:${port}` }),
  }
}

const base = `/apps/${demoAppId}/provisioning`

describe('provisioning at the start', () => {
  it('brings everybody who is assigned, with their object id, and goes on by itself', async () => {
    const world = await startWorld()
    expect(await world.start()).toEqual({
      ok: true,
      failed: 0,
      people: 19,
      groups: 1,
      pageUrl: `${baseUrl}${base}`,
    })
    expect(world.target.user('AdeleV@contoso.com')['externalId']).toMatch(/^a0000000-/)
    expect((await world.call('GET', base)).status).toBe('Active')
    expect(statSync(world.statePath).mode & 0o777).toBe(0o600)
  })

  it('uses the same token the next time, and goes to where Portico is now', async () => {
    const world = await startWorld()
    await world.start()
    const text = readFileSync(world.statePath, 'utf8')
    await world.call('PUT', base, { scope: 'all' })
    await world.call('POST', `${base}/stop`)
    expect(await world.start(9000)).toMatchObject({ ok: true })
    expect(readFileSync(world.statePath, 'utf8')).toBe(text)
    expect(world.tokens).toHaveLength(1)
    expect(await world.call('GET', base)).toMatchObject({
      tenantUrl: 'http://localhost:9000/scim/v2',
      scope: 'all',
      status: 'Paused',
    })
  })

  it('makes another token when the kept one is refused or cannot be read', async () => {
    const world = await startWorld()
    await world.start()
    writeFileSync(world.statePath, '{"scimToken":"revoked"}')
    expect(await world.start()).toMatchObject({ ok: true })
    writeFileSync(world.statePath, '{"scimTok')
    expect(await world.start()).toMatchObject({ ok: true })
    expect(world.tokens).toHaveLength(3)
  })

  it('does not keep the stack from starting when SCIM is not there', async () => {
    const world = await startWorld()
    world.withoutTokens()
    expect(await world.start()).toEqual({
      ok: false,
      problem: 'This Portico has no SCIM tokens yet.',
    })
    const other = await startWorld()
    other.target.faults.unshift(() => scimError(404, 'There is nothing at this address.'))
    expect(await other.start()).toMatchObject({
      ok: false,
      problem: 'HTTP/404 rather than the expected HTTP/200',
    })
  })
})
