import { describe, expect, it } from 'vitest'
import { type GraphWorld, startGraph } from './graph-world.ts'
import { adele, openBrowser } from './simulator.ts'

const extension = 'extension_0123456789abcdef0123456789abcdef_badge'
const select = 'id,userPrincipalName,department,accountEnabled,manager,businessPhones'
const first = `/users/delta?$select=${select}`
const patti = 'a0000000-0000-4000-8000-000000000005'
/** Nobody's manager. */
const lynne = 'a0000000-0000-4000-8000-000000000004'
const alex = 'a0000000-0000-4000-8000-000000000002'
const userType = '#microsoft.graph.user'

const patch = ({ call }: GraphWorld, body: unknown, user = adele) =>
  call('PATCH', `/users/${user}`, body)

describe('a full read of users', () => {
  it('has everybody once, page by page, and only what was selected', async () => {
    const { round, set } = await startGraph()
    await set({ deltaPageSize: 4 })
    const { objects, pages } = await round(first)
    expect([objects.length, pages]).toEqual([21, 6])
    expect(new Set(objects.map(({ id }) => id)).size).toBe(21)
    const known = new Set([...select.split(','), 'manager@delta'])
    expect(objects.flatMap(Object.keys).filter((name) => !known.has(name))).toEqual([])
    expect(objects.find(({ id }) => id === adele)).toEqual({
      id: adele,
      userPrincipalName: 'AdeleV@contoso.com',
      department: 'Retail',
      accountEnabled: true,
      businessPhones: [expect.any(String)],
      'manager@delta': [{ '@odata.type': userType, id: expect.any(String) }],
    })
  })

  it('leaves out what is empty, and who is deleted', async () => {
    const world = await startGraph()
    await patch(world, { department: null, businessPhones: [], managerId: null })
    await world.call('DELETE', `/users/${alex}`)
    const { objects } = await world.round(first)
    expect(objects).toHaveLength(20)
    expect(objects.find(({ id }) => id === adele)).toEqual({
      id: adele,
      userPrincipalName: 'AdeleV@contoso.com',
      accountEnabled: true,
      businessPhones: [],
    })
  })

  it('shows the properties of a list without a $select', async () => {
    const { get } = await startGraph()
    const { json } = await get('/users/delta')
    expect(json.value.find(({ id }) => id === adele)).toMatchObject({ givenName: 'Adele' })
    expect(json.value.some((user) => 'department' in user)).toBe(false)
  })

  it('shows extension attributes, organization data and directory extensions', async () => {
    const world = await startGraph()
    await patch(world, {
      employeeOrgData: { division: 'West' },
      extensionAttributes: { extensionAttribute2: 'CC1', [extension]: 7 },
    })
    const { objects } = await world.round(
      `/users/delta?$select=id,employeeOrgData,onPremisesExtensionAttributes,${extension}`,
    )
    expect(objects.find(({ id }) => id === adele)).toEqual({
      id: adele,
      employeeOrgData: { division: 'West', costCenter: null },
      onPremisesExtensionAttributes: expect.objectContaining({
        extensionAttribute1: null,
        extensionAttribute2: 'CC1',
        extensionAttribute15: null,
      }),
      [extension]: 7,
    })
    expect(objects.find(({ id }) => id === alex)).toEqual({ id: alex })
  })

  it('reads only those of a filter', async () => {
    const { get, round } = await startGraph()
    const path = `${first}&$filter=${encodeURIComponent(`id eq '${adele}' or id eq '${patti}'`)}`
    expect((await round(path)).objects.map(({ id }) => id)).toEqual([adele, patti])
    const many = Array.from({ length: 51 }, () => `id eq '${adele}'`).join(' or ')
    for (const filter of ["department eq 'x'", `id eq '${adele}' and id eq 'x'`, many]) {
      const answer = await get(`/users/delta?$filter=${encodeURIComponent(filter)}`)
      expect(answer.status).toBe(400)
    }
  })
})

