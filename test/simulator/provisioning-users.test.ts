import { describe, expect, it } from 'vitest'
import { delia, flagUrl, megan, patti, startProvisioning } from './provisioning-world.ts'
import { enterprise, scimError } from './scim-stand-in.ts'
import { adele } from './simulator.ts'

describe('the first cycle', () => {
  it('looks for everybody in scope and creates them as a new application maps them', async () => {
    const world = await startProvisioning({}, [adele])
    await world.call('PATCH', `/users/${adele}`, { faxNumber: '+1 555 2' })
    expect(await world.cycle()).toMatchObject({ kind: 'initial', created: 1, requests: 2 })
    const [filter, create] = world.target.requests
    expect(filter).toMatchObject({
      method: 'GET',
      path: '/Users',
      query: { filter: 'userName eq "AdeleV@contoso.com"' },
      headers: { authorization: 'Bearer secret', accept: 'application/scim+json' },
    })
    expect(create?.headers['content-type']).toBe('application/scim+json; charset=utf-8')
    expect(create?.body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
      meta: { resourceType: 'User' },
      roles: [],
      userName: 'AdeleV@contoso.com',
      active: true,
      displayName: 'Adele Vance',
      title: 'Retail Manager',
      emails: [{ type: 'work', primary: true, value: 'AdeleV@contoso.com' }],
      preferredLanguage: 'en-US',
      name: { givenName: 'Adele', familyName: 'Vance', formatted: 'Adele Vance' },
      addresses: [
        {
          type: 'work',
          formatted: '12/1100',
          streetAddress: '100 Pine Street',
          locality: 'Seattle',
          region: 'WA',
          postalCode: '98101',
          country: 'United States',
        },
      ],
      phoneNumbers: [
        { type: 'work', value: '+1 425 555 0100' },
        { type: 'mobile', value: '+1 206 555 0100' },
        { type: 'fax', value: '+1 555 2' },
      ],
      externalId: 'AdeleV',
      [enterprise]: { employeeNumber: '1001', department: 'Retail' },
    })
  })

  it('takes the object id as externalId when the admin says so', async () => {
    const world = await startProvisioning({ externalIdSource: 'objectId' }, [adele])
    await world.cycle()
    expect(world.target.user('AdeleV@contoso.com')['externalId']).toBe(adele)
  })

  it('sends no mail for somebody without one, strips a guest’s mark, and leaves out the disabled', async () => {
    const world = await startProvisioning({}, [
      'PradeepG@contoso.com',
      delia,
      'brianj_fabrikam.com%23EXT%23@contoso.onmicrosoft.com'.replaceAll('%23', '#'),
    ])
    expect(await world.cycle()).toMatchObject({ created: 2, skipped: 1 })
    expect(world.target.user('PradeepG@contoso.com')).not.toHaveProperty('emails')
    expect([...world.target.users.values()].map((user) => user['userName'])).toContain(
      'brianj_fabrikam.com@contoso.onmicrosoft.com',
    )
  })

  it('does not take people of nested groups', async () => {
    const world = await startProvisioning({}, ['Leadership'])
    expect(await world.cycle()).toMatchObject({ created: 1 })
    expect(world.target.users.size).toBe(0)
    expect(world.target.group('Leadership')['members']).toBeUndefined()
  })

  it('finds who is there already, by one matching attribute after the other, and sends the difference', async () => {
    const world = await startProvisioning(
      { userMatching: ['externalId', 'emails[type eq "work"].value'] },
      [adele],
    )
    world.target.users.set('usr_old', {
      id: 'usr_old',
      userName: 'old@contoso.com',
      active: true,
      emails: [{ type: 'work', value: 'adelev@contoso.com' }],
      title: 'Retail Manager',
    })
    await world.cycle()
    expect(world.target.taken().slice(0, 4)).toEqual([
      'GET /Users externalId eq "AdeleV"',
      'GET /Users emails[type eq "work"].value eq "AdeleV@contoso.com"',
      'GET /Users/usr_old',
      'PATCH /Users/usr_old',
    ])
    expect(world.target.user('AdeleV@contoso.com')).toMatchObject({ id: 'usr_old' })
    expect((await world.get('connections')).users).toEqual([
      { sourceId: adele, targetId: 'usr_old', state: 'active' },
    ])
  })
})

