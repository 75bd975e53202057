import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { countingD1 } from '../support/counting-d1.ts'
import {
  type AdminApi,
  blamed,
  createContoso,
  type Json,
  listOf,
  openAdminApi,
  startMs,
  textOf,
} from './admin-client.ts'
import { createConnection, pathOf } from './connection-world.ts'

const path = '/organizations/contoso/health'
const dayMs = 86_400_000

function kinds(body: Json): readonly unknown[] {
  return listOf(body, 'findings').map(({ kind }) => kind)
}

async function run(sql: string, ...values: unknown[]): Promise<void> {
  await env.DB.prepare(sql)
    .bind(...values)
    .run()
}

/** A reconciliation, drift that is open, sign-ins and a credential for Graph. */
async function populate(organizationId: unknown): Promise<void> {
  await run(
    `insert into reconcile_runs (id, organization_id, kind, trigger, status, step, continue_at, created_at, started_at, finished_at)
      values ('run_1', ?1, 'reconcile', 'api', 'failed', 'x', 1, 1, 1, 1), ('run_2', ?1, 'reconcile', 'api', 'done', 'x', 2, 2, 2, ?2),
        ('run_3', ?1, 'resolve', 'mapping', 'failed', 'x', 3, 3, 3, 3)`,
    organizationId,
    startMs - 5000,
  )
  await run(
    `insert into drift_items (id, organization_id, run_id, kind, rule, action, state, fingerprint, at)
      select 'drf_' || value, ?, 'run_2', 'person_missing', 'x', 'reported', iif(value < 3, 'open', 'done'), value, 1 from json_each('[1,2,3,4]')`,
    organizationId,
  )
  await run(
    `insert into events (id, at, organization_id, type, outcome, actor, request_id)
      values ('evt_1', 1000, ?1, 'sign_in', 'success', 'person', 'r'), ('evt_2', 2000, ?1, 'sign_in', 'success', 'person', 'r'),
        ('evt_3', 3000, ?1, 'sign_in', 'refused', 'stranger', 'r')`,
    organizationId,
  )
  await run(
    `insert into graph_credentials (organization_id, tenant_id, client_id, app_id, kind, secret_sealed, expires_at, created_at, updated_at)
      values (?, 't', 'c', 'a', 'secret', 's', ?, 1, 1)`,
    organizationId,
    startMs + 400 * dayMs,
  )
}

async function makeToken(api: AdminApi, slug = 'contoso', expiresAt?: string): Promise<Json> {
  const created = await api.post(`/organizations/${slug}/scim-tokens`, {
    name: 'Entra',
    ...(expiresAt === undefined ? {} : { expiresAt }),
  })
  expect(created.status).toBe(201)
  return created.body
}

