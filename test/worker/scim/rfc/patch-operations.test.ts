import { beforeEach, describe, expect, it } from 'vitest'
import {
  enterprise,
  type Json,
  list,
  part,
  type Resource,
  type RfcWorld,
  rfcWorld,
} from './rfc-world.ts'

const work = { value: 'ann@work.example', type: 'work' }
const home = { value: 'ann@home.example', type: 'home' }
const address = { type: 'work', streetAddress: 'Main 1', locality: 'Linz', country: 'AT' }

let scim: RfcWorld
let ann: Resource
beforeEach(async () => {
  scim = await rfcWorld()
  ann = await scim.user('ann@contoso.example', {
    title: 'Boss',
    name: { givenName: 'Ann', familyName: 'Bloom' },
    emails: [work, home],
    addresses: [address],
  })
})

const patch = (...operations: readonly Json[]) => scim.patch(`/Users/${ann.id}`, operations)
const read = async () => (await scim.get(`/Users/${ann.id}`)).body

describe('add', () => {
  it('needs a value [S7644-3.5.2.1-a]', async () => {
    const { status, body } = await patch({ op: 'add', path: 'title' })
    expect([status, body['scimType']]).toEqual([400, 'invalidValue'])
  })

  it('adds sub-attributes, values, and whole sets without a path [S7644-3.5.2.1-b]', async () => {
    const other = { value: 'ann@other.example', type: 'other' }
    await patch(
      { op: 'add', path: 'name', value: { middleName: 'M' } },
      { op: 'add', path: 'emails', value: [other] },
      { op: 'add', value: { nickName: 'Annie', title: 'Chief' } },
    )
    expect(await read()).toMatchObject({
      name: { givenName: 'Ann', familyName: 'Bloom', middleName: 'M' },
      emails: [work, home, other],
      nickName: 'Annie',
      title: 'Chief',
    })
  })

  it('of what is there already is a success that changes nothing [S7644-3.5.2.1-c S7644-3.5.2.1-d S7644-3.5.2.1-e]', async () => {
    scim.clock.ms += 60_000
    const { status } = await patch(
      { op: 'add', path: 'title', value: 'Boss' },
      { op: 'add', path: 'emails', value: [home] },
    )
    expect([200, 204]).toContain(status)
    expect(await read()).toEqual(ann)
    const group = await scim.group('Sales', [ann])
    scim.clock.ms += 60_000
    const again = [{ op: 'add', path: 'members', value: [{ value: ann.id }] }]
    expect([200, 204]).toContain((await scim.patch(`/Groups/${group.id}`, again)).status)
    const { body } = await scim.get(`/Groups/${group.id}`)
    expect(body['meta']).toEqual(group['meta'])
  })
})

describe('remove', () => {
  it('leaves single values and whole lists unassigned [S7644-3.5.2.2-a S7644-3.5.2.2-b]', async () => {
    await patch({ op: 'remove', path: 'title' }, { op: 'remove', path: 'emails' })
    const user = await read()
    expect([user['title'], user['emails']]).toEqual([undefined, undefined])
    expect((await scim.list('Users', { filter: 'title pr or emails pr' })).found).toEqual([])
  })

  it('takes out what a filter selects, to the last record [S7644-3.5.2.2-c S7644-3.5.2.2-e]', async () => {
    await patch({ op: 'remove', path: 'emails[type eq "work" and value ew "work.example"]' })
    expect((await read())['emails']).toEqual([home])
    await patch({ op: 'remove', path: 'emails[value eq "ann@home.example"]' })
    expect(await read()).not.toHaveProperty('emails')
  })

  it('takes out sub-attributes [S7644-3.5.2.2-d]', async () => {
    await patch(
      { op: 'remove', path: 'name.givenName' },
      { op: 'remove', path: 'addresses[type eq "work"].locality' },
    )
    const user = await read()
    expect(user['name']).toEqual({ familyName: 'Bloom' })
    expect(list(user, 'addresses')[0]).not.toHaveProperty('locality')
  })

  it('refuses to take out what is required or read-only [S7644-3.5.2.2-f]', async () => {
    const group = await scim.group('Sales')
    const refused = [
      await patch({ op: 'remove', path: 'userName' }),
      await patch({ op: 'remove', path: 'id' }),
      await patch({ op: 'remove', path: 'meta' }),
      await scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path: 'displayName' }]),
    ]
    for (const { status, body } of refused) {
      expect([status, body['scimType']]).toEqual([400, 'mutability'])
    }
    expect(await read()).toEqual(ann)
  })

  it('takes out members of a group, and those that are not in it [S7644-3.5.2.2-c]', async () => {
    const bob = await scim.user('bob@contoso.example')
    const group = await scim.group('Sales', [ann])
    const remove = (one: Resource) => [{ op: 'remove', path: `members[value eq "${one.id}"]` }]
    expect([200, 204]).toContain((await scim.patch(`/Groups/${group.id}`, remove(bob))).status)
    expect(list((await scim.get(`/Groups/${group.id}`)).body, 'members')).toHaveLength(1)
    await scim.patch(`/Groups/${group.id}`, remove(ann))
    expect(list((await scim.get(`/Groups/${group.id}`)).body, 'members')).toEqual([])
  })
})

