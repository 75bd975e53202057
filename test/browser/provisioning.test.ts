/** Entra's provisioning service, as the simulator imitates it, against Portico. */
import { describe, expect, it } from 'vitest'
import { joinProvisioned, newGroup, newPeople } from './support/provisioning.ts'
import { simulator } from './support/simulator.ts'
import { api, pick, places, sessionOf, useBrowsers, waitForProfile } from './support/world.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const openBrowser = useBrowsers()

describe.each([
  ['older', ''],
  ['newer', '?aadOptscim062020'],
])('in the %s dialect', (name, query) => {
  const settings = { tenantUrl: `${places.publicUrl}/scim/v2${query}` }

  it('people come with their values and their manager, change, leave and come back', async () => {
    const world = await joinProvisioned(`people-${name}`, settings)
    const [first, second] = await newPeople(2)
    if (first === undefined || second === undefined) throw new Error('nobody')
    await simulator('PATCH', `/users/${first.id}`, { managerId: second.id })
    for (const { id } of [first, second]) await world.assign(id)
    expect(await world.cycle()).toMatchObject({ kind: 'initial', created: 2 })
    const manager = await world.user(second.id)
    const made = await world.user(first.id)
    expect(made).toMatchObject({
      active: true,
      userName: first.userPrincipalName,
      [enterprise]: { department: 'Retail', manager: { value: manager?.id } },
    })
    const changed = { displayName: 'Another', mail: null, faxNumber: '+1 555 1', department: 'IT' }
    await simulator('PATCH', `/users/${first.id}`, { ...changed, managerId: null, city: 'Reims' })
    expect(await world.cycle()).toMatchObject({ updated: 1 })
    expect(await world.user(first.id)).toMatchObject({
      id: made?.id,
      displayName: 'Another',
      emails: [{ value: first.userPrincipalName }],
      phoneNumbers: [{ type: 'fax', value: '+1 555 1' }],
      addresses: [{ type: 'work', locality: 'Reims' }],
    })
    expect((await world.user(first.id))?.[enterprise]).toEqual({ department: 'IT' })
    await world.unassign(first.id)
    expect(await world.cycle()).toMatchObject({ disabled: 1 })
    expect(await world.user(first.id)).toMatchObject({ id: made?.id, active: false })
    await world.assign(first.id)
    await world.cycle()
    expect(await world.user(first.id)).toMatchObject({ id: made?.id, active: true })
    await simulator('DELETE', `/users/${first.id}`)
    await world.cycle()
    expect(await world.user(first.id)).toMatchObject({ id: made?.id, active: false })
    await simulator('DELETE', `/deleted-users/${first.id}`)
    expect(await world.cycle()).toMatchObject({ deleted: 1 })
    expect(await world.scim(`/Users/${made?.id}`)).toBeNull()
  })

  it('groups come with their members, change and go', async () => {
    const world = await joinProvisioned(`groups-${name}`, { ...settings, checksReferences: true })
    const people = await newPeople(3)
    const [first] = people
    const group = await newGroup(people)
    await world.assign(group.id)
    expect(await world.cycle()).toMatchObject({ created: 4, membersAdded: 3 })
    expect(await world.group(group.id)).toMatchObject({ displayName: group.displayName })
    expect((await world.group(group.id))?.members).toHaveLength(3)
    await simulator('PATCH', `/groups/${group.id}`, { displayName: `${group.displayName} 2` })
    await simulator('DELETE', `/groups/${group.id}/members/${first?.id}`)
    expect(await world.cycle()).toMatchObject({ membersRemoved: 1, disabled: 1 })
    const after = await world.group(group.id)
    expect([after?.displayName, after?.members?.length]).toEqual([`${group.displayName} 2`, 2])
    await simulator('POST', `/groups/${group.id}/members`, { member: first?.id })
    expect(await world.cycle()).toMatchObject({ membersAdded: 1, created: 0 })
    await world.post('restart', { reset: 'full' })
    expect(await world.cycle()).toMatchObject({ kind: 'initial', created: 0, membersAdded: 0 })
    expect((await world.group(group.id))?.members).toHaveLength(3)
    await simulator('DELETE', `/groups/${group.id}`)
    expect(await world.cycle()).toMatchObject({ deleted: 1, disabled: 3 })
    expect(await world.group(group.id)).toBeNull()
  })
})

