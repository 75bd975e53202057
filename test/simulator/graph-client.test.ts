/** Portico's own client against the simulator: what one of the two gets wrong shows here. */
import { describe, expect, it } from 'vitest'
import { createKeyPair } from '../../simulator/keys/index.ts'
import {
  createGraphClient,
  createTokenCache,
  type DeltaFrom,
  type GraphClient,
  type GraphProof,
} from '../../src/graph/index.ts'
import { everything, secret, startGraph } from './graph-world.ts'
import { adele, appId, baseUrl, tenantId } from './simulator.ts'

const select = ['department', 'onPremisesExtensionAttributes.extensionAttribute1', 'businessPhones']
const retail = 'b0000000-0000-4000-8000-000000000006'
const alex = 'a0000000-0000-4000-8000-000000000002'

async function startClient(permissions: readonly string[] = everything, proof?: GraphProof) {
  const world = await startGraph(permissions)
  const { simulator } = world
  const client = createGraphClient(
    {
      fetch: async (url, init) => simulator.request(String(url).replace(baseUrl, ''), init),
      clock: { nowMs: () => simulator.time.nowMs },
      // Ids of assertions must differ; what is drawn beside is how much is waited more than asked.
      random: (n) => (n < 16 ? new Uint8Array(n) : crypto.getRandomValues(new Uint8Array(n))),
      loginUrl: baseUrl,
      graphUrl: baseUrl,
      tokens: createTokenCache(),
    },
    { cacheKey: '1', tenantId, clientId: appId, proof: proof ?? { kind: 'secret', secret } },
  )
  return { ...world, client }
}

async function readAll(client: GraphClient, from: DeltaFrom) {
  const users = []
  const removed = []
  for (let at = from; ; ) {
    const page = await client.usersDeltaPage(at)
    if (!page.ok) throw new Error(page.failure.code)
    users.push(...page.value.users)
    removed.push(...page.value.removed)
    if (page.value.deltaLink !== null) return { users, removed, link: page.value.deltaLink }
    at = { link: page.value.nextLink ?? '' }
  }
}

