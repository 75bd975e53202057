import type { Page } from 'playwright-core'
import { type Joined, joinOrganization } from './organization.ts'
import { joinProvisioned, newPeople } from './provisioning.ts'
import { type Certificate, simulator } from './simulator.ts'
import { api, pick, places } from './world.ts'

type Provisioned = Awaited<ReturnType<typeof joinProvisioned>>

/** An organization in which something is wrong. */
export type Broken = {
  readonly joined: Joined
  /** Undoes what is wrong on the other side, where it was made there. */
  repair(): Promise<void>
}

export type Failure = {
  /** As issue trackers and admins call it. */
  readonly name: string
  /** What Portico's events call it. */
  readonly code: string
  /** What the tenant says itself, before Portico hears anything of it. */
  readonly aadsts?: string
  /** Makes an organization, breaks it, and lets it fail. @param page of a person's browser */
  produce(page: Page): Promise<Broken>
}

const dayMs = 86_400_000
const tester = 'Adele Vance'

/** An ordinary sign-in, started at Portico. */
async function signIn(page: Page, { connection }: Joined, name = tester): Promise<void> {
  await page.goto(connection.loginUrl)
  await pick(page, name)
}

/** A sign-in that begins in My Apps, where no request says what Entra should answer to. */
async function openTile(page: Page, { app }: Joined): Promise<void> {
  await page.goto(app.signInUrl)
  await pick(page, tester)
}

const idpInitiated = { allowIdpInitiated: true, acceptUnsolicited: true }

/** One person in scope, provisioned, with the job running. */
async function provisionOne(name: string): Promise<{ world: Provisioned; displayName: string }> {
  const world = await joinProvisioned(name)
  const [person] = await newPeople(1)
  await world.assign(person?.id ?? '')
  await world.post('start')
  await world.cycle()
  return { world, displayName: person?.displayName ?? '' }
}

/** The ten failures that admins meet most, each as it comes about with a tenant of Entra's. */
export const failures: readonly Failure[] = [
  {
    name: 'wrong ACS',
    code: 'saml.destination',
    aadsts: 'AADSTS50011',
    async produce(page) {
      const joined = await joinOrganization('wrong-acs', { connection: idpInitiated })
      await joined.changeApp({ replyUrls: [`${joined.connection.acsUrl}?tenant=contoso`] })
      await openTile(page, joined)
      return {
        joined,
        repair: () => joined.changeApp({ replyUrls: [joined.connection.acsUrl] }),
      }
    },
  },
  {
    name: 'wrong entity id',
    code: 'saml.audience',
    aadsts: 'AADSTS700016',
    async produce(page) {
      const joined = await joinOrganization('wrong-entity-id', { connection: idpInitiated })
      await joined.changeApp({ identifiers: [`${joined.connection.entityId}/old`] })
      await openTile(page, joined)
      return {
        joined,
        repair: () => joined.changeApp({ identifiers: [joined.connection.entityId] }),
      }
    },
  },
  {
    name: 'expired certificate',
    code: 'saml.certificate_expired',
    async produce(page) {
      const joined = await joinOrganization('expired-certificate')
      const path = `/apps/${joined.app.appId}/certificates`
      const expired = await simulator<Certificate>('POST', path, {
        notBefore: new Date(Date.now() - 30 * dayMs).toISOString(),
        notAfter: new Date(Date.now() - dayMs).toISOString(),
        activate: true,
        removeOthers: true,
      })
      await joined.changeConnection({ addCertificates: [expired.pem] })
      await signIn(page, joined)
      return {
        joined,
        repair: async () => {
          await simulator('POST', path, { activate: true, removeOthers: true })
        },
      }
    },
  },
  {
    name: 'unassigned user',
    code: 'saml.status',
    aadsts: 'AADSTS50105',
    async produce(page) {
      const joined = await joinOrganization('unassigned', { app: { assignments: [] } })
      await page.goto(joined.connection.loginUrl)
      // Entra shows this error itself; only a tenant that reports it lets Portico know.
      await page.getByText('Fail on purpose').click()
      await page.getByLabel('Error').selectOption('50105')
      await page.getByRole('button', { name: 'Send it to the app' }).click()
      return {
        joined,
        repair: async () => {
          const principal = { principal: 'All Contoso' }
          await simulator('POST', `/apps/${joined.app.appId}/assignments`, principal)
        },
      }
    },
  },
  {
    name: 'first login off',
    code: 'directory.not_provisioned',
    async produce(page) {
      const joined = await joinOrganization('first-login-off')
      await api.patch(`/organizations/${joined.slug}`, { provisioning: { firstLogin: false } })
      await signIn(page, joined)
      return { joined, repair: async () => {} }
    },
  },
  {
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
      }
    },
  },
  {
    name: 'clock skew',
    code: 'saml.issue_instant',
    async produce(page) {
      const joined = await joinOrganization('clock-skew')
      await joined.changeApp({ clockSkewSeconds: 20 * 60 })
      await signIn(page, joined)
      return { joined, repair: () => joined.changeApp({ clockSkewSeconds: 0 }) }
    },
  },
  {
    name: 'group overage',
    code: 'saml.groups_overage',
    async produce(page) {
      const joined = await joinOrganization('overage', { app: { groupClaims: 'all' } })
      await signIn(page, joined, 'Irvin Sayers')
      return { joined, repair: () => joined.changeApp({ groupClaims: 'assigned' }) }
    },
  },
  {
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
          const path = `/organizations/${joined.slug}/scim-tokens`
          const { token } = await api.post<{ token: string }>(path, { name: 'New' })
          await simulator('PUT', joined.job, { credentials: { kind: 'token', token } })
          await joined.post('clear-quarantine')
          await joined.post('cycle')
        },
      }
    },
  },
  {
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
          await world.post('cycle')
        },
      }
    },
  },
]

/** Asks until the token says that it has expired. */
async function untilExpired(path: string): Promise<void> {
  for (let asked = 0; asked < 200; asked += 1) {
    const found = await api.get<{ readonly state: string }>(path)
    if (found?.state === 'expired') return
    await fetch(`${places.simulatorUrl}/healthz`)
  }
  throw new Error(`${path} does not expire`)
}

/** The failure of a name. */
export function failureNamed(name: string): Failure {
  const found = failures.find((one) => one.name === name)
  if (found === undefined) throw new Error(`There is no failure ${name}.`)
  return found
}