describe('the next round', () => {
  async function startRound(path = first, headers: Record<string, string> = {}) {
    const world = await startGraph()
    const { deltaLink } = await world.round(path, headers)
    return { ...world, deltaLink }
  }

  it('is empty when nothing changed, and its link is good again', async () => {
    const { round, deltaLink } = await startRound()
    const second = await round(deltaLink)
    expect(second.objects).toEqual([])
    expect((await round(second.deltaLink)).objects).toEqual([])
  })

  it('shows what the page of a user changed, cleared values as null', async () => {
    const world = await startRound()
    const { simulator, round, deltaLink } = world
    const browser = openBrowser(simulator)
    await browser.post(`/users/${adele}`, {
      displayName: 'Adele Vance',
      department: '',
      userType: 'Member',
      authentication: 'password',
    })
    const { objects, deltaLink: next } = await round(deltaLink)
    expect(objects).toEqual([
      {
        id: adele,
        userPrincipalName: 'AdeleV@contoso.com',
        department: null,
        accountEnabled: true,
        businessPhones: [],
        'manager@delta': [
          { '@odata.type': userType, id: expect.any(String), '@removed': { reason: 'deleted' } },
        ],
      },
    ])
    await browser.post(`/users/${adele}/access`, { account: 'switch' })
    const disabled = (await round(next)).objects
    expect(disabled).toMatchObject([{ id: adele, accountEnabled: false, department: null }])
    expect(disabled[0]).not.toHaveProperty('manager@delta')
  })

  it('tells of selected properties only, and of memberships and assignments not at all', async () => {
    const world = await startRound()
    await patch(world, { jobTitle: 'New' })
    await world.call('POST', '/groups/Legal/members', { member: adele })
    await patch(world, { department: 'Retail' })
    expect((await world.round(world.deltaLink)).objects).toEqual([])
  })

  it('never shows null for what was never set', async () => {
    const world = await startRound('/users/delta?$select=id,department,employeeType,faxNumber')
    await patch(world, { department: 'Ops', faxNumber: '1' })
    await patch(world, { faxNumber: null })
    const { objects } = await world.round(world.deltaLink)
    expect(objects).toEqual([{ id: adele, department: 'Ops', faxNumber: null }])
  })

  it('shows changes alone with return=minimal', async () => {
    const headers = { prefer: 'return=minimal' }
    const world = await startRound(first, headers)
    expect((await world.get(first, headers)).headers.get('preference-applied')).toBe(
      'return=minimal',
    )
    await patch(world, { department: null })
    const second = await world.round(world.deltaLink)
    expect(second.objects).toEqual([{ id: adele, department: null }])
    await patch(world, { managerId: alex })
    expect((await world.round(second.deltaLink)).objects).toEqual([
      {
        id: adele,
        'manager@delta': [
          { '@odata.type': userType, id: alex },
          { '@odata.type': userType, id: expect.any(String), '@removed': { reason: 'deleted' } },
        ],
      },
    ])
  })

  it('shows cleared extensions as null', async () => {
    const path = `/users/delta?$select=id,employeeOrgData,onPremisesExtensionAttributes,${extension}`
    const world = await startGraph()
    await patch(world, {
      employeeOrgData: { costCenter: '7' },
      extensionAttributes: { extensionAttribute2: 'CC1', [extension]: true },
    })
    const { deltaLink } = await world.round(path)
    await patch(world, { employeeOrgData: null, extensionAttributes: {} })
    const [shown] = (await world.round(deltaLink)).objects
    expect(shown).toMatchObject({ employeeOrgData: null, [extension]: null })
    expect(shown?.['onPremisesExtensionAttributes']).toMatchObject({ extensionAttribute2: null })
  })

  it('follows somebody through deletion, restoring and deletion for ever', async () => {
    const world = await startRound()
    const { call, round } = world
    await call('DELETE', `/users/${lynne}`)
    const gone = await round(world.deltaLink)
    expect(gone.objects).toEqual([{ id: lynne, '@removed': { reason: 'changed' } }])
    await call('POST', `/deleted-users/${lynne}/restore`)
    const back = await round(gone.deltaLink)
    expect(back.objects).toMatchObject([
      {
        id: lynne,
        userPrincipalName: 'LynneR@contoso.com',
        'manager@delta': [{ '@odata.type': userType }],
      },
    ])
    await call('DELETE', `/users/${lynne}`)
    await call('DELETE', `/deleted-users/${lynne}`)
    const purged = await round(back.deltaLink)
    expect(purged.objects).toEqual([{ id: lynne, '@removed': { reason: 'deleted' } }])
    // An old link tells of everything since: the last state alone.
    expect((await round(world.deltaLink)).objects).toEqual(purged.objects)
  })

  it('tells the people of a manager who goes, and comes back', async () => {
    const world = await startRound('/users/delta?$select=id,manager', { prefer: 'return=minimal' })
    const { call, round } = world
    const { managerId } = await call('GET', `/users/${adele}`)
    await call('DELETE', `/users/${managerId}`)
    const gone = await round(world.deltaLink)
    const manager = { '@odata.type': userType, id: managerId }
    expect(gone.objects).toContainEqual({ id: managerId, '@removed': { reason: 'changed' } })
    expect(gone.objects).toContainEqual({
      id: adele,
      'manager@delta': [{ ...manager, '@removed': { reason: 'deleted' } }],
    })
    await call('POST', `/deleted-users/${managerId}/restore`)
    const back = await round(gone.deltaLink)
    expect(back.objects).toContainEqual({ id: adele, 'manager@delta': [manager] })
    const { objects } = await round('/users/delta?$select=id,manager')
    expect(objects).toContainEqual({ id: adele, 'manager@delta': [manager] })
  })

  it('shows who came whole, and a UPN that another object has now', async () => {
    const world = await startRound(first, { prefer: 'return=minimal' })
    await world.call('DELETE', `/users/${lynne}`)
    const made = await world.call('POST', '/users', {
      displayName: 'Lynne Robbins',
      userPrincipalName: 'LynneR@contoso.com',
    })
    expect((await world.round(world.deltaLink)).objects).toEqual([
      { id: lynne, '@removed': { reason: 'changed' } },
      {
        id: made.id,
        userPrincipalName: 'LynneR@contoso.com',
        accountEnabled: true,
        businessPhones: [],
      },
    ])
  })

  it('keeps what changes while pages are read for the round after', async () => {
    const world = await startRound()
    await world.set({ deltaPageSize: 1 })
    await patch(world, { department: 'A' })
    await patch(world, { department: 'A' }, alex)
    const one = await world.get(world.deltaLink)
    await patch(world, { department: 'B' })
    const rest = await world.round(String(one.json['@odata.nextLink']))
    expect([one.json.value, rest.objects].flat().map(({ id }) => id)).toEqual([adele, alex])
    const after = await world.round(rest.deltaLink)
    expect(after.objects).toMatchObject([{ id: adele, department: 'B' }])
  })

  it('misses nobody who changes during a full read', async () => {
    const world = await startGraph()
    await world.set({ deltaPageSize: 5 })
    const one = await world.get(first)
    await patch(world, { department: 'Changed' })
    const rest = await world.round(String(one.json['@odata.nextLink']))
    expect((await world.round(rest.deltaLink)).objects).toMatchObject([{ department: 'Changed' }])
  })

  it('begins now with $deltatoken=latest', async () => {
    const world = await startGraph()
    const { objects, deltaLink, pages } = await world.round(`${first}&$deltatoken=latest`)
    expect([objects, pages]).toEqual([[], 1])
    await patch(world, { department: 'X' })
    expect((await world.round(deltaLink)).objects).toMatchObject([{ id: adele, department: 'X' }])
  })

  it('outlives a reset of the tenant: everybody is there again', async () => {
    const world = await startRound()
    await world.call('POST', '/reset', { keepApps: true })
    expect((await world.round(world.deltaLink)).objects).toHaveLength(21)
  })
})

