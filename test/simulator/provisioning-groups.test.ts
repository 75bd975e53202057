import { describe, expect, it } from 'vitest'
import { flagUrl, megan, patti, startProvisioning } from './provisioning-world.ts'
import { scimJson } from './scim-stand-in.ts'
import { adele } from './simulator.ts'

const retail = 'b0000000-0000-4000-8000-000000000006'

describe('groups', () => {
  it('are created empty after the people, and then filled', async () => {
    const world = await startProvisioning()
    expect(await world.cycle()).toMatchObject({ created: 3, membersAdded: 2 })
    const { requests } = world.target
    const at = requests.findIndex(({ method, path }) => method === 'POST' && path === '/Groups')
    expect(requests.slice(at - 1)).toMatchObject([
      {
        method: 'GET',
        path: '/Groups',
        query: { excludedAttributes: 'members', filter: 'displayName eq "Retail"' },
      },
      {
        body: {
          schemas: [
            'urn:ietf:params:scim:schemas:core:2.0:Group',
            'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
          ],
          externalId: retail,
          displayName: 'Retail',
          meta: { resourceType: 'Group' },
        },
      },
      {
        method: 'PATCH',
        body: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [
            {
              op: 'Add',
              path: 'members',
              value: [
                { $ref: null, value: world.target.user('AdeleV@contoso.com')['id'] },
                { $ref: null, value: world.target.user('LynneR@contoso.com')['id'] },
              ],
            },
          ],
        },
      },
      { method: 'PATCH', path: '/Users/usr_2' },
    ])
  })

  it('get their members several at a time', async () => {
    const world = await startProvisioning({ memberBatch: 3 }, ['Engineering'])
    await world.cycle()
    const patches = world.target.requests.filter(
      ({ method, path }) => method === 'PATCH' && path.startsWith('/Groups'),
    )
    expect(patches.map(({ body }) => body['Operations']?.[0]?.['value']?.['length'])).toEqual([
      3, 2,
    ])
  })

  it.each([
    [
      'older',
      undefined,
      { op: 'Replace', path: 'displayName', value: 'Shops' },
      { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'usr_1' }] },
      { op: 'Add', path: 'members', value: [{ $ref: null, value: 'usr_4' }] },
    ],
    [
      'newer',
      flagUrl,
      { op: 'replace', value: { displayName: 'Shops' } },
      { op: 'remove', path: 'members[value eq "usr_1"]' },
      { op: 'add', path: 'members', value: [{ $ref: null, value: 'usr_4' }] },
    ],
  ])(
    'are renamed and change their members in the %s dialect',
    async (_name, tenantUrl, ...steps) => {
      const world = await startProvisioning(tenantUrl === undefined ? {} : { tenantUrl })
      await world.settle()
      await world.call('PATCH', '/groups/Retail', { displayName: 'Shops' })
      await world.call('DELETE', `/groups/${retail}/members/${adele}`)
      await world.call('POST', `/groups/${retail}/members`, { member: megan })
      expect(await world.cycle()).toMatchObject({ membersAdded: 1, membersRemoved: 1, created: 1 })
      const operations = world.target.operations()
      expect(operations).toContainEqual(steps[0])
      expect(operations).toContainEqual(steps[1])
      expect(operations).toContainEqual(steps[2])
      expect(world.target.group('Shops')['members']).toEqual([
        { value: 'usr_2' },
        { value: 'usr_4' },
      ])
    },
  )

  it('keep a deleted person as member until the purge, and then forget them silently', async () => {
    const world = await startProvisioning()
    await world.settle()
    await world.call('DELETE', `/users/${adele}`)
    await world.cycle()
    expect(world.target.operations()).toEqual([{ op: 'Replace', path: 'active', value: 'False' }])
    await world.call('DELETE', `/deleted-users/${adele}`)
    await world.cycle()
    expect(world.target.taken()).toEqual(['DELETE /Users/usr_1', 'GET /Groups/grp_3'])
  })

  it('get somebody who is enabled later', async () => {
    const world = await startProvisioning({}, ['Finance'])
    expect(await world.settle()).toMatchObject({ created: 2, membersAdded: 1 })
    await world.call('PATCH', '/users/DeliaD@contoso.com', { accountEnabled: true })
    expect(await world.cycle()).toMatchObject({ created: 1, membersAdded: 1 })
  })

  it('have groups as members where both are in scope', async () => {
    const world = await startProvisioning({}, ['Executives', 'Leadership'])
    await world.cycle()
    const executives = world.target.group('Executives')['id']
    expect(world.target.group('Leadership')['members']).toEqual([{ value: executives }])
    expect(world.target.group('Executives')['members']).toEqual([
      { value: world.target.user('PattiF@contoso.com')['id'] },
    ])
  })

  it.each([
    [
      'deleted',
      (world: Awaited<ReturnType<typeof startProvisioning>>) =>
        world.call('DELETE', '/groups/Retail'),
    ],
    [
      'unassigned',
      (world: Awaited<ReturnType<typeof startProvisioning>>) => world.unassign('Retail'),
    ],
  ])('that are %s are deleted, and their people disabled', async (_what, leave) => {
    const world = await startProvisioning()
    await world.settle()
    await leave(world)
    expect(await world.cycle()).toMatchObject({ deleted: 1, disabled: 2 })
    expect(world.target.groups.size).toBe(0)
  })

  it('that the application has are found, by name or by externalId', async () => {
    for (const groupMatching of ['displayName', 'externalId'] as const) {
      const world = await startProvisioning({ groupMatching })
      world.target.groups.set('grp_x', { id: 'grp_x', displayName: 'retail', externalId: retail })
      await world.cycle()
      expect(world.target.group('Retail')['id']).toBe('grp_x')
      expect(world.target.groups.size).toBe(1)
    }
  })

  it('can be asked first whether a reference is there', async () => {
    const world = await startProvisioning({ checksReferences: true })
    await world.cycle()
    expect(world.target.taken().slice(-5)).toEqual([
      'GET /Groups id eq "grp_3" and members eq "usr_1"',
      'GET /Groups id eq "grp_3" and members eq "usr_2"',
      'PATCH /Groups/grp_3',
      'GET /Users id eq "usr_2" and manager eq "usr_1"',
      'PATCH /Users/usr_2',
    ])
  })

  it('send all members again after a restart, and still remove who left before', async () => {
    const world = await startProvisioning()
    await world.settle()
    await world.call('DELETE', `/groups/Retail/members/${adele}`)
    await world.post('restart', { reset: 'keep-links' })
    expect(await world.cycle()).toMatchObject({ membersAdded: 1, membersRemoved: 1, created: 0 })
  })

  it('are left alone when only people are provisioned', async () => {
    const world = await startProvisioning({ provisionsGroups: false })
    await world.cycle()
    expect(world.target.taken().filter((request) => request.includes('/Groups'))).toEqual([])
  })

  it('with their members in an answer that must not have them are refused', async () => {
    const world = await startProvisioning({}, ['Executives'])
    world.target.groups.set('grp_x', { id: 'grp_x', displayName: 'Executives' })
    world.target.faults.push(({ method, path }) =>
      method === 'GET' && path === '/Groups/grp_x'
        ? scimJson(200, { id: 'grp_x', displayName: 'Executives', members: [{ value: 'usr_1' }] })
        : null,
    )
    expect(await world.cycle()).toMatchObject({ failed: 1 })
    expect((await world.get('log?failures')).items[0]).toMatchObject({
      kind: 'group',
      code: 'SystemForCrossDomainIdentityManagementMultipleEntriesInResponse',
    })
  })
})

