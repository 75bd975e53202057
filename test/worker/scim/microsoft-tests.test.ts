import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { type FlatName, flatNames, readFlat } from './flat-attributes.ts'
import {
  addFabrikam,
  coreGroup,
  coreUser,
  enterprise,
  type Json,
  list,
  part,
  type Resource,
} from './rfc/rfc-world.ts'
import { dialectFlag, stated, type Wire, wireOf, wireWorld } from './wire-world.ts'

let scim: Wire
beforeEach(async () => {
  scim = await wireWorld()
})

let serial = 0
/** A text that nothing else is. */
function fresh(word: string): string {
  serial++
  return `${word.replace(/\W/g, '').toUpperCase()}${serial}`
}

/** A user as the SCIM Validator makes them: every attribute, with values that only look like some. */
function validatorUser(): Json {
  const userName = `${fresh('julien')}@ondricka.example`
  return {
    userName,
    active: true,
    displayName: fresh('displayName'),
    title: fresh('title'),
    emails: [{ type: 'work', value: `${fresh('mail')}@Hammes.example`, primary: true }],
    preferredLanguage: 'hi',
    name: {
      givenName: 'Elfrieda',
      familyName: 'Urban',
      formatted: 'Myah',
      middleName: 'Cindy',
      honorificPrefix: 'Minerva',
      honorificSuffix: 'Micaela',
    },
    addresses: [
      {
        type: 'work',
        formatted: fresh('formatted'),
        streetAddress: '25928 Katlyn Row',
        locality: fresh('locality'),
        region: fresh('region'),
        postalCode: 'cx47 4mz',
        primary: true,
        country: 'Sierra Leone',
      },
    ],
    phoneNumbers: [
      { type: 'work', value: '10-040-1308', primary: true },
      { type: 'mobile', value: '10-040-1308' },
      { type: 'fax', value: '10-040-1308' },
    ],
    [enterprise]: {
      employeeNumber: fresh('employeeNumber'),
      department: fresh('department'),
      costCenter: fresh('costCenter'),
      organization: fresh('organization'),
      division: fresh('division'),
      manager: { value: fresh('manager') },
    },
    roles: [
      { primary: 'True', display: fresh('display'), value: fresh('value'), type: fresh('type') },
    ],
    userType: fresh('userType'),
    nickName: fresh('nickName'),
    locale: fresh('locale'),
    timezone: 'America/Guayaquil',
    profileUrl: fresh('profileUrl'),
    externalId: `9950b140-90a0-4201-9d65-${String(serial).padStart(12, '0')}`,
    schemas: [coreUser, enterprise],
  }
}

/** What the validator compares: booleans may come back as such. */
function asRead(user: Json): Json {
  const roles = list(user, 'roles').map((one) => ({ ...one, primary: true }))
  return { ...stated(user), roles }
}

function validatorGroup(): Json {
  return {
    displayName: fresh('displayName'),
    externalId: `6d1ca7c2-09f0-4be1-bba9-${String(++serial).padStart(12, '0')}`,
    schemas: [coreGroup],
  }
}

const replace = (path: string, value: unknown) => ({ op: 'replace', path, value })
const named = (user: Json) => `userName eq ${JSON.stringify(user['userName'])}`
const called = (group: Json) => `displayName eq "${group['displayName']}"`
const bare = { excludedAttributes: 'members' }

/** Changes somebody, and reads them back both ways that the validator does. */
async function patched(id: string, operations: readonly Json[]): Promise<Resource> {
  await scim.must(200, scim.patch(`/Users/${id}`, operations))
  const read = await scim.read(`/Users/${id}`)
  const query = new URLSearchParams({ filter: named(read) })
  const { body } = await scim.must(200, scim.get(`/Users?${query}`))
  expect(list(body, 'Resources')).toEqual([read])
  return read
}

