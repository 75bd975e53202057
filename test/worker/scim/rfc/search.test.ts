import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { limits } from '../../../../src/kernel/index.ts'
import {
  coreUser,
  enterprise,
  type Json,
  list,
  listUri,
  type RfcWorld,
  rfcWorld,
  searchOf,
} from './rfc-world.ts'

let scim: RfcWorld
beforeEach(async () => {
  scim = await rfcWorld()
  await scim.user('bob', { title: 'Clerk', name: { givenName: 'Bob', familyName: 'Aster' } })
  await scim.user('ann', {
    title: 'Boss',
    name: { givenName: 'Ann', familyName: 'Bloom' },
    [enterprise]: { department: 'Sales' },
  })
})

const search = (parameters: Json, path = '/Users/.search') => scim.post(path, searchOf(parameters))

const names = ({ body }: { body: Json }) =>
  list(body, 'Resources').map((one) => one['userName'] ?? one['displayName'])

describe('a search by POST', () => {
  it('is a query and creates nothing [S7644-3.4.3-a]', async () => {
    const answer = await search({ filter: 'userName eq "ann"', count: 10, startIndex: 1 })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ schemas: [listUri], totalResults: 1 })
    expect(names(answer)).toEqual(['ann'])
    expect((await scim.list('Users')).body['totalResults']).toBe(2)
  })

  it('works for groups and for the base URI too [S7644-3.4.3-a]', async () => {
    await scim.group('Sales')
    expect(names(await search({}, '/Groups/.search'))).toEqual(['Sales'])
    expect((await search({}, '/.search')).body['totalResults']).toBe(3)
  })

  it('is refused without the URI of a SearchRequest [S7644-3.4.3-b]', async () => {
    for (const schemas of [undefined, [], [coreUser]]) {
      const { status, body } = await scim.post('/Users/.search', { schemas, filter: 'title pr' })
      expect([status, body['scimType']]).toEqual([400, 'invalidSyntax'])
    }
  })

  it('reads attributes by their full names [S7644-3.4.3-c]', async () => {
    const attributes = [`${coreUser}:userName`, 'name.givenName', `${enterprise}:department`]
    const { body } = await search({ filter: 'userName eq "ann"', attributes })
    expect(list(body, 'Resources')).toEqual([
      {
        schemas: expect.any(Array),
        id: expect.any(String),
        userName: 'ann',
        name: { givenName: 'Ann' },
        [enterprise]: { department: 'Sales' },
      },
    ])
  })

  it('excludes attributes by their full names, but never id and schemas [S7644-3.4.3-d S7644-3.4.3-e]', async () => {
    const excludedAttributes = ['id', 'schemas', `${coreUser}:title`, 'name.givenName', 'meta']
    const { body } = await search({ filter: 'userName eq "bob"', excludedAttributes })
    expect(list(body, 'Resources')).toEqual([
      {
        schemas: [coreUser],
        id: expect.any(String),
        userName: 'bob',
        active: true,
        name: { familyName: 'Aster' },
      },
    ])
  })

  it('refuses an invalid filter [S7644-3.4.3-f]', async () => {
    const { status, body } = await search({ filter: 'userName eq' })
    expect([status, body['scimType']]).toEqual([400, 'invalidFilter'])
  })

  it('orders by sortBy, by its full name too [S7644-3.4.3-g S7644-3.4.3-h]', async () => {
    expect(names(await search({ sortBy: 'userName' }))).toEqual(['ann', 'bob'])
    expect(names(await search({ sortBy: 'name.familyName' }))).toEqual(['bob', 'ann'])
    const sortBy = `${coreUser}:userName`
    expect(names(await search({ sortBy, sortOrder: 'descending' }))).toEqual(['bob', 'ann'])
  })
})

describe('a list of groups with too many members', () => {
  it('is refused with tooMany, and told what to leave out [S7644-3.4.2.1-b]', async () => {
    const group = await scim.group('Everyone')
    await env.DB.prepare('UPDATE groups SET member_count = ? WHERE id = ?')
      .bind(limits.scimListMembers + 1, group.id)
      .run()
    const { status, body } = await scim.get('/Groups')
    expect([status, body['scimType']]).toEqual([400, 'tooMany'])
    expect(body['detail']).toContain('excludedAttributes=members')
    expect((await scim.get('/Groups?excludedAttributes=members')).status).toBe(200)
  })
})
