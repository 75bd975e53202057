import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { runScheduled } from '../../../src/scheduled.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { blamed, createContoso, type Json, listOf, openAdminApi, textOf } from './admin-client.ts'
import { createConnection, manual, readValue } from './connection-world.ts'

const path = '/organizations/contoso/scim-tokens'
const dayMs = 24 * 60 * 60 * 1000

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

async function eventsOf(api: Api, type: string): Promise<readonly Json[]> {
  const { body } = await api.get(`/organizations/contoso/events?type=${type}`)
  return listOf(body, 'items')
}

describe('a SCIM token', () => {
  it('is shown once, with what to enter in Entra, and stored as a hash', async () => {
    const api = await openContoso()
    const made = await create(api)
    expect(made).toEqual({
      id: expect.stringMatching(/^tok_/),
      name: 'Entra',
      connection: null,
      scopes: ['read', 'write'],
      state: 'active',
      disabled: false,
      createdAt: '2026-11-24T09:00:00.000Z',
      expiresAt: null,
      lastUsedAt: null,
      tenantUrl: 'https://sso.example.com/scim/v2',
      token: expect.stringMatching(/^portico_scim_[A-Za-z0-9_-]{43}$/),
      secretShown: 'now',
    })
    const stored = await env.DB.prepare('select * from scim_tokens').all()
    expect(JSON.stringify(stored.results)).not.toContain(textOf(made, 'token').slice(20))
    const { tenantUrl: _url, token: _token, secretShown: _shown, ...listed } = made
    expect((await api.get(path)).body).toEqual({ items: [listed], nextCursor: null })
    expect((await api.get(`${path}/${textOf(made, 'id')}`)).body).toEqual(listed)
    expect(await eventsOf(api, 'scim_token.created')).toMatchObject([
      { outcome: 'success', actor: 'operator' },
    ])
  })

  it('is made once for an Idempotency-Key, and not shown again', async () => {
    const api = await openContoso()
    const headers = { 'idempotency-key': 'k' }
    const first = await api.post(path, { name: 'Entra' }, headers)
    // Also when the answer would be another one by now.
    await api.post('/organizations/contoso/connections', { name: 'One', manual })
    await api.post('/organizations/contoso/connections', { name: 'Two', manual })
    const again = await api.post(path, { name: 'Entra' }, headers)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect([again.status, again.body]).toMatchObject([
      201,
      { id: first.body['id'], token: null, secretShown: 'earlier' },
    ])
    const other = await api.post(path, { name: 'Another' }, headers)
    expect([other.status, other.body['code']]).toEqual([409, 'admin.idempotency_conflict'])
    await api.delete(`${path}/${textOf(first.body, 'id')}`)
    const gone = await api.post(path, { name: 'Entra' }, headers)
    expect([gone.status, gone.body['code']]).toEqual([404, 'admin.scim_token_not_found'])
  })

  it('is disabled, enabled, renamed and revoked, each with an event', async () => {
    const api = await openContoso()
    const made = await create(api)
    const one = `${path}/${textOf(made, 'id')}`
    const disabled = await api.patch(one, { disabled: true })
    expect(disabled.body).toMatchObject({ state: 'disabled', disabled: true, name: 'Entra' })
    expect((await api.patch(one, { disabled: true })).body).toEqual(disabled.body)
    expect((await api.patch(one, {})).body).toEqual(disabled.body)
    const enabled = await api.patch(one, { disabled: false, name: 'Entra ID' })
    expect(enabled.body).toMatchObject({ state: 'active', disabled: false, name: 'Entra ID' })
    expect(await eventsOf(api, 'scim_token.updated')).toHaveLength(2)
    expect((await api.delete(one)).status).toBe(204)
    expect(await eventsOf(api, 'scim_token.revoked')).toHaveLength(1)
    for (const gone of [await api.get(one), await api.patch(one, {}), await api.delete(one)]) {
      expect([gone.status, gone.body['code']]).toEqual([404, 'admin.scim_token_not_found'])
    }
    expect(await eventsOf(api, 'scim_token.revoked')).toHaveLength(1)
  })

  it('belongs to the only connection; with several it says which', async () => {
    const api = await openContoso()
    const first = await createConnection(api)
    expect(await create(api)).toMatchObject({ connection: first['id'] })
    const second = await createConnection(api)
    const undecided = await api.post(path, { name: 'Entra' })
    expect([undecided.status, blamed(undecided)]).toEqual([400, ['connection']])
    expect(await create(api, { connection: second['id'] })).toMatchObject({
      connection: second['id'],
    })
    const unknown = await api.post(path, { name: 'Entra', connection: 'con_x' })
    expect([unknown.status, unknown.body['code'], blamed(unknown)]).toEqual([
      404,
      'admin.connection_not_found',
      ['connection'],
    ])
  })

  it('made before the first connection belongs to it, and to the next after the last', async () => {
    const api = await openContoso()
    await create(api)
    const connection = await createConnection(api)
    const listed = async () => listOf((await api.get(path)).body, 'items')[0]?.['connection']
    expect(await listed()).toBe(connection['id'])
    await api.delete(`/organizations/contoso/connections/${textOf(connection, 'id')}`)
    expect(await listed()).toBe(null)
    expect(await listed()).not.toBe((await createConnection(api))['id'])
  })

  it('is not made when the first connection comes at the same moment', async () => {
    const api = await openContoso()
    const counting = countingD1(env.DB)
    const later = openAdminApi({ d1: counting.d1 })
    counting.beforeEachCall(async ({ sql }) => {
      if (sql.join().includes('insert into "scim_tokens"')) {
        counting.beforeEachCall(null)
        await createConnection(api)
      }
    })
    const refused = await later.post(path, { name: 'Entra' })
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.write_conflict'])
    expect(await readValue('select count(*) as value from scim_tokens')).toBe(0)
  })

  it('expires when it was told to, and is listed for a month after', async () => {
    const api = await openContoso()
    const made = await create(api, { expiresAt: '2026-12-24T09:00:00Z' })
    expect(made).toMatchObject({ expiresAt: '2026-12-24T09:00:00.000Z', state: 'active' })
    api.clock.ms += 30 * dayMs
    const state = async () => listOf((await api.get(path)).body, 'items')[0]?.['state']
    expect(await state()).toBe('expired')
    api.clock.ms += 30 * dayMs
    await runScheduled(api.deps, 60_000)
    expect(await state()).toBe('expired')
    api.clock.ms += 1
    await runScheduled(api.deps, 60_000)
    expect(await state()).toBe(undefined)
  })

  it('is refused when its fields are wrong', async () => {
    const api = await openContoso()
    const wrong: readonly (readonly [Json, string])[] = [
      [{ name: '' }, 'name'],
      [{ name: 'a\u0000' }, 'name'],
      [{ name: 'x'.repeat(101) }, 'name'],
      [{ expiresAt: '2026-11-24T09:00:00Z' }, 'expiresAt'],
      [{ expiresAt: 'tomorrow' }, 'expiresAt'],
      [{ expiresAt: '2027-02-30T00:00:00Z' }, 'expiresAt'],
      [{ expiresAt: 1795510800000 }, 'expiresAt'],
      [{ scopes: [] }, 'scopes'],
      [{ scopes: ['write'] }, 'scopes'],
      [{ scopes: ['read', 'read'] }, 'scopes'],
      [{ scopes: ['read', 'admin'] }, 'scopes.1'],
      [{ token: 'mine' }, 'token'],
      [{ connection: '' }, 'connection'],
    ]
    for (const [change, field] of wrong) {
      const answer = await api.post(path, { name: 'Entra', ...change })
      expect([change, answer.status, blamed(answer)]).toEqual([change, 400, [field]])
    }
    expect(await readValue('select count(*) as value from scim_tokens')).toBe(0)
    const made = await create(api, { scopes: ['read'] })
    expect(made['scopes']).toEqual(['read'])
    const change = await api.patch(`${path}/${textOf(made, 'id')}`, { expiresAt: null })
    expect([change.status, blamed(change)]).toEqual([400, ['expiresAt']])
  })

  it('is one of twenty; the tokens of clients are not among them', async () => {
    const api = await openContoso()
    const client = await api.post('/organizations/contoso/scim-clients', { name: 'Entra' })
    await env.DB.prepare(
      `insert into scim_tokens (id, organization_id, client_id, name, token_sha256, created_at)
        select 'tok_m', organization_id, id, 'x', 'x', 1 from scim_clients where id = ?`,
    )
      .bind(client.body['id'])
      .run()
    const made: Json[] = []
    for (let i = 0; i < 20; i++) {
      api.clock.ms += 1
      made.push(await create(api, { name: `Token ${i}` }))
    }
    const more = await api.post(path, { name: 'One more' })
    expect([more.status, more.body['code'], blamed(more)]).toEqual([
      409,
      'admin.limit_reached',
      ['org'],
    ])
    const names: unknown[] = []
    for (let query = '?limit=7'; query !== ''; ) {
      const { body } = await api.get(path + query)
      names.push(...listOf(body, 'items').map(({ name }) => name))
      query = body['nextCursor'] === null ? '' : `?limit=7&cursor=${String(body['nextCursor'])}`
    }
    expect(names).toEqual(made.map(({ name }) => name).reverse())
    expect((await api.get(`${path}/tok_m`)).status).toBe(404)
    expect((await api.delete(`${path}/tok_m`)).status).toBe(404)
    await api.delete(`${path}/${textOf(made[0], 'id')}`)
    expect((await api.post(path, { name: 'One more' })).status).toBe(201)
  })
})

