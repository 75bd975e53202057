import { beforeEach, describe, expect, it } from 'vitest'
import { settingsWith } from './support.ts'
import { openTenantWorld, type TenantWorld } from './tenant-world.ts'

const adele = 'AdeleV@contoso.com'
const adeleId = 'a0000000-0000-4000-8000-000000000001'
let world: TenantWorld
let id: string

/** The tenant's own values of what the profile has from it. */
async function tenantProfile(user = adele): Promise<Record<string, unknown>> {
  const { userPrincipalName, jobTitle, department, managerId, mobilePhone } = await world.user(user)
  const all = {
    userName: userPrincipalName,
    title: jobTitle,
    department,
    manager: managerId,
    mobile: mobilePhone,
  }
  return Object.fromEntries(
    Object.entries(all).filter(
      ([, value]) => value !== null && value !== undefined && value !== '',
    ),
  )
}

const profile = () => world.person(id).profile
const kinds = (drift: readonly { readonly kind: string }[]) => drift.map(({ kind }) => kind)

beforeEach(async () => {
  world = await openTenantWorld()
  const { jobTitle, department } = await world.user(adele)
  id = world.provision(adele, {
    values: { title: String(jobTitle), department: String(department) },
  })
  world.later(40)
  await world.reconcile()
})

describe('the profile is equal to the tenant after', () => {
  it('the first read, which binds by name', async () => {
    expect(world.person(id).identityKey).toContain(adeleId)
    expect(profile()).toEqual(await tenantProfile())
  })

  it('a cleared department', async () => {
    await world.edit(adele, { department: null })
    world.later(15)
    const { drift } = await world.reconcile()
    expect(kinds(drift)).toContain('attribute_cleared')
    expect(profile()).not.toHaveProperty('department')
    expect(profile()).toEqual(await tenantProfile())
  })

  it('a cleared manager', async () => {
    expect(profile()).toHaveProperty('manager')
    await world.edit(adele, { managerId: null })
    world.later(15)
    await world.reconcile()
    expect(profile()).not.toHaveProperty('manager')
    expect(profile()).toEqual(await tenantProfile())
  })

  it('a rename', async () => {
    await world.edit(adele, { userPrincipalName: 'Adele.Vance@contoso.com' })
    world.later(15)
    await world.reconcile()
    expect(profile()).toEqual(await tenantProfile('Adele.Vance@contoso.com'))
    // The name that SCIM reads is SCIM's own to change.
    expect(world.person(id).userName).toBe(adele)
  })

  it('a change of the mapping', async () => {
    world.remap({ title: { graph: ['department'] } })
    await world.reconcile({ full: true })
    const { department } = await world.user(adele)
    expect(profile()).toMatchObject({ title: department, department })
  })

  it('a fresh PATCH against a stale page', async () => {
    world.afterAnswer = async (url) => {
      if (!url.includes('/users/delta')) return
      world.afterAnswer = async () => {}
      // The page is on its way when the tenant changes and SCIM tells of it.
      world.later(1)
      await world.edit(adele, { jobTitle: 'Chief' })
      world.patch(id, { values: { title: 'Chief' } })
    }
    await world.reconcile({ full: true })
    expect(profile()['title']).toBe('Chief')
    world.later(15)
    await world.reconcile()
    expect(profile()).toEqual(await tenantProfile())
  })

  it('a fresh page against a stale PATCH', async () => {
    await world.edit(adele, { jobTitle: 'Chief' })
    world.later(15)
    await world.reconcile()
    // SCIM delivers what it read before.
    world.later(1)
    world.patch(id, { values: { title: 'Deputy' } })
    expect(profile()['title']).toBe('Deputy')
    world.later(61)
    await world.reconcile({ full: true })
    expect(profile()).toEqual(await tenantProfile())
  })

  it('a resync, when the link has ended', async () => {
    await world.edit(adele, { department: null })
    await world.call('POST', '/graph/expire-links')
    world.later(15)
    await world.reconcile()
    expect(profile()).toEqual(await tenantProfile())
  })
})

