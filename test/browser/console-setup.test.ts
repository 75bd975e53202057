import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { picture } from './support/picture.ts'
import { newPeople } from './support/provisioning.ts'
import { type App, simulator } from './support/simulator.ts'
import { api, pick, places, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()

/** An organization in which nothing is set up, its guide opened by an operator, and an application in the tenant. */
async function openGuide() {
  const slug = `guide-${randomBytes(4).toString('hex')}`
  await api.post('/organizations', { slug, name: 'Fabrikam' })
  const app = await simulator<App>('POST', '/apps', { displayName: slug })
  const page = await openBrowser({ viewport: { width: 1280, height: 800 } })
  await page.goto(`${places.publicUrl}/console/login?next=/console/o/${slug}/setup`)
  await page.getByLabel('Admin key').fill(places.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Set up', level: 1 }).waitFor()
  return { slug, app, page, path: `/organizations/${slug}` }
}

/** What stands to copy under a label. */
async function copied(page: Page, label: string): Promise<string> {
  const copy = page.locator('.copy', { has: page.getByText(label, { exact: true }) })
  return (await copy.locator('.copy-value').textContent())?.trim() ?? ''
}

/** Waits until the live check of a step says so, on a page that nobody loads again. */
async function waitForCheck(page: Page, title: string, word: string): Promise<void> {
  const step = page.locator('#checks li', { has: page.getByRole('link', { name: title }) })
  await step.getByText(word, { exact: true }).waitFor()
}

async function heading(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { name: title, level: 2 }).waitFor()
}

async function openStep(page: Page, part: string, title: string): Promise<void> {
  await page.locator('#checks').getByRole('link', { name: part }).click()
  await page.locator('#checks').getByRole('link', { name: title }).click()
  await heading(page, title)
}

describe('the set-up guide in a browser', () => {
  it('leads from nothing to sign-in and provisioning, and turns green by itself', {
    timeout: 120_000,
  }, async () => {
    const { app, page, path } = await openGuide()
    await heading(page, 'Create the application')
    await picture(page, 'setup-start')
    await page.getByRole('button', { name: 'Mark as done' }).click()

    await heading(page, 'Bring the metadata')
    await picture(page, 'setup-metadata')
    await page.getByLabel('Address of the metadata').fill(app.metadataUrl)
    await page.getByRole('button', { name: 'Make the connection' }).click()

    await heading(page, 'Enter the addresses')
    await picture(page, 'setup-addresses')
    await simulator('PATCH', `/apps/${app.appId}`, {
      identifiers: [await copied(page, 'Identifier (Entity ID)')],
      replyUrls: [await copied(page, 'Reply URL (Assertion Consumer Service URL)')],
      signOnUrl: await copied(page, 'Sign on URL'),
      logoutUrl: await copied(page, 'Logout Url'),
      assignments: [{ principal: 'All Contoso' }],
    })
    const listed = await api.get<{ readonly items: readonly { readonly id: string }[] }>(
      `${path}/connections`,
    )
    const connection = listed?.items[0]?.id ?? ''
    await api.patch(`${path}/connections/${connection}`, { status: 'active' })
    const tester = await openBrowser()
    await tester.goto(`${places.publicUrl}/saml/${connection}/login`)
    await pick(tester, 'Adele Vance')
    await waitForProfile(tester, 'Adele Vance')
    await waitForCheck(page, 'Enter the addresses', 'Done')
    await waitForCheck(page, 'Roll out', 'Done')
    await page.getByRole('link', { name: 'Go on' }).click()

    await heading(page, 'Make a token')
    await page.getByRole('button', { name: 'Make a token' }).click()
    await page.getByText('Copy it now').waitFor()
    const token = await copied(page, 'Secret Token')
    await openStep(page, 'Provisioning (SCIM)', 'Connect provisioning')
    await waitForCheck(page, 'Connect provisioning', 'Waiting')
    await picture(page, 'setup-provisioning')
    const job = `/apps/${app.appId}/provisioning`
    await simulator('PUT', job, {
      tenantUrl: await copied(page, 'Tenant URL'),
      credentials: { kind: 'token', token },
    })
    await simulator('POST', `${job}/test-connection`)
    await waitForCheck(page, 'Connect provisioning', 'Done')

    const [person] = await newPeople(1)
    await simulator('POST', `/apps/${app.appId}/assignments`, { principal: person?.id })
    await openStep(page, 'Provisioning (SCIM)', 'Send the object id as externalId')
    await simulator('POST', `${job}/on-demand`, { user: person?.id })
    await waitForCheck(page, 'Send the object id as externalId', 'Look here')
    await waitForCheck(page, 'Try one person', 'Done')
    await page.getByText('change the source of externalId to objectId').waitFor()
    await picture(page, 'setup-external-id')
    await simulator('PUT', job, { externalIdSource: 'objectId' })
    await simulator('POST', `${job}/restart`, { reset: 'keep-links' })
    await simulator('POST', `${job}/cycle`)
    await waitForCheck(page, 'Send the object id as externalId', 'Done')
    await waitForCheck(page, 'Start', 'Done')
  })

  it('can be used by keyboard: what has the focus keeps it when the checks are asked again', async () => {
    const { page } = await openGuide()
    await page.getByRole('link', { name: 'Check the claims' }).focus()
    await page.waitForResponse((response) => response.url().includes('/setup/live'))
    await page.waitForResponse((response) => response.url().includes('/setup/live'))
    expect(await page.evaluate('document.activeElement.id')).toBe('go-saml.claims')
    await page.keyboard.press('Enter')
    await heading(page, 'Check the claims')
  })
})
