import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { context } from '../../support/saml-context.ts'
import { countingD1 } from '../support/counting-d1.ts'
import {
  type AdminApi,
  createContoso,
  type Json,
  openAdminApi,
  startMs,
  textOf,
} from './admin-client.ts'
import {
  appId,
  createConnection,
  entraMetadataUrl,
  readValue,
  serveMetadata,
} from './connection-world.ts'

const path = '/organizations/contoso/setup'
const urn = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'
const annId = '0b1ec700-1111-4111-8111-000000000001'

/** Contoso with a connection to an Entra tenant, and how Entra would call it by SCIM. */
async function entraWorld(api: AdminApi) {
  await createContoso(api)
  await serveMetadata(api)
  const connection = await createConnection(api, {
    metadataUrl: `${entraMetadataUrl}?appid=${appId}`,
  })
  const token = await api.post('/organizations/contoso/scim-tokens', { name: 'Entra' })
  const secret = textOf(token.body, 'token')

  async function scim(method: string, where: string, body?: Json, bearer = secret) {
    const ctx = createExecutionContext()
    const request = new Request(`https://sso.example.com/scim/v2${where}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const response = await api.app.fetch(request, env, ctx)
    await waitOnExecutionContext(ctx)
    return response
  }

  const create = (name: string, rest: Json = {}) =>
    scim('POST', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: `${name}@contoso.com`,
      active: true,
      ...rest,
    })

  return { connection, id: textOf(connection, 'id'), scim, create }
}

describe('how far the set-up is', () => {
  it('begins with nothing', async () => {
    const api = openAdminApi()
    await createContoso(api)
    expect((await api.get(path)).body).toEqual({
      connections: [],
      connection: null,
      provisioning: { firstLogin: true, scim: true },
      signIns: { last: null, refusedSince: 0, succeededAt: null, test: null, testPassedAt: null },
      scim: {
        tenantUrl: 'https://sso.example.com/scim/v2',
        credentials: { active: 0, expired: 0, disabled: 0 },
        lastUsedAt: null,
        refused: null,
        people: { seen: 0, lastAt: null, externalIds: { guid: 0, other: 0, none: 0 } },
      },
      attributes: { defined: [], unknown: [] },
      graph: null,
      marked: [],
    })
  })

  it('tells the metadata that was read, the certificate and what to enter in Entra', async () => {
    const api = openAdminApi()
    const { id } = await entraWorld(api)
    const { body } = await api.get(path)
    expect(body['connections']).toEqual([{ id, name: 'Entra', status: 'draft' }])
    expect(body['connection']).toMatchObject({
      id,
      status: 'draft',
      tenantId: context.tenantId,
      acsUrl: `https://sso.example.com/saml/${id}/acs`,
      loginUrl: `https://sso.example.com/saml/${id}/login`,
      logoutUrl: `https://sso.example.com/saml/${id}/slo`,
      certificates: { trusted: 1 },
      metadata: { failure: null, pending: false },
    })
  })

  it('shows the newest connection, or the one that is named, and no other organization’s', async () => {
    const api = openAdminApi()
    const first = await createConnection(api)
    api.clock.ms += 1000
    const second = await createConnection(api)
    const shown = async (query = '') => {
      const { body } = await api.get(path + query)
      return (body['connection'] as Json)['id']
    }
    expect(await shown()).toBe(second['id'])
    expect(await shown(`?connection=${first['id']}`)).toBe(first['id'])
    await createContoso(api, 'fabrikam')
    const other = await api.get(`/organizations/fabrikam/setup?connection=${first['id']}`)
    expect([other.status, other.body['code']]).toEqual([404, 'admin.connection_not_found'])
    expect((await api.get('/organizations/fabrikam/setup')).body['connection']).toBeNull()
  })

  it('tells of sign-ins and test sign-ins of this connection', async () => {
    const api = openAdminApi()
    const { id } = await entraWorld(api)
    const organization = await readValue<string>('select id as value from organizations')
    const signIn = (key: string, outcome: string, code: string | null, connection = id) =>
      env.DB.prepare(
        `insert into events (id, at, organization_id, type, outcome, code, connection_id, actor, request_id)
          values (?, ?, ?, 'sign_in', ?, ?, ?, 'person', 'req_1')`,
      )
        .bind(`evt_${key}`, startMs + Number(key), organization, outcome, code, connection)
        .run()
    await signIn('1', 'success', null)
    await signIn('2', 'refused', 'saml.audience')
    await signIn('3', 'success', null, 'con_other')
    await env.DB.prepare(
      `insert into test_sign_ins (id, organization_id, connection_id, token_sha256, status, created_at, expires_at, finished_at, report)
        values ('tst_1', ?1, ?2, 'a', 'passed', 1000, 9000, 2000, null),
          ('tst_2', ?1, ?2, 'b', 'failed', 3000, 9000, 4000, '{"code":"saml.expired"}')`,
    )
      .bind(organization, id)
      .run()
    const told = {
      last: {
        at: '2026-11-24T09:00:00.002Z',
        outcome: 'refused',
        code: 'saml.audience',
        isSigned: true,
      },
      refusedSince: 1,
      succeededAt: '2026-11-24T09:00:00.001Z',
      test: {
        id: 'tst_2',
        status: 'failed',
        at: '1970-01-01T00:00:04.000Z',
        code: 'saml.expired',
      },
      testPassedAt: '1970-01-01T00:00:02.000Z',
    }
    expect((await api.get(path)).body['signIns']).toEqual(told)
    await env.DB.prepare(`update events set actor = 'stranger'`).run()
    await env.DB.prepare(
      `insert into test_sign_ins (id, organization_id, connection_id, token_sha256, status, created_at, expires_at)
        values ('tst_3', ?1, ?2, 'c', 'waiting', 5000, 9000)`,
    )
      .bind(organization, id)
      .run()
    expect((await api.get(path)).body['signIns']).toMatchObject({
      last: { isSigned: false },
      test: { id: 'tst_3', status: 'expired', at: '1970-01-01T00:00:05.000Z', code: null },
    })
  })

  it('tells of SCIM: the token, its first use, people, and the form of their externalId', async () => {
    const api = openAdminApi()
    const { scim, create } = await entraWorld(api)
    expect((await api.get(path)).body['scim']).toMatchObject({
      credentials: { active: 1 },
      lastUsedAt: null,
    })
    await scim('GET', '/Users?filter=userName+eq+%22nobody%22')
    api.clock.ms += 1000
    await create('ann', { externalId: annId })
    await create('bob', { externalId: 'bob' })
    await create('cyd')
    expect((await create('ann')).status).toBe(409)
    expect((await api.get(path)).body['scim']).toMatchObject({
      credentials: { active: 1, expired: 0, disabled: 0 },
      lastUsedAt: '2026-11-24T09:00:00.000Z',
      refused: { at: '2026-11-24T09:00:01.000Z' },
      people: {
        seen: 3,
        lastAt: '2026-11-24T09:00:01.000Z',
        externalIds: { guid: 1, other: 1, none: 1 },
      },
    })
  })

  it('tells which attributes of the organization’s own arrive, and which nobody defined', async () => {
    const api = openAdminApi()
    const { create } = await entraWorld(api)
    const attributes = '/organizations/contoso/attributes'
    await api.post(attributes, { key: 'costCenter', label: 'Cost center' })
    await api.post(attributes, { key: 'level', label: 'Level' })
    await create('ann', { [urn]: { costCenter: 'CC-7', badge: 'B1' } })
    expect((await api.get(path)).body['attributes']).toEqual({
      defined: [
        { key: 'costCenter', label: 'Cost center', seen: true },
        { key: 'level', label: 'Level', seen: false },
      ],
      unknown: ['badge'],
    })
  })

  it('tells whether Graph has a credential and what its check found', async () => {
    const api = openAdminApi()
    await entraWorld(api)
    await api.put('/organizations/contoso/graph', {
      tenantId: context.tenantId,
      clientId: appId,
      clientSecret: 'a-secret-of-the-test',
    })
    const set = await api.get(path)
    expect(set.body['graph']).toMatchObject({ clientId: appId, checkedAt: null, isGood: false })
    expect(set.text).not.toContain('a-secret-of-the-test')
    await api.post('/organizations/contoso/graph/check')
    const { graph } = (await api.get(path)).body as { graph: Json }
    expect([graph['isGood'], graph['problem']]).toEqual([false, expect.any(String)])
  })

  it('costs two questions, and rows that do not grow with the directory and the log', async () => {
    const counting = countingD1(env.DB)
    const api = openAdminApi({ d1: counting.d1 })
    const { id } = await entraWorld(api)
    const organization = await readValue<string>('select id as value from organizations')
    const cost = async () => {
      counting.restart()
      await api.get(path)
      return { calls: counting.calls.length, read: counting.rows().read }
    }
    await fill(organization, id, { from: 0, count: 300 })
    const small = await cost()
    await fill(organization, id, { from: 300, count: 3000 })
    const large = await cost()
    expect([small.calls, large]).toEqual([2, small])
    expect(small.read).toBeLessThan(2000)
  })
})

