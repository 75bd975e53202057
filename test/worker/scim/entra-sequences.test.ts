import { beforeEach, describe, expect, it } from 'vitest'
import { context } from '../support/door-world.ts'
import {
  addFabrikam,
  coreGroup,
  coreUser,
  enterprise,
  type Json,
  list,
  part,
} from './rfc/rfc-world.ts'
import { dialectFlag, stated, type Wire, wireOf, wireWorld } from './wire-world.ts'

let scim: Wire
beforeEach(async () => {
  scim = await wireWorld()
})

const annObjectId: string = context.objectId
const manager = `${enterprise}:manager`

/** What Entra makes of somebody with its default mapping. */
function annOf(more: Json = {}): Json {
  return {
    schemas: [coreUser, enterprise],
    externalId: annObjectId,
    userName: 'ann@contoso.example',
    active: true,
    displayName: 'Ann A',
    emails: [{ primary: true, type: 'work', value: 'ann@contoso.example' }],
    meta: { resourceType: 'User' },
    name: { givenName: 'Ann', familyName: 'A', formatted: 'Ann A' },
    roles: [],
    [enterprise]: { department: 'Ops' },
    ...more,
  }
}

function groupOf(displayName: string, externalId: string): Json {
  return {
    schemas: [
      coreGroup,
      'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
    ],
    externalId,
    displayName,
    meta: { resourceType: 'Group' },
  }
}

const groupId = '7e1f3c9a-7f5e-4f0e-9a40-0d6f8b1f5f11'
const add = (...ids: readonly string[]) => ({
  op: 'Add',
  path: 'members',
  value: ids.map((value) => ({ $ref: null, value })),
})
const set = (path: string, value: unknown, op = 'Replace') => ({ op, path, value })

/** How each dialect says that somebody may not sign in, may again, and has left a group. */
const dialects = {
  default: {
    active: (on: boolean) => set('active', on ? 'True' : 'False'),
    remove: (id: string) => ({ ...add(id), op: 'Remove' }),
  },
  flag: {
    active: (on: boolean) => set('active', on, 'replace'),
    remove: (id: string) => ({ op: 'remove', path: `members[value eq "${id}"]` }),
  },
}

describe('the connection test', () => {
  it.each([
    ['Users', 'userName'],
    ['Users', 'externalId'],
    ['Users', 'emails[type eq "work"].value'],
    ['Groups', 'displayName'],
    ['Groups', 'externalId'],
  ])('finds nobody among %s by %s, and is no 404', async (kind, attribute) => {
    await scim.made('/Users', annOf())
    const filter = `${attribute} eq "b4fa7c1e-9a40-4f0e-8f5e-0d6f8b1f5f11"`
    const query = new URLSearchParams({ filter, excludedAttributes: 'members' })
    for (const flag of ['', '&aadOptscim062020', '&aadOptscim062020=true']) {
      const { body } = await scim.must(200, scim.get(`/${kind}?${query}${flag}`))
      expect(body).toEqual({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: 0,
        startIndex: 1,
        itemsPerPage: 0,
        Resources: [],
      })
    }
  })

  it('is refused with 401 when the secret token is wrong, in a form that Entra can show', async () => {
    const stranger = wireOf(scim.world, { token: 'nobody' })
    await stranger.must(401, stranger.get('/Users?filter=userName+eq+%22x%22'))
    const without = await scim.request('/scim/v2/Groups?filter=displayName+eq+%22x%22')
    expect([without.status, without.headers.get('content-type')]).toEqual([
      401,
      'application/scim+json',
    ])
  })
})

