import { beforeEach, describe, expect, it } from 'vitest'
import {
  bulkOf,
  coreGroup,
  list,
  part,
  patchOf,
  type Resource,
  type RfcWorld,
  rfcWorld,
  userOf,
} from './rfc-world.ts'

let scim: RfcWorld
let ann: Resource
beforeEach(async () => {
  scim = await rfcWorld()
  ann = await scim.user('ann@contoso.example')
})

const versionOf = async (path: string) => part((await scim.get(path)).body, 'meta')['version']

describe('a version', () => {
  it('stays while nothing changes, and is another after each change [S7644-3.14-a S7644-3.14-b]', async () => {
    const path = `/Users/${ann.id}`
    const first = await versionOf(path)
    expect(first).toBe(part(ann, 'meta')['version'])
    await scim.patch(path, [{ op: 'add', path: 'userName', value: 'ann@contoso.example' }])
    expect(await versionOf(path)).toBe(first)
    await scim.patch(path, [{ op: 'add', path: 'title', value: 'Boss' }])
    const second = await versionOf(path)
    expect(second).not.toBe(first)
    await scim.put(path, userOf('ann@contoso.example'))
    expect([first, second]).not.toContain(await versionOf(path))
  })

  it('of a group is another when its members are [S7644-3.14-b]', async () => {
    const group = await scim.group('Sales')
    const path = `/Groups/${group.id}`
    const first = await versionOf(path)
    const add = [{ op: 'add', path: 'members', value: [{ value: ann.id }] }]
    await scim.patch(path, add)
    const second = await versionOf(path)
    expect(second).not.toBe(first)
    await scim.patch(path, add)
    expect(await versionOf(path)).toBe(second)
  })

  it('in If-Match guards PATCH, PUT and DELETE, of users and groups [S7644-3.12-c]', async () => {
    const group = await scim.group('Sales')
    const operations = [{ op: 'replace', path: 'displayName', value: 'Trade' }]
    for (const [path, body] of [
      [`/Users/${ann.id}`, userOf('ann@contoso.example')],
      [`/Groups/${group.id}`, { schemas: [coreGroup], displayName: 'Sales' }],
    ] as const) {
      const before = await scim.get(path)
      const headers = { 'if-match': 'W/"999", W/"998"' }
      const refused = [
        await scim.patch(path, operations, { headers }),
        await scim.put(path, body, { headers }),
        await scim.send('DELETE', path, { headers }),
      ]
      expect(refused.map(({ status }) => status)).toEqual([412, 412, 412])
      expect((await scim.get(path)).body).toEqual(before.body)
      const right = { 'if-match': `W/"999", ${part(before.body, 'meta')['version']}` }
      expect([200, 204]).toContain((await scim.patch(path, operations, { headers: right })).status)
      const any = { 'if-match': '*' }
      expect((await scim.send('DELETE', path, { headers: any })).status).toBe(204)
    }
  })

  it('in an operation of a Bulk guards it [S7644-3.7-k S7644-3.7.3-c]', async () => {
    const { body } = await scim.post(
      '/Bulk',
      bulkOf([
        { method: 'PUT', path: `/Users/${ann.id}`, version: 'W/"999"', data: userOf('x') },
        {
          method: 'PATCH',
          path: `/Users/${ann.id}`,
          version: part(ann, 'meta')['version'],
          data: patchOf([{ op: 'add', path: 'title', value: 'Boss' }]),
        },
        { method: 'DELETE', path: `/Users/${ann.id}`, version: part(ann, 'meta')['version'] },
      ]),
    )
    expect(list(body, 'Operations').map((one) => one['status'])).toEqual(['412', '200', '412'])
    expect((await scim.get(`/Users/${ann.id}`)).body).toMatchObject({
      userName: 'ann@contoso.example',
      title: 'Boss',
    })
  })
})

describe('a group of a user', () => {
  it('is shown to who had the user before it [S7644-3.14-a]', async () => {
    const { headers } = await scim.get(`/Users/${ann.id}`)
    const tag = headers.get('etag') ?? ''
    await scim.group('Sales', [ann])
    const { body } = await scim.get(`/Users/${ann.id}`, { headers: { 'if-none-match': tag } })
    expect(list(body, 'groups')).toHaveLength(1)
  })
})

describe('references of a Bulk', () => {
  it('stand in paths and in PATCH operations too [S7644-3.7.2-a]', async () => {
    const group = await scim.group('Sales')
    const { body } = await scim.post(
      '/Bulk',
      bulkOf([
        { method: 'POST', path: '/Users', bulkId: 'bob', data: userOf('bob@contoso.example') },
        {
          method: 'PATCH',
          path: '/Users/bulkId:bob',
          data: patchOf([{ op: 'add', path: 'title', value: 'Clerk' }]),
        },
        {
          method: 'PATCH',
          path: `/Groups/${group.id}`,
          data: patchOf([{ op: 'add', path: 'members', value: [{ value: 'bulkId:bob' }] }]),
        },
      ]),
    )
    expect(list(body, 'Operations').map((one) => one['status'])).toEqual(['201', '200', '204'])
    const { found } = await scim.list('Users', { filter: 'title eq "Clerk"' })
    const members = list((await scim.get(`/Groups/${group.id}`)).body, 'members')
    expect(members.map((one) => one['value'])).toEqual(found.map(({ id }) => id))
  })

  it('to what failed fail too, and nothing else does [S7644-3.7-k S7644-3.7-h]', async () => {
    const member = { value: 'bulkId:ann' }
    const { body } = await scim.post(
      '/Bulk',
      bulkOf([
        { method: 'POST', path: '/Users', bulkId: 'ann', data: userOf('ann@contoso.example') },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'sales',
          data: { schemas: [coreGroup], displayName: 'Sales', members: [member] },
        },
        { method: 'POST', path: '/Users', bulkId: 'bob', data: userOf('bob@contoso.example') },
      ]),
    )
    const [first, second, third] = list(body, 'Operations')
    expect([first?.['status'], third?.['status']]).toEqual(['409', '201'])
    expect(second?.['status']).toMatch(/^4/)
    expect(part(second ?? {}, 'response')['detail']).toContain('bulkId:ann')
    expect((await scim.list('Groups')).body['totalResults']).toBe(0)
  })
})
