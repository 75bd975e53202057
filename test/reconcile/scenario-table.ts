/**
 * What happens in a tenant and between it and SCIM, and what a run must make of it. Tried on the plan alone, in
 * memory, and on the whole engine in workerd: whoever opens a world says what a run is.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Policies } from '../../src/reconcile/index.ts'
import type { Values } from './support.ts'

export type ScimWish = { readonly values?: Values; readonly active?: boolean }

export type Outcome = {
  readonly drift: readonly { readonly kind: string; readonly held: unknown }[]
  /** People who were written. */
  readonly changed: number
}

export type ScenarioWorld = {
  /** What happens between an answer of Graph and its being used. */
  afterAnswer: (url: string) => Promise<void>
  later(minutes: number): void
  /** A call of the simulator's API. */
  call(method: string, path: string, body?: unknown): Promise<unknown>
  policies(policies: Partial<Policies>): Promise<void>
  remap(rules: Readonly<Record<string, { readonly graph: readonly string[] }>>): Promise<void>
  /** SCIM makes a person; attributes by the keys of the profile. @returns the id */
  provision(userName: string, wish?: ScimWish): Promise<string>
  patch(id: string, wish: ScimWish): Promise<void>
  block(id: string): Promise<void>
  person(id: string): Promise<{
    readonly userName: string
    readonly active: boolean
    readonly deniedByGraph: boolean
    readonly eraseAt: number | null
    readonly identityKey: string | null
    readonly profile: Readonly<Record<string, unknown>>
  }>
  activePeople(): Promise<number>
  /** SCIM makes a group of the tenant's, with some of the people. @returns the id */
  provisionGroup(objectId: string, memberIds: readonly string[]): Promise<string>
  /** Ids of the people in a group. */
  members(groupId: string): Promise<readonly string[]>
  reconcile(options?: { readonly full?: boolean }): Promise<Outcome>
}

const adele = 'AdeleV@contoso.com'
const adeleId = 'a0000000-0000-4000-8000-000000000001'

const keys = ['userName', 'title', 'department', 'manager', 'mobile']

/** What the scenarios speak of; a world may have more. */
function pick(profile: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(profile).filter(([key]) => keys.includes(key)))
}

