import { describe, expect, it } from 'vitest'
import { startGraph } from './graph-world.ts'
import { adele, appId } from './simulator.ts'

const sp = `/servicePrincipals(appId='${appId}')`
const retail = 'b0000000-0000-4000-8000-000000000006'
const everybody = 'b0000000-0000-4000-8000-000000000001'
const irvin = 'IrvinS@contoso.com'
const defaultRole = '00000000-0000-0000-0000-000000000000'

describe('an application', () => {
  it('is found by its appId, and then by its object id', async () => {
    const { get } = await startGraph(undefined, { appRoles: [{ value: 'Admin' }] })
    const { status, json } = await get(`${sp}?$select=id,appRoles,appRoleAssignmentRequired`)
    expect([status, json]).toEqual([
      200,
      {
        '@odata.context': expect.any(String),
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        appRoleAssignmentRequired: true,
        appRoles: [
          expect.objectContaining({ id: expect.any(String), value: 'Admin', isEnabled: true }),
        ],
      },
    ])
    expect(json['id']).not.toBe(appId)
    expect((await get(`/servicePrincipals/${json['id']}`)).json['appId']).toBe(appId)
    const nobody = await get("/servicePrincipals(appId='22222222-2222-4222-8222-222222222222')")
    expect([nobody.status, nobody.json.error.code]).toEqual([404, 'Request_ResourceNotFound'])
  })

  it('has users and groups assigned, with roles, page by page, without deleted users', async () => {
    const { call, get, set } = await startGraph(undefined, {
      appRoles: [{ value: 'Admin' }],
      assignments: [
        { principal: 'Retail' },
        { principal: adele, role: 'Admin' },
        { principal: 'AlexW@contoso.com' },
        { principal: 'MeganB@contoso.com' },
      ],
    })
    await call('DELETE', '/users/MeganB@contoso.com')
    await set({ listPageSize: 2 })
    const one = await get(`${sp}/appRoleAssignedTo`)
    const two = await get(String(one.json['@odata.nextLink']))
    expect(two.json).not.toHaveProperty(['@odata.nextLink'])
    const found = [...one.json.value, ...two.json.value]
    expect(found.map((one) => [one['principalDisplayName'], one['principalType']])).toEqual([
      ['Adele Vance', 'User'],
      ['Alex Wilber', 'User'],
      ['Retail', 'Group'],
    ])
    expect(found[0]?.['appRoleId']).not.toBe(defaultRole)
    expect(found[1]).toMatchObject({ appRoleId: defaultRole, id: expect.any(String) })
    await call('POST', '/deleted-users/a0000000-0000-4000-8000-000000000003/restore')
    expect((await get(`${sp}/appRoleAssignedTo?$top=999`)).json.value).toHaveLength(4)
  })
})

describe('what is selected', () => {
  it.each([
    [`${sp}?$select=id`, ['id']],
    [`${sp}/appRoleAssignedTo?$select=principalId`, ['principalId']],
    [`/groups/${retail}?$select=displayName`, ['displayName']],
    ['/groups?$select=id&$top=1', ['id']],
  ])('is shown, and nothing else: %s', async (path, names) => {
    const { get } = await startGraph(undefined, { assignments: [{ principal: 'Retail' }] })
    const { json } = await get(path)
    const shown = json.value?.[0] ?? json
    expect(Object.keys(shown).filter((name) => !name.startsWith('@'))).toEqual(names)
  })

  it.each([
    `${sp}?$select=nothing`,
    `${sp}/appRoleAssignedTo?$select=nothing`,
    '/groups?$select=x',
  ])('is refused where nothing of that name is: %s', async (path) => {
    const { get } = await startGraph(undefined, { assignments: [{ principal: 'Retail' }] })
    expect((await get(path)).status).toBe(400)
  })
})

describe('a request of a batch', () => {
  it('has the token of the batch and none of its other headers', async () => {
    const { call, send } = await startGraph()
    const requests = [{ id: '1', method: 'GET', url: '/groups?$top=1' }]
    await send('/v1.0/$batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-ms-throttle-priority': 'low' },
      body: JSON.stringify({ requests }),
    })
    const { items } = await call('GET', '/graph/requests')
    const of = (kind: string) => items.find((one: { kind: string }) => one.kind === kind)
    expect(of('batch')).toMatchObject({ status: 200, priority: 'low' })
    expect(of('inner-group')).toMatchObject({ status: 200, priority: null })
  })
})

describe('a group', () => {
  it('has direct members who are users, page by page', async () => {
    const { call, get, round, set } = await startGraph()
    await set({ listPageSize: 7 })
    const path = `/groups/${everybody}/members/microsoft.graph.user?$select=id`
    const one = await get(path)
    expect([one.json.value.length, one.json.value[0]]).toEqual([7, { id: adele }])
    expect((await get(`${path}&$top=999`)).json.value).toHaveLength(20)
    await call('DELETE', `/users/${adele}`)
    expect((await get(`${path}&$top=999`)).json.value).toHaveLength(19)
    const leadership = 'b0000000-0000-4000-8000-000000000050'
    const nested = await get(`/groups/${leadership}/members/microsoft.graph.user`)
    expect(nested.json.value).toEqual([])
    expect(await round('/users/delta')).toMatchObject({ pages: 1 })
  })

  it('is found by its object id alone', async () => {
    const { get } = await startGraph()
    expect((await get(`/groups/${retail}?$select=id,displayName`)).json).toEqual({
      '@odata.context': expect.any(String),
      id: retail,
      displayName: 'Retail',
    })
    expect((await get('/groups/Retail')).status).toBe(404)
    expect((await get('/groups/Retail/members/microsoft.graph.user')).status).toBe(404)
    expect((await get('/groups?$top=1&$select=id')).json.value).toHaveLength(1)
  })

  it.each(['$top=0', '$top=1000', '$top=x', '$orderby=id', '$expand=x', '$select=nonsense'])(
    'refuses members with %s',
    async (option) => {
      const { get } = await startGraph()
      const path = `/groups/${retail}/members/microsoft.graph.user?${option}`
      expect((await get(path)).status).toBe(400)
    },
  )
})