describe('replace', () => {
  it('without a path replaces the attributes in its value [S7644-3.5.2.3-a]', async () => {
    const emails = [{ value: 'new@contoso.example', type: 'work' }]
    await patch({ op: 'replace', value: { title: 'Chief', emails } })
    expect(await read()).toMatchObject({ title: 'Chief', emails, name: ann['name'] })
  })

  it('adds what does not exist [S7644-3.5.2.3-b]', async () => {
    await patch(
      { op: 'replace', path: 'nickName', value: 'Annie' },
      { op: 'replace', path: `${enterprise}:department`, value: 'Sales' },
    )
    expect(await read()).toMatchObject({
      nickName: 'Annie',
      [enterprise]: { department: 'Sales' },
    })
  })

  it('changes only the sub-attributes that it names [S7644-3.5.2.3-c]', async () => {
    await patch({ op: 'replace', path: 'name', value: { givenName: 'Anna' } })
    expect(part(await read(), 'name')).toEqual({ givenName: 'Anna', familyName: 'Bloom' })
  })

  it('changes every value that a filter selects [S7644-3.5.2.3-d]', async () => {
    await patch(
      { op: 'replace', path: 'addresses[type eq "work"].streetAddress', value: 'Side 2' },
      { op: 'replace', path: 'emails[value ew ".example"].type', value: 'other' },
    )
    const user = await read()
    expect(user['addresses']).toEqual([{ ...address, streetAddress: 'Side 2' }])
    expect(list(user, 'emails').map((one) => one['type'])).toEqual(['other', 'other'])
  })

  it('of a whole value that a filter selects replaces it [S7644-3.5.2.3-d]', async () => {
    const next = { type: 'work', streetAddress: 'New 3', country: 'DE' }
    await patch({ op: 'replace', path: 'addresses[type eq "work"]', value: next })
    expect((await read())['addresses']).toEqual([next])
  })

  it('of what a filter does not select is refused [S7644-3.5.2.3-e]', async () => {
    const path = 'emails[value eq "nobody@contoso.example"]'
    const { status, body } = await patch({ op: 'replace', path, value: { type: 'other' } })
    expect([status, body['scimType']]).toEqual([400, 'noTarget'])
    expect(await read()).toEqual(ann)
  })

  it('sets the members of a group [S7644-3.5.2.3-b]', async () => {
    const bob = await scim.user('bob@contoso.example')
    const group = await scim.group('Sales', [ann])
    await scim.patch(`/Groups/${group.id}`, [
      { op: 'replace', path: 'members', value: [{ value: bob.id }] },
    ])
    const { body } = await scim.get(`/Groups/${group.id}`)
    expect(list(body, 'members').map((one) => one['value'])).toEqual([bob.id])
  })
})