/** Declares every scenario for worlds of one kind. */
export function describeScenarios(open: () => Promise<ScenarioWorld>): void {
  let world: ScenarioWorld
  let id: string

  /** A user of the tenant as its API has them. */
  const userOf = async (user: string) =>
    (await world.call('GET', `/users/${user}`)) as Record<string, unknown>
  const edit = (user: string, values: object) => world.call('PATCH', `/users/${user}`, values)

  /** The tenant's own values of what the profile has from it. */
  async function tenantProfile(user = adele): Promise<Record<string, unknown>> {
    const { userPrincipalName, jobTitle, department, managerId, mobilePhone } = await userOf(user)
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

  const profile = async () => pick((await world.person(id)).profile)
  const kinds = (drift: readonly { readonly kind: string }[]) => drift.map(({ kind }) => kind)

  beforeEach(async () => {
    world = await open()
    const { jobTitle, department } = await userOf(adele)
    id = await world.provision(adele, {
      values: { title: String(jobTitle), department: String(department) },
    })
    world.later(40)
    await world.reconcile()
  })

  describe('the profile is equal to the tenant after', () => {
    it('the first read, which binds by name', async () => {
      expect((await world.person(id)).identityKey).toContain(adeleId)
      expect(await profile()).toEqual(await tenantProfile())
    })

    it('a cleared department', async () => {
      await edit(adele, { department: null })
      world.later(15)
      const { drift } = await world.reconcile()
      expect(kinds(drift)).toContain('attribute_cleared')
      expect(await profile()).not.toHaveProperty('department')
      expect(await profile()).toEqual(await tenantProfile())
    })

    it('a cleared manager', async () => {
      expect(await profile()).toHaveProperty('manager')
      await edit(adele, { managerId: null })
      world.later(15)
      await world.reconcile()
      expect(await profile()).not.toHaveProperty('manager')
      expect(await profile()).toEqual(await tenantProfile())
    })

    it('a rename', async () => {
      await edit(adele, { userPrincipalName: 'Adele.Vance@contoso.com' })
      world.later(15)
      await world.reconcile()
      expect(await profile()).toEqual(await tenantProfile('Adele.Vance@contoso.com'))
      // The name that SCIM reads is SCIM's own to change.
      expect((await world.person(id)).userName).toBe(adele)
    })

    it('a change of the mapping', async () => {
      await world.remap({ title: { graph: ['department'] } })
      await world.reconcile({ full: true })
      const { department } = await userOf(adele)
      expect(await profile()).toMatchObject({ title: department, department })
    })

    it('a fresh PATCH against a stale page', async () => {
      world.afterAnswer = async (url) => {
        if (!url.includes('/users/delta')) return
        world.afterAnswer = async () => {}
        // The page is on its way when the tenant changes and SCIM tells of it.
        world.later(1)
        await edit(adele, { jobTitle: 'Chief' })
        await world.patch(id, { values: { title: 'Chief' } })
      }
      await world.reconcile({ full: true })
      expect((await profile())['title']).toBe('Chief')
      world.later(15)
      await world.reconcile()
      expect(await profile()).toEqual(await tenantProfile())
    })

    it('a fresh page against a stale PATCH', async () => {
      await edit(adele, { jobTitle: 'Chief' })
      world.later(15)
      await world.reconcile()
      // SCIM delivers what it read before.
      world.later(1)
      await world.patch(id, { values: { title: 'Deputy' } })
      expect((await profile())['title']).toBe('Deputy')
      world.later(61)
      await world.reconcile({ full: true })
      expect(await profile()).toEqual(await tenantProfile())
    })

    it('a resync, when the link has ended', async () => {
      await edit(adele, { department: null })
      await world.call('POST', '/graph/expire-links')
      world.later(15)
      await world.reconcile()
      expect(await profile()).toEqual(await tenantProfile())
    })
  })

  describe('who may sign in', () => {
    it('is denied when disabled, and let in when enabled again', async () => {
      await edit(adele, { accountEnabled: false })
      world.later(15)
      expect(kinds((await world.reconcile()).drift)).toEqual(['person_disabled'])
      expect((await world.person(id)).active).toBe(false)
      await edit(adele, { accountEnabled: true })
      world.later(15)
      await world.reconcile()
      expect(await world.person(id)).toMatchObject({ active: true, eraseAt: null })
    })

    it('is denied when unassigned, under retention when then deleted, and back when restored', async () => {
      await world.call('DELETE', `/groups/All%20Contoso/members/${adele}`)
      world.later(15)
      expect(kinds((await world.reconcile()).drift)).toEqual(['person_unassigned'])
      expect(await world.person(id)).toMatchObject({ active: false, eraseAt: null })
      await world.call('DELETE', `/users/${adele}`)
      world.later(15)
      expect(kinds((await world.reconcile()).drift)).toEqual(['person_deleted'])
      expect((await world.person(id)).eraseAt).not.toBeNull()
      await world.call('POST', `/deleted-users/${adeleId}/restore`)
      world.later(15)
      await world.reconcile()
      expect((await world.person(id)).eraseAt).toBeNull()
      await world.call('POST', '/groups/All%20Contoso/members', { member: adele })
      world.later(15)
      await world.reconcile()
      expect((await world.person(id)).active).toBe(true)
      expect(await profile()).toEqual(await tenantProfile())
    })

    it('is denied when deleted for ever between two full reads', async () => {
      await world.call('DELETE', `/users/${adele}`)
      await world.call('DELETE', `/deleted-users/${adeleId}`)
      world.later(15)
      await world.reconcile({ full: true })
      expect(await world.person(id)).toMatchObject({ active: false, deniedByGraph: true })
    })

    it('stays blocked by hand, and inactive by SCIM, whatever Graph says', async () => {
      await world.block(id)
      await world.patch(id, { active: false })
      await world.reconcile({ full: true })
      expect(await world.person(id)).toMatchObject({ active: false, deniedByGraph: false })
    })

    it('is not denied for an assignment that SCIM knows of and the read did not see yet', async () => {
      const raul = 'RaulR@contoso.com'
      let late = ''
      world.afterAnswer = async (url) => {
        if (!url.includes('/members')) return
        world.afterAnswer = async () => {}
        world.later(1)
        await world.call('POST', '/groups/All%20Contoso/members', { member: raul })
        late = await world.provision(raul)
      }
      await world.reconcile({ full: true })
      expect(await world.person(late)).toMatchObject({ active: true, deniedByGraph: false })
    })
  })

  describe('who is who', () => {
    it('does not change when another account gets the name', async () => {
      await edit(adele, { userPrincipalName: 'old@contoso.com' })
      await world.call('POST', '/users', {
        displayName: 'Adele Varga',
        userPrincipalName: adele,
        mailNickname: 'adele2',
      })
      await world.call('POST', '/groups/All%20Contoso/members', { member: adele })
      world.later(15)
      const { drift } = await world.reconcile()
      expect(kinds(drift)).toContain('duplicate_unlinked')
      expect((await world.person(id)).identityKey).toContain(adeleId)
      expect((await profile())['userName']).toBe('old@contoso.com')
    })

    it('is never told of a guest by the name', async () => {
      const { items } = (await world.call('GET', '/users?limit=100')) as {
        items: readonly { userPrincipalName: string }[]
      }
      const guest = items.find(({ userPrincipalName }) => userPrincipalName.includes('#EXT#'))
      if (guest === undefined) throw new Error('no guest')
      const guestPerson = await world.provision(guest.userPrincipalName)
      world.later(40)
      const { drift } = await world.reconcile({ full: true })
      expect((await world.person(guestPerson)).identityKey).toBeNull()
      expect(drift).toContainEqual(
        expect.objectContaining({ kind: 'duplicate_unlinked', held: { reason: 'guest' } }),
      )
    })

    it('is made of everybody assigned, where the policy says so', async () => {
      await world.policies({ person_missing: 'repair' })
      await world.reconcile({ full: true })
      // Whoever was made before their manager has the manager's object id until they are read again.
      await world.reconcile({ full: true })
      // All Contoso without Delia, who is disabled.
      expect(await world.activePeople()).toBe(19)
      expect((await world.reconcile({ full: true })).changed).toBe(0)
    })
  })

  describe('the members of a group are those of the tenant after', () => {
    /** Retail: Adele and Lynne. */
    const retail = 'b0000000-0000-4000-8000-000000000006'
    let lynne: string

    beforeEach(async () => {
      lynne = await world.provision('LynneR@contoso.com')
      world.later(40)
      // A delta does not mention her, so only a full read binds her.
      await world.reconcile({ full: true })
    })

    it('somebody was put in and never told', async () => {
      const group = await world.provisionGroup(retail, [id])
      world.later(15)
      expect(kinds((await world.reconcile()).drift)).toContain('membership_missing')
      expect((await world.members(group)).toSorted()).toEqual([id, lynne].toSorted())
    })

    it('somebody was taken out and never told', async () => {
      const group = await world.provisionGroup(retail, [id, lynne])
      await world.call('DELETE', '/groups/Retail/members/LynneR@contoso.com')
      world.later(15)
      expect(kinds((await world.reconcile()).drift)).toContain('membership_extra')
      expect(await world.members(group)).toEqual([id])
    })

    it('nothing, and then nobody is told of', async () => {
      await world.provisionGroup(retail, [id, lynne])
      world.later(15)
      const { drift } = await world.reconcile()
      expect(kinds(drift).filter((kind) => kind.startsWith('membership'))).toEqual([])
    })
  })

  describe('a second run', () => {
    it.each([false, true])('writes nobody who is unchanged, full: %s', async (full) => {
      world.later(15)
      const { drift, changed } = await world.reconcile({ full })
      expect([changed, drift.filter(({ kind }) => kind !== 'person_missing')]).toEqual([0, []])
    })
  })
}