describe('SCIM Validator: users', () => {
  it('Create a new User', async () => {
    const user = validatorUser()
    const { id } = await scim.made('/Users', user)
    expect(stated(await scim.read(`/Users/${id}`))).toEqual(asRead(user))
  })

  it('Create a duplicate User', async () => {
    const user = validatorUser()
    const { id } = await scim.made('/Users', user)
    const before = await scim.read(`/Users/${id}`)
    const twin = { ...validatorUser(), userName: user['userName'] }
    const { body } = await scim.must(409, scim.post('/Users', twin))
    expect(body).toMatchObject({ status: '409', scimType: 'uniqueness' })
    expect(await scim.read(`/Users/${id}`)).toEqual(before)
  })

  it('Filter for an existing user', async () => {
    const user = validatorUser()
    const { id } = await scim.made('/Users', user)
    await scim.made('/Users', validatorUser())
    expect(await scim.find('Users', named(user))).toEqual([id])
  })

  it('Filter for a non-existing user', async () => {
    await scim.made('/Users', validatorUser())
    expect(await scim.find('Users', named(validatorUser()))).toEqual([])
  })

  it('Filter for an existing user with a different case', async () => {
    const user = validatorUser()
    const { id } = await scim.made('/Users', user)
    const swapped = String(user['userName']).replace(/[a-z]+/gi, (word) =>
      word === word.toUpperCase() ? word.toLowerCase() : word.toUpperCase(),
    )
    expect(await scim.find('Users', `userName eq "${swapped}"`)).toEqual([id])
    expect((await scim.read(`/Users/${id}`))['userName']).toBe(user['userName'])
  })

  it('Patch User - Add Attributes', async () => {
    const { id } = await scim.made('/Users', { schemas: [coreUser], userName: 'bare@x.example' })
    const { schemas: _, userName: _name, ...more } = validatorUser()
    const read = await patched(
      id,
      Object.entries(more).map(([path, value]) => ({ op: 'add', path, value })),
    )
    expect(stated(read)).toEqual({ ...asRead(more), userName: 'bare@x.example' })
  })

  it.each(['default', 'flag'])(
    'Patch User - Replace Attributes Verbose, %s dialect',
    async (dialect) => {
      const { id } = await scim.made('/Users', { ...validatorUser(), externalId: 'ann' })
      const other = validatorUser()
      const values = Object.fromEntries(
        flatPathsOf(other).map((path) => [path, readFlat(other, path)]),
      )
      const read = await patched(id, dialects[dialect]?.(values) ?? [])
      for (const [path, value] of Object.entries(values)) {
        expect([path, readFlat(read, path)]).toEqual([path, value])
      }
    },
  )

  // The validator puts one GUID in the place of another. Where an Entra connection makes GUIDs object ids,
  // nobody becomes somebody else in this way, so the validator is for an organization without one.
  it('Patch User - Replace Attributes Verbose, of an externalId that is a GUID', async () => {
    const [user, { externalId }] = [validatorUser(), validatorUser()]
    const change = [{ op: 'replace', value: { externalId, displayName: 'New' } }]
    const { id } = await scim.made('/Users', user)
    const { body } = await scim.must(409, scim.patch(`/Users/${id}`, change))
    expect(body['detail']).toContain('another object id is another person')
    expect(stated(await scim.read(`/Users/${id}`))).toEqual(asRead(user))

    await addFabrikam()
    const unconnected = wireOf(scim.world, { token: 'fabrikam' })
    const free = await unconnected.made('/Users', user)
    const { body: changed } = await unconnected.must(
      200,
      unconnected.patch(`/Users/${free.id}`, change),
    )
    expect(stated(changed)).toEqual({ ...asRead(user), externalId, displayName: 'New' })
  })

  it('Update User userName', async () => {
    const user = validatorUser()
    const { id } = await scim.made('/Users', user)
    const userName = `${fresh('other')}@ondricka.example`
    const read = await patched(id, [replace('userName', userName)])
    expect(stated(read)).toEqual({ ...asRead(user), userName })
    expect(await scim.find('Users', named(user))).toEqual([])
  })

  it('Patch User - Disable User', async () => {
    const user = validatorUser()
    const { id } = await scim.made('/Users', user)
    const read = await patched(id, [replace('active', false)])
    expect(stated(read)).toEqual({ ...asRead(user), active: false })
  })

  it('Patch User - Add Manager, Replace Manager, Remove Manager', async () => {
    const { [enterprise]: _, ...user } = validatorUser()
    const { id } = await scim.made('/Users', user)
    const path = `${enterprise}:manager`
    const added = await patched(id, [{ op: 'add', path, value: 'MANAGER1' }])
    expect(part(added, enterprise)['manager']).toMatchObject({ value: 'MANAGER1' })
    const replaced = await patched(id, [replace(path, { value: 'MANAGER2' })])
    expect(part(replaced, enterprise)['manager']).toMatchObject({ value: 'MANAGER2' })
    // What the validator calls removing.
    const emptied = await patched(id, [replace(path, { value: '' })])
    expect(stated(emptied)).toEqual(asRead(user))
    await patched(id, [replace(path, 'MANAGER3')])
    expect(stated(await patched(id, [{ op: 'remove', path }]))).toEqual(asRead(user))
  })

  it('Delete a User; Delete the same User twice; Delete a non-existent User', async () => {
    const user = validatorUser()
    const { id } = await scim.made('/Users', user)
    await scim.must(204, scim.delete(`/Users/${id}`))
    await scim.must(404, scim.get(`/Users/${id}`))
    await scim.must(404, scim.delete(`/Users/${id}`))
    await scim.must(404, scim.delete('/Users/d950a5ce-61da-4979-8423-4600c745a897'))
    expect(await scim.find('Users', named(user))).toEqual([])
  })

  it('Patch User - Multiple Ops different attrs; Multiple Ops same attr', async () => {
    const user = validatorUser()
    const { id } = await scim.made('/Users', user)
    const mail = 'emails[type eq "work"].value'
    const read = await patched(id, [
      { op: 'remove', path: 'title' },
      { op: 'add', path: mail, value: 'first@x.example' },
      replace(mail, 'last@x.example'),
      { op: 'remove', path: mail },
      { op: 'add', path: mail, value: 'Once-More@x.example' },
      replace('displayName', 'Other'),
    ])
    expect(stated(read)).toEqual({
      ...asRead(user),
      title: undefined,
      displayName: 'Other',
      emails: [expect.objectContaining({ type: 'work', value: 'Once-More@x.example' })],
    })
  })

  it('Patch User - Remove Attributes, and no operation at all', async () => {
    const user = validatorUser()
    const { id } = await scim.made('/Users', user)
    const before = await scim.read(`/Users/${id}`)
    expect(await patched(id, [])).toEqual(before)
    const { userName, externalId, active, schemas: _, ...rest } = user
    const paths = Object.keys(rest).map((path) => ({ op: 'remove', path }))
    expect(stated(await patched(id, paths))).toEqual({ userName, externalId, active })
  })
})