describe('a user, from the match on', () => {
  it('is made, read, patched, and found by every matching attribute in any case', async () => {
    const by = ['userName eq "ANN@contoso.example"', `externalId eq "${annObjectId}"`]
    for (const filter of by) expect(await scim.find('Users', filter)).toEqual([])
    const { id } = await scim.made('/Users', annOf({ [enterprise]: { employeeNumber: '42' } }))
    const all = [
      ...by,
      'emails[type eq "work"].value eq "Ann@Contoso.example"',
      'emails.value eq "ann@contoso.example"',
      'displayName eq "ann a"',
      `${enterprise}:employeeNumber eq "42"`,
      `externalId eq ${annObjectId}`,
      `id eq "${id}"`,
      'userName eq "ann@contoso.example" and active eq true',
    ]
    for (const filter of all)
      expect([filter, await scim.find('Users', filter)]).toEqual([filter, [id]])

    const patched = await scim.must(
      200,
      scim.patch(`/Users/${id}`, [
        set('displayName', 'Ann B'),
        set('emails[type eq "work"].value', 'AnnB@contoso.example'),
        set('addresses[type eq "work"].streetAddress', '2 Rd', 'Add'),
        set('phoneNumbers[type eq "mobile"].value', '+43 (1) 234 5', 'Add'),
        set(`${enterprise}:department`, 'IT'),
      ]),
    )
    expect(stated(patched.body)).toEqual({
      ...stated(annOf()),
      roles: undefined,
      displayName: 'Ann B',
      emails: [{ primary: true, type: 'work', value: 'AnnB@contoso.example' }],
      addresses: [{ type: 'work', streetAddress: '2 Rd' }],
      phoneNumbers: [{ type: 'mobile', value: '+43 (1) 234 5' }],
      [enterprise]: { employeeNumber: '42', department: 'IT' },
    })
    const flagged = wireOf(scim.world, { flag: dialectFlag })
    await flagged.must(
      200,
      flagged.patch(`/Users/${id}`, [
        set('emails[type eq "work"].value', 'annc@contoso.example', 'replace'),
        {
          op: 'replace',
          value: {
            displayName: 'Ann C',
            'name.familyName': 'C',
            [`${enterprise}:department`]: 'HR',
          },
        },
      ]),
    )
    const now = await scim.read(`/Users/${id}`)
    expect(now).toMatchObject({
      displayName: 'Ann C',
      name: { givenName: 'Ann', familyName: 'C' },
      [enterprise]: { employeeNumber: '42', department: 'HR' },
    })
    expect(
      await scim.find('Users', 'emails[type eq "work"].value eq "annc@contoso.example"'),
    ).toEqual([id])
    expect(
      await scim.find('Users', 'emails[type eq "work"].value eq "annb@contoso.example"'),
    ).toEqual([])
  })

  it.each([
    ['a text', (id: string) => id, ''],
    ['an object', (id: string) => ({ value: id }), null],
    ['a list of one', (id: string) => [{ $ref: `../Users/${id}`, value: id }], ''],
  ])(
    'has a manager, set as %s, changed and removed, and always read as an object',
    async (_, as, none) => {
      const ann = await scim.made('/Users', annOf())
      const boss = await scim.made('/Users', { userName: 'boss@contoso.example' })
      const chief = await scim.made('/Users', { userName: 'chief@contoso.example', active: false })
      const path = `/Users/${ann.id}`
      const managerOf = async () => part(await scim.read(path), enterprise)['manager']
      const isManagedBy = (id: string) =>
        scim.find('Users', `id eq "${ann.id}" and manager eq "${id}"`, { attributes: 'id' })

      await scim.must(200, scim.patch(path, [set(manager, as(boss.id), 'Add')]))
      expect(await managerOf()).toMatchObject({ value: boss.id })
      expect([await isManagedBy(boss.id), await isManagedBy(chief.id)]).toEqual([[ann.id], []])
      await scim.must(200, scim.patch(path, [set(manager, as(chief.id), 'replace')]))
      expect(await managerOf()).toMatchObject({ value: chief.id })
      expect([await isManagedBy(boss.id), await isManagedBy(chief.id)]).toEqual([[], [ann.id]])
      await scim.must(200, scim.patch(path, [set(manager, as('usr_not-yet-there'), 'replace')]))
      expect(await managerOf()).toMatchObject({ value: 'usr_not-yet-there' })
      await scim.must(200, scim.patch(path, [set(manager, none, 'replace')]))
      expect(await managerOf()).toBeUndefined()
      expect(await isManagedBy(chief.id)).toEqual([])
    },
  )

  it('is checked for references by id and manager, and a group by id and member', async () => {
    const boss = await scim.made('/Users', { userName: 'boss@contoso.example' })
    const ann = await scim.made(
      '/Users',
      annOf({ [enterprise]: { department: 'Ops', manager: boss.id } }),
    )
    const ops = await scim.made('/Groups', groupOf('Ops', groupId))
    await scim.must(204, scim.patch(`/Groups/${ops.id}`, [add(ann.id)]))
    const ask = (group: string, member: string) =>
      scim.find('Groups', `id eq "${group}" and members eq "${member}"`, { attributes: 'id' })
    expect(await ask(ops.id, ann.id)).toEqual([ops.id])
    expect(await ask(ops.id, boss.id)).toEqual([])
    expect(await ask('grp_none', ann.id)).toEqual([])
    expect(await scim.find('Groups', `members eq "${ann.id}"`)).toEqual([ops.id])
    expect(await scim.find('Users', `id eq "${ann.id}" and ${manager} eq "${boss.id}"`)).toEqual([
      ann.id,
    ])
  })
})