describe('a step that is marked by hand', () => {
  it('stays marked, once, until the mark is taken away; each is an event', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const step = `${path}/steps/saml.claims`
    const mark = { step: 'saml.claims', doneAt: '2026-11-24T09:00:00.000Z', actor: 'operator' }
    expect((await api.put(step, undefined)).body).toEqual(mark)
    api.clock.ms += 1000
    expect((await api.put(step, undefined)).body).toEqual(mark)
    expect((await api.get(path)).body['marked']).toEqual([mark])
    expect((await api.delete(step)).status).toBe(204)
    expect((await api.delete(step)).status).toBe(204)
    expect((await api.get(path)).body['marked']).toEqual([])
    const told = await env.DB.prepare(
      `select facts from events where type = 'setup.step_marked' order by id`,
    ).all<{ facts: string }>()
    expect(told.results.map(({ facts }) => JSON.parse(facts))).toEqual([
      { step: 'saml.claims', done: true },
      { step: 'saml.claims', done: false },
    ])
  })

  it.each(['saml.metadata', 'saml.nothing', 'scim.token', 'x'])('is not %s', async (name) => {
    const api = openAdminApi()
    await createContoso(api)
    const refused = await api.put(`${path}/steps/${name}`, undefined)
    expect([refused.status, refused.body['code']]).toEqual([400, 'admin.invalid_request'])
  })

  it('belongs to one organization', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await createContoso(api, 'fabrikam')
    await api.put(`${path}/steps/scim.scope`, undefined)
    await api.delete('/organizations/fabrikam/setup/steps/scim.scope')
    expect((await api.get('/organizations/fabrikam/setup')).body['marked']).toEqual([])
    expect((await api.get(path)).body['marked']).toHaveLength(1)
  })
})

