import { describe, expect, it } from 'vitest'
import { selectOf } from '../../src/graph/index.ts'
import { graphError, graphUrl, ids, json, openStub, type Sent } from './graph-stub.ts'

type Inner = { readonly id: string; readonly url: string }
type Reply = { status: number; headers?: Record<string, string>; body?: unknown }

/** A batch whose requests are answered one by one, last first. */
function batch(answer: (url: string) => Reply | null) {
  return (sent: Sent) => {
    const { requests } = JSON.parse(sent.body) as { readonly requests: readonly Inner[] }
    const responses = requests.flatMap(({ id, url }) => {
      const one = answer(url)
      return one === null ? [] : [{ id, ...one }]
    })
    return json({ responses: responses.toReversed() })
  }
}

const found = (id: string, members: object = {}): Reply => ({
  status: 200,
  body: { id, ...members },
})
const gone: Reply = { status: 404, body: { error: { code: 'Request_ResourceNotFound' } } }
const idIn = (url: string) => url.split(/[/?]/)[2] ?? ''

describe('users by name', () => {
  it('are those who are called so now; nobody else, and nothing that no account is called', async () => {
    const called = (name: string, id: string) => found(id, { userPrincipalName: name })
    const { client, graphCalls } = openStub([
      batch((url) =>
        url.includes('ann') ? called('Ann@contoso.example', ids.ann) : called('old', ids.bob),
      ),
      batch(() => gone),
    ])
    const names = ['ann@contoso.example', 'bob@contoso.example', 'x y@contoso.example', '$a@b']
    const read = await client.usersByName(names, [])
    expect(read).toMatchObject({ ok: true, value: { users: [{ id: ids.ann }], gone: [] } })
    const [users] = graphCalls()
    expect(JSON.parse(users?.body ?? '').requests).toHaveLength(2)
  })

  it('are given back by name where their manager could not be read', async () => {
    const busy: Reply = { status: 429, headers: { 'retry-after': '7' }, body: {} }
    const { client } = openStub([
      batch(() => found(ids.ann, { userPrincipalName: 'ann@contoso.example' })),
      batch(() => busy),
    ])
    expect(await client.usersByName(['ANN@contoso.example'], [])).toEqual({
      ok: true,
      value: {
        users: [],
        gone: [],
        again: { ids: ['ann@contoso.example'], retryAfterMs: expect.any(Number) },
      },
    })
  })
})

describe('users by id', () => {
  it('are read whole with their managers, whatever the order of the answers', async () => {
    const { client, graphCalls } = openStub([
      batch((url) => (idIn(url) === ids.cleo ? gone : found(idIn(url), { jobTitle: idIn(url) }))),
      batch((url) => (idIn(url) === ids.ann ? found(ids.bob) : gone)),
    ])
    const read = await client.usersById([ids.ann, ids.bob, ids.cleo], ['jobTitle'])
    expect(read).toEqual({
      ok: true,
      value: {
        users: [
          {
            id: ids.ann,
            stated: new Map([
              ['id', [ids.ann]],
              ['jobTitle', [ids.ann]],
              ['manager', [ids.bob]],
            ]),
          },
          {
            id: ids.bob,
            stated: new Map([
              ['id', [ids.bob]],
              ['jobTitle', [ids.bob]],
              ['manager', []],
            ]),
          },
        ],
        gone: [ids.cleo],
        again: null,
      },
    })
    const [users] = graphCalls()
    expect(users?.url).toBe(`${graphUrl}/v1.0/$batch`)
    const select = selectOf(['jobTitle']).filter((name) => name !== 'manager')
    expect(JSON.parse(users?.body ?? '').requests[1]).toEqual({
      id: '1',
      method: 'GET',
      url: `/users/${ids.bob}?$select=${select.join(',')}`,
    })
    expect(client.used()).toBe(3)
  })

  it('are given back when throttled inside, each with the longest pause', async () => {
    const pause = (seconds: string): Reply => ({
      status: 429,
      headers: { 'retry-after': seconds },
      body: { error: { code: 'TooManyRequests' } },
    })
    const { client } = openStub([
      batch((url) => (idIn(url) === ids.ann ? pause('4') : found(idIn(url)))),
      batch((url) => (idIn(url) === ids.bob ? pause('9') : gone)),
    ])
    const read = await client.usersById([ids.ann, ids.bob, ids.cleo], [])
    expect(read.ok && read.value.users.map(({ id }) => id)).toEqual([ids.cleo])
    expect(read.ok && read.value.again).toEqual({
      ids: [ids.ann, ids.bob],
      retryAfterMs: Math.ceil(9000 * (1 + 32_896 / 65_536 / 4)),
    })
  })

  it('are given back when Graph fails inside or does not answer', async () => {
    const { client } = openStub([batch((url) => (idIn(url) === ids.ann ? null : { status: 502 }))])
    expect(await client.usersById([ids.ann, ids.bob], [])).toEqual({
      ok: true,
      value: {
        users: [],
        gone: [],
        again: { ids: [ids.ann, ids.bob], retryAfterMs: 10_000 },
      },
    })
  })

  it('beyond twenty are given back at once', async () => {
    const many = Array.from(
      { length: 25 },
      (_, i) => `00000000-0000-4000-8000-0000000000${String(i).padStart(2, '0')}`,
    )
    const { client, graphCalls } = openStub([batch((url) => found(idIn(url))), batch(() => gone)])
    const read = await client.usersById(many, [])
    expect(read.ok && [read.value.users.length, read.value.again]).toEqual([
      20,
      { ids: many.slice(20), retryAfterMs: 0 },
    ])
    expect(graphCalls()).toHaveLength(2)
  })

  it('are none without ids, and cost nothing', async () => {
    const { client } = openStub()
    expect(await client.usersById([], [])).toMatchObject({ ok: true, value: { users: [] } })
    expect(client.used()).toBe(0)
  })

  it('fail as a whole when one is refused for good', async () => {
    const denied: Reply = {
      status: 403,
      body: { error: { code: 'Authorization_RequestDenied' } },
    }
    const { client } = openStub([batch((url) => (idIn(url) === ids.bob ? denied : found(ids.ann)))])
    expect(await client.usersById([ids.ann, ids.bob], [])).toMatchObject({
      failure: { code: 'graph.forbidden', permission: 'User.Read.All' },
    })
  })

  it.each([
    ['no responses', () => json({})],
    ['no status', batch(() => ({ status: '200' }) as unknown as Reply)],
    ['no body', batch(() => ({ status: 200, body: 'no JSON object' }))],
    ['somebody else', batch(() => found(ids.cleo))],
  ])('are not taken from an answer with %s', async (_what, answer) => {
    const { client } = openStub([answer])
    expect(await client.usersById([ids.ann], [])).toMatchObject({
      failure: { code: 'graph.bad_answer' },
    })
  })

  it('wait when the batch itself is throttled', async () => {
    const { client } = openStub([graphError(429, 'TooManyRequests')])
    expect(await client.usersById([ids.ann], [])).toMatchObject({
      failure: { code: 'graph.throttled' },
    })
  })
})

it('groups by id have their names, and those gone are told', async () => {
  const { client } = openStub([
    batch((url) => (idIn(url) === ids.sales ? found(ids.sales, { displayName: 'Sales' }) : gone)),
  ])
  expect(await client.groups([ids.sales, ids.ann])).toEqual({
    ok: true,
    value: { groups: [{ id: ids.sales, displayName: 'Sales' }], gone: [ids.ann], again: null },
  })
})