describe.each(Object.entries(dialects))(
  'leaving and coming back, in the %s dialect',
  (_, dialect) => {
    it('keeps the id, the groups and everything else; only active changes', async () => {
      const ann = await scim.made('/Users', annOf())
      const ops = await scim.made('/Groups', groupOf('Ops', groupId))
      await scim.must(204, scim.patch(`/Groups/${ops.id}`, [add(ann.id)]))
      const before = await scim.read(`/Users/${ann.id}`)
      const off = await scim.must(200, scim.patch(`/Users/${ann.id}`, [dialect.active(false)]))
      expect(off.body).toEqual({ ...before, active: false, meta: expect.anything() })
      const byName = 'userName eq "ann@contoso.example"'
      expect(await scim.find('Users', byName)).toEqual([ann.id])
      expect(await scim.read(`/Users/${ann.id}`)).toEqual(off.body)
      expect(await scim.members(ops.id)).toEqual([ann.id])
      const on = await scim.must(200, scim.patch(`/Users/${ann.id}`, [dialect.active(true)]))
      expect(on.body).toEqual({ ...before, meta: expect.anything() })
      expect(await scim.members(ops.id)).toEqual([ann.id])
    })

    it('is a 409 when Entra makes somebody disabled anew, who is then found, and enabled', async () => {
      const ann = await scim.made('/Users', annOf())
      await scim.must(200, scim.patch(`/Users/${ann.id}`, [dialect.active(false)]))
      const again = await scim.must(409, scim.post('/Users', annOf()))
      expect(again.body['scimType']).toBe('uniqueness')
      expect(again.body['detail']).toContain('inactive')
      expect(await scim.find('Users', `externalId eq "${annObjectId}"`)).toEqual([ann.id])
      await scim.must(200, scim.patch(`/Users/${ann.id}`, [dialect.active(true)]))
      expect((await scim.read(`/Users/${ann.id}`))['active']).toBe(true)
    })

    it('takes out of a group who is named, and nobody else, again and again', async () => {
      const [ann, bob, cleo] = await Promise.all(
        ['ann', 'bob', 'cleo'].map((name) =>
          scim.made('/Users', { userName: `${name}@x.example` }),
        ),
      )
      if (!ann || !bob || !cleo) throw new Error('three people')
      const ops = await scim.made('/Groups', groupOf('Ops', groupId))
      const path = `/Groups/${ops.id}`
      await scim.must(204, scim.patch(path, [add(ann.id, bob.id, cleo.id)]))
      await scim.must(204, scim.patch(path, [dialect.remove(bob.id)]))
      const left = [ann.id, cleo.id].sort()
      expect(await scim.members(ops.id)).toEqual(left)
      for (const id of [bob.id, 'usr_nobody']) {
        await scim.must(204, scim.patch(path, [dialect.remove(id)]))
        expect(await scim.members(ops.id)).toEqual(left)
      }
    })
  },
)