describe('the expiry of', () => {
  const quarter = 15 * 60_000

  async function expectWarnings(api: Api, type: string, startMs: number): Promise<void> {
    const warned = async (daysBefore: number) => {
      api.clock.ms = startMs + (60 - daysBefore) * dayMs
      await runScheduled(api.deps, quarter)
      await runScheduled(api.deps, quarter)
      return (await eventsOf(api, type)).length
    }
    expect(await warned(30.1)).toBe(0)
    expect(await warned(30)).toBe(1)
    expect(await warned(8)).toBe(1)
    expect(await warned(7)).toBe(2)
    expect(await warned(1)).toBe(3)
    expect(await warned(0.5)).toBe(3)
    expect(await warned(-0.5)).toBe(3)
    const [last] = await eventsOf(api, type)
    expect(last).toMatchObject({ outcome: 'warning', actor: 'system' })
    expect(JSON.stringify(last)).toContain('"daysLeft":1')
  }

  it('a token is an event 30, 7 and 1 days before, each once', async () => {
    const api = await openContoso()
    const expiresAt = new Date(api.clock.ms + 60 * dayMs).toISOString()
    await create(api, { expiresAt })
    await create(api)
    const off = await create(api, { expiresAt })
    await api.patch(`${path}/${textOf(off, 'id')}`, { disabled: true })
    await expectWarnings(api, 'scim_token.expiring', api.clock.ms)
  })

  it('a client’s secret is one too', async () => {
    const api = await openContoso()
    const secretExpiresAt = new Date(api.clock.ms + 60 * dayMs).toISOString()
    const clients = '/organizations/contoso/scim-clients'
    await api.post(clients, { name: 'Entra', secretExpiresAt })
    const off = await api.post(clients, { name: 'Off', secretExpiresAt })
    await api.patch(`${clients}/${textOf(off.body, 'id')}`, { disabled: true })
    await expectWarnings(api, 'scim_client.secret_expiring', api.clock.ms)
  })

  it('many at once is told in portions that D1 takes, the next to expire first', async () => {
    const api = await openContoso()
    await env.DB.prepare(
      `insert into scim_tokens (id, organization_id, name, token_sha256, expires_at, created_at)
        select 'tok_' || value, (select id from organizations), 'x', 'x' || value, ? + value, 1
        from json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]')`,
    )
      .bind(api.clock.ms + dayMs)
      .run()
    const count = async () =>
      readValue("select count(*) as value from events where type = 'scim_token.expiring'")
    await runScheduled(api.deps, quarter)
    expect(await count()).toBe(20)
    const left = await env.DB.prepare(
      'select id from scim_tokens where warned_days is null order by expires_at',
    ).all<{ id: string }>()
    expect(left.results.map(({ id }) => id)).toEqual([
      'tok_21',
      'tok_22',
      'tok_23',
      'tok_24',
      'tok_25',
    ])
    await runScheduled(api.deps, quarter)
    expect(await count()).toBe(25)
  })
})

describe('housekeeping', () => {
  it('deletes access tokens once they have expired, and counts of reads after 400 days', async () => {
    const api = await openContoso()
    const client = await api.post('/organizations/contoso/scim-clients', { name: 'Entra' })
    const add = (id: string, expiresAt: number) =>
      env.DB.prepare(
        `insert into scim_tokens (id, organization_id, client_id, name, token_sha256, expires_at, created_at)
          select ?, organization_id, id, 'x', ?, ?, 1 from scim_clients where id = ?`,
      )
        .bind(id, id, expiresAt, client.body['id'])
        .run()
    await add('tok_old', api.clock.ms - 1)
    await add('tok_new', api.clock.ms)
    const hour = Math.floor(api.clock.ms / 3_600_000)
    for (const at of [hour - 400 * 24 - 1, hour - 400 * 24]) {
      await env.DB.prepare('insert into scim_read_counts values (?, ?, ?, 1)')
        .bind('org', 'tok', at)
        .run()
    }
    await runScheduled(api.deps, 60_000)
    const left = await env.DB.prepare('select id from scim_tokens').all()
    expect(left.results).toEqual([{ id: 'tok_new' }])
    expect(await readValue('select hour as value from scim_read_counts')).toBe(hour - 400 * 24)
  })
})
