import { describe, expect, it } from 'vitest'
import { countRows, type Json, listOf, openAdminApi } from './admin-client.ts'
import { createConnection, pathOf, readValue } from './connection-world.ts'

/** `signing active, signing next …` of an answer. */
function states(connection: Json): string {
  return listOf(connection, 'keys')
    .map(({ purpose, state }) => `${purpose} ${state}`)
    .join(', ')
}

const both = 'signing active, encryption active'

describe('rotating Portico’s own keys', () => {
  it('prepares, switches and retires, each step an event and a new version', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const rotate = async (body?: unknown) => api.post(`${pathOf(connection)}/rotate-keys`, body)
    const prepared = await rotate({ step: 'prepare' })
    expect(states(prepared.body)).toBe(
      'signing active, signing next, encryption active, encryption next',
    )
    const switched = await rotate({ step: 'switch' })
    expect(states(switched.body)).toBe(
      'signing active, signing previous, encryption active, encryption previous',
    )
    const idOf = (body: Json, state: string) =>
      listOf(body, 'keys').find((key) => key['purpose'] === 'signing' && key['state'] === state)?.[
        'id'
      ]
    expect(idOf(switched.body, 'active')).toBe(idOf(prepared.body, 'next'))
    expect(idOf(switched.body, 'previous')).toBe(idOf(connection, 'active'))
    expect(states((await rotate({ step: 'retire' })).body)).toBe(both)
    expect(await readValue('select version as value from connections')).toBe(4)
    expect(await countRows()).toMatchObject({ connection_keys: 2, events: 5 })
  })

  it('takes the next step when none is named, with or without a body', async () => {
    const api = openAdminApi()
    const path = `${pathOf(await createConnection(api))}/rotate-keys`
    const first = await api.call('POST', path)
    expect(states(first.body)).toContain('signing next')
    const second = await api.post(path, {})
    expect(states(second.body)).toContain('signing previous')
    const third = await api.call('POST', path)
    expect(states(third.body)).toBe(
      'signing active, signing next, signing previous, encryption active, encryption next, encryption previous',
    )
  })

  it('rotates one purpose alone', async () => {
    const api = openAdminApi()
    const path = `${pathOf(await createConnection(api))}/rotate-keys`
    const prepared = await api.post(path, { purpose: 'encryption' })
    expect(states(prepared.body)).toBe(`${both}, encryption next`)
  })

  it('prepares once, however often it is asked, also at the same moment', async () => {
    const api = openAdminApi()
    const path = `${pathOf(await createConnection(api))}/rotate-keys`
    const step = { step: 'prepare', purpose: 'signing' }
    await Promise.all([api.post(path, step), api.post(path, step), api.post(path, step)])
    expect(states((await api.post(path, step)).body)).toBe(
      'signing active, signing next, encryption active',
    )
    expect(await countRows()).toMatchObject({ connection_keys: 3, events: 3 })
  })

  it.each(['switch', 'retire'])('refuses to %s what was not prepared', async (step) => {
    const api = openAdminApi()
    const path = `${pathOf(await createConnection(api))}/rotate-keys`
    const before = await countRows()
    const refused = await api.post(path, { step })
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.no_next_key'])
    expect(await countRows()).toEqual(before)
  })
})
