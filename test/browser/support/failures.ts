import type { Page } from 'playwright-core'
import { type Failure, signIn, signInAgain, tester } from './failure.ts'
import { scimFailures } from './failures-scim.ts'
import { type Joined, joinOrganization } from './organization.ts'
import { type Certificate, simulator } from './simulator.ts'
import { api, pick, waitForProfile } from './world.ts'

const dayMs = 86_400_000

/** A sign-in that begins in My Apps, where no request says what Entra should answer to. */
async function openTile(page: Page, { app }: Joined): Promise<void> {
  await page.goto(app.signInUrl)
  await pick(page, tester)
}

function openTileAgain(joined: Joined) {
  return async (page: Page): Promise<void> => {
    await openTile(page, joined)
    await waitForProfile(page, tester)
  }
}

const idpInitiated = { allowIdpInitiated: true, acceptUnsolicited: true }

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
        retry: openTileAgain(joined),
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
        retry: openTileAgain(joined),
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
        retry: signInAgain(joined),
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
        retry: signInAgain(joined),
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
      return { joined, repair: async () => {}, retry: signInAgain(joined) }
    },
  },
  scimFailures.inactive,
  {
    name: 'clock skew',
    code: 'saml.issue_instant',
    async produce(page) {
      const joined = await joinOrganization('clock-skew')
      await joined.changeApp({ clockSkewSeconds: 20 * 60 })
      await signIn(page, joined)
      return {
        joined,
        repair: () => joined.changeApp({ clockSkewSeconds: 0 }),
        retry: signInAgain(joined),
      }
    },
  },
  {
    name: 'group overage',
    code: 'saml.groups_overage',
    async produce(page) {
      const joined = await joinOrganization('overage', { app: { groupClaims: 'all' } })
      await signIn(page, joined, 'Irvin Sayers')
      return {
        joined,
        repair: () => joined.changeApp({ groupClaims: 'assigned' }),
        retry: signInAgain(joined, 'Irvin Sayers'),
      }
    },
  },
  scimFailures.expiredToken,
  scimFailures.quarantine,
]
