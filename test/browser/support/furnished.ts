import type { Page } from 'playwright-core'
import { joinProvisioned } from './provisioning.ts'
import { type Certificate, simulator } from './simulator.ts'
import { api, pick, places, waitForProfile } from './world.ts'

const dayMs = 86_400_000

/** From and until when certificates beside the tenant's own are valid, in days from now. */
const validity = [
  [-900, -20],
  [-400, 12],
  [40, 900],
] as const

type Listed = { readonly items: readonly { readonly id: string }[] }

/** The id of the first of a list of the Admin API. */
async function firstOf(path: string): Promise<string> {
  const first = (await api.get<Listed>(path))?.items[0]
  if (first === undefined) throw new Error(`Nothing is listed at ${path}`)
  return first.id
}

/**
 * An organization with something on every page of the console: two sources about a person, who is signed in, a
 * group, a refused request, certificates of every age, credentials, links, rules, an attribute of its own, a test.
 * @param openBrowser for the people who sign in
 */
export async function furnished(openBrowser: () => Promise<Page>) {
  const world = await joinProvisioned('pages')
  const { app, connection } = world
  const org = `/organizations/${world.slug}`
  await api.patch(org, {
    name: 'Fabrikam',
    roleRules: [
      { group: 'IT', role: 'admin' },
      { appRole: 'Reader', role: 'reader' },
    ],
  })
  await simulator('POST', `/apps/${app.appId}/certificates`, { activate: true })
  await world.changeConnection({ name: 'Entra', metadataUrl: app.metadataUrl })
  const made = validity.map(([from, to]) =>
    simulator<Certificate>('POST', `/apps/${app.appId}/certificates`, {
      notBefore: new Date(Date.now() + from * dayMs).toISOString(),
      notAfter: new Date(Date.now() + to * dayMs).toISOString(),
    }),
  )
  await world.changeConnection({ addCertificates: (await Promise.all(made)).map(({ pem }) => pem) })
  await api.post(`${org}/domains`, { domain: `${world.slug}.example` })
  const client = await api.post<{ readonly id: string }>(`${org}/scim-clients`, { name: 'Gallery' })
  await api.post(`${org}/setup-links`, { name: 'IT of Fabrikam', parts: ['saml', 'scim'] })
  await api.post(`${org}/attributes`, { key: 'team', label: 'Team', type: 'string' })
  const tests = `${org}/connections/${connection.id}/test-sign-ins`
  const test = await api.post<{ readonly id: string }>(tests, {})
  const sales = await simulator<{ readonly id: string }>('POST', '/groups', {
    displayName: 'Sales',
  })
  await simulator('POST', `/groups/${sales.id}/members`, { member: 'AdeleV@contoso.com' })
  await world.assign('AdeleV@contoso.com')
  await world.assign(sales.id)
  await world.cycle()
  await refuseOne(org)
  const adele = await openBrowser()
  await adele.goto(connection.loginUrl)
  await pick(adele, 'Adele Vance')
  await waitForProfile(adele, 'Adele Vance')
  return {
    slug: world.slug,
    connection: connection.id,
    client: client.id,
    test: test.id,
    user: await firstOf(`${org}/users`),
    group: await firstOf(`${org}/groups`),
    event: await firstOf(`${org}/events?outcome=refused`),
    run: await runOfContoso(),
  }
}

/** Sends what the tenant cannot make right: refused, and explained. */
async function refuseOne(org: string): Promise<void> {
  const { token } = await api.post<{ readonly token: string }>(`${org}/scim-tokens`, {
    name: 'Old',
  })
  await fetch(`${places.publicUrl}/scim/v2/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify({ displayName: 'Nobody' }),
  })
}

/** A run of the demo's organization, which is the one with an application that may read. */
async function runOfContoso(): Promise<string> {
  const run = await api.post<{ readonly id: string }>('/organizations/contoso/reconcile-runs', {
    dryRun: true,
  })
  return run.id
}
