import { describe, expect, it } from 'vitest'
import { type GraphReply, startGraph } from './graph-world.ts'
import { adele, appId, tenantId } from './simulator.ts'

const sp = `/servicePrincipals(appId='${appId}')`
const retail = 'b0000000-0000-4000-8000-000000000006'
const assignments = `${sp}/appRoleAssignedTo`
const members = `/groups/${retail}/members/microsoft.graph.user`
const ids = (reply: GraphReply) => reply.json.value.map(({ id }) => id)

describe('a fault', () => {
  it('meets its kind of request, as often as it says', async () => {
    const { fault, get, post, token } = await startGraph()
    const ask: Record<string, () => Promise<{ readonly status: number }>> = {
      token: () => token(),
      delta: () => get('/users/delta'),
      assignments: () => get(assignments),
      application: () => get(sp),
      members: () => get(members),
      group: () => get(`/groups/${retail}`),
      user: () => get(`/users/${adele}`),
      getMemberGroups: () => post(`/users/${adele}/getMemberGroups`, { securityEnabledOnly: true }),
      batch: () => post('/$batch', { requests: [] }),
    }
    for (const [kind, call] of Object.entries(ask)) {
      await fault({ kind, status: 500, count: 1 })
      const others = Object.entries(ask).filter(([other]) => other !== kind)
      for (const [, other] of others) expect((await other()).status).toBe(200)
      expect([(await call()).status, (await call()).status]).toEqual([500, 200])
    }
  })

  it.each<readonly [Record<string, unknown>, number, string | null, string]>([
    [{ status: 429, retryAfter: 7 }, 429, '7', 'TooManyRequests'],
    [{ status: 429 }, 429, null, 'TooManyRequests'],
    [
      { status: 503, retryAfter: 'Tue, 24 Nov 2026 09:01:00 GMT' },
      503,
      'Tue, 24 Nov 2026 09:01:00 GMT',
      'ServiceUnavailable',
    ],
    [{ status: 500 }, 500, null, 'InternalServerError'],
    [{ status: 504 }, 504, null, 'GatewayTimeout'],
  ])('%j is answered so', async (given, status, retryAfter, code) => {
    const { fault, get } = await startGraph()
    await fault({ kind: 'delta', ...given })
    const answer = await get('/users/delta')
    expect([answer.status, answer.headers.get('retry-after'), answer.json.error.code]).toEqual([
      status,
      retryAfter,
      code,
    ])
  })

  it('meets the token endpoint in its own shape', async () => {
    const { fault, token } = await startGraph()
    await fault({ kind: 'token', status: 429, retryAfter: 3, count: 1 })
    const { status, headers, json } = await token()
    expect([status, headers.get('retry-after'), json.error]).toEqual([
      429,
      '3',
      'temporarily_unavailable',
    ])
    await fault({ kind: 'token', effect: 'garbage' })
    await expect(token()).rejects.toThrow(SyntaxError)
  })

  it('waits for its turn, and then comes by its seed, always in the same places', async () => {
    const pattern = async (seed: number) => {
      const { fault, get } = await startGraph()
      await fault({ kind: 'user', status: 503, skip: 5, share: 0.3, seed })
      const statuses: number[] = []
      for (let n = 0; n < 60; n++) statuses.push((await get(`/users/${adele}`)).status)
      return statuses
    }
    const one = await pattern(1)
    expect(one.slice(0, 5)).toEqual([200, 200, 200, 200, 200])
    const share = one.filter((status) => status === 503).length / 55
    expect([share > 0.15, share < 0.45]).toEqual([true, true])
    expect(await pattern(1)).toEqual(one)
    expect(await pattern(2)).not.toEqual(one)
  })

  it('comes late', async () => {
    const { fault, get, simulator } = await startGraph()
    await fault({ kind: 'delta', effect: 'slow', delayMs: 5000, count: 1 })
    expect((await get('/users/delta')).status).toBe(200)
    expect(simulator.waits).toEqual([5000])
  })

  it('cuts the connection, or sends what is no JSON', async () => {
    const { fault, send } = await startGraph()
    await fault({ kind: 'delta', effect: 'cut', count: 1 })
    await expect((await send('/v1.0/users/delta')).text()).rejects.toThrow(/cut on purpose/)
    await fault({ kind: 'delta', effect: 'garbage', count: 1 })
    const answer = await send('/v1.0/users/delta')
    const text = await answer.text()
    expect(answer.status).toBe(200)
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
  })

  it('ends the token in the middle of a run', async () => {
    const { fault, get, renew, set } = await startGraph()
    await set({ deltaPageSize: 5 })
    await fault({ kind: 'delta', effect: 'expired-token', skip: 1, count: 1 })
    const link = String((await get('/users/delta')).json['@odata.nextLink'])
    expect((await get(link)).status).toBe(401)
    expect((await get(sp)).status).toBe(401)
    await renew()
    expect((await get(link)).json.value).toHaveLength(5)
  })

  it('ends a link in the middle of a read, but no beginning', async () => {
    const { fault, get, set } = await startGraph()
    await set({ deltaPageSize: 5 })
    await fault({ kind: 'delta', effect: 'resync' })
    const one = await get('/users/delta')
    expect(one.status).toBe(200)
    expect((await get(String(one.json['@odata.nextLink']))).status).toBe(410)
  })

  it.each([
    ['delta', '/users/delta', 'deltaPageSize'],
    ['members', members, 'listPageSize'],
    ['assignments', assignments, 'listPageSize'],
  ])('sends pages of %s again, empty, and with objects twice', async (kind, path, size) => {
    const { call, fault, get, set } = await startGraph(undefined, {
      assignments: ['Retail', 'Legal', 'Sales'].map((principal) => ({ principal })),
    })
    await call('POST', '/groups/Retail/members', { member: 'PattiF@contoso.com' })
    await set({ [size]: 2 })
    const next = (reply: GraphReply) => get(String(reply.json['@odata.nextLink']))
    await fault({ kind, effect: 'replay-page', count: 1 })
    const one = await get(path)
    const again = await next(one)
    expect(ids(again)).toEqual(ids(one))
    await fault({ kind, effect: 'empty-page', count: 1 })
    const empty = await next(again)
    expect(ids(empty)).toEqual([])
    const rest = await next(empty)
    expect(ids(rest)).not.toEqual(ids(one))
    await fault({ kind, effect: 'repeat-objects', count: 1 })
    const repeated = await get(path)
    expect(new Set(ids(repeated))).toEqual(new Set(ids(one)))
    expect(ids(repeated)).toHaveLength(4)
  })

  it('has half a page again on the next, and still comes to an end', async () => {
    const { fault, round, set } = await startGraph()
    await set({ deltaPageSize: 4 })
    await fault({ kind: 'delta', effect: 'repeat-objects' })
    const { objects } = await round('/users/delta?$select=id')
    expect(objects.length).toBeGreaterThan(2 * 21)
    expect(new Set(objects.map(({ id }) => id)).size).toBe(21)
  })

  it('splits managers from the rest', async () => {
    const { fault, round } = await startGraph()
    await fault({ kind: 'delta', effect: 'split-objects' })
    const { objects } = await round('/users/delta?$select=id,department,manager')
    expect(objects.filter(({ id }) => id === adele)).toEqual([
      { id: adele, department: 'Retail' },
      { id: adele, 'manager@delta': [expect.objectContaining({ id: expect.any(String) })] },
    ])
  })

  it('keeps assignments as they were', async () => {
    const { call, fault, get } = await startGraph()
    const before = ids(await get(assignments))
    await fault({ kind: 'assignments', effect: 'stale' })
    await call('POST', `/apps/${appId}/assignments`, { principal: adele })
    expect(ids(await get(assignments))).toEqual(before)
    await call('DELETE', '/graph/faults')
    expect(ids(await get(assignments))).toHaveLength(before.length + 1)
  })

  it('meets requests inside a batch, each with its own Retry-After', async () => {
    const { fault, post } = await startGraph()
    await fault({ kind: 'inner', status: 429, retryAfter: 9, skip: 1, count: 1 })
    const requests = ['1', '2', '3'].map((id) => ({ id, method: 'GET', url: `/users/${adele}` }))
    const { status, json } = await post('/$batch', { requests })
    expect([status, json['responses']]).toMatchObject([
      200,
      [
        { id: '3', status: 200 },
        { id: '2', status: 429, headers: { 'Retry-After': '9' } },
        { id: '1', status: 200 },
      ],
    ])
    await fault({ kind: 'inner', effect: 'cut', count: 1 })
    await fault({ kind: 'inner', effect: 'garbage', count: 1 })
    const spoiled = (await post('/$batch', { requests })).json['responses']
    expect(spoiled).toMatchObject([
      { status: 200 },
      { status: 200, body: expect.stringMatching(/no JSON/) },
      { status: 504 },
    ])
  })
})

