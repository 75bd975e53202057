import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { blamed, createContoso, listOf, openAdminApi, textOf } from './admin-client.ts'

const path = '/organizations/contoso/events'

describe('events', () => {
  it('tell what the operator did, newest first, in the documented shape', async () => {
    const api = openAdminApi()
    const contoso = await createContoso(api)
    api.clock.ms += 1000
    const changed = await api.patch('/organizations/contoso', { sessionHours: 3, name: 'New' })
    const events = listOf((await api.get(path)).body, 'items')
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^evt_/),
        at: '2026-11-24T09:00:01.000Z',
        type: 'organization.updated',
        family: 'organization',
        outcome: 'success',
        organization: contoso['id'],
        actor: 'operator',
        request: changed.headers.get('x-request-id'),
        detail: { changed: ['name', 'sessionHours'] },
      },
      expect.objectContaining({
        type: 'organization.created',
        detail: { slug: 'contoso', domains: [] },
      }),
    ])
  })

  it('are filtered by type, person and time', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await env.DB.prepare(
      `insert into events (id, at, organization_id, type, outcome, code, connection_id, person_id, actor, request_id)
        select 'evt_0' || j.value, 1000 * j.value, o.id, 'sign_in', 'refused', 'saml.audience', 'con_x', 'usr_' || j.value,
        'person', 'req_x' from organizations o, json_each('[1,2,3]') j`,
    ).run()
    await env.DB.prepare(
      `insert into event_details (event_id, detail, expires_at) values ('evt_02', '{"userName":"ann"}', 9)`,
    ).run()
    const ids = async (query: string) =>
      listOf((await api.get(`${path}?${query}`)).body, 'items').map(({ id }) => id)
    expect(await ids('type=sign_in')).toEqual(['evt_03', 'evt_02', 'evt_01'])
    expect(await ids('person=usr_2')).toEqual(['evt_02'])
    expect(await ids('from=1970-01-01T00:00:02Z&type=sign_in')).toEqual(['evt_03', 'evt_02'])
    const one = listOf((await api.get(`${path}?person=usr_2`)).body, 'items')[0]
    expect(one).toMatchObject({
      code: 'saml.audience',
      connection: 'con_x',
      user: 'usr_2',
      detail: { userName: 'ann' },
    })
  })

  it('are found by the reference number that a page showed, in their own organization only', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await createContoso(api, 'fabrikam')
    const changed = await api.patch('/organizations/contoso', { name: 'New' })
    const request = changed.headers.get('x-request-id') ?? ''
    const find = async (slug: string, id: string) =>
      listOf((await api.get(`/organizations/${slug}/events?request=${id}`)).body, 'items')
    expect(await find('contoso', request)).toMatchObject([
      { type: 'organization.updated', request },
    ])
    expect(await find('fabrikam', request)).toEqual([])
    expect(await find('contoso', 'req_x')).toEqual([])
    const plan = await env.DB.prepare(
      'explain query plan select * from events where organization_id = ? and request_id = ? order by id desc limit 51',
    )
      .bind('org_1', request)
      .all<{ detail: string }>()
    expect(plan.results.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('USING INDEX events_request'),
    ])
  })

  it('page through all once', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await api.patch('/organizations/contoso', { name: 'A' })
    await api.patch('/organizations/contoso', { name: 'B' })
    const first = await api.get(`${path}?limit=2`)
    const rest = await api.get(`${path}?limit=2&cursor=${textOf(first.body, 'nextCursor')}`)
    const ids = [first, rest].flatMap(({ body }) => listOf(body, 'items').map(({ id }) => id))
    expect([ids.length, new Set(ids).size, rest.body['nextCursor']]).toEqual([3, 3, null])
  })

  it.each([
    ['type=everything', 'type'],
    ['from=yesterday', 'from'],
    ['from=2026-02-30T00:00:00Z', 'from'],
    ['pesron=usr_1', 'pesron'],
  ])('refuse ?%s by name', async (query, field) => {
    const api = openAdminApi()
    await createContoso(api)
    const refused = await api.get(`${path}?${query}`)
    expect([refused.status, blamed(refused)]).toEqual([400, [field]])
  })
})
