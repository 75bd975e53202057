import { describe, expect, it } from 'vitest'
import {
  createGraphClient,
  createTokenCache,
  type DeltaPage,
  type GraphClient,
  graphStatements,
} from '../../src/graph/index.ts'
import { secret, startGraph } from '../simulator/graph-world.ts'
import { appId, baseUrl, tenantId } from '../simulator/simulator.ts'

const names = ['jobTitle', 'department', 'businessPhones', 'manager', 'employeeOrgData.division']

async function openTenant() {
  const world = await startGraph()
  await world.set({ deltaPageSize: 4 })
  const { simulator } = world
  const client = createGraphClient(
    {
      fetch: async (url, init) => simulator.request(url.replace(baseUrl, ''), init),
      clock: { nowMs: () => simulator.time.nowMs },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      loginUrl: baseUrl,
      graphUrl: baseUrl,
      tokens: createTokenCache(),
    },
    { cacheKey: '1', tenantId, clientId: appId, proof: { kind: 'secret', secret } },
  )
  return { ...world, client }
}

/** Reads everybody as a run would: each page again after a pause or an outage, until the deltaLink. */
async function readWhole(client: GraphClient): Promise<ReadonlyMap<string, object>> {
  const held = new Map<string, object>()
  let from: { select: readonly string[] } | { link: string } = { select: names }
  for (let tries = 0; tries < 200; tries++) {
    const page = await client.usersDeltaPage(from)
    if (!page.ok) continue
    merge(held, page.value)
    if (page.value.deltaLink !== null) return held
    from = { link: page.value.nextLink ?? '' }
  }
  throw new Error('no end')
}

function merge(held: Map<string, object>, { users }: DeltaPage): void {
  for (const user of users) {
    const stated = Object.fromEntries(graphStatements(user, { names, isWhole: true }))
    held.set(user.id, { ...held.get(user.id), ...stated })
  }
}

describe('a whole read', () => {
  it('states every name of everybody, blank or not', async () => {
    const { client } = await openTenant()
    const whole = await readWhole(client)
    expect(whole.size).toBe(21)
    for (const stated of whole.values()) {
      expect(Object.keys(stated).sort()).toEqual([...names].sort())
    }
  })

  it.each([
    ['repeated objects', { effect: 'repeat-objects' }],
    ['users in parts', { effect: 'split-objects' }],
    ['an empty page', { effect: 'empty-page', skip: 1, count: 1 }],
    ['a page twice', { effect: 'replay-page', skip: 1, count: 1 }],
    ['one of five throttled', { status: 429, retryAfter: 1, share: 0.2 }],
    ['one of five failing', { status: 503, share: 0.2 }],
    ['one of five cut off', { effect: 'cut', share: 0.2 }],
    ['tokens that end', { effect: 'expired-token', skip: 2, count: 2 }],
  ])('states the same with %s', async (_what, fault) => {
    const { client, fault: add } = await openTenant()
    const calm = await readWhole(client)
    await add({ kind: 'delta', ...fault })
    expect(await readWhole(client)).toEqual(calm)
  })

  it('says which property the tenant does not have', async () => {
    const { client } = await openTenant()
    expect(await client.usersDeltaPage({ select: ['jobTitel'] })).toMatchObject({
      failure: { code: 'graph.refused', detail: expect.stringContaining("'jobTitel'") },
    })
    expect(await client.usersDeltaPage({ select: ['skills'] })).toMatchObject({
      failure: { code: 'graph.refused', status: 501 },
    })
  })

  it('is begun anew when Graph does not know the link any more', async () => {
    const { client } = await openTenant()
    const link = `${baseUrl}/v1.0/users/delta?$deltatoken=made-up`
    expect(await client.usersDeltaPage({ link })).toEqual({
      ok: false,
      failure: { code: 'graph.resync' },
    })
  })
})
