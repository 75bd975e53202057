import { beforeEach, describe, expect, it } from 'vitest'
import { limits } from '../../../../src/kernel/index.ts'
import {
  baseUrl,
  bulkOf,
  coreGroup,
  enterprise,
  errorUri,
  type Json,
  list,
  part,
  patchOf,
  type RfcWorld,
  rfcWorld,
  userOf,
} from './rfc-world.ts'

let scim: RfcWorld
beforeEach(async () => {
  scim = await rfcWorld()
})

const bulk = (operations: readonly unknown[], more: Json = {}) =>
  scim.post('/Bulk', bulkOf(operations, more))

const makeUser = (bulkId: string, more: Json = {}) => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: userOf(`${bulkId}@contoso.example`, more),
})

const makeGroup = (bulkId: string, ...members: readonly string[]) => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: {
    schemas: [coreGroup],
    displayName: bulkId,
    members: members.map((value) => ({ value: `bulkId:${value}` })),
  },
})

/** The path that an operation of the answer gives, from the base URI on. */
const pathOf = (operation: Json | undefined) => String(operation?.['location']).replace(baseUrl, '')

const membersOf = async (path: string) =>
  list((await scim.get(path)).body, 'members').map((one) => one['value'])

describe('a Bulk', () => {
  it('that is carried out is 200, with the result of every operation [S7644-3.7-f S7644-3.7-i S7644-3.7-l S7644-3.7.3-a S7644-3.7.3-b S7644-3.7.3-c]', async () => {
    const ann = await scim.user('ann@contoso.example')
    const bob = await scim.user('bob@contoso.example')
    const { status, body } = await bulk([
      makeUser('cid'),
      {
        method: 'PUT',
        path: `/Users/${ann.id}`,
        data: userOf('ann@contoso.example', { title: 'A' }),
      },
      {
        method: 'PATCH',
        path: `/Users/${bob.id}`,
        version: part(bob, 'meta')['version'],
        data: patchOf([{ op: 'add', path: 'title', value: 'B' }]),
      },
      { method: 'DELETE', path: `/Users/${ann.id}` },
    ])
    expect(status).toBe(200)
    expect(body['schemas']).toEqual(['urn:ietf:params:scim:api:messages:2.0:BulkResponse'])
    const operations = list(body, 'Operations')
    expect(operations).toMatchObject([
      { method: 'POST', bulkId: 'cid', status: '201' },
      { method: 'PUT', location: `${baseUrl}/Users/${ann.id}`, status: '200' },
      { method: 'PATCH', location: `${baseUrl}/Users/${bob.id}`, status: '200' },
      { method: 'DELETE', location: `${baseUrl}/Users/${ann.id}`, status: '204' },
    ])
    const made = await scim.get(pathOf(operations[0]))
    expect(made.body['userName']).toBe('cid@contoso.example')
    expect(operations[0]?.['version']).toBe(part(made.body, 'meta')['version'])
  })

  it('goes on after what failed, and explains it [S7644-3.7-g S7644-3.7-h S7644-3.7-k S7644-3.7.3-d]', async () => {
    await scim.user('ann@contoso.example')
    const { status, body } = await bulk([
      makeUser('ann'),
      { method: 'DELETE', path: '/Users/nobody' },
      makeUser('bob'),
    ])
    expect(status).toBe(200)
    const operations = list(body, 'Operations')
    expect(operations).toMatchObject([
      { status: '409', response: { schemas: [errorUri], status: '409', scimType: 'uniqueness' } },
      { status: '404', location: `${baseUrl}/Users/nobody`, response: { status: '404' } },
      { status: '201' },
    ])
    expect(operations[0]).not.toHaveProperty('location')
    expect(part(operations[0] ?? {}, 'response')['detail']).toMatch(/\w/)
  })

  it('stops after as many errors as the client allows [S7644-3.7-k]', async () => {
    const { body } = await bulk([{ method: 'DELETE', path: '/Users/nobody' }, makeUser('ann')], {
      failOnErrors: 1,
    })
    expect(list(body, 'Operations').map((one) => one['status'])).toEqual(['404'])
    expect((await scim.list('Users')).body['totalResults']).toBe(0)
  })

  it.each<[string, unknown]>([
    ['without Operations [S7644-3.7-a]', undefined],
    ['without method [S7644-3.7-b]', [{ ...makeUser('a'), method: undefined }]],
    ['with a POST without bulkId [S7644-3.7-c]', [{ ...makeUser('a'), bulkId: undefined }]],
    ['without path [S7644-3.7-d]', [{ ...makeUser('a'), path: undefined }]],
    ['with a POST without data [S7644-3.7-e]', [{ ...makeUser('a'), data: undefined }]],
    ['with a PUT without data [S7644-3.7-e]', [{ method: 'PUT', path: '/Users/x' }]],
    ['with a PATCH without data [S7644-3.7-e]', [{ method: 'PATCH', path: '/Users/x' }]],
  ])('is refused as a whole %s', async (_, operations) => {
    const { status, body } = await scim.post('/Bulk', bulkOf(operations as readonly unknown[]))
    expect([status, body['scimType']]).toEqual([400, 'invalidSyntax'])
  })

  it('that cannot be carried out is an error [S7644-3.7-j]', async () => {
    const { status, body } = await scim.post('/Bulk', '{"schemas":')
    expect([status, body['schemas']]).toEqual([400, [errorUri]])
  })

  it('of too many operations is 413 and names the limit [S7644-3.7.4-b S7644-3.7.4-c]', async () => {
    const many = Array.from({ length: limits.scimBulkOperations + 1 }, (_, i) => makeUser(`u${i}`))
    const { status, body } = await bulk(many)
    expect([status, body['status']]).toEqual([413, '413'])
    expect(body['detail']).toContain(String(limits.scimBulkOperations))
    expect((await scim.list('Users')).body['totalResults']).toBe(0)
  })

  it('of too many bytes is 413 and names the limit [S7644-3.7.4-b S7644-3.7.4-c]', async () => {
    const { status, body } = await bulk([
      makeUser('ann', { title: 'x'.repeat(limits.scimBodyBytes) }),
    ])
    expect(status).toBe(413)
    expect(body['detail']).toContain('5 MiB')
  })
})

describe('references in a Bulk', () => {
  it('become ids, whatever the order [S7644-3.7.2-a S7644-3.7-m]', async () => {
    const { body } = await bulk([makeGroup('Sales', 'ann'), makeUser('ann')])
    const [group, user] = list(body, 'Operations')
    expect([group?.['status'], user?.['status']]).toEqual(['201', '201'])
    expect(await membersOf(pathOf(group))).toEqual([pathOf(user).split('/').at(-1)])
  })

  it('become ids in extensions [S7644-3.7.2-b]', async () => {
    const more = { [enterprise]: { manager: { value: 'bulkId:boss' } } }
    const { body } = await bulk([makeUser('boss'), makeUser('ann', more)])
    const [boss, ann] = list(body, 'Operations')
    const read = await scim.get(pathOf(ann))
    expect(part(read.body, enterprise, 'manager')['value']).toBe(pathOf(boss).split('/').at(-1))
  })

  it('may lead in a circle [S7644-3.7.1-a]', async () => {
    const { body } = await bulk([makeGroup('One', 'Two'), makeGroup('Two', 'One')])
    const [one, two] = list(body, 'Operations')
    expect([one?.['status'], two?.['status']]).toEqual(['201', '201'])
    expect(await membersOf(pathOf(one))).toEqual([pathOf(two).split('/').at(-1)])
    expect(await membersOf(pathOf(two))).toEqual([pathOf(one).split('/').at(-1)])
  })
})