describe('a link', () => {
  it.each([
    ['$expand=manager', 400],
    ['$top=5', 400],
    ['$orderby=displayName', 400],
    ['$search=x', 400],
    ['$select=nonsense', 400],
    ['$select=skills', 501],
    ['$skiptoken=nonsense', 400],
  ])('refuses %s', async (option, status) => {
    const { get } = await startGraph()
    expect((await get(`/users/delta?${option}`)).status).toBe(status)
  })

  it('has its options in it, and refuses others', async () => {
    const { get, round } = await startGraph()
    const { deltaLink } = await round(first)
    expect(deltaLink).toMatch(/\/v1\.0\/users\/delta\?\$deltatoken=[^&]{600,}$/)
    expect((await get(`${deltaLink}&$select=id`)).status).toBe(400)
  })

  it.each(['syncStateNotFound', 'resyncRequired'])('ends after seven days: %s', async (code) => {
    const { get, round, set, simulator, renew } = await startGraph()
    await set({ expiredDelta: code })
    const { deltaLink } = await round(first)
    simulator.time.nowMs += 7 * 86_400_000 - 1
    await renew()
    expect((await get(deltaLink)).status).toBe(200)
    simulator.time.nowMs += 1
    const { status, json } = await get(deltaLink)
    expect([status, json.error.code]).toEqual([400, code])
  })

  it('ends on demand with 410 and an address to begin anew, in the middle of a read, too', async () => {
    const { call, get, round, set } = await startGraph()
    await set({ deltaPageSize: 5 })
    const nextLink = String((await get(first)).json['@odata.nextLink'])
    await call('POST', '/graph/expire-links')
    const { status, headers, json } = await get(nextLink)
    expect([status, json.error.code]).toEqual([410, 'resyncRequired'])
    const location = headers.get('location') ?? ''
    expect(location).toMatch(/users\/delta\?\$select=id,userPrincipalName,.*&\$deltatoken=$/)
    expect((await round(location)).objects).toHaveLength(21)
  })
})
