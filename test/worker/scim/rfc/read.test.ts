import { beforeEach, describe, expect, it } from 'vitest'
import {
  baseUrl,
  coreUser,
  enterprise,
  list,
  part,
  type Resource,
  type RfcWorld,
  rfcWorld,
  secretOf,
  userOf,
} from './rfc-world.ts'

let scim: RfcWorld
let ann: Resource
beforeEach(async () => {
  scim = await rfcWorld()
  ann = await scim.user('ann@contoso.example', {
    externalId: 'a1',
    title: 'Boss',
    name: { givenName: 'Ann', familyName: 'Bloom' },
    emails: [{ value: 'ann@contoso.example', type: 'work', primary: true }],
    [enterprise]: { department: 'Sales', employeeNumber: '7' },
  })
})

describe('a resource', () => {
  it('is read as it was written [S7644-3.1-c]', async () => {
    const { status, body } = await scim.get(`/Users/${ann.id}`)
    expect([status, body]).toEqual([200, ann])
  })

  it('is JSON in UTF-8, of the type for SCIM [S7644-3.8-a S7644-8.1-a]', async () => {
    const bo = await scim.user('b\u00f8@contoso.example', {
      displayName: 'B\u00f8 \u6797 \u{1f600}',
    })
    const { headers, body } = await scim.get(`/Users/${bo.id}`)
    expect(headers.get('content-type')).toMatch(/^application\/scim\+json\b/)
    expect(body['displayName']).toBe('B\u00f8 \u6797 \u{1f600}')
  })

  it('is taken as UTF-8 when no encoding is named [S7644-3.8-b]', async () => {
    const bytes = new TextEncoder().encode(
      JSON.stringify(userOf('bo@contoso.example', { title: '\u00c5' })),
    )
    const response = await scim.request('/scim/v2/Users', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secretOf('contoso')}`,
        'content-type': 'application/json',
      },
      body: bytes,
    })
    expect(await response.json()).toMatchObject({ title: '\u00c5' })
  })

  it('is given to who accepts application/scim+json or application/json [S7644-3.8-c S7644-3.8-d]', async () => {
    for (const accept of ['application/scim+json', 'application/json']) {
      const { status, body } = await scim.get(`/Users/${ann.id}`, { headers: { accept } })
      expect([status, body]).toEqual([200, ann])
    }
  })

  it('has the address of meta.location in a header [S7643-3.1-n]', async () => {
    const location = String(part(ann, 'meta')['location'])
    for (const { headers } of [
      await scim.get(location),
      await scim.put(location, userOf('ann@contoso.example', { title: 'Boss' })),
    ]) {
      expect(headers.get('content-location') ?? headers.get('location')).toBe(location)
    }
  })

  it('is not sent again to who has its version', async () => {
    const { headers } = await scim.get(`/Users/${ann.id}`)
    const tag = headers.get('etag') ?? ''
    const again = await scim.get(`/Users/${ann.id}`, { headers: { 'if-none-match': tag } })
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', tag])
    await scim.put(`/Users/${ann.id}`, userOf('ann@contoso.example'))
    const changed = await scim.get(`/Users/${ann.id}`, { headers: { 'if-none-match': tag } })
    expect(changed.status).toBe(200)
  })
})

describe('the attributes of an answer', () => {
  const keys = async (query: string) =>
    Object.keys((await scim.get(`/Users/${ann.id}?${query}`)).body).sort()

  it('are those that were asked for, with id and schemas [S7644-3.9-a S7644-3.9-b S7644-3.4.2.5-a S7644-3.4.2.5-b]', async () => {
    expect(await keys('attributes=userName,title')).toEqual(['id', 'schemas', 'title', 'userName'])
  })

  it('are all but the excluded, and id and schemas always [S7644-3.9-c S7644-3.4.2.5-d]', async () => {
    const kept = await keys('excludedAttributes=title,emails,id,schemas')
    expect(kept).toEqual(
      Object.keys(ann)
        .filter((key) => !/^(title|emails)$/.test(key))
        .sort(),
    )
    expect(kept).toEqual(expect.arrayContaining(['id', 'schemas']))
  })

  it('are asked for by full names, of whatever case [S7644-3.4.2.5-c]', async () => {
    const asked = `${coreUser}:TITLE,name.givenname,${enterprise}:department`
    const { body } = await scim.get(`/Users/${ann.id}?attributes=${asked}`)
    expect(body).toEqual({
      schemas: ann.schemas,
      id: ann.id,
      title: 'Boss',
      name: { givenName: 'Ann' },
      [enterprise]: { department: 'Sales' },
    })
  })

  it('are excluded by full names [S7644-3.4.2.5-e]', async () => {
    const excluded = `${coreUser}:title,name.givenName,${enterprise}:department`
    const { body } = await scim.get(`/Users/${ann.id}?excludedAttributes=${excluded}`)
    expect(body).not.toHaveProperty('title')
    expect(body).toMatchObject({
      name: { familyName: 'Bloom' },
      [enterprise]: { employeeNumber: '7' },
    })
    expect(part(body, 'name')).not.toHaveProperty('givenName')
    expect(part(body, enterprise)).not.toHaveProperty('department')
  })
})

describe('a reference', () => {
  it('is an address below the base URI that answers with the resource [S7643-2.3.7-a S7643-2.3.7-b S7643-2.3.7-c S7643-2.3.7-d]', async () => {
    const inner = await scim.group('Inner')
    const group = await scim.group('Sales', [ann, inner])
    const members = list((await scim.get(`/Groups/${group.id}`)).body, 'members')
    expect(members.map((one) => [one['value'], one['$ref']]).sort()).toEqual(
      [
        [ann.id, `${baseUrl}/Users/${ann.id}`],
        [inner.id, `${baseUrl}/Groups/${inner.id}`],
      ].sort(),
    )
    for (const { $ref, value } of members) {
      expect((await scim.get(new URL(String($ref), `${baseUrl}/`).href)).body['id']).toBe(value)
    }
  })

  it('stands for a member, with a version before it or without [S7643-2.4-e]', async () => {
    const root = baseUrl.replace(/\/v2$/, '')
    for (const $ref of [`${baseUrl}/Users/${ann.id}`, `${root}/Users/${ann.id}`]) {
      const group = await scim.group($ref, [], { members: [{ $ref }] })
      const { body } = await scim.get(`/Groups/${group.id}`)
      expect(list(body, 'members').map((one) => one['value'])).toEqual([ann.id])
    }
  })

  it('of a user leads to the direct groups, by id [S7643-4.1.2-j S7643-4.1.2-k]', async () => {
    const group = await scim.group('Sales', [ann])
    const { body } = await scim.get(`/Users/${ann.id}`)
    expect(body['groups']).toEqual([
      {
        value: group.id,
        $ref: `${baseUrl}/Groups/${group.id}`,
        display: 'Sales',
        type: 'direct',
      },
    ])
  })

  it('to a manager has the id [S7643-4.3-a]', async () => {
    const bob = await scim.user('bob@contoso.example', {
      [enterprise]: { manager: { value: ann.id } },
    })
    expect(part(bob, enterprise, 'manager')['value']).toBe(ann.id)
  })
})

describe('groups of a user', () => {
  it('change through the group only [S7643-4.1.2-l]', async () => {
    const group = await scim.group('Sales', [ann])
    await scim.put(`/Users/${ann.id}`, userOf('ann@contoso.example', { groups: [] }))
    expect((await scim.get(`/Users/${ann.id}`)).body['groups']).toHaveLength(1)
    await scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path: 'members' }])
    expect((await scim.get(`/Users/${ann.id}`)).body).not.toHaveProperty('groups')
  })
})

describe('multi-valued attributes', () => {
  it('are lists of objects with their sub-attributes [S7643-2.4-a S7643-2.4-b]', async () => {
    const phone = { value: '+43 1 234', type: 'mobile', display: 'Mobile', primary: true }
    const bob = await scim.user('bob@contoso.example', { phoneNumbers: [phone] })
    expect(bob['phoneNumbers']).toEqual([phone])
  })

  it('have one primary value at most, and none that did not say so [S7643-2.4-c S7643-2.4-d]', async () => {
    const bob = await scim.user('bob@contoso.example', {
      emails: [
        { value: 'a@contoso.example', type: 'work', primary: true },
        { value: 'b@contoso.example', type: 'home', primary: true },
        { value: 'c@contoso.example', type: 'other' },
      ],
    })
    expect(list(bob, 'emails').filter((one) => one['primary'] === true)).toHaveLength(1)
    const found = await scim.list('Users', {
      filter: 'emails[value eq "c@contoso.example" and primary eq true]',
    })
    expect(found.found).toEqual([])
  })

  it('have no pair of type and value twice [S7643-2.4-g]', async () => {
    const email = { value: 'b@contoso.example', type: 'work' }
    const bob = await scim.user('bob@contoso.example', {
      emails: [email, email, { ...email, type: 'home' }],
    })
    expect(bob['emails']).toEqual([email, { ...email, type: 'home' }])
  })

  it('keep certificates in base64 as they came [S7643-2.3.6-a S7643-4.1.2-m]', async () => {
    const x509Certificates = [{ value: 'MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQA=' }]
    const bob = await scim.user('bob@contoso.example', { x509Certificates })
    expect(bob['x509Certificates']).toEqual(x509Certificates)
  })

  it('that are null, empty or absent are the same [S7643-2.5-a]', async () => {
    const absent = Object.keys(await scim.user('b1@contoso.example'))
    const nulls = await scim.user('b2@contoso.example', { emails: null, title: null })
    const empty = await scim.user('b3@contoso.example', { emails: [] })
    expect([Object.keys(nulls), Object.keys(empty)]).toEqual([absent, absent])
    const put = userOf('ann@contoso.example', { emails: [], title: null })
    expect((await scim.put(`/Users/${ann.id}`, put)).body).not.toHaveProperty('emails')
    expect((await scim.list('Users', { filter: 'title pr or emails pr' })).found).toEqual([])
  })
})