describe('SCIM Validator: groups', () => {
  it('Create a new Group; Create a duplicate Group', async () => {
    const group = validatorGroup()
    const { id } = await scim.made('/Groups', group)
    expect(stated(await scim.read(`/Groups/${id}`))).toEqual({ ...stated(group), members: [] })
    const { body } = await scim.must(409, scim.post('/Groups', group))
    expect(body).toMatchObject({ status: '409', scimType: 'uniqueness' })
  })

  it('Get group by id excluding members; Filter for existing group excluding members', async () => {
    const group = validatorGroup()
    const user = await scim.made('/Users', validatorUser())
    const { id } = await scim.made('/Groups', { ...group, members: [{ value: user.id }] })
    const { body } = await scim.must(200, scim.get(`/Groups/${id}?excludedAttributes=members`))
    expect(stated(body)).toEqual(stated(group))
    const query = new URLSearchParams({ ...bare, filter: called(group) })
    const found = await scim.must(200, scim.get(`/Groups?${query}`))
    expect(list(found.body, 'Resources')).toEqual([body])
  })

  it('Filter for an existing group; for a non-existing group; for existing group different case', async () => {
    const group = validatorGroup()
    const { id } = await scim.made('/Groups', group)
    await scim.made('/Groups', { ...validatorGroup(), displayName: `${group['displayName']}2` })
    expect(await scim.find('Groups', called(group))).toEqual([id])
    expect(await scim.find('Groups', called(validatorGroup()))).toEqual([])
    const lower = String(group['displayName']).toLowerCase()
    expect(await scim.find('Groups', `displayName eq "${lower}"`)).toEqual([id])
  })

  it('Patch Group - Replace Attributes; Update Group displayName', async () => {
    const group = validatorGroup()
    const { id } = await scim.made('/Groups', group)
    const externalId = validatorGroup()['externalId']
    await scim.must(204, scim.patch(`/Groups/${id}`, [replace('externalId', externalId)]))
    const displayName = fresh('displayName')
    await scim.must(204, scim.patch(`/Groups/${id}`, [replace('displayName', displayName)]))
    expect(stated(await scim.read(`/Groups/${id}`))).toEqual({
      externalId,
      displayName,
      members: [],
    })
    expect(await scim.find('Groups', `displayName eq "${displayName}"`)).toEqual([id])
    expect(await scim.find('Groups', called(group))).toEqual([])
  })

  it('Patch Group - Add Member; Remove Member; Multiple Ops same attr', async () => {
    const [one, two] = [
      await scim.made('/Users', validatorUser()),
      await scim.made('/Users', validatorUser()),
    ]
    const { id } = await scim.made('/Groups', validatorGroup())
    const add = (user: Resource) => ({ op: 'add', path: 'members', value: [{ value: user.id }] })
    // What the validator calls adding.
    await scim.must(204, scim.patch(`/Groups/${id}`, [{ ...add(one), op: 'replace' }]))
    expect(await scim.members(id)).toEqual([one.id])
    await scim.must(204, scim.patch(`/Groups/${id}`, [add(two), { ...add(one), op: 'remove' }]))
    expect(await scim.members(id)).toEqual([two.id])
    await scim.must(
      204,
      scim.patch(`/Groups/${id}`, [{ ...add(two), op: 'remove' }, add(one), add(two)]),
    )
    expect(await scim.members(id)).toEqual([one.id, two.id].sort())
  })

  it('Delete a Group; Delete the same Group twice; Delete a non-existent Group', async () => {
    const group = validatorGroup()
    const { id } = await scim.made('/Groups', group)
    await scim.must(204, scim.delete(`/Groups/${id}`))
    await scim.must(404, scim.get(`/Groups/${id}`))
    await scim.must(404, scim.delete(`/Groups/${id}`))
    await scim.must(404, scim.delete('/Groups/a0891725-bf13-48fb-ac3e-c536309a0bfb'))
    expect(await scim.find('Groups', called(group))).toEqual([])
  })
})