describe('who may sign in', () => {
  it('is denied when disabled, and let in when enabled again', async () => {
    await world.edit(adele, { accountEnabled: false })
    world.later(15)
    expect(kinds((await world.reconcile()).drift)).toEqual(['person_disabled'])
    expect(world.person(id).active).toBe(false)
    await world.edit(adele, { accountEnabled: true })
    world.later(15)
    await world.reconcile()
    expect(world.person(id)).toMatchObject({ active: true, eraseAt: null })
  })

  it('is denied when unassigned, under retention when then deleted, and back when restored', async () => {
    await world.call('DELETE', `/groups/All%20Contoso/members/${adele}`)
    world.later(15)
    expect(kinds((await world.reconcile()).drift)).toEqual(['person_unassigned'])
    expect(world.person(id)).toMatchObject({ active: false, eraseAt: null })
    await world.call('DELETE', `/users/${adele}`)
    world.later(15)
    expect(kinds((await world.reconcile()).drift)).toEqual(['person_deleted'])
    expect(world.person(id).eraseAt).not.toBeNull()
    await world.call('POST', `/deleted-users/${adeleId}/restore`)
    world.later(15)
    await world.reconcile()
    expect(world.person(id).eraseAt).toBeNull()
    await world.call('POST', '/groups/All%20Contoso/members', { member: adele })
    world.later(15)
    await world.reconcile()
    expect(world.person(id).active).toBe(true)
    expect(profile()).toEqual(await tenantProfile())
  })

  it('is denied when deleted for ever between two full reads', async () => {
    await world.call('DELETE', `/users/${adele}`)
    await world.call('DELETE', `/deleted-users/${adeleId}`)
    world.later(15)
    await world.reconcile({ full: true })
    expect(world.person(id)).toMatchObject({ active: false, deniedByGraph: true })
  })

  it('stays blocked by hand, and inactive by SCIM, whatever Graph says', async () => {
    world.block(id)
    world.patch(id, { active: false })
    await world.reconcile({ full: true })
    expect(world.person(id)).toMatchObject({ active: false, deniedByGraph: false })
  })

  it('is not denied for an assignment that SCIM knows of and the read did not see yet', async () => {
    await world.call('DELETE', `/groups/All%20Contoso/members/${adele}`)
    world.later(15)
    world.afterAnswer = async (url) => {
      if (!url.includes('/members')) return
      world.afterAnswer = async () => {}
      world.later(1)
      await world.call('POST', '/groups/All%20Contoso/members', { member: adele })
      world.patch(id, { active: true })
    }
    expect((await world.reconcile()).drift).toEqual([])
    expect(world.person(id).active).toBe(true)
  })
})

describe('who is who', () => {
  it('does not change when another account gets the name', async () => {
    await world.edit(adele, { userPrincipalName: 'old@contoso.com' })
    await world.call('POST', '/users', {
      displayName: 'Adele Varga',
      userPrincipalName: adele,
      mailNickname: 'adele2',
    })
    await world.call('POST', '/groups/All%20Contoso/members', { member: adele })
    world.later(15)
    const { drift } = await world.reconcile()
    expect(kinds(drift)).toContain('duplicate_unlinked')
    expect(world.person(id).identityKey).toContain(adeleId)
    expect(profile()['userName']).toBe('old@contoso.com')
  })

  it('is never told of a guest by the name', async () => {
    const { items } = (await world.call('GET', '/users?limit=100')) as {
      items: readonly { userPrincipalName: string }[]
    }
    const guest = items.find(({ userPrincipalName }) => userPrincipalName.includes('#EXT#'))
    if (guest === undefined) throw new Error('no guest')
    const guestPerson = world.provision(guest.userPrincipalName)
    world.later(40)
    const { drift } = await world.reconcile({ full: true })
    expect(world.person(guestPerson).identityKey).toBeNull()
    expect(drift).toContainEqual(
      expect.objectContaining({ kind: 'duplicate_unlinked', held: { reason: 'guest' } }),
    )
  })

  it('is made of everybody assigned, where the policy says so', async () => {
    world.settings(settingsWith({ person_missing: 'repair' }))
    await world.reconcile({ full: true })
    // All Contoso without Delia, who is disabled.
    expect(world.people().filter(({ person }) => person.active)).toHaveLength(19)
    expect((await world.reconcile({ full: true })).writes).toEqual([])
  })
})

describe('a second run', () => {
  it.each([false, true])('writes nobody who is unchanged, full: %s', async (full) => {
    world.later(15)
    const { drift, writes } = await world.reconcile({ full })
    expect([writes, drift.filter(({ kind }) => kind !== 'person_missing')]).toEqual([[], []])
  })
})
