import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { federation, issuer } from '../scim/auth-world.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { blamed, createContoso, type Json, listOf, openAdminApi, textOf } from './admin-client.ts'
import { createConnection, readValue } from './connection-world.ts'

const path = '/organizations/contoso/scim-clients'

async function openContoso() {
  const api = openAdminApi()
  await createContoso(api)
  return api
}

type Api = Awaited<ReturnType<typeof openContoso>>

async function create(api: Api, body: Json = {}): Promise<Json> {
  const made = await api.post(path, { name: 'Entra', ...body })
  expect([made.status, made.body['errors']]).toEqual([201, undefined])
  return made.body
}

const pathOf = (client: Json) => `${path}/${textOf(client, 'id')}`
const secretIds = (client: Json) => listOf(client, 'secrets').map((one) => textOf(one, 'id'))

async function eventsOf(api: Api, type: string): Promise<readonly Json[]> {
  const { body } = await api.get(`/organizations/contoso/events?type=${type}`)
  return listOf(body, 'items')
}

describe('a SCIM client', () => {
  it('is made with a secret that is shown once, and with what to enter in Entra', async () => {
    const api = await openContoso()
    const made = await create(api, { secretExpiresAt: '2027-11-24T09:00:00Z' })
    expect(made).toEqual({
      id: expect.stringMatching(/^cli_/),
      name: 'Entra',
      connection: null,
      scopes: ['read', 'write'],
      disabled: false,
      federation: null,
      secrets: [
        {
          id: expect.stringMatching(/^sec_/),
          createdAt: '2026-11-24T09:00:00.000Z',
          expiresAt: '2027-11-24T09:00:00.000Z',
          lastUsedAt: null,
        },
      ],
      tenantUrl: 'https://sso.example.com/scim/v2',
      tokenUrl: 'https://sso.example.com/oauth/token',
      createdAt: '2026-11-24T09:00:00.000Z',
      updatedAt: '2026-11-24T09:00:00.000Z',
      secret: expect.stringMatching(/^portico_sec_[A-Za-z0-9_-]{43}$/),
      secretShown: 'now',
    })
    const stored = await env.DB.prepare('select * from scim_client_secrets').all()
    expect(JSON.stringify(stored.results)).not.toContain(textOf(made, 'secret').slice(20))
    const { secret: _secret, secretShown: _shown, ...listed } = made
    expect((await api.get(path)).body).toEqual({ items: [listed], nextCursor: null })
    expect((await api.get(pathOf(made))).body).toEqual(listed)
    expect(await eventsOf(api, 'scim_client.created')).toHaveLength(1)
  })

  it('is made once for an Idempotency-Key, and its secret not shown again', async () => {
    const api = await openContoso()
    const headers = { 'idempotency-key': 'k' }
    const first = await api.post(path, { name: 'Entra' }, headers)
    const again = await api.post(path, { name: 'Entra' }, headers)
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toMatchObject([
      201,
      'true',
      { id: first.body['id'], secret: null, secretShown: 'earlier' },
    ])
    expect(secretIds(again.body)).toHaveLength(1)
    const other = await api.post(path, { name: 'Another' }, headers)
    expect([other.status, other.body['code']]).toEqual([409, 'admin.idempotency_conflict'])
    await api.delete(pathOf(first.body))
    const gone = await api.post(path, { name: 'Entra' }, headers)
    expect([gone.status, gone.body['code']]).toEqual([404, 'admin.scim_client_not_found'])
  })

  it('is federated instead, and then has no secret', async () => {
    const api = await openContoso()
    const headers = { 'idempotency-key': 'k' }
    const body = { name: 'Entra', federation }
    const made = await api.post(path, body, headers)
    expect(made.body).toMatchObject({
      federation: { ...federation, issuer },
      secrets: [],
      secret: null,
      secretShown: 'none',
    })
    expect((await api.post(path, body, headers)).body).toEqual(made.body)
    const refused = await api.post(`${pathOf(made.body)}/secrets`)
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.scim_client_federated'])
    expect(JSON.stringify(await eventsOf(api, 'scim_client.created'))).toContain(federation.subject)
  })

  it('is disabled, enabled, renamed and deleted, each with an event', async () => {
    const api = await openContoso()
    const made = await create(api)
    api.clock.ms += 1000
    const disabled = await api.patch(pathOf(made), { disabled: true })
    expect(disabled.body).toMatchObject({
      disabled: true,
      name: 'Entra',
      updatedAt: '2026-11-24T09:00:01.000Z',
      secrets: made['secrets'],
    })
    expect((await api.patch(pathOf(made), { disabled: true })).body).toEqual(disabled.body)
    const enabled = await api.patch(pathOf(made), { disabled: false, name: 'New' })
    expect(enabled.body).toMatchObject({ disabled: false, name: 'New' })
    expect(await eventsOf(api, 'scim_client.updated')).toHaveLength(2)
    expect((await api.delete(pathOf(made))).status).toBe(204)
    expect(await readValue('select count(*) as value from scim_client_secrets')).toBe(0)
    const calls = [
      await api.get(pathOf(made)),
      await api.patch(pathOf(made), {}),
      await api.delete(pathOf(made)),
      await api.post(`${pathOf(made)}/secrets`),
      await api.delete(`${pathOf(made)}/secrets/${secretIds(made)[0]}`),
    ]
    for (const gone of calls) {
      expect([gone.status, gone.body['code']]).toEqual([404, 'admin.scim_client_not_found'])
    }
    expect(await eventsOf(api, 'scim_client.revoked')).toHaveLength(1)
  })

  it('cannot be given another federation, scope or connection later', async () => {
    const api = await openContoso()
    const made = await create(api)
    for (const change of [{ federation }, { scopes: ['read'] }, { connection: 'con_x' }]) {
      const answer = await api.patch(pathOf(made), change)
      expect([answer.status, blamed(answer)]).toEqual([400, Object.keys(change)])
    }
  })

  it('is refused when its fields are wrong', async () => {
    const api = await openContoso()
    const wrong: readonly (readonly [Json, string])[] = [
      [{ name: ' ' }, 'name'],
      [{ secretExpiresAt: '2026-11-24T09:00:00Z' }, 'secretExpiresAt'],
      [{ secretExpiresAt: null }, 'secretExpiresAt'],
      [{ scopes: ['write'] }, 'scopes'],
      [{ federation: null }, 'federation'],
      [{ federation: { ...federation, jwksUrl: 'https://evil.example' } }, 'federation.jwksUrl'],
      [{ federation: { ...federation, subject: undefined } }, 'federation.subject'],
      [{ secret: 'mine' }, 'secret'],
    ]
    for (const [change, field] of wrong) {
      const answer = await api.post(path, { name: 'Entra', ...change })
      expect([change, answer.status, blamed(answer)]).toEqual([change, 400, [field]])
    }
    expect(await readValue('select count(*) as value from scim_clients')).toBe(0)
  })

  it('is one of twenty, in pages', async () => {
    const api = await openContoso()
    const made: unknown[] = []
    for (let i = 0; i < 20; i++) {
      if (i % 2 === 0) api.clock.ms += 1
      made.push((await create(api, { name: `Client ${i}` }))['id'])
    }
    const more = await api.post(path, { name: 'One more' })
    expect([more.status, more.body['code'], blamed(more)]).toEqual([
      409,
      'admin.limit_reached',
      ['org'],
    ])
    const ids: unknown[] = []
    for (let query = '?limit=7'; query !== ''; ) {
      const { body } = await api.get(path + query)
      const items = listOf(body, 'items')
      for (const item of items) expect(listOf(item, 'secrets')).toHaveLength(1)
      ids.push(...items.map(({ id }) => id))
      query = body['nextCursor'] === null ? '' : `?limit=7&cursor=${String(body['nextCursor'])}`
    }
    expect([...ids].sort()).toEqual([...made].sort())
  })

  it('belongs to the only connection; with several it says which', async () => {
    const api = await openContoso()
    const first = await createConnection(api)
    expect(await create(api)).toMatchObject({ connection: first['id'] })
    const second = await createConnection(api)
    expect(blamed(await api.post(path, { name: 'Entra' }))).toEqual(['connection'])
    expect(await create(api, { connection: second['id'] })).toMatchObject({
      connection: second['id'],
    })
    const unknown = await api.post(path, { name: 'Entra', connection: 'con_x' })
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'admin.connection_not_found'])
  })

  it('is not made when its connection goes at the same moment', async () => {
    const api = await openContoso()
    const connection = await createConnection(api)
    const counting = countingD1(env.DB)
    counting.beforeEachCall(async ({ sql }) => {
      if (sql.join().includes('insert into "scim_clients"')) {
        await api.delete(`/organizations/contoso/connections/${textOf(connection, 'id')}`)
      }
    })
    const refused = await openAdminApi({ d1: counting.d1 }).post(path, { name: 'Entra' })
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.write_conflict'])
    expect(await readValue('select count(*) as value from scim_client_secrets')).toBe(0)
  })
})