describe('a hard delete', () => {
  it('is 204 once and 404 after, and nothing finds who is gone', async () => {
    const ann = await scim.made('/Users', annOf())
    const ops = await scim.made('/Groups', groupOf('Ops', groupId))
    await scim.must(204, scim.patch(`/Groups/${ops.id}`, [add(ann.id)]))
    const gone = await scim.must(204, scim.delete(`/Users/${ann.id}`))
    expect(gone.text).toBe('')
    await scim.must(404, scim.get(`/Users/${ann.id}`))
    await scim.must(404, scim.delete(`/Users/${ann.id}`))
    await scim.must(404, scim.patch(`/Users/${ann.id}`, [set('active', 'True')]))
    expect(await scim.find('Users', 'userName eq "ann@contoso.example"')).toEqual([])
    expect(await scim.members(ops.id)).toEqual([])
  })

  it('lets the same object id have its id back, under another name too, and nothing of before', async () => {
    const ann = await scim.made('/Users', annOf())
    await scim.must(204, scim.delete(`/Users/${ann.id}`))
    const back = await scim.made('/Users', {
      userName: 'ann.fox@contoso.example',
      externalId: annObjectId.toUpperCase(),
    })
    expect(back.id).toBe(ann.id)
    expect(stated(await scim.read(`/Users/${ann.id}`))).toEqual({
      userName: 'ann.fox@contoso.example',
      externalId: annObjectId.toUpperCase(),
      active: true,
    })
  })

  it('makes somebody new of the same name without the object id', async () => {
    const ann = await scim.made('/Users', annOf({ externalId: 'ann' }))
    await scim.must(204, scim.delete(`/Users/${ann.id}`))
    expect((await scim.made('/Users', annOf({ externalId: 'ann' }))).id).not.toBe(ann.id)
  })
})

describe('a group, from the match on', () => {
  it('is made empty, filled, renamed, emptied and deleted; never with members when they are excluded', async () => {
    const people = []
    for (const name of ['ann', 'bob', 'cleo']) {
      people.push((await scim.made('/Users', { userName: `${name}@x.example` })).id)
    }
    const match = 'displayName eq "Ops"'
    expect(await scim.find('Groups', match, { excludedAttributes: 'members' })).toEqual([])
    const made = await scim.must(201, scim.post('/Groups', groupOf('Ops', groupId)))
    expect(made.body['members']).toEqual([])
    const id = String(made.body['id'])
    const path = `/Groups/${id}`
    await scim.must(204, scim.patch(path, [add(...people.slice(0, 2)), add(...people.slice(1))]))
    expect(await scim.members(id)).toEqual([...people].sort())

    const bare = await scim.must(200, scim.get(`${path}?excludedAttributes=members`))
    expect(bare.body).toEqual({ ...(await scim.read(path)), members: undefined })
    const query = new URLSearchParams({ excludedAttributes: 'members', filter: match })
    const { body } = await scim.must(200, scim.get(`/Groups?${query}`))
    expect(list(body, 'Resources').map((one) => Object.keys(one))).toEqual([
      ['schemas', 'id', 'externalId', 'displayName', 'meta'],
    ])

    const renamed = await scim.must(204, scim.patch(path, [set('displayName', 'Ops2')]))
    expect([renamed.text, renamed.headers.get('content-type')]).toEqual(['', null])
    expect(await scim.find('Groups', match)).toEqual([])
    expect(await scim.find('Groups', 'displayName eq "ops2"')).toEqual([id])
    expect(await scim.find('Groups', `externalId eq "${groupId}"`)).toEqual([id])
    expect(await scim.members(id)).toHaveLength(3)
    await scim.must(204, scim.patch(path, [{ op: 'remove', path: 'members' }]))
    expect(await scim.members(id)).toEqual([])
    await scim.must(204, scim.delete(path))
    await scim.must(404, scim.get(path))
  })

  const names = [
    'R&D %26 more',
    'A "quoted" name',
    String.raw`back\slash \" and \\ two`,
    "O'Hara + Söhne",
    '50% (all) [x] {y} a.b:c/d?e=f#g',
    'eq "x" or displayName pr',
    '日本 🚀',
  ]

  it.each(names)('may be called %s', async (name) => {
    const { id } = await scim.made('/Groups', groupOf(name, groupId))
    await scim.made('/Groups', groupOf(`${name}!`, 'another'))
    expect((await scim.read(`/Groups/${id}`))['displayName']).toBe(name)
    const filter = `displayName eq ${JSON.stringify(name)}`
    expect(await scim.find('Groups', filter)).toEqual([id])
    const strict = await scim.get(`/Groups?filter=${encodeURIComponent(filter)}`)
    expect(strict.body['totalResults']).toBe(1)
    await scim.must(204, scim.patch(`/Groups/${id}`, [set('displayName', `${name}?`)]))
    expect(await scim.find('Groups', filter)).toEqual([])
    await scim.must(204, scim.patch(`/Groups/${id}`, [set('displayName', name)]))
    expect(await scim.find('Groups', filter)).toEqual([id])
  })
})

