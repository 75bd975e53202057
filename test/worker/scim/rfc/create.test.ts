import { beforeEach, describe, expect, it } from 'vitest'
import {
  baseUrl,
  coreGroup,
  coreUser,
  enterprise,
  errorUri,
  part,
  type RfcWorld,
  rfcWorld,
  userOf,
} from './rfc-world.ts'

let scim: RfcWorld
beforeEach(async () => {
  scim = await rfcWorld()
})

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

describe('a new user', () => {
  it('is answered with 201 and itself [S7644-3.3-c S7644-3.3-d S7644-3.1-c S7643-4.1.1-a]', async () => {
    const { status, body } = await scim.post(
      '/Users',
      userOf('ann@contoso.example', {
        title: 'Boss',
        emails: [{ value: 'ann@contoso.example', type: 'work' }],
      }),
    )
    expect(status).toBe(201)
    expect(body).toMatchObject({
      userName: 'ann@contoso.example',
      title: 'Boss',
      active: true,
      emails: [{ value: 'ann@contoso.example', type: 'work' }],
    })
  })

  it('has its address in Location and in meta.location [S7644-3.3-e]', async () => {
    const { headers, body } = await scim.post('/Users', userOf('ann@contoso.example'))
    const location = part(body, 'meta')['location']
    expect(location).toBe(`${baseUrl}/Users/${body['id']}`)
    expect(headers.get('location')).toBe(location)
  })

  it('has its version in ETag and in meta.version, marked as weak [S7644-3.14-a S7644-3.14-b S7643-3.1-o]', async () => {
    const { headers, body } = await scim.post('/Users', userOf('ann@contoso.example'))
    expect(headers.get('etag')).toMatch(/^W\/"[^"]+"$/)
    expect(part(body, 'meta')['version']).toBe(headers.get('etag'))
  })

  it('has the type of its endpoint, as a group has [S7644-3.3.1-a]', async () => {
    expect(part(await scim.user('ann@contoso.example'), 'meta')['resourceType']).toBe('User')
    expect(part(await scim.group('Sales'), 'meta')['resourceType']).toBe('Group')
  })

  it('has times of one form, equal as long as nothing has changed [S7643-2.3.5-a S7643-2.3.5-b S7643-2.3.5-c S7643-3.1-l S7643-3.1-m]', async () => {
    for (const one of [await scim.user('ann@contoso.example'), await scim.group('Sales')]) {
      const { created, lastModified } = part(one, 'meta')
      expect(created).toMatch(iso)
      expect(lastModified).toBe(created)
    }
  })

  it('is given its id and meta, whatever the client sends [S7643-3.1-b S7643-3.1-g S7643-3.1-k S7644-3.3-a S7644-3.3-b S7643-7-j]', async () => {
    const user = await scim.user('ann@contoso.example', {
      id: 'usr_mine',
      meta: {
        created: '2001-01-01T00:00:00Z',
        resourceType: 'Robot',
        location: 'https://evil.example',
      },
      groups: [{ value: 'grp_mine' }],
    })
    expect(user.id).not.toBe('usr_mine')
    expect(user['groups'] ?? []).toEqual([])
    expect(part(user, 'meta')).toMatchObject({
      resourceType: 'User',
      location: `${baseUrl}/Users/${user.id}`,
    })
    expect(part(user, 'meta')['created']).not.toMatch(/^2001/)
  })

  it('has an id of its own for good, without the word bulkId [S7643-3.1-d S7643-3.1-e S7643-3.1-f S7643-3.1-h]', async () => {
    const ann = await scim.user('ann@contoso.example')
    const bob = await scim.user('bob@contoso.example')
    const group = await scim.group('Sales')
    const ids = [ann.id, bob.id, group.id]
    expect(new Set(ids).size).toBe(3)
    for (const id of ids) expect(id).toMatch(/^(?!.*bulkId).+/i)
    await scim.put(`/Users/${ann.id}`, userOf('other@contoso.example'))
    expect((await scim.get(`/Users/${ann.id}`)).body['id']).toBe(ann.id)
    await scim.send('DELETE', `/Users/${ann.id}`)
    expect((await scim.user('ann@contoso.example')).id).not.toBe(ann.id)
  })

  it('has no externalId but the client\u2019s, whose case it keeps [S7643-3.1-i S7643-3.1-j S7643-7-i S7643-3.1-a S7643-3.1-c]', async () => {
    expect(await scim.user('bob@contoso.example')).not.toHaveProperty('externalId')
    const ann = await scim.user('ann@contoso.example', { externalId: 'AbC' })
    expect(ann['externalId']).toBe('AbC')
    expect((await scim.list('Users', { filter: 'externalId eq "AbC"' })).found).toHaveLength(1)
    expect((await scim.list('Users', { filter: 'externalId eq "abc"' })).found).toHaveLength(0)
  })

  it('needs a userName and nothing else [S7643-4.1.1-c S7643-2.2-a]', async () => {
    for (const userName of [undefined, '', '  ', null]) {
      const { status, body } = await scim.post('/Users', { schemas: [coreUser], userName })
      expect([status, body['scimType']]).toEqual([400, 'invalidValue'])
    }
    expect((await scim.post('/Users', userOf('ann@contoso.example'))).status).toBe(201)
  })

  it('is refused with 409 when the userName is taken, in whatever case [S7644-3.3-f S7643-4.1.1-b S7643-7-m S7643-7-n]', async () => {
    await scim.user('ann@contoso.example')
    for (const name of ['ann@contoso.example', 'Ann@CONTOSO.example']) {
      const { status, body } = await scim.post('/Users', userOf(name))
      expect(status).toBe(409)
      expect(body).toMatchObject({ schemas: [errorUri], status: '409', scimType: 'uniqueness' })
    }
    expect((await scim.list('Users')).body['totalResults']).toBe(1)
  })

  it('is refused when the userName differs only in what PRECIS prepares [S7644-5-a]', async () => {
    await scim.user('zo\u00eb@contoso.example')
    for (const name of ['ZO\u00cb@contoso.example', 'zoe\u0308@contoso.example']) {
      expect((await scim.post('/Users', userOf(name))).status).toBe(409)
    }
  })
})

