import { describe, expect, it } from 'vitest'
import { graphError, graphUrl, ids, json, openStub } from './graph-stub.ts'

const deltaLink = `${graphUrl}/v1.0/users/delta?$deltatoken=d`
const nextLink = `${graphUrl}/v1.0/users/delta?$skiptoken=s`
const select = ['jobTitle']
const role = '77777777-7777-4777-8777-777777777777'

async function delta(value: readonly unknown[], links: object = { '@odata.deltaLink': deltaLink }) {
  return openStub([json({ ...links, value })]).client.usersDeltaPage({ select })
}

describe('a page of the delta', () => {
  it('has who is there and who was removed, and where to go on', async () => {
    const value = [
      { id: ids.ann.toUpperCase(), jobTitle: 'Clerk' },
      { id: ids.bob, '@removed': { reason: 'changed' } },
      { id: ids.cleo, '@removed': { reason: 'deleted' } },
    ]
    expect(await delta(value, { '@odata.nextLink': nextLink })).toEqual({
      ok: true,
      value: {
        users: [
          {
            id: ids.ann,
            stated: new Map([
              ['id', [ids.ann]],
              ['jobTitle', ['Clerk']],
            ]),
          },
        ],
        removed: [
          { id: ids.bob, reason: 'changed' },
          { id: ids.cleo, reason: 'deleted' },
        ],
        nextLink,
        deltaLink: null,
      },
    })
    expect(await delta([])).toMatchObject({ value: { users: [], nextLink: null, deltaLink } })
  })

  it('mentions somebody twice: what is said later adds and wins', async () => {
    const read = await delta([
      { id: ids.ann, jobTitle: 'Clerk', mail: 'a@contoso.com' },
      { id: ids.bob, '@removed': { reason: 'changed' } },
      { id: ids.bob, jobTitle: 'Back' },
      { id: ids.cleo, jobTitle: 'Going' },
      { id: ids.cleo, '@removed': {} },
      { id: ids.ann, jobTitle: null },
    ])
    expect(read.ok && read.value.users.map(({ stated }) => [...stated])).toEqual([
      [
        ['id', [ids.ann]],
        ['jobTitle', []],
        ['mail', ['a@contoso.com']],
      ],
      [
        ['id', [ids.bob]],
        ['jobTitle', ['Back']],
      ],
    ])
    expect(read.ok && read.value.removed).toEqual([{ id: ids.cleo, reason: 'changed' }])
  })

  it.each([
    ['neither link', {}],
    ['both links', { '@odata.nextLink': nextLink, '@odata.deltaLink': deltaLink }],
    ['a link that is none', { '@odata.nextLink': 5 }],
    ['an empty link', { '@odata.deltaLink': '' }],
  ])('that does not say where to go on is no page: %s', async (_what, links) => {
    expect(await delta([], links)).toMatchObject({ failure: { code: 'graph.bad_answer' } })
  })

  it('with somebody without an id is no page, since they would be missed', async () => {
    expect(await delta([{ jobTitle: 'x' }])).toMatchObject({
      failure: { code: 'graph.bad_answer' },
    })
    const many = Array.from({ length: 5001 }, () => ({ id: ids.ann }))
    expect(await delta(many)).toMatchObject({ failure: { code: 'graph.bad_answer' } })
  })
})

describe('assignments', () => {
  it('are of users and groups, with their roles', async () => {
    const value = [
      { principalId: ids.ann, principalType: 'User', appRoleId: role },
      {
        principalId: ids.sales.toUpperCase(),
        principalType: 'Group',
        appRoleId: '00000000-0000-0000-0000-000000000000',
      },
      { principalId: ids.bob, principalType: 'constructor', appRoleId: null },
    ]
    const link = `${graphUrl}/v1.0/next`
    const { client, graphCalls } = openStub([
      json({ value, '@odata.nextLink': link }),
      json({ value: [] }),
    ])
    expect(await client.assignmentsPage('an app')).toEqual({
      ok: true,
      value: {
        assignments: [
          { principalId: ids.ann, principalType: 'user', appRoleId: role },
          { principalId: ids.sales, principalType: 'group', appRoleId: null },
          { principalId: ids.bob, principalType: 'other', appRoleId: null },
        ],
        nextLink: link,
      },
    })
    expect(await client.assignmentsPage('an app', link)).toMatchObject({
      value: { assignments: [], nextLink: null },
    })
    expect(graphCalls().map(({ url }) => url)).toEqual([
      `${graphUrl}/v1.0/servicePrincipals(appId='an%20app')/appRoleAssignedTo?$top=999`,
      link,
    ])
  })

  it('without a principal are no answer', async () => {
    const { client } = openStub([json({ value: [{ principalType: 'User' }] })])
    expect(await client.assignmentsPage(ids.ann)).toMatchObject({
      failure: { code: 'graph.bad_answer' },
    })
  })
})

