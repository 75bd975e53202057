/** A newcomer's whole path by the pages of the console and of the tenant alone: no API is asked. */
import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { copied, openStep, signInToConsole, waitForCheck, waitForStep } from './support/console.ts'
import { pick, places, sessionOf, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()

const addresses = [
  ['Identifier (Entity ID)', /^Identifiers/],
  ['Reply URL (Assertion Consumer Service URL)', /^Reply URLs/],
  ['Sign on URL', 'Sign on URL'],
  ['Logout Url', 'Logout URL'],
] as const

/** An application made in the tenant's portal. @returns the address of its metadata */
async function createApplication(portal: Page, name: string): Promise<string> {
  await portal.goto(`${places.simulatorUrl}/apps`)
  await portal.getByLabel('Name').fill(name)
  await portal.getByRole('button', { name: 'Create' }).click()
  await portal.getByRole('heading', { name, level: 1 }).waitFor()
  const link = portal.getByRole('link', { name: /federationmetadata/i })
  return (await link.getAttribute('href')) ?? ''
}

/** Carries what stands on the guide into the form of the application. */
async function enterAddresses(page: Page, portal: Page): Promise<void> {
  for (const [from, to] of addresses) {
    await portal.getByLabel(to).fill(await copied(page, from))
  }
  await portal.getByRole('button', { name: 'Save' }).click()
  await portal.waitForLoadState()
}

/** Makes a link on the page "Test sign-in" and follows it as a tester does, elsewhere. */
async function testWith(page: Page, name: string): Promise<Page> {
  await page.getByRole('button', { name: 'Make a link' }).click()
  await page.getByRole('heading', { name: 'The link', level: 2 }).waitFor()
  const tester = await openBrowser()
  await tester.goto(await copied(page, 'Link'))
  await tester.getByRole('button', { name: 'Start the test' }).click()
  await pick(tester, name)
  await tester.getByRole('heading', { name: 'The test passed' }).waitFor()
  return tester
}

/** A row of a table or list of facts, by the words at its beginning. */
function row(page: Page, label: string) {
  return page.locator('tr', { has: page.getByText(label, { exact: true }) }).first()
}

describe('a newcomer', () => {
  it('comes from no organization to an active connection with provisioning', {
    timeout: 180_000,
  }, async () => {
    const slug = `newcomer-${randomBytes(4).toString('hex')}`
    const page = await openBrowser({ viewport: { width: 1280, height: 800 } })
    await signInToConsole(page, '/console')
    await page.getByRole('link', { name: 'New organization' }).click()
    await page.getByLabel('Name').fill('Fabrikam')
    await page.getByLabel('Slug').fill(slug)
    await page.getByRole('button', { name: 'Create' }).click()
    await page.waitForURL(`**/console/o/${slug}/setup*`)

    await waitForStep(page, 'Create the application')
    const portal = await openBrowser()
    const metadataUrl = await createApplication(portal, slug)
    const application = portal.url()
    await page.getByRole('button', { name: 'Mark as done' }).click()
    await waitForStep(page, 'Bring the metadata')
    await page.getByLabel('Address of the metadata').fill(metadataUrl)
    await page.getByRole('button', { name: 'Make the connection' }).click()
    await waitForStep(page, 'Enter the addresses')
    await enterAddresses(page, portal)
    await portal.getByLabel('Assign a user or group').fill('AdeleV@contoso.com')
    await portal.getByRole('button', { name: 'Assign' }).click()

    // The guide stays open; everything else happens beside it.
    const beside = await page.context().newPage()
    await beside.goto(`${places.publicUrl}/console/o/${slug}/test`)
    const tester = await testWith(beside, 'Adele Vance')
    expect((await sessionOf(tester)).status).toBe(401)
    await beside.getByRole('link', { name: 'Open the report' }).click()
    await beside.getByText('The test passed.').waitFor()
    await beside.getByText('Would be new').waitFor()
    await waitForCheck(page, 'Enter the addresses', 'Done')
    await waitForCheck(page, 'Test with one person', 'Done')

    await beside.goto(`${places.publicUrl}/console/o/${slug}/attributes`)
    await beside.getByRole('link', { name: 'New attribute' }).click()
    await beside.getByLabel('Key').fill('team')
    await beside.getByLabel('Label').fill('Team')
    await beside.getByRole('button', { name: 'Create' }).click()
    const scimName = await copied(beside, 'SCIM name')
    expect(scimName).toBe('urn:ietf:params:scim:schemas:extension:portico:2.0:User:team')

    await openStep(page, 'Provisioning (SCIM)', 'Make a token')
    await page.getByRole('button', { name: 'Make a token' }).click()
    await page.getByText('Copy it now').waitFor()
    await portal.goto(`${application}/provisioning`)
    await portal.getByLabel('Tenant URL').fill(await copied(page, 'Tenant URL'))
    await portal.getByLabel('Secret token').fill(await copied(page, 'Secret Token'))
    await portal.getByLabel('externalId comes from').selectOption('objectId')
    await portal.getByLabel('Mappings besides the default ones').fill(`${scimName} = [department]`)
    await portal.getByRole('button', { name: 'Save' }).click()
    await openStep(page, 'Provisioning (SCIM)', 'Connect provisioning')
    expect(await page.getByText('Secret Token', { exact: true }).count()).toBe(0)
    await portal.getByRole('button', { name: 'Test connection' }).click()
    await portal.getByText('The credentials are right').waitFor()
    await waitForCheck(page, 'Connect provisioning', 'Done')
    await portal.getByLabel('A user or a group').fill('AdeleV@contoso.com')
    await portal.getByRole('button', { name: 'Provision', exact: true }).click()
    await portal.getByText(/^Success, with/).waitFor()
    await waitForCheck(page, 'Try one person', 'Done')
    await waitForCheck(page, 'Send the object id as externalId', 'Done')
    await portal.getByRole('button', { name: 'Start', exact: true }).click()
    await portal.getByText('Started.').waitFor()
    await portal.getByRole('button', { name: 'Run a cycle now' }).click()
    await waitForCheck(page, 'Start', 'Done')
    await page.locator('#checks').getByRole('link', { name: 'Attributes', exact: true }).click()
    await waitForCheck(page, 'Define attributes of your own', 'Done')
    await waitForCheck(page, 'Let Entra send them', 'Done')

    await openStep(page, 'Sign-in (SAML)', 'Roll out')
    await beside.goto(`${places.publicUrl}/console/o/${slug}/rollout`)
    await beside.getByRole('link', { name: 'Open for everybody' }).click()
    await beside.getByRole('button', { name: 'Open for everybody' }).click()
    await beside.getByText('Saved.').waitFor()
    const adele = await openBrowser()
    await openStep(page, 'Sign-in (SAML)', 'Enter the addresses')
    await adele.goto(await copied(page, 'Sign on URL'))
    await pick(adele, 'Adele Vance')
    await waitForProfile(adele, 'Adele Vance')
    expect(await row(adele, 'Team').textContent()).toMatch(/Retail.*Provisioning/)
    await waitForCheck(page, 'Roll out', 'Done')

    await beside.goto(`${places.publicUrl}/console/o/${slug}/people`)
    await beside.getByRole('link', { name: 'Adele Vance' }).click()
    await beside.getByRole('heading', { name: 'Adele Vance', level: 1 }).waitFor()
    expect(await row(beside, 'team').textContent()).toMatch(/Retail.*(SCIM|Provisioning)/i)
  })
})

describe('an IT admin with a setup link', () => {
  it('comes as far as a passed test, and is told who rolls out', { timeout: 120_000 }, async () => {
    const slug = `itadmin-${randomBytes(4).toString('hex')}`
    const operator = await openBrowser({ viewport: { width: 1280, height: 800 } })
    await signInToConsole(operator, '/console/new')
    await operator.getByLabel('Name').fill('Fabrikam')
    await operator.getByLabel('Slug').fill(slug)
    await operator.getByRole('button', { name: 'Create' }).click()
    await operator.waitForURL(`**/console/o/${slug}/setup*`)
    await operator.goto(`${places.publicUrl}/console/o/${slug}/settings/links/new`)
    await operator.getByLabel('Name').fill('IT of Fabrikam')
    await operator.getByRole('button', { name: 'Create and show it once' }).click()
    await operator.getByRole('heading', { name: 'Copy it now', level: 1 }).waitFor()

    const page = await openBrowser({ viewport: { width: 1280, height: 800 } })
    await page.goto(await copied(operator, 'Link'))
    expect(page.url()).not.toContain('#')
    await page.getByRole('button', { name: 'Open the guide' }).click()
    await waitForStep(page, 'Create the application')
    const portal = await openBrowser()
    const metadataUrl = await createApplication(portal, slug)
    await openStep(page, 'Sign-in (SAML)', 'Bring the metadata')
    await page.getByLabel('Address of the metadata').fill(metadataUrl)
    await page.getByRole('button', { name: 'Make the connection' }).click()
    await waitForStep(page, 'Enter the addresses')
    await enterAddresses(page, portal)
    await openStep(page, 'Sign-in (SAML)', 'Test with one person')
    await page.locator('main').getByRole('link', { name: 'Test sign-in', exact: true }).click()
    await testWith(page, 'Adele Vance')
    await page.getByRole('link', { name: 'Open the report' }).click()
    await page.getByText('The test passed.').waitFor()

    await page.goto(`${places.publicUrl}/console/o/${slug}/setup?step=saml.rollout`)
    await page.getByText('they roll it out').waitFor()
    expect(await page.getByRole('link', { name: 'Roll out' }).count()).toBe(1)
    const refused = await page.goto(`${places.publicUrl}/console/o/${slug}/rollout`)
    expect(refused?.status()).toBe(404)
  })
})