/** Entra's default mapping: what every row sets. */
const mapped: readonly FlatName[] = [
  'userName',
  'active',
  'displayName',
  'title',
  'emails[type eq "work"].value',
  'preferredLanguage',
  'name.givenName',
  'name.familyName',
  'name.formatted',
  'addresses[type eq "work"].formatted',
  'addresses[type eq "other"].formatted',
  'addresses[type eq "work"].streetAddress',
  'addresses[type eq "work"].locality',
  'addresses[type eq "work"].region',
  'addresses[type eq "work"].postalCode',
  'addresses[type eq "work"].country',
  'phoneNumbers[type eq "work"].value',
  'phoneNumbers[type eq "mobile"].value',
  'phoneNumbers[type eq "fax"].value',
  'externalId',
  `${enterprise}:employeeNumber`,
  `${enterprise}:department`,
  `${enterprise}:manager`,
]
const mappedOfGroups = ['displayName', 'externalId', 'members']

/** The mapped attributes that somebody has, manager aside. */
function flatPathsOf(user: Json): readonly FlatName[] {
  return mapped.filter(
    (path) => path !== `${enterprise}:manager` && readFlat(user, path) !== undefined,
  )
}

/** What the endpoint declares, flattened, by the id of the schema. */
async function discovered(...ids: readonly string[]): Promise<readonly FlatName[]> {
  const { body } = await scim.must(200, scim.get('/Schemas'))
  return list(body, 'Resources')
    .filter((schema) => ids.includes(String(schema['id'])))
    .flatMap(flatNames)
}

