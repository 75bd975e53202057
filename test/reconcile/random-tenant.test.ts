import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cases } from '../support/cases.ts'
import { openTenantWorld, type TenantWorld } from './tenant-world.ts'

const users = ['AdeleV', 'AlexW', 'MeganB', 'LynneR', 'DiegoS', 'DeliaD'].map(
  (name) => `${name}@contoso.com`,
)
const effects = [
  'repeat-objects',
  'split-objects',
  'replay-page',
  'empty-page',
  'expired-token',
  'cut',
  'resync',
]
const statuses = [429, 503]

type Step = (world: TenantWorld, tenant: Tenant) => Promise<unknown>
type Tenant = {
  readonly ids: Map<string, string>
  readonly objects: Map<string, string>
  readonly deleted: Set<string>
}

const edit = (world: TenantWorld, who: string, values: object) =>
  world.call('PATCH', `/users/${who}`, values)
const userOf = async (world: TenantWorld, who: string) =>
  (await world.call('GET', `/users/${who}`)) as Record<string, unknown>

const user = fc.constantFrom(...users)
const value = fc.constantFrom('Ops', 'Sales', null)

/** A user who is deleted cannot be edited. */
const living =
  (who: string, step: Step): Step =>
  async (world, tenant) =>
    tenant.deleted.has(who) ? null : step(world, tenant)

const attribute = fc
  .tuple(user, fc.constantFrom('department', 'jobTitle', 'mobilePhone'), value)
  .map(([who, name, text]) => living(who, (world) => edit(world, who, { [name]: text })))
const manager = fc
  .tuple(user, fc.boolean())
  .map(([who, has]) =>
    living(who, (world) =>
      edit(world, who, { managerId: has ? 'a0000000-0000-4000-8000-000000000016' : null }),
    ),
  )
const account = fc
  .tuple(user, fc.boolean())
  .map(([who, accountEnabled]) => living(who, (world) => edit(world, who, { accountEnabled })))
const membership = fc.tuple(user, fc.boolean()).map(([who, isIn]) =>
  living(who, async (world) => {
    const path = '/groups/All%20Contoso/members'
    await world.call('POST', path, { member: who })
    if (!isIn) await world.call('DELETE', `${path}/${who}`)
  }),
)
const deletion = fc.tuple(user, fc.boolean()).map(
  ([who, isDeleted]): Step =>
    async (world, { objects, deleted }) => {
      if (deleted.has(who) === isDeleted) return
      if (isDeleted) await world.call('DELETE', `/users/${who}`)
      else await world.call('POST', `/deleted-users/${objects.get(who)}/restore`)
      if (isDeleted) deleted.add(who)
      else deleted.delete(who)
    },
)
/** SCIM says something, true or outdated. */
const patch = fc.tuple(user, value, value).map(
  ([who, title, department]): Step =>
    async (world, { ids }) =>
      world.patch(ids.get(who) ?? '', { values: { title, department } }),
)
const pause = fc.integer({ min: 1, max: 90 }).map(
  (minutes): Step =>
    async (world) =>
      world.later(minutes),
)
const run = fc.boolean().map(
  (full): Step =>
    async (world) => {
      world.later(1)
      return world.reconcile(full ? { full } : {})
    },
)
const fault = fc
  .tuple(
    fc.constantFrom('any', 'delta', 'token', 'members', 'inner'),
    fc.constantFrom(...effects, ...statuses),
    fc.nat(1000),
  )
  .map(
    ([kind, effect, seed]): Step =>
      async (world) => {
        const what = typeof effect === 'number' ? { status: effect, retryAfter: 1 } : { effect }
        // What is done to pages of a delta is done to nothing else.
        const of = typeof effect === 'number' || effect === 'cut' ? kind : 'delta'
        await world.call('POST', '/graph/faults', {
          kind: of,
          share: 0.2,
          seed,
          count: 20,
          ...what,
        })
      },
  )
const expiry = fc.constantFrom('/graph/expire-links', '/graph/expire-tokens').map(
  (path): Step =>
    async (world) =>
      world.call('POST', path),
)

const steps = fc.array(
  fc.oneof(
    attribute,
    attribute,
    manager,
    account,
    membership,
    deletion,
    patch,
    pause,
    run,
    run,
    fault,
    expiry,
  ),
  { maxLength: 40 },
)

async function openWorld() {
  const world = await openTenantWorld()
  const tenant: Tenant = { ids: new Map(), objects: new Map(), deleted: new Set() }
  for (const who of users) {
    const { id, jobTitle, department } = await userOf(world, who)
    tenant.objects.set(who, String(id))
    const values = { title: String(jobTitle), department: String(department) }
    tenant.ids.set(who, await world.provision(who, { values }))
  }
  world.later(40)
  await world.reconcile()
  return { world, tenant }
}

/** What the tenant says of somebody, in the words of the profile. */
async function expected(world: TenantWorld, who: string, { deleted, objects }: Tenant) {
  if (deleted.has(who)) return { active: false, profile: null }
  const one = await userOf(world, who)
  const gone = new Set<unknown>([...deleted].map((name) => objects.get(name)))
  const all = {
    userName: one['userPrincipalName'],
    title: one['jobTitle'],
    department: one['department'],
    // With a manager who is deleted goes the manager of their people.
    manager: gone.has(one['managerId']) ? null : one['managerId'],
    mobile: one['mobilePhone'],
  }
  const profile = Object.fromEntries(
    Object.entries(all).filter(([, text]) => text !== null && text !== ''),
  )
  return { active: one['accountEnabled'] === true, profile }
}

describe('random tenants, random statements of SCIM and random faults', () => {
  it('end as the tenant is, and then nobody is written', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const { world, tenant } = await openWorld()
        for (const step of all) await step(world, tenant)
        // The tenant comes to rest, and what SCIM said is an hour old.
        await world.call('PUT', '/graph/faults', [])
        for (const who of users.filter((one) => !tenant.deleted.has(one))) {
          await world.call('POST', '/groups/All%20Contoso/members', { member: who })
        }
        world.later(90)
        await world.reconcile({ full: true })
        for (const who of users) {
          const { active, profile } = await expected(world, who, tenant)
          const person = await world.person(tenant.ids.get(who) ?? '')
          expect([who, person.active, person.eraseAt !== null]).toEqual([
            who,
            active,
            profile === null,
          ])
          if (profile !== null) expect(person.profile).toEqual(profile)
        }
        world.later(1)
        expect((await world.reconcile({ full: true })).changed).toBe(0)
      }),
      { numRuns: cases(40) },
    )
  })
})