describe('what differs', () => {
  it('is sent in the older dialect: capitalised, one operation each, booleans as text', async () => {
    const world = await startProvisioning({}, [adele])
    await world.settle()
    await world.call('PATCH', `/users/${adele}`, {
      displayName: 'Adele B',
      mail: 'adeleb@contoso.com',
      department: null,
      faxNumber: '+1 555 2',
      accountEnabled: false,
    })
    await world.cycle()
    expect(world.target.operations()).toEqual([
      { op: 'Replace', path: 'active', value: 'False' },
      { op: 'Replace', path: 'displayName', value: 'Adele B' },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'adeleb@contoso.com' },
      { op: 'Add', path: 'phoneNumbers[type eq "fax"].value', value: '+1 555 2' },
    ])
    const user = world.target.user('AdeleV@contoso.com')
    // Cleared at its source: nothing was sent, and the old value stays.
    expect(user[enterprise]).toMatchObject({ department: 'Retail' })
    expect(user['active']).toBe(false)
  })

  it('is sent in the newer dialect: single values in one map without a path, real booleans', async () => {
    const world = await startProvisioning({ tenantUrl: flagUrl }, [adele])
    await world.settle()
    await world.call('PATCH', `/users/${adele}`, {
      displayName: 'Adele B',
      givenName: 'Ada',
      mail: 'adeleb@contoso.com',
      department: 'IT',
      streetAddress: '2 Road',
      faxNumber: '+1 555 9',
      accountEnabled: false,
    })
    await world.cycle()
    expect(world.target.requests[0]?.query).toEqual({ aadOptscim062020: '' })
    expect(world.target.operations()).toEqual([
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'adeleb@contoso.com' },
      { op: 'replace', path: 'addresses[type eq "work"].streetAddress', value: '2 Road' },
      { op: 'add', path: 'phoneNumbers[type eq "fax"].value', value: '+1 555 9' },
      {
        op: 'replace',
        value: {
          displayName: 'Adele B',
          'name.givenName': 'Ada',
          'name.formatted': 'Ada Vance',
          [`${enterprise}:department`]: 'IT',
        },
      },
      { op: 'replace', path: 'active', value: false },
    ])
  })

  it('is added by itself in the newer dialect, too', async () => {
    const world = await startProvisioning({ tenantUrl: flagUrl }, [adele])
    await world.settle()
    await world.set({ customMapping: [{ target: 'nickName', source: 'givenName' }] })
    await world.cycle()
    expect(world.target.operations()).toEqual([{ op: 'add', path: 'nickName', value: 'Adele' }])
  })

  it('is asked by the cached id, and nothing is sent when there is nothing', async () => {
    const world = await startProvisioning({}, [adele])
    await world.settle()
    expect(await world.cycle()).toMatchObject({ kind: 'incremental', requests: 0 })
    await world.call('PATCH', `/users/${adele}`, { companyName: 'Not mapped' })
    expect(await world.cycle()).toMatchObject({ requests: 1, updated: 0 })
    expect(world.target.taken()).toEqual(['GET /Users/usr_1'])
  })

  it('has rows of the admin’s own: extensions, expressions, several values, roles', async () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:Acme:2.0:User'
    const world = await startProvisioning(
      {
        customMapping: [
          { target: `${urn}:costCenter`, source: 'extensionAttribute1' },
          { target: `${urn}:projects`, source: 'extension_0_projects' },
          { target: 'nickName', source: 'ToLower([givenName])' },
          { target: 'userType', source: '"staff"', apply: 'create' },
          { target: 'roles', source: 'AppRoleAssignmentsComplex([appRoleAssignments])' },
        ],
      },
      [adele],
    )
    await world.call('PATCH', `/users/${adele}`, {
      extensionAttributes: { extensionAttribute1: 'CC1', extension_0_projects: ['1', '2'] },
    })
    await world.settle()
    const user = world.target.user('AdeleV@contoso.com')
    expect(user[urn]).toEqual({ costCenter: 'CC1', projects: [{ value: '1' }, { value: '2' }] })
    expect(user).toMatchObject({
      nickName: 'adele',
      userType: 'staff',
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
    })
    await world.call('PATCH', `/apps/11111111-1111-4111-8111-111111111111`, {
      appRoles: [{ id: '06b00000-0000-4000-8000-000000000001', value: 'Admin' }],
      assignments: [{ principal: adele, role: 'Admin' }],
    })
    await world.call('PATCH', `/users/${adele}`, {
      extensionAttributes: { extensionAttribute1: 'CC2', extension_0_projects: ['2', '3'] },
    })
    await world.cycle()
    const role = {
      id: '06b00000-0000-4000-8000-000000000001',
      value: 'Admin',
      displayName: 'Admin',
    }
    expect(world.target.operations()).toEqual([
      { op: 'Replace', path: `${urn}:costCenter`, value: 'CC2' },
      { op: 'Add', path: `${urn}:projects`, value: [{ value: '2' }, { value: '3' }] },
      { op: 'Add', path: 'roles', value: [{ value: JSON.stringify(role) }] },
    ])
  })
})