/** Operations that set flat names, as the dialect says it: with the flag in one map, filtered paths apart. */
const dialects: Readonly<Record<string, (values: Json) => readonly Json[]>> = {
  default: (values) => Object.entries(values).map(([path, value]) => replace(path, value)),
  flag: (values) => {
    const all = Object.entries(values)
    const apart = all.filter(([path]) => path.includes('['))
    const map = Object.fromEntries(all.filter(([path]) => !path.includes('[')))
    return [...apart.map(([path, value]) => replace(path, value)), { op: 'replace', value: map }]
  },
}

describe('gallery validation: the direct tests', () => {
  it('Schema_Discoverability_Test', async () => {
    const lower = (names: readonly FlatName[]) => names.map((name) => name.toLowerCase())
    const users = lower(await discovered(coreUser, enterprise))
    expect(lower(mapped).filter((name) => !users.includes(name))).toEqual([])
    const groups = lower(await discovered(coreGroup))
    expect(lower(mappedOfGroups).filter((name) => !groups.includes(name))).toEqual([])
  })

  it.each(Object.entries(dialects))(
    'SCIM_Null_Update_Test, both phases, %s dialect',
    async (_, say) => {
      const required = new Set(['userName', 'active', 'externalId'])
      const optional = mapped.filter((path) => !required.has(path))
      const { id } = await scim.made('/Users', validatorUser())
      const { userName, externalId } = await scim.read(`/Users/${id}`)
      const full = Object.fromEntries(optional.map((path) => [path, fresh(path)]))
      await patched(id, say(full))
      for (const blank of ['', null]) {
        const read = await patched(
          id,
          say(Object.fromEntries(optional.map((path) => [path, blank]))),
        )
        for (const path of optional) expect([path, readFlat(read, path)]).toEqual([path, undefined])
        expect(read).toMatchObject({ userName, externalId, active: true })
      }
      const again = await patched(id, say(full))
      expect(readFlat(again, 'addresses[type eq "work"].locality')).toBe(
        full['addresses[type eq "work"].locality'],
      )
    },
  )

  it('SCIM_User_Create_Test', async () => {
    const user = validatorUser()
    const { body } = await scim.must(201, scim.post('/Users', user))
    expect(body['id']).toMatch(/./)
    expect(body['userName']).toBe(user['userName'])
  })

  it.each(Object.entries(dialects))(
    'SCIM_User_Update_Test, every declared attribute, %s dialect',
    async (_, say) => {
      const { id } = await scim.made('/Users', validatorUser())
      const never = /^(groups|roles|id|schemas|meta|active)\b|:manager$/
      const paths = (await discovered(coreUser, enterprise)).filter((path) => !never.test(path))
      expect(paths.length).toBeGreaterThan(40)
      const values = Object.fromEntries(paths.map((path) => [path, `${fresh(path)} ä "é"\\`]))
      const read = await patched(id, say(values))
      for (const path of paths) expect([path, readFlat(read, path)]).toEqual([path, values[path]])
    },
  )

  it('SCIM_Group_Create_Test', async () => {
    const group = validatorGroup()
    const { body } = await scim.must(201, scim.post('/Groups', group))
    expect(body['id']).toMatch(/./)
    expect(body['displayName']).toBe(group['displayName'])
  })

  it.each(Object.entries(dialects))('SCIM_Group_Update_Test, %s dialect', async (_, say) => {
    const { id } = await scim.made('/Groups', validatorGroup())
    const paths = (await discovered(coreGroup)).filter((path) => path !== 'members')
    expect([...paths].sort()).toEqual(['displayName', 'externalId'])
    const values = Object.fromEntries(paths.map((path) => [path, fresh(path)]))
    await scim.must(204, scim.patch(`/Groups/${id}`, say(values)))
    const read = await scim.read(`/Groups/${id}`)
    for (const path of paths) expect(readFlat(read, path)).toBe(values[path])
  })

  // Federated_Identity_Test is the business of federation.test.ts.
  it('Validate_Credentials_Test', async () => {
    const admin = await scim.request('/api/v1/organizations/contoso/scim-clients', {
      method: 'POST',
      headers: { authorization: `Bearer ${env.ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Entra' }),
    })
    const client = (await admin.json()) as { id: string; secret: string }
    const answer = await scim.request('/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.id,
        client_secret: client.secret,
      }).toString(),
    })
    const token = (await answer.json()) as { access_token: string; expires_in: number }
    expect(answer.status).toBe(200)
    expect(token.expires_in / 60).toBeGreaterThanOrEqual(60)
    expect(token.expires_in / 60).toBeLessThanOrEqual(360)
    const authorization = `Bearer ${token.access_token}`
    const users = await scim.request('/scim/v2/Users', { headers: { authorization } })
    expect(users.status).toBe(200)
  })

  it.each([
    ['SCIM_User_Pagination_Test', '/Users', (i: number) => ({ userName: `page${i}@x.example` })],
    ['SCIM_Group_Pagination_Test', '/Groups', (i: number) => ({ displayName: `page${i}` })],
  ] as const)('%s', async (_, path, bodyOf) => {
    const ids = []
    for (let i = 0; i < 12; i++) ids.push((await scim.made(path, bodyOf(i))).id)
    const seen = []
    for (let page = 0; page < 4; page++) {
      const startIndex = page * 5 + 1
      const { body } = await scim.must(200, scim.get(`${path}?startIndex=${startIndex}&count=5`))
      const found = list(body, 'Resources')
      expect(body).toMatchObject({ startIndex, totalResults: 12, itemsPerPage: found.length })
      expect(found).toHaveLength([5, 5, 2, 0][page] ?? 0)
      seen.push(...found.map((one) => one['id']))
    }
    expect(seen).toEqual(ids)
  })

  it.each(['', dialectFlag])('SCIM_Update_Manager_Test %s', async (flag) => {
    const own = wireOf(scim.world, { flag })
    const ids = []
    for (const name of ['ann', 'boss', 'chief']) {
      ids.push((await own.made('/Users', { userName: `${name}@x.example` })).id)
    }
    const [ann, boss, chief] = ids
    const path = `${enterprise}:manager`
    const managerOf = async () => part(await own.read(`/Users/${ann}`), enterprise, 'manager')
    await own.must(200, own.patch(`/Users/${ann}`, [{ op: 'Add', path, value: boss }]))
    expect((await managerOf())['value']).toBe(boss)
    await own.must(200, own.patch(`/Users/${ann}`, [replace(path, chief)]))
    expect((await managerOf())['value']).toBe(chief)
    await own.must(200, own.patch(`/Users/${ann}`, [replace(path, '')]))
    expect(await own.read(`/Users/${ann}`)).not.toHaveProperty([enterprise])
  })
})
