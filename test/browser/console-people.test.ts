import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { joinOrganization } from './support/organization.ts'
import { picture } from './support/picture.ts'
import { simulator } from './support/simulator.ts'
import { api, pick, places, sessionOf, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()

/** An operator at a page of the console. */
async function openAt(path: string): Promise<Page> {
  const page = await openBrowser({ viewport: { width: 1280, height: 800 } })
  await page.goto(`${places.publicUrl}/console/login?next=${path}`)
  await page.getByLabel('Admin key').fill(places.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${places.publicUrl}${path}`)
  return page
}

/** An organization where Adele is signed in, SCIM made a group with her, and Alex was refused. */
async function lively(name: string) {
  const { slug, connection, changeConnection } = await joinOrganization(name)
  await api.patch(`/organizations/${slug}`, { name: 'Fabrikam' })
  const adele = await openBrowser()
  await adele.goto(connection.loginUrl)
  await pick(adele, 'Adele Vance')
  await waitForProfile(adele, 'Adele Vance')
  const path = `/organizations/${slug}/scim-tokens`
  const { token } = await api.post<{ readonly token: string }>(path, { name: 'Entra' })
  const scim = (resource: string, body: unknown) =>
    fetch(`${places.publicUrl}/scim/v2${resource}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    })
  // Provisioning knows her too: two sources to compare.
  await scim('/Users', {
    userName: 'AdeleV@contoso.com',
    externalId: (await simulator<{ readonly id: string }>('GET', '/users/AdeleV@contoso.com')).id,
    displayName: 'Adele Vance',
    name: { givenName: 'Adele', familyName: 'Vance' },
    title: 'Retail Manager',
    emails: [{ value: 'AdeleV@contoso.com', type: 'work', primary: true }],
  })
  const listed = await api.get<{ readonly items: readonly { readonly id: string }[] }>(
    `/organizations/${slug}/users`,
  )
  const id = listed?.items[0]?.id ?? ''
  await scim('/Groups', { displayName: 'Sales', externalId: 'g-1', members: [{ value: id }] })
  // What Entra cannot do right: refused, and explained.
  await scim('/Users', { displayName: 'Nobody' })
  await api.patch(`/organizations/${slug}`, { provisioning: { firstLogin: false } })
  const alex = await openBrowser()
  await alex.goto(connection.loginUrl)
  await pick(alex, 'Alex Wilber')
  await alex.locator('dl.reference').waitFor()
  return { slug, id, adele, changeConnection }
}

describe('people and events in a browser', () => {
  it('find a person, block them with the keyboard, and find the reason of a refusal', async () => {
    const { slug, adele } = await lively('people')
    const page = await openAt(`/console/o/${slug}/people`)
    await page.getByLabel('Name, email or id').fill('VANCE')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Adele Vance' }).waitFor()
    await picture(page, 'people')
    await page.getByRole('link', { name: 'Adele Vance' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Adele Vance' }).waitFor()
    await picture(page, 'person')
    await page.getByRole('link', { name: 'Block' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('They are signed out everywhere at once').waitFor()
    await page.getByRole('button', { name: 'Block' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('They are blocked by hand here.').waitFor()
    expect((await sessionOf(adele)).status).toBe(401)

    await page.getByRole('link', { name: 'Events', exact: true }).click()
    await page.getByLabel('Outcome').selectOption('refused')
    await page.getByLabel('Kind').selectOption('sign_in')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('first-login creation is off').first().waitFor()
    await page.getByText('Provision on demand').waitFor()
    await picture(page, 'events')
    await page.getByRole('link', { name: 'Sign-in', exact: true }).click()
    await page.getByRole('heading', { name: 'Why, and what to do' }).waitFor()
    await picture(page, 'event')
    await page.getByRole('link', { name: 'directory.not_provisioned' }).click()
    await page.getByRole('heading', { level: 1, name: 'directory.not_provisioned' }).waitFor()
  })

  it('download events and a support bundle', async () => {
    const { slug } = await lively('files')
    const page = await openAt(`/console/o/${slug}/events`)
    const [lines] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download 5,000 (NDJSON)' }).click(),
    ])
    expect(lines.suggestedFilename()).toMatch(/^portico-files-.+-events\.ndjson$/)
    await page.getByRole('link', { name: 'Support bundle' }).click()
    const [bundle] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ])
    expect(bundle.suggestedFilename()).toMatch(/-support\.json$/)
  })
})