describe('the health of an organization', () => {
  it('begins with what is to be set up', async () => {
    const api = openAdminApi()
    const contoso = await createContoso(api)
    const { body } = await api.get(path)
    expect(body).toEqual({
      organization: { id: contoso['id'], slug: 'contoso', name: 'Contoso' },
      state: 'setup',
      findings: [{ kind: 'no_connection', level: 'setup' }],
      connections: [],
      scim: { enabled: true, credentials: 0, expiresAt: null, lastCallAt: null },
      graph: null,
      reconcile: null,
      openDrift: 0,
      lastSignInAt: null,
    })
  })

  it('tells of its connections, credentials, last run, drift and sign-ins', async () => {
    const api = openAdminApi()
    const contoso = await createContoso(api)
    const connection = await createConnection(api)
    await api.patch(pathOf(connection), { status: 'active' })
    const token = await makeToken(api, 'contoso', '2026-12-01T00:00:00Z')
    await run('update scim_tokens set last_used_at = ? where id = ?', startMs - 1000, token['id'])
    await populate(contoso['id'])
    const { body } = await api.get(path)
    expect(body).toMatchObject({
      state: 'warn',
      findings: [
        {
          kind: 'scim_credential_expiring',
          level: 'warn',
          subject: token['id'],
          at: '2026-12-01T00:00:00.000Z',
        },
        { kind: 'drift_open', level: 'warn', count: 2 },
      ],
      connections: [{ id: connection['id'], name: 'Entra', status: 'active' }],
      scim: {
        enabled: true,
        credentials: 1,
        expiresAt: '2026-12-01T00:00:00.000Z',
        lastCallAt: '2026-11-24T08:59:59.000Z',
      },
      graph: { expiresAt: '2027-12-29T09:00:00.000Z' },
      reconcile: { run: 'run_2', status: 'done', at: '2026-11-24T08:59:55.000Z' },
      openDrift: 2,
      lastSignInAt: '1970-01-01T00:00:02.000Z',
    })
    const [certificate] = listOf(connection['idp'] as Json, 'certificates')
    expect(listOf(body, 'connections')[0]).toMatchObject({
      certificateExpiresAt: certificate?.['notAfter'],
      certificatesLastUntil: certificate?.['notAfter'],
    })
  })

  it('looks at the certificates that are trusted only, and at the next one that ends', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const connection = await createConnection(api)
    const id = connection['id']
    await run('update connection_certificates set not_after = ?', startMs - dayMs)
    const add = (sha256: string, notAfter: number, retiredAt: number | null) =>
      run(
        `insert into connection_certificates (connection_id, organization_id, sha256, der, not_before, not_after, origin, added_at, retired_at)
          select connection_id, organization_id, ?, der, not_before, ?, origin, added_at, ? from connection_certificates where connection_id = ? limit 1`,
        sha256,
        notAfter,
        retiredAt,
        id,
      )
    await add('aa', startMs + 900 * dayMs, startMs)
    const connectionOf = async () => listOf((await api.get(path)).body, 'connections')[0]
    expect(kinds((await api.get(path)).body)).toEqual(['certificate_expired', 'not_active'])
    expect(await connectionOf()).toMatchObject({ certificateExpiresAt: null })
    await add('bb', startMs + 100 * dayMs, null)
    await add('cc', startMs + 200 * dayMs, null)
    expect(kinds((await api.get(path)).body)).toEqual(['not_active'])
    expect(await connectionOf()).toMatchObject({
      certificateExpiresAt: '2027-03-04T09:00:00.000Z',
      certificatesLastUntil: '2027-06-12T09:00:00.000Z',
    })
  })

  it('knows the secrets of clients, and leaves disabled credentials alone', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const disabled = await makeToken(api)
    await api.patch(`/organizations/contoso/scim-tokens/${disabled['id']}`, { disabled: true })
    const client = await api.post('/organizations/contoso/scim-clients', { name: 'Entra' })
    expect(client.status).toBe(201)
    await run('update scim_client_secrets set expires_at = ?, last_used_at = 1', startMs - 1)
    const { body } = await api.get(path)
    expect(kinds(body)).toEqual(['scim_credential_expired', 'no_connection'])
    expect(body['scim']).toMatchObject({ credentials: 1 })
    await api.patch('/organizations/contoso', { provisioning: { scim: false } })
    expect(kinds((await api.get(path)).body)).toEqual(['no_connection'])
  })

  it('counts open drift up to a bound, and finds the last sign-in by index, at 100,000 events', async () => {
    const counting = countingD1(env.DB)
    const api = openAdminApi({ d1: counting.d1 })
    const { id } = await createContoso(api)
    await populate(id)
    await env.DB.batch([
      env.DB.prepare(
        `with recursive n(i) as (select 0 union all select i + 1 from n where i < 99999)
          insert into events (id, at, organization_id, type, outcome, actor, request_id)
          select printf('evt_0%025d', i), i, ?, iif(i % 3 = 0, 'sign_in', 'user.updated'), 'success', 'person', 'r' from n`,
      ).bind(id),
      env.DB.prepare(
        `with recursive n(i) as (select 0 union all select i + 1 from n where i < 4999)
          insert into drift_items (id, organization_id, run_id, kind, rule, action, state, fingerprint, at)
          select 'drf_x' || i, ?, 'run_2', 'person_missing', 'x', 'reported', 'open', 'x' || i, 1 from n`,
      ).bind(id),
    ])
    counting.restart()
    const { body } = await api.get(path)
    expect(body['openDrift']).toBe(1000)
    expect(body['lastSignInAt']).toBe('1970-01-01T00:00:02.000Z')
    expect(counting.calls).toHaveLength(2)
    expect(counting.rows().read).toBeLessThan(1100)
  })
})

