import { beforeEach, describe, expect, it } from 'vitest'
import {
  coreGroup,
  coreUser,
  enterprise,
  list,
  part,
  type Resource,
  type RfcWorld,
  rfcWorld,
  userOf,
} from './rfc-world.ts'

let scim: RfcWorld
let ann: Resource
beforeEach(async () => {
  scim = await rfcWorld()
  ann = await scim.user('ann@contoso.example', {
    externalId: 'a1',
    title: 'Boss',
    emails: [{ value: 'ann@contoso.example', type: 'work' }],
    [enterprise]: { department: 'Sales' },
  })
})

describe('PUT', () => {
  it('is there, and answers with the whole resource and its new version [S7644-3.5-a S7644-3.5.1-b]', async () => {
    scim.clock.ms += 1000
    const more = { displayName: 'Ann B', title: 'Chief', [enterprise]: { department: 'Board' } }
    const { status, headers, body } = await scim.put(
      `/Users/${ann.id}`,
      userOf('ann.b@contoso.example', more),
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: ann.id, userName: 'ann.b@contoso.example', ...more })
    expect(headers.get('etag')).not.toBe(part(ann, 'meta')['version'])
    expect(headers.get('etag')).toBe(part(body, 'meta')['version'])
    expect(part(body, 'meta')['created']).toBe(part(ann, 'meta')['created'])
    expect(part(body, 'meta')['lastModified']).not.toBe(part(ann, 'meta')['lastModified'])
    expect((await scim.get(`/Users/${ann.id}`)).body).toEqual(body)
  })

  it('removes what it leaves out [S7644-3.5.1-c]', async () => {
    const { body } = await scim.put(`/Users/${ann.id}`, userOf('ann@contoso.example'))
    for (const gone of ['title', 'emails', 'externalId', enterprise]) {
      expect(body).not.toHaveProperty([gone])
    }
    expect(body['schemas']).toEqual([coreUser])
  })

  it('replaces the members of a group [S7644-3.5.1-b S7644-3.5.1-c]', async () => {
    const bob = await scim.user('bob@contoso.example')
    const group = await scim.group('Sales', [ann])
    const put = { schemas: [coreGroup], displayName: 'Sales', members: [{ value: bob.id }] }
    const { body } = await scim.put(`/Groups/${group.id}`, put)
    expect(list(body, 'members').map((one) => one['value'])).toEqual([bob.id])
  })

  it('ignores what is read-only [S7644-3.5.1-g]', async () => {
    const { status, body } = await scim.put(
      `/Users/${ann.id}`,
      userOf('ann@contoso.example', {
        id: 'usr_other',
        meta: { created: '2001-01-01T00:00:00Z' },
        groups: [{ value: 'grp_x' }],
      }),
    )
    expect([status, body['id'], body['groups'] ?? []]).toEqual([200, ann.id, []])
    expect(part(body, 'meta')['created']).toBe(part(ann, 'meta')['created'])
  })

  it('without a required attribute is refused [S7644-3.5.1-h]', async () => {
    const group = await scim.group('Sales')
    const refused = [
      await scim.put(`/Users/${ann.id}`, { schemas: [coreUser], title: 'Chief' }),
      await scim.put(`/Groups/${group.id}`, { schemas: [coreGroup] }),
    ]
    expect(refused.map(({ status, body }) => [status, body['scimType']])).toEqual([
      [400, 'invalidValue'],
      [400, 'invalidValue'],
    ])
    expect((await scim.get(`/Users/${ann.id}`)).body).toEqual(ann)
  })

  it('creates nothing [S7644-3.2-b S7644-3.5.1-a]', async () => {
    for (const path of ['/Users/usr_00000000000000000000000009', '/Groups/mine']) {
      const body = { ...userOf('new@contoso.example'), displayName: 'New' }
      expect((await scim.put(path, body)).status).toBe(404)
    }
    expect((await scim.list('Users')).body['totalResults']).toBe(1)
    expect((await scim.list('Groups')).body['totalResults']).toBe(0)
  })

  it('to a userName that is taken is refused with 409 [S7644-3.12-c]', async () => {
    await scim.user('bob@contoso.example')
    const { status, body } = await scim.put(`/Users/${ann.id}`, userOf('BOB@contoso.example'))
    expect([status, body['scimType']]).toEqual([409, 'uniqueness'])
    expect((await scim.get(`/Users/${ann.id}`)).body).toEqual(ann)
  })

  it('goes through only for the version that If-Match names', async () => {
    const headers = { 'if-match': String(part(ann, 'meta')['version']) }
    const changed = userOf('ann@contoso.example', { title: 'Chief' })
    expect((await scim.put(`/Users/${ann.id}`, changed, { headers })).status).toBe(200)
    const late = await scim.put(`/Users/${ann.id}`, userOf('x@contoso.example'), { headers })
    expect([late.status, late.body['status']]).toEqual([412, '412'])
    expect((await scim.get(`/Users/${ann.id}`)).body['title']).toBe('Chief')
  })
})

describe('members, which are immutable one by one', () => {
  it('stay, go and come as wholes [S7644-3.5.1-f S7643-7-k]', async () => {
    const bob = await scim.user('bob@contoso.example')
    const group = await scim.group('Sales', [ann])
    const members = [{ value: ann.id, display: 'Somebody else', type: 'Group' }, { value: bob.id }]
    const put = { schemas: [coreGroup], displayName: 'Sales', members }
    expect((await scim.put(`/Groups/${group.id}`, put)).status).toBe(200)
    const { body } = await scim.get(`/Groups/${group.id}`)
    const held = list(body, 'members').map(({ value, type }) => [value, type])
    expect(held.sort()).toEqual(
      [
        [ann.id, 'User'],
        [bob.id, 'User'],
      ].sort(),
    )
    expect(JSON.stringify(body)).not.toContain('Somebody else')
  })
})