describe('ways to sign in to SCIM', () => {
  it('the connection test says what Entra would say', async () => {
    const world = await joinProvisioned('test')
    expect(await world.post('test-connection')).toEqual({ ok: true })
    await simulator('PUT', world.job, { credentials: { kind: 'token', token: 'wrong' } })
    expect(await world.post('test-connection')).toMatchObject({
      ok: false,
      code: 'SystemForCrossDomainIdentityManagementCredentialValidationFailure',
    })
  })

  it.each(['header', 'body', 'both'])('a client’s credentials in the %s', async (sentIn) => {
    const world = await joinProvisioned('client', {}, async ({ slug }) => {
      const client = await api.post<{ id: string; tokenUrl: string; secret: string }>(
        `/organizations/${slug}/scim-clients`,
        { name: 'Entra' },
      )
      const { id: clientId, tokenUrl, secret: clientSecret } = client
      return { kind: 'client-credentials', tokenUrl, clientId, clientSecret, sentIn }
    })
    expect(await world.post('test-connection')).toEqual({ ok: true })
  })

  it('an assertion that the tenant signs', async () => {
    const audience = 'api://e0000000-0000-4000-8000-0000000000b1'
    const tenant = await simulator<{
      readonly tenantId: string
      readonly provisioningService: { readonly objectId: string }
    }>('GET', '/tenant')
    const world = await joinProvisioned('federated', {}, async ({ slug }) => {
      const { id: clientId, tokenUrl } = await api.post<{ id: string; tokenUrl: string }>(
        `/organizations/${slug}/scim-clients`,
        {
          name: 'Entra',
          federation: {
            tenantId: tenant.tenantId,
            subject: tenant.provisioningService.objectId,
            audience,
          },
        },
      )
      return { kind: 'federated', tokenUrl, clientId, audience }
    })
    expect(await world.post('test-connection')).toEqual({ ok: true })
  })
})

describe('on demand', () => {
  it('one person, and one group with a member', async () => {
    const world = await joinProvisioned('demand')
    const [person] = await newPeople(1)
    const group = await newGroup(person === undefined ? [] : [person])
    await world.assign(group.id)
    const one = await world.post<{ result: string }>('on-demand', { user: person?.id })
    const both = await world.post<{ result: string }>('on-demand', {
      group: group.id,
      members: [person?.id],
    })
    expect([one.result, both.result]).toEqual(['Success', 'Success'])
    expect((await world.group(group.id))?.members).toHaveLength(1)
  })
})

describe('a person who came by SCIM', () => {
  it('signs in as the same person, and is out when Entra disables them', async () => {
    const world = await joinProvisioned('leaver')
    const [person] = await newPeople(1)
    await world.assign(person?.id ?? '')
    await world.cycle()
    const before = await world.user(person?.id ?? '')
    const page = await openBrowser()
    await page.goto(world.connection.loginUrl)
    await pick(page, person?.displayName ?? '')
    await waitForProfile(page, person?.displayName ?? '')
    const { items } = await api
      .get<{ items: { id: string }[] }>(`/organizations/${world.slug}/users`)
      .then((found) => found ?? { items: [] })
    expect(items.map(({ id }) => id)).toEqual([before?.id])
    expect((await sessionOf(page)).status).toBe(200)
    await simulator('PATCH', `/users/${person?.id}`, { accountEnabled: false })
    expect(await world.cycle()).toMatchObject({ disabled: 1 })
    expect((await sessionOf(page)).status).toBe(401)
  })
})