describe('the application', () => {
  it('has its roles and whether an assignment is required', async () => {
    const appRoles = [
      { id: role, value: 'admin', displayName: 'Admins', isEnabled: true },
      { id: ids.ann, value: null, isEnabled: false },
      { value: 'without id' },
    ]
    const body = { id: ids.bob, appRoles, appRoleAssignmentRequired: true }
    const { client, graphCalls } = openStub([json(body)])
    expect(await client.application("x') or ('")).toEqual({
      ok: true,
      value: {
        servicePrincipalId: ids.bob,
        requiresAssignment: true,
        appRoles: [
          { id: role, value: 'admin', displayName: 'Admins', isEnabled: true },
          { id: ids.ann, value: null, displayName: '', isEnabled: false },
        ],
      },
    })
    expect(graphCalls()[0]?.url).toContain("servicePrincipals(appId='x%27)%20or%20(%27')?$select=")
  })

  it('that does not say whether an assignment is required is no answer', async () => {
    const { client } = openStub([json({ id: ids.bob, appRoles: [] })])
    expect(await client.application(ids.ann)).toMatchObject({
      failure: { code: 'graph.bad_answer' },
    })
  })
})

describe('groups', () => {
  it('have their direct members page by page', async () => {
    const value = [{ id: ids.ann }, { id: ids.bob.toUpperCase() }, { id: ids.ann }]
    const { client, graphCalls } = openStub([
      json({ value, '@odata.nextLink': `${graphUrl}/v1.0/next` }),
      json({ value: [{ '@odata.type': 'x' }] }),
      graphError(404, 'Request_ResourceNotFound'),
    ])
    expect(await client.groupMembersPage(ids.sales)).toEqual({
      ok: true,
      value: { memberIds: [ids.ann, ids.bob], nextLink: `${graphUrl}/v1.0/next` },
    })
    expect(graphCalls()[0]?.url).toBe(
      `${graphUrl}/v1.0/groups/${ids.sales}/members/microsoft.graph.user?$select=id&$top=999`,
    )
    expect(await client.groupMembersPage(ids.sales, `${graphUrl}/v1.0/next`)).toMatchObject({
      failure: { code: 'graph.bad_answer' },
    })
    expect(await client.groupMembersPage('a/../b')).toMatchObject({
      failure: { code: 'graph.not_found', what: 'group' },
    })
    expect(graphCalls().at(-1)?.url).toContain('/groups/a%2F..%2Fb/members')
  })

  it('of a user are asked for with the nested ones', async () => {
    const { client, graphCalls } = openStub([
      json({ value: [ids.sales] }),
      json({ value: [ids.sales], '@odata.nextLink': `${graphUrl}/v1.0/next` }),
      json({ value: ['sales'] }),
      json({}),
    ])
    expect(await client.memberGroups(ids.ann)).toEqual({ ok: true, value: [ids.sales] })
    expect(graphCalls()[0]).toMatchObject({
      method: 'POST',
      url: `${graphUrl}/v1.0/users/${ids.ann}/getMemberGroups`,
      body: '{"securityEnabledOnly":false}',
    })
    for (let i = 0; i < 3; i++) {
      expect(await client.memberGroups(ids.ann)).toMatchObject({
        failure: { code: 'graph.bad_answer' },
      })
    }
  })
})

describe('the check of permissions', () => {
  const application = () => json({ id: ids.bob, appRoles: [], appRoleAssignmentRequired: false })
  const denied = () => graphError(403, 'Authorization_RequestDenied')
  const fine = () => json({ value: [] })

  it('tries each read, and is content', async () => {
    const { client, graphCalls } = openStub([fine, fine, fine, application])
    expect(await client.checkPermissions(ids.ann)).toMatchObject({
      ok: true,
      value: { ok: true, applicationFound: true, application: { servicePrincipalId: ids.bob } },
    })
    expect(graphCalls()).toHaveLength(4)
  })

  it('names all that is missing', async () => {
    const { client } = openStub([denied, denied, fine, denied])
    expect(await client.checkPermissions(ids.ann)).toEqual({
      ok: true,
      value: {
        ok: false,
        permissions: [
          { name: 'User.Read.All', granted: false },
          { name: 'Application.Read.All', granted: false },
          { name: 'GroupMember.Read.All', granted: true },
        ],
        application: null,
        applicationFound: null,
      },
    })
  })

  it('says that the tenant does not have the application', async () => {
    const gone = () => graphError(404, 'Request_ResourceNotFound')
    const { client } = openStub([fine, gone, fine, gone])
    expect(await client.checkPermissions(ids.ann)).toMatchObject({
      value: { ok: false, applicationFound: false },
    })
  })

  it('fails when Graph cannot be asked', async () => {
    const { client } = openStub([fine, () => graphError(429, 'TooManyRequests')])
    expect(await client.checkPermissions(ids.ann)).toMatchObject({
      failure: { code: 'graph.throttled' },
    })
  })
})