describe('the switches', () => {
  it('are set, listed and taken away by calls', async () => {
    const { call, fault, simulator } = await startGraph()
    const { faults } = await fault({ kind: 'delta', status: 500 })
    expect(faults).toMatchObject([{ kind: 'delta', status: 500, met: 0, fired: 0 }])
    const replaced = await call('PUT', '/graph/faults', [{ kind: 'user' }, { effect: 'slow' }])
    expect(replaced.faults.map((one: { kind: string }) => one.kind)).toEqual(['user', 'any'])
    await call('DELETE', `/graph/faults/${replaced.faults[0].id}`)
    expect((await call('GET', '/graph')).faults).toHaveLength(1)
    for (const wrong of [{ kind: 'x' }, { effect: 'x' }, { share: 2 }, { count: 0 }, { x: 1 }]) {
      expect((await simulator.api('POST', '/graph/faults', wrong)).status).toBe(400)
    }
    expect((await simulator.api('PATCH', '/graph', { deltaPageSize: 0 })).status).toBe(400)
    expect((await call('GET', '/graph')).faults).toHaveLength(1)
  })

  it('go with the tenant', async () => {
    const { call, fault } = await startGraph()
    await fault({ kind: 'delta' })
    await call('PATCH', '/graph', { deltaPageSize: 3 })
    await call('POST', '/reset')
    expect(await call('GET', '/graph')).toMatchObject({
      faults: [],
      settings: { deltaPageSize: 100 },
      requests: { counts: {} },
    })
  })

  it('count requests by kind and status, and remember the last', async () => {
    const { call, fault, get, post, token } = await startGraph()
    await call('DELETE', '/graph/requests')
    await fault({ kind: 'delta', status: 429, count: 1 })
    await get('/users/delta', { 'x-ms-throttle-priority': 'low' })
    await get('/users/delta')
    await get('/nonsense')
    await token()
    await post('/$batch', { requests: [{ id: '1', method: 'GET', url: `/users/${adele}` }] })
    const { counts, statuses, items } = await call('GET', '/graph/requests')
    expect(counts).toEqual({ batch: 1, delta: 2, 'inner-user': 1, token: 1, unknown: 1 })
    expect(statuses.delta).toEqual({ 200: 1, 429: 1 })
    expect(items.at(-1)).toMatchObject({
      kind: 'delta',
      path: '/users/delta',
      status: 429,
      fault: 'status',
      priority: 'low',
    })
    expect(items[2]).toMatchObject({ kind: 'token', path: `/${tenantId}/oauth2/v2.0/token` })
  })
})