describe('a user', () => {
  it('is read with what was selected, null where there is nothing', async () => {
    const { get } = await startGraph()
    const { json } = await get(`/users/PradeepG@contoso.com?$select=id,mail,skills1`)
    expect(json.error.code).toBe('Request_BadRequest')
    const read = await get('/users/PradeepG@contoso.com?$select=id,mail,otherMails')
    expect(read.json).toMatchObject({ mail: null, otherMails: [] })
    expect((await get('/users/nobody@contoso.com')).status).toBe(404)
    expect((await get('/users?$top=2&$select=id')).json.value).toHaveLength(2)
  })

  it('has a manager, inside or by themselves, or 404', async () => {
    const { call, get } = await startGraph()
    const { managerId } = await call('GET', `/users/${adele}`)
    const inside = await get(`/users/${adele}?$select=id&$expand=manager($select=id)`)
    expect(inside.json).toMatchObject({ id: adele, manager: { id: managerId } })
    const alone = await get(`/users/${adele}/manager?$select=id`)
    expect(alone.json).toMatchObject({ '@odata.type': '#microsoft.graph.user', id: managerId })
    await call('DELETE', `/users/${managerId}`)
    expect((await get(`/users/${adele}/manager`)).status).toBe(404)
    const without = await get(`/users/${adele}?$select=id&$expand=manager($select=id)`)
    expect([without.status, 'manager' in without.json]).toEqual([200, false])
    expect((await get(`/users/${adele}?$expand=memberOf`)).status).toBe(400)
  })

  it('has all groups, through others too, by getMemberGroups', async () => {
    const { call, post } = await startGraph()
    const body = { securityEnabledOnly: false }
    const { id, groups } = await call('GET', `/users/${irvin}`)
    const { json } = await post(`/users/${id}/getMemberGroups`, body)
    expect(json.value).toEqual(groups.map((group: { id: string }) => group.id))
    expect(json.value.length).toBeGreaterThan(150)
    expect((await post(`/users/${id}/getMemberGroups`, {})).status).toBe(400)
    expect((await post('/users/nobody/getMemberGroups', body)).status).toBe(404)
  })
})

describe('permissions', () => {
  it.each([
    ['User.Read.All', [200, 403, 403, 403, 200, 403]],
    ['Application.Read.All', [403, 200, 200, 403, 403, 403]],
    ['GroupMember.Read.All', [403, 403, 403, 200, 403, 403]],
    ['Directory.Read.All', [200, 200, 200, 200, 200, 200]],
  ])('%s allows what it allows, and no more', async (permission, expected) => {
    const { get, post } = await startGraph([permission])
    const answers = [
      await get('/users/delta'),
      await get(sp),
      await get(`${sp}/appRoleAssignedTo`),
      await get(`/groups/${retail}/members/microsoft.graph.user`),
      await get(`/users/${adele}`),
      await post(`/users/${adele}/getMemberGroups`, { securityEnabledOnly: true }),
    ]
    expect(answers.map(({ status }) => status)).toEqual(expected)
  })
})

describe('a batch', () => {
  const request = (id: string, url: string, more = {}) => ({ id, method: 'GET', url, ...more })

  it('answers each request by itself, in another order', async () => {
    const { post } = await startGraph(['User.Read.All'])
    const { status, json } = await post('/$batch', {
      requests: [
        request('1', `/users/${adele}?$select=id`),
        request('2', 'users/nobody'),
        request('3', sp),
        request('4', `/users/${adele}/getMemberGroups`, { method: 'POST', body: {} }),
        request('5', '/nonsense'),
      ],
    })
    const responses = json['responses'] as readonly { id: string; status: number; body: object }[]
    expect(status).toBe(200)
    expect(responses.map(({ id, status }) => [id, status])).toEqual([
      ['5', 400],
      ['4', 403],
      ['3', 403],
      ['2', 404],
      ['1', 200],
    ])
    expect(responses[4]?.body).toMatchObject({ id: adele })
  })

  it('refuses more than 20, two of one id, and what is none', async () => {
    const { post } = await startGraph()
    const many = (n: number) => ({
      requests: Array.from({ length: n }, (_, i) => request(String(i), `/users/${adele}`)),
    })
    expect((await post('/$batch', many(20))).status).toBe(200)
    expect((await post('/$batch', many(21))).status).toBe(400)
    expect(
      (await post('/$batch', { requests: [request('1', '/a'), request('1', '/b')] })).status,
    ).toBe(400)
    expect((await post('/$batch', { nonsense: true })).status).toBe(400)
    expect(
      (await post('/$batch', { requests: [request('1', '//['), request('2', '/%')] })).status,
    ).toBe(200)
  })

  it('does not run what depends on a failure', async () => {
    const { post } = await startGraph()
    const { json } = await post('/$batch', {
      requests: [
        request('1', '/users/nobody'),
        request('2', `/users/${adele}`, { dependsOn: ['1'] }),
      ],
    })
    expect(json['responses']).toMatchObject([
      { id: '2', status: 424 },
      { id: '1', status: 404 },
    ])
  })

  it('is no way around the token', async () => {
    const { send } = await startGraph()
    const body = JSON.stringify({ requests: [request('1', `/users/${adele}`)] })
    const headers = { authorization: 'Bearer x' }
    expect((await send('/v1.0/$batch', { method: 'POST', body, headers })).status).toBe(401)
  })
})