describe('schemas of a resource', () => {
  it('hold the base schema, and an extension when it is used [S7643-2.1-a S7643-3-a S7643-3-b S7643-3-c S7643-3-d S7643-3.3-a S7643-3.3-b]', async () => {
    const plain = await scim.user('ann@contoso.example')
    const more = await scim.user('bob@contoso.example', {
      schemas: [enterprise, coreUser, enterprise],
      [enterprise]: { department: 'Sales' },
    })
    const group = await scim.group('Sales')
    expect(plain.schemas).toEqual([coreUser])
    expect([...more.schemas].sort()).toEqual([coreUser, enterprise])
    expect(group.schemas).toEqual([coreGroup])
    expect((await scim.get(`/Users/${more.id}`)).body['schemas']).toEqual(more.schemas)
  })

  it('may come in any order, as attributes may [S7643-3-e S7643-2.3.8-a]', async () => {
    const { status, body } = await scim.post('/Users', {
      [enterprise]: { department: 'Sales' },
      name: { familyName: 'Bloom', givenName: 'Ann' },
      userName: 'ann@contoso.example',
      schemas: [enterprise, coreUser],
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      name: { givenName: 'Ann' },
      [enterprise]: { department: 'Sales' },
    })
  })

  it('keep an extension in an object under its URI [S7643-3.3-e]', async () => {
    const user = await scim.user('ann@contoso.example', { [enterprise]: { department: 'Sales' } })
    expect(user[enterprise]).toEqual({ department: 'Sales' })
    expect(user).not.toHaveProperty('department')
  })

  it('do not decide about common attributes [S7643-3-f]', async () => {
    const user = await scim.user('ann@contoso.example', { externalId: 'a1' })
    const group = await scim.group('Sales', [], { externalId: 'g1' })
    for (const one of [user, group]) {
      expect(one).toMatchObject({
        id: one.id,
        externalId: expect.any(String),
        meta: expect.anything(),
      })
    }
  })
})

describe('a new group', () => {
  it('needs a displayName [S7643-4.2-a]', async () => {
    for (const displayName of [undefined, '', null]) {
      const { status, body } = await scim.post('/Groups', { schemas: [coreGroup], displayName })
      expect([status, body['scimType']]).toEqual([400, 'invalidValue'])
    }
  })
})