/** People whom SCIM made, and as many events of each kind that is looked at. */
async function fill(
  organization: string | null,
  connection: string,
  { from, count }: { from: number; count: number },
): Promise<void> {
  const numbers = JSON.stringify(Array.from({ length: count }, (_, i) => from + i))
  const insert = (sql: string, ...values: unknown[]) =>
    env.DB.prepare(`${sql} from json_each(?)`)
      .bind(...values, numbers)
      .run()
  await insert(
    `insert into people (id, organization_id, connection_id, user_name, user_name_key, created_by, scim_at,
      profile, provenance, mapping_version, created_at, updated_at)
      select 'usr_' || value, ?, ?, 'u' || value, 'u' || value, 'scim', 1, '{}', '{}', 1, 1, 1`,
    organization,
    connection,
  )
  await insert(
    `insert into scim_users (person_id, organization_id, view, folded, modified_at)
      select 'usr_' || value, ?, '{}', '{}', 1`,
    organization,
  )
  for (const type of ['sign_in', 'user.created', 'user.adopted', 'provisioning.refused']) {
    await insert(
      `insert into events (id, at, organization_id, type, outcome, connection_id, person_id, actor, request_id)
        select 'evt_' || ? || value, 1, ?, ?, 'success', ?, 'usr_' || value, 'provisioning', 'req_1'`,
      type,
      organization,
      type,
      connection,
    )
  }
}
