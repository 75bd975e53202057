import { expect } from 'vitest'
import { type Failure, signIn, signInAgain } from './failure.ts'
import { joinProvisioned, newPeople } from './provisioning.ts'
import { simulator } from './simulator.ts'
import { api, places } from './world.ts'

type Provisioned = Awaited<ReturnType<typeof joinProvisioned>>

/** Cycles until the job is well: what is known of a credential may be half a minute old. */
function cycleAgain(world: Provisioned) {
  return async (): Promise<void> => {
    const status = async () => {
      await world.post('clear-quarantine')
      await world.post('cycle')
      return (await simulator<{ readonly status: string }>('GET', world.job)).status
    }
    await expect.poll(status, { timeout: 45_000, interval: 2000 }).toBe('Active')
    await world.cycle()
  }
}

/** One person in scope, provisioned, with the job running. */
async function provisionOne(name: string): Promise<{ world: Provisioned; displayName: string }> {
  const world = await joinProvisioned(name)
  const [person] = await newPeople(1)
  await world.assign(person?.id ?? '')
  await world.post('start')
  await world.cycle()
  return { world, displayName: person?.displayName ?? '' }
}

/** Failures in which provisioning has a part. */
export const scimFailures = {
  inactive: {
    name: 'inactive person',
    code: 'directory.person_inactive',
    async produce(page) {
      const { world, displayName } = await provisionOne('inactive')
      await world.post('stop')
      // Out of scope of provisioning, but the application asks nobody to be assigned.
      const [person] = await simulator<{ items: { id: string }[] }>(
        'GET',
        `/users?search=${encodeURIComponent(displayName)}`,
      ).then(({ items }) => items)
      await world.unassign(person?.id ?? '')
      await world.cycle()
      await world.changeApp({ assignmentRequired: false })
      await signIn(page, world, displayName)
      return {
        joined: world,
        repair: async () => {
          await world.assign(person?.id ?? '')
          await world.cycle()
        },
        retry: signInAgain(world, displayName),
      }
    },
  },
  expiredToken: {
    name: 'expired SCIM token',
    code: 'scim.unauthorized',
    async produce() {
      const joined = await joinProvisioned('expired-token', {}, async ({ slug }) => {
        const expiresAt = new Date(Date.now() + 2000).toISOString()
        const path = `/organizations/${slug}/scim-tokens`
        const { id, token } = await api.post<{ id: string; token: string }>(path, {
          name: 'Expired',
          expiresAt,
        })
        await untilExpired(`${path}/${id}`)
        return { kind: 'token', token }
      })
      const [person] = await newPeople(1)
      await joined.assign(person?.id ?? '')
      await joined.post('start')
      await joined.post('cycle')
      return {
        joined,
        repair: async () => {
          await joined.post('clear-quarantine')
        },
        retry: cycleAgain(joined),
      }
    },
  },
  quarantine: {
    name: 'quarantine',
    code: 'scim.switched_off',
    async produce() {
      const world = await joinProvisioned('quarantine')
      const [person] = await newPeople(1)
      await world.assign(person?.id ?? '')
      await api.patch(`/organizations/${world.slug}`, { provisioning: { scim: false } })
      await world.post('start')
      await world.post('cycle')
      return {
        joined: world,
        repair: async () => {
          await world.post('clear-quarantine')
        },
        retry: cycleAgain(world),
      }
    },
  },
} as const satisfies Readonly<Record<string, Failure>>

/** Asks until the token says that it has expired. */
async function untilExpired(path: string): Promise<void> {
  for (let asked = 0; asked < 200; asked += 1) {
    const found = await api.get<{ readonly state: string }>(path)
    if (found?.state === 'expired') return
    await fetch(`${places.simulatorUrl}/healthz`)
  }
  throw new Error(`${path} does not expire`)
}