describe('the client of Portico', () => {
  it('reads everybody, and then what was cleared, disabled, deleted and restored', async () => {
    const { call, client, set } = await startClient()
    await set({ deltaPageSize: 6 })
    const whole = await readAll(client, { select })
    expect(whole.users).toHaveLength(21)
    expect(whole.users.find(({ id }) => id === adele)?.stated.get('department')).toEqual(['Retail'])
    const change = { department: null, managerId: null, accountEnabled: false }
    await call('PATCH', `/users/${adele}`, change)
    await call('DELETE', `/users/${alex}`)
    const next = await readAll(client, { link: whole.link })
    expect(next.removed).toEqual([{ id: alex, reason: 'changed' }])
    const [stated] = next.users.map((user) => Object.fromEntries(user.stated))
    expect(stated).toMatchObject({ department: [], manager: [], accountEnabled: ['false'] })
    await call('POST', `/deleted-users/${alex}/restore`)
    expect((await readAll(client, { link: next.link })).users.map(({ id }) => id)).toEqual([alex])
  })

  it('proves itself with a certificate', async () => {
    const nowMs = Date.parse('2026-11-24T09:00:00.000Z')
    const pair = await createKeyPair({
      ...{ commonName: 'Portico', notBeforeMs: nowMs - 1000, notAfterMs: nowMs + 86_400_000 },
    })
    const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'))
    const { call, client, registration } = await startClient(everything, {
      kind: 'certificate',
      certificateDer: bytes(pair.certificate),
      privateKeyPkcs8: bytes(pair.privateKey),
    })
    expect((await client.application(appId)).ok).toBe(false)
    await call('PATCH', registration, { certificates: [pair.certificate], secrets: [] })
    expect(await client.application(appId)).toMatchObject({
      ok: true,
      value: { requiresAssignment: true },
    })
  })

  it('reads assignments, members, users by id and groups of somebody', async () => {
    const { call, client, set } = await startClient()
    await call('POST', `/apps/${appId}/assignments`, { principal: adele })
    await set({ listPageSize: 1 })
    const assignments = await client.assignmentsPage(appId)
    expect(assignments).toMatchObject({
      ok: true,
      value: {
        assignments: [
          { principalId: adele, principalType: 'user', appRoleId: null },
          { principalType: 'group' },
        ],
      },
    })
    const members = await client.groupMembersPage(retail)
    expect(members.ok && members.value.memberIds.includes(adele)).toBe(true)
    const nobody = '99999999-9999-4999-8999-999999999999'
    expect(await client.groups([retail, nobody])).toMatchObject({
      ok: true,
      value: { groups: [{ id: retail, displayName: 'Retail' }], gone: [nobody], again: null },
    })
    const patti = 'a0000000-0000-4000-8000-000000000005'
    const users = await client.usersById([adele, patti, nobody], select)
    if (!users.ok) throw new Error(users.failure.code)
    expect(users.value).toMatchObject({ gone: [nobody], again: null })
    const managers = users.value.users.map(({ id, stated }) => [id, stated.get('manager')?.length])
    expect(new Map(managers as [string, number][])).toEqual(
      new Map([
        [adele, 1],
        [patti, 0],
      ]),
    )
    const groups = await client.memberGroups(adele)
    expect(groups.ok && groups.value.includes(retail)).toBe(true)
  })

  it('names each permission that is missing', async () => {
    for (const missing of everything) {
      const { client } = await startClient(everything.filter((name) => name !== missing))
      const check = await client.checkPermissions(appId)
      if (!check.ok) throw new Error(check.failure.code)
      const absent = check.value.permissions.filter(({ granted }) => !granted)
      expect(absent.map(({ name }) => name)).toEqual([missing])
    }
  })

  it.each<readonly [Record<string, unknown>, object]>([
    [
      { status: 429, retryAfter: 30 },
      { code: 'graph.throttled', retryAfterMs: 30_000 },
    ],
    [{ status: 500 }, { code: 'graph.unavailable' }],
    [{ status: 504 }, { code: 'graph.unavailable' }],
    [{ effect: 'garbage' }, { code: 'graph.bad_answer' }],
    [{ effect: 'cut' }, { code: expect.stringMatching(/^graph\.(bad_answer|unavailable)$/) }],
  ])('makes a failure of %j', async (fault, failure) => {
    const world = await startClient()
    await world.fault({ kind: 'delta', ...fault })
    expect(await world.client.usersDeltaPage({ select })).toMatchObject({ ok: false, failure })
  })

  it.each(['gone', 'syncStateNotFound', 'resyncRequired'])('begins anew after %s', async (code) => {
    const { call, client, set } = await startClient()
    await set({ expiredDelta: code })
    const { link } = await readAll(client, { select })
    await call('POST', '/graph/expire-links')
    expect(await client.usersDeltaPage({ link })).toMatchObject({
      failure: { code: 'graph.resync' },
    })
  })

  it('goes on with another token when one ends in the middle', async () => {
    const { call, client, fault, set } = await startClient()
    await set({ deltaPageSize: 3 })
    await fault({ kind: 'delta', effect: 'expired-token', skip: 2, count: 1 })
    expect((await readAll(client, { select })).users).toHaveLength(21)
    expect((await call('GET', '/graph/requests')).items[0]).toMatchObject({ priority: 'low' })
  })

  it('asks again for what was throttled inside a batch', async () => {
    const { client, fault } = await startClient()
    await fault({ kind: 'inner', status: 429, retryAfter: 4, count: 1 })
    expect(await client.groups([retail])).toMatchObject({
      ok: true,
      value: { groups: [], again: { ids: [retail], retryAfterMs: 4000 } },
    })
  })
})