describe('on demand', () => {
  it('provisions one person, in the older dialect always', async () => {
    const world = await startProvisioning({ tenantUrl: flagUrl }, [adele, patti])
    const made = await world.post('on-demand', { user: 'AdeleV@contoso.com' })
    expect(made).toMatchObject({
      result: 'Success',
      requests: 2,
      steps: [{ action: 'create', message: 'The user was created.' }],
    })
    await world.call('PATCH', `/users/${adele}`, { displayName: 'Adele B' })
    world.target.requests.length = 0
    await world.post('on-demand', { user: adele })
    expect(world.target.operations()).toEqual([
      { op: 'Replace', path: 'displayName', value: 'Adele B' },
    ])
  })

  it('tells why it does nothing', async () => {
    const world = await startProvisioning({}, [adele])
    await world.settle()
    expect(await world.post('on-demand', { user: megan })).toMatchObject({
      result: 'Skipped',
      steps: [{ message: 'The user is not in scope.' }],
    })
    await world.call('DELETE', `/users/${adele}`)
    expect((await world.post('on-demand', { user: adele })).result).toBe('Skipped')
    expect(world.target.taken()).toEqual([])
  })

  it('provisions one group with at most five members', async () => {
    const world = await startProvisioning()
    const done = await world.post('on-demand', { group: 'Retail', members: ['AdeleV@contoso.com'] })
    expect(done.result).toBe('Success')
    expect(world.target.group('Retail')['members']).toEqual([{ value: 'usr_1' }])
    const six = ['MeganB', 'AlexW', 'LeeG', 'JoniS', 'GradyA', 'DiegoS'].map(
      (n) => `${n}@contoso.com`,
    )
    const path = '/apps/11111111-1111-4111-8111-111111111111/provisioning/on-demand'
    const answer = await world.simulator.api('POST', path, { group: 'Retail', members: six })
    expect(answer).toMatchObject({ status: 400, json: { problem: 'Choose at most 5 members.' } })
  })
})

describe('a crowd', () => {
  it('is made of numbered people and groups, the same every time', async () => {
    const world = await startProvisioning({ parallel: 8, memberBatch: 1000 }, [])
    const made = await world.call('POST', '/crowd', { people: 120, groups: 3 })
    expect(await world.call('POST', '/crowd', { people: 120, groups: 3 })).toEqual(made)
    await world.assign(made.groupId)
    await world.assign('Crowd 00002')
    expect(await world.cycle()).toMatchObject({ created: 122, membersAdded: 160, failed: 0 })
    expect(world.target.user('person000007@contoso.com')).toMatchObject({
      displayName: 'Person 000007',
    })
  })
})