describe('managers', () => {
  it('come last, and are set, changed and removed by a bare id', async () => {
    const world = await startProvisioning({}, [adele, megan, patti])
    await world.cycle()
    const id = (name: string) => world.target.user(`${name}@contoso.com`)['id']
    const path = `${enterprise}:manager`
    expect(world.target.operations()).toEqual([{ op: 'Add', path, value: id('PattiF') }])
    await world.call('PATCH', `/users/${adele}`, { managerId: megan })
    await world.cycle()
    expect(world.target.operations()).toEqual([{ op: 'Replace', path, value: id('MeganB') }])
    await world.call('PATCH', `/users/${adele}`, { managerId: null })
    await world.cycle()
    expect(world.target.operations()).toEqual([{ op: 'Replace', path, value: '' }])
  })

  it('who are not in scope are not sent, and not made up for until a restart', async () => {
    const world = await startProvisioning({}, [adele])
    await world.settle()
    await world.assign(patti)
    await world.cycle()
    expect(world.target.operations()).toEqual([])
    await world.post('restart')
    await world.cycle()
    expect(world.target.operations()).toMatchObject([{ op: 'Add', value: 'usr_2' }])
  })

  it('are in the body of somebody who is created later', async () => {
    const world = await startProvisioning({}, [patti])
    await world.settle()
    await world.assign(adele)
    await world.cycle()
    const post = world.target.requests.find(({ method }) => method === 'POST')
    expect(post?.body[enterprise]).toMatchObject({ manager: 'usr_1' })
    expect(world.target.operations()).toEqual([])
  })
})

describe('leaving', () => {
  const active = (value: string) => [{ op: 'Replace', path: 'active', value }]

  it.each([
    ['being unassigned', 'out-of-scope', 'unassign'],
    ['being deleted', 'deleted', 'delete'],
    ['leaving the group', 'out-of-scope', 'remove'],
  ] as const)('%s disables, and coming back enables the same object', async (_what, state, how) => {
    const world = await startProvisioning(
      { provisionsGroups: false },
      how === 'remove' ? ['Retail'] : [adele],
    )
    await world.settle()
    const ways = {
      unassign: [() => world.unassign(adele), () => world.assign(adele)],
      delete: [
        () => world.call('DELETE', `/users/${adele}`),
        () => world.call('POST', `/deleted-users/${adele}/restore`),
      ],
      remove: [
        () => world.call('DELETE', `/groups/Retail/members/${adele}`),
        () => world.call('POST', '/groups/Retail/members', { member: adele }),
      ],
    } as const
    const [leave, comeBack] = ways[how]
    await leave()
    expect(await world.cycle()).toMatchObject({ disabled: 1 })
    expect(world.target.operations()).toEqual(active('False'))
    const link = (await world.get('connections')).users.find(
      ({ sourceId }: { sourceId: string }) => sourceId === adele,
    )
    expect(link.state).toBe(state)
    await comeBack()
    await world.cycle()
    expect(world.target.requests[0]?.query['filter']).toBe('userName eq "AdeleV@contoso.com"')
    expect(world.target.operations()).toEqual(active('True'))
    expect(world.target.user('AdeleV@contoso.com')['id']).toBe(link.targetId)
  })

  it('for ever deletes who was deleted before while in scope', async () => {
    const world = await startProvisioning({}, [adele])
    await world.settle()
    await world.call('DELETE', `/users/${adele}`)
    await world.settle()
    await world.call('DELETE', `/deleted-users/${adele}`)
    expect(await world.cycle()).toMatchObject({ deleted: 1 })
    expect(world.target.taken()).toEqual(['DELETE /Users/usr_1'])
  })

  it('for ever says nothing of who was unassigned first', async () => {
    const world = await startProvisioning({}, [adele])
    await world.settle()
    await world.unassign(adele)
    await world.settle()
    await world.call('DELETE', `/users/${adele}`)
    await world.cycle()
    await world.call('DELETE', `/deleted-users/${adele}`)
    await world.cycle()
    expect(world.target.taken()).toEqual([])
    expect((await world.get('connections')).users).toEqual([])
  })

  it('30 days after being deleted is for ever', async () => {
    const world = await startProvisioning({}, [adele])
    await world.settle()
    await world.call('DELETE', `/users/${adele}`)
    expect((await world.call('GET', '/deleted-users')).items).toHaveLength(1)
    const { tidy } = await import('../../simulator/directory/index.ts')
    tidy(world.simulator.world.sql, world.simulator.time.nowMs + 31 * 86_400_000)
    expect((await world.call('GET', '/deleted-users')).items).toEqual([])
  })

  it('is not told with SkipOutOfScopeDeletions, and deletes where there is no soft delete', async () => {
    const world = await startProvisioning({ skipOutOfScopeDeletions: true }, [adele, megan])
    await world.settle()
    await world.unassign(adele)
    await world.cycle()
    expect(world.target.taken()).toEqual([])
    await world.set({ skipOutOfScopeDeletions: false, supportsSoftDelete: false })
    await world.unassign(megan)
    await world.cycle()
    expect(world.target.taken()).toEqual(['DELETE /Users/usr_2'])
  })

  it('frees the name for somebody else, and then cannot be undone', async () => {
    const world = await startProvisioning()
    await world.call('DELETE', `/users/${adele}`)
    await world.call('POST', '/users', {
      displayName: 'X',
      userPrincipalName: 'AdeleV@contoso.com',
    })
    const restored = await world.simulator.api('POST', `/deleted-users/${adele}/restore`)
    expect(restored.status).toBe(409)
  })
})