describe('the overview', () => {
  it('pages through all organizations once, with their health', async () => {
    const api = openAdminApi()
    for (const slug of ['a', 'b', 'c']) await createContoso(api, slug)
    const first = await api.get('/overview?limit=2')
    const cursor = textOf(first.body, 'nextCursor')
    const rest = await api.get(`/overview?limit=2&cursor=${cursor}`)
    const items = [first, rest].flatMap(({ body }) => listOf(body, 'items'))
    expect(items.map(({ organization }) => (organization as Json)['slug']).sort()).toEqual([
      'a',
      'b',
      'c',
    ])
    expect(items.map(({ state }) => state)).toEqual(['setup', 'setup', 'setup'])
    expect(rest.body['nextCursor']).toBeNull()
  })

  it('keeps the facts of organizations apart', async () => {
    const api = openAdminApi()
    const contoso = await createContoso(api)
    await createContoso(api, 'fabrikam')
    await createConnection(api)
    await makeToken(api)
    await populate(contoso['id'])
    const items = listOf((await api.get('/overview')).body, 'items')
    const fabrikam = items.find(({ organization }) => (organization as Json)['slug'] === 'fabrikam')
    expect(fabrikam).toMatchObject({
      connections: [],
      scim: { credentials: 0, lastCallAt: null },
      graph: null,
      reconcile: null,
      openDrift: 0,
      lastSignInAt: null,
    })
  })

  it('finds organizations by a part of the name or the slug, in any case and script', async () => {
    const api = openAdminApi()
    await createContoso(api, 'acme')
    await api.post('/organizations', { slug: 'ost', name: 'ÄRZTEHAUS Ost' })
    const found = async (q: string) =>
      listOf((await api.get(`/overview?q=${encodeURIComponent(q)}`)).body, 'items').map(
        ({ organization }) => (organization as Json)['slug'],
      )
    expect(await found('ärzte')).toEqual(['ost'])
    expect(await found(' ACM ')).toEqual(['acme'])
    expect(await found('%')).toEqual([])
    expect([...(await found(''))].sort()).toEqual(['acme', 'ost'])
  })

  it('costs two calls and a number of rows that grows with the page only; a search looks on where it stopped', async () => {
    const counting = countingD1(env.DB)
    const api = openAdminApi({ d1: counting.d1 })
    await run(
      `with recursive n(i) as (select 0 union all select i + 1 from n where i < 2999)
        insert into organizations (id, slug, name, created_at, updated_at)
        select printf('org_%026d', i), 'o' || i, iif(i % 1000 = 999, 'Wanted', 'Other'), 1, 1 from n`,
    )
    counting.restart()
    const { body } = await api.get('/overview?limit=20')
    expect(listOf(body, 'items')).toHaveLength(20)
    expect(counting.calls).toHaveLength(2)
    expect(counting.rows().read).toBeLessThan(400)
    let cursor = ''
    const found: unknown[] = []
    for (let pages = 0; pages < 4; pages++) {
      counting.restart()
      const page = await api.get(`/overview?q=wanted${cursor}`)
      expect(counting.calls.length).toBeLessThanOrEqual(2)
      expect(counting.rows().read).toBeLessThan(1100)
      found.push(...listOf(page.body, 'items'))
      if (page.body['nextCursor'] === null) break
      cursor = `&cursor=${textOf(page.body, 'nextCursor')}`
    }
    expect(found).toHaveLength(3)
  })

  it('refuses what is no cursor', async () => {
    const refused = await openAdminApi().get('/overview?cursor=con_1')
    expect([refused.status, blamed(refused)]).toEqual([400, ['cursor']])
  })
})