describe('the secrets of a client', () => {
  it('are two at most: the one in use and the next', async () => {
    const api = await openContoso()
    const made = await create(api)
    const secrets = `${pathOf(made)}/secrets`
    api.clock.ms += 1000
    const second = await api.post(secrets, { expiresAt: '2027-01-01T00:00:00Z' })
    expect(second.body).toEqual({
      id: expect.stringMatching(/^sec_/),
      createdAt: '2026-11-24T09:00:01.000Z',
      expiresAt: '2027-01-01T00:00:00.000Z',
      lastUsedAt: null,
      secret: expect.stringMatching(/^portico_sec_/),
      secretShown: 'now',
    })
    const third = await api.post(secrets)
    expect([third.status, third.body['code'], blamed(third)]).toEqual([
      409,
      'admin.limit_reached',
      ['client'],
    ])
    const { body } = await api.get(pathOf(made))
    expect(secretIds(body)).toEqual([secretIds(made)[0], second.body['id']])
    api.clock.ms += 1000
    expect((await api.delete(`${secrets}/${secretIds(made)[0]}`)).status).toBe(204)
    const again = await api.delete(`${secrets}/${secretIds(made)[0]}`)
    expect([again.status, again.body['code']]).toEqual([404, 'admin.scim_secret_not_found'])
    api.clock.ms += 1000
    expect((await api.post(secrets)).status).toBe(201)
    const changes = (await eventsOf(api, 'scim_client.updated')).map((event) =>
      JSON.stringify(event),
    )
    expect(changes).toHaveLength(3)
    expect(changes[1]).toContain(`"removed":"${secretIds(made)[0]}"`)
    expect(changes[2]).toContain(`"added":"${String(second.body['id'])}"`)
  })

  it('are two at most also when many ask at the same moment', async () => {
    const api = await openContoso()
    const secrets = `${pathOf(await create(api))}/secrets`
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.post(secrets)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(await readValue('select count(*) as value from scim_client_secrets')).toBe(2)
  })

  it('are made once for an Idempotency-Key, and not shown again', async () => {
    const api = await openContoso()
    const secrets = `${pathOf(await create(api))}/secrets`
    const headers = { 'idempotency-key': 'k' }
    const first = await api.post(secrets, {}, headers)
    const again = await api.post(secrets, {}, headers)
    expect([again.headers.get('idempotency-replayed'), again.body]).toMatchObject([
      'true',
      { id: first.body['id'], secret: null, secretShown: 'earlier' },
    ])
    const other = await api.post(secrets, { expiresAt: '2027-01-01T00:00:00Z' }, headers)
    expect([other.status, other.body['code']]).toEqual([409, 'admin.idempotency_conflict'])
    await api.delete(`${secrets}/${textOf(first.body, 'id')}`)
    const gone = await api.post(secrets, {}, headers)
    expect([gone.status, gone.body['code']]).toEqual([404, 'admin.scim_secret_not_found'])
  })

  it('cannot be made to have expired already, and need no body', async () => {
    const api = await openContoso()
    const secrets = `${pathOf(await create(api))}/secrets`
    expect(blamed(await api.post(secrets, { expiresAt: '2026-11-24T09:00:00Z' }))).toEqual([
      'expiresAt',
    ])
    expect((await api.call('POST', secrets)).status).toBe(201)
  })

  it('belong to one client: another’s is not found through it', async () => {
    const api = await openContoso()
    const [a, b] = [await create(api), await create(api)]
    const crossed = await api.delete(`${pathOf(a)}/secrets/${secretIds(b)[0]}`)
    expect([crossed.status, crossed.body['code']]).toEqual([404, 'admin.scim_secret_not_found'])
    expect(await readValue('select count(*) as value from scim_client_secrets')).toBe(2)
  })
})