describe('scope', () => {
  it('is everybody, or whom a filter lets through', async () => {
    const world = await startProvisioning({
      scope: 'all',
      provisionsGroups: false,
      scopingFilters: [
        [
          { attribute: 'department', operator: 'EQUALS', value: 'Marketing' },
          { attribute: 'jobTitle', operator: 'NOT EQUALS', value: 'Director' },
        ],
        [{ attribute: 'department', operator: 'REGEX MATCH', value: 'Le.*' }],
      ],
    })
    await world.cycle()
    const names = [...world.target.users.values()].map((user) => user['displayName'])
    expect(names.sort()).toEqual(['Alex Wilber', 'Joni Sherman', 'Megan Bowen'])
    await world.call('PATCH', `/users/${megan}`, { department: 'Retail' })
    expect(await world.cycle()).toMatchObject({ disabled: 1 })
  })

  it('that changes makes the next cycle an initial one', async () => {
    const world = await startProvisioning({}, [adele])
    await world.settle()
    await world.set({ customMapping: [{ target: 'nickName', source: 'givenName' }] })
    expect(await world.cycle()).toMatchObject({ kind: 'initial', updated: 1 })
    expect(world.target.operations()).toEqual([{ op: 'Add', path: 'nickName', value: 'Adele' }])
  })
})

describe('failures of one person', () => {
  it('are tried again in the next cycle, with the application’s words in the log', async () => {
    const world = await startProvisioning({}, [adele, megan])
    let isBroken = true
    world.target.faults.push(({ method, body }) =>
      isBroken && method === 'POST' && String(body['userName']).startsWith('AdeleV')
        ? scimError(409, 'userName AdeleV@contoso.com exists')
        : null,
    )
    expect(await world.cycle()).toMatchObject({ created: 1, failed: 1 })
    const [line] = (await world.get('log?failures')).items
    expect(line).toMatchObject({
      action: 'create',
      status: 'failure',
      code: 'EntryConflict',
      detail: 'userName AdeleV@contoso.com exists',
      name: 'AdeleV@contoso.com',
    })
    isBroken = false
    expect(await world.cycle()).toMatchObject({ kind: 'incremental', created: 1, failed: 0 })
  })

  it('have InvalidAnchor when the cached object is gone, until a full restart', async () => {
    const world = await startProvisioning({}, [adele])
    await world.settle()
    world.target.users.clear()
    await world.call('PATCH', `/users/${adele}`, { jobTitle: 'X' })
    for (const _ of [1, 2]) {
      await world.settle()
      expect((await world.get('log')).items[0]).toMatchObject({ code: 'InvalidAnchor' })
    }
    await world.post('restart', { reset: 'full' })
    expect(await world.cycle()).toMatchObject({ kind: 'initial', created: 1, failed: 0 })
  })
})
