import { beforeEach, describe, expect, it } from 'vitest'
import {
  coreUser,
  enterprise,
  errorUri,
  type Json,
  list,
  part,
  patchOf,
  type Resource,
  type RfcWorld,
  rfcWorld,
} from './rfc-world.ts'

let scim: RfcWorld
let ann: Resource
beforeEach(async () => {
  scim = await rfcWorld()
  ann = await scim.user('ann@contoso.example', {
    title: 'Boss',
    emails: [
      { value: 'ann@work.example', type: 'work', primary: true },
      { value: 'ann@home.example', type: 'home' },
    ],
  })
})

const patch = (operations: readonly Json[], query = '') =>
  scim.patch(`/Users/${ann.id}${query}`, operations)

describe('PATCH', () => {
  it('is there, and answers 200 with the user, or 204 [S7644-3.5-b S7644-3.5.2-a S7644-3.5.2-n]', async () => {
    const { status, headers, body } = await patch([
      { op: 'replace', path: 'title', value: 'Chief' },
    ])
    expect([200, 204]).toContain(status)
    const read = await scim.get(`/Users/${ann.id}`)
    expect(read.body['title']).toBe('Chief')
    expect(headers.get('etag')).toBe(part(read.body, 'meta')['version'])
    if (status === 200) expect(body).toEqual(read.body)
  })

  it('answers 200 when attributes are asked for, of a group too [S7644-3.5.2-o]', async () => {
    const one = await patch(
      [{ op: 'add', path: 'nickName', value: 'Annie' }],
      '?attributes=nickName',
    )
    expect([one.status, one.body]).toEqual([
      200,
      { schemas: [coreUser], id: ann.id, nickName: 'Annie' },
    ])
    const group = await scim.group('Sales')
    const two = await scim.patch(`/Groups/${group.id}?attributes=displayName`, [
      { op: 'replace', path: 'displayName', value: 'Trade' },
    ])
    expect([two.status, two.body['displayName']]).toEqual([200, 'Trade'])
  })

  it('is refused without operations [S7644-3.5.2-b]', async () => {
    for (const body of [
      { ...patchOf([]), Operations: undefined },
      { ...patchOf([]), Operations: 'x' },
    ]) {
      const answer = await scim.send('PATCH', `/Users/${ann.id}`, { body })
      expect([answer.status, answer.body['scimType']]).toEqual([400, 'invalidSyntax'])
    }
  })

  it('is refused with an operation without a known op [S7644-3.5.2-c]', async () => {
    for (const op of [undefined, 'move', 7]) {
      const { status, body } = await patch([{ op, path: 'title', value: 'x' }])
      expect([status, body['scimType']]).toEqual([400, 'invalidSyntax'])
    }
  })

  it('is refused for a remove without path [S7644-3.5.2-d]', async () => {
    const { status, body } = await patch([{ op: 'remove' }])
    expect([status, body['scimType']]).toEqual([400, 'noTarget'])
  })

  it('changes nothing read-only [S7644-3.5.2-e S7643-7-j]', async () => {
    for (const path of ['id', 'meta.created', 'groups', 'meta']) {
      const { status, body } = await patch([{ op: 'replace', path, value: 'x' }])
      expect([path, status, body['scimType']]).toEqual([path, 400, 'mutability'])
    }
    expect((await scim.get(`/Users/${ann.id}`)).body).toEqual(ann)
  })

  it('that fails says why in JSON [S7644-3.5.2-f S7644-3.5.2-l S7644-3.5.2-m]', async () => {
    const { status, headers, body } = await patch([{ op: 'replace', path: 'title[', value: 'x' }])
    expect(status).toBe(400)
    expect(headers.get('content-type')).toMatch(/^application\/scim\+json/)
    expect(body).toMatchObject({ schemas: [errorUri], status: '400', scimType: 'invalidPath' })
    expect(body['detail']).toContain('title[')
  })

  it('is applied whole or not at all [S7644-3.5.2-j S7644-3.5.2-k]', async () => {
    const { status } = await patch([
      { op: 'replace', path: 'title', value: 'Chief' },
      { op: 'replace', path: 'id', value: 'x' },
    ])
    expect(status).toBe(400)
    expect((await scim.get(`/Users/${ann.id}`)).body).toEqual(ann)
  })

  it('is applied in the order of its operations [S7644-3.5.2-j]', async () => {
    await patch([
      { op: 'replace', path: 'title', value: 'One' },
      { op: 'remove', path: 'title' },
      { op: 'add', path: 'title', value: 'Two' },
    ])
    expect((await scim.get(`/Users/${ann.id}`)).body['title']).toBe('Two')
  })

  it('takes the schemas of the resource for granted, and adds an extension that it uses [S7644-3.5.2-g S7644-3.5.2-h]', async () => {
    await patch([
      { op: 'add', path: `${enterprise}:department`, value: 'Sales' },
      { op: 'add', path: `${coreUser}:nickName`, value: 'Annie' },
    ])
    const { body } = await scim.get(`/Users/${ann.id}`)
    expect(body).toMatchObject({
      schemas: [coreUser, enterprise],
      nickName: 'Annie',
      [enterprise]: { department: 'Sales' },
    })
    await patch([{ op: 'remove', path: `${enterprise}:department` }])
    expect((await scim.get(`/Users/${ann.id}`)).body['schemas']).toEqual([coreUser])
  })

  it('makes one value primary, and no other [S7644-3.5.2-i]', async () => {
    await patch([{ op: 'replace', path: 'emails[type eq "home"].primary', value: true }])
    await expectPrimary(['ann@home.example'])
    const value = [{ value: 'ann@new.example', type: 'other', primary: true }]
    await patch([{ op: 'add', path: 'emails', value }])
    await expectPrimary(['ann@new.example'])
  })

  async function expectPrimary(values: readonly string[]) {
    const { body } = await scim.get(`/Users/${ann.id}`)
    const primary = list(body, 'emails').filter((one) => one['primary'] === true)
    expect(primary.map((one) => one['value'])).toEqual(values)
  }
})