describe('what Entra shows an admin', () => {
  it('says of a 409 whose name it is and what to do', async () => {
    const ann = await scim.made('/Users', annOf())
    const { body } = await scim.must(409, scim.post('/Users', annOf()))
    expect(body).toMatchObject({ status: '409', scimType: 'uniqueness' })
    expect(body['detail']).toContain(`User ${ann.id} is provisioned`)
    expect(body['detail']).toContain('match users by userName and restart provisioning')
    await scim.made('/Groups', groupOf('Ops', groupId))
    const group = await scim.must(409, scim.post('/Groups', groupOf('ops', 'another')))
    expect(group.body['detail']).toContain('displayName')
  })

  it('says of a 404 which id is unknown, and of a 400 what cannot be read', async () => {
    const ann = await scim.made('/Users', annOf())
    const unknown = await scim.must(404, scim.get('/Users/usr_none'))
    expect(unknown.body['detail']).toContain('usr_none')
    const filter = await scim.must(400, scim.get('/Users?filter=userName+equals+%22x%22'))
    expect(filter.body).toMatchObject({ scimType: 'invalidFilter' })
    expect(filter.body['detail']).toContain('equals')
    const nameless = await scim.must(400, scim.post('/Users', { schemas: [coreUser] }))
    expect(nameless.body).toMatchObject({ scimType: 'invalidValue' })
    expect(nameless.body['detail']).toContain('userName')
    const path = await scim.must(400, scim.patch(`/Users/${ann.id}`, [set('emails[type', 'x')]))
    expect(path.body).toMatchObject({ scimType: 'invalidPath' })
    expect(path.body['detail']).toContain('emails[type')
  })

  it('is nothing of another customer: their ids are 404', async () => {
    const ann = await scim.made('/Users', annOf())
    const ops = await scim.made('/Groups', groupOf('Ops', groupId))
    await addFabrikam()
    const other = wireOf(scim.world, { token: 'fabrikam' })
    for (const path of [`/Users/${ann.id}`, `/Groups/${ops.id}`]) {
      await other.must(404, other.get(path))
      await other.must(404, other.patch(path, [set('displayName', 'Theirs')]))
      await other.must(404, other.delete(path))
    }
    expect(await other.find('Users', 'userName eq "ann@contoso.example"')).toEqual([])
    await scim.read(`/Users/${ann.id}`)
    await scim.read(`/Groups/${ops.id}`)
  })
})
