import { randomBytes } from 'node:crypto'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { picture } from './support/picture.ts'
import { type App, simulator } from './support/simulator.ts'
import { api, pick, places, sessionOf, useBrowsers } from './support/world.ts'

const openBrowser = useBrowsers()

type Connection = { readonly id: string; readonly entityId: string; readonly acsUrl: string }

/** A draft connection to an application of the tenant, and an operator at the tab of its organization. */
async function openTests() {
  const slug = `test-${randomBytes(4).toString('hex')}`
  await api.post('/organizations', { slug, name: 'Fabrikam' })
  const app = await simulator<App>('POST', '/apps', { displayName: slug })
  const connection = await api.post<Connection>(`/organizations/${slug}/connections`, {
    name: 'Entra',
    metadataUrl: app.metadataUrl,
  })
  if (connection === null) throw new Error('no connection')
  await simulator('PATCH', `/apps/${app.appId}`, {
    identifiers: [connection.entityId],
    replyUrls: [connection.acsUrl],
    assignments: [{ principal: 'All Contoso' }],
  })
  const page = await openBrowser({ viewport: { width: 1280, height: 800 } })
  const home = `${places.publicUrl}/console/o/${slug}`
  await page.goto(`${places.publicUrl}/console/login?next=/console/o/${slug}/test`)
  await page.getByLabel('Admin key').fill(places.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Test sign-in', level: 1 }).waitFor()
  return { app, page, connection, home }
}

/** Makes a link on the page and returns it. */
async function makeLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Make a link' }).click()
  await page.getByRole('heading', { name: 'The link', level: 2 }).waitFor()
  return (await page.locator('.copy-value').textContent())?.trim() ?? ''
}

/** A tester's own browser opens the link and starts. */
async function begin(link: string): Promise<Page> {
  const tester = await openBrowser()
  await tester.goto(link)
  await tester.getByRole('button', { name: 'Start the test' }).click()
  return tester
}

async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
  const before = page.viewportSize()
  await page.setViewportSize({ width: 360, height: 740 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  if (before !== null) await page.setViewportSize(before)
}

describe('a test sign-in in a browser', () => {
  it('of a draft ends in a report that the operator sees by itself, and in no session', {
    timeout: 120_000,
  }, async () => {
    const { page, connection } = await openTests()
    const link = await makeLink(page)
    await picture(page, 'test-link')
    await expectAccessible(page)
    const tester = await begin(link)
    await pick(tester, 'Adele Vance')
    await tester.getByRole('heading', { name: 'The test passed' }).waitFor()
    await expectAccessible(tester)
    expect((await sessionOf(tester)).status).toBe(401)
    await page.getByRole('link', { name: 'Open the report' }).click()
    await page.getByText('The test passed.').waitFor()
    await page.getByText('Would be new').waitFor()
    await picture(page, 'test-report', { whole: false })
    await expectAccessible(page)
    await tester.reload()
    await tester.getByRole('heading', { name: 'The test passed' }).waitFor()
    await tester.goto(`${places.publicUrl}/saml/${connection.id}/login`)
    await tester.getByRole('heading', { name: 'Single sign-on is not available' }).waitFor()
  })

  it('says why it failed, and what to change in Entra', { timeout: 90_000 }, async () => {
    const { page } = await openTests()
    const tester = await begin(await makeLink(page))
    await tester.getByText('Fail on purpose').click()
    await tester.getByLabel('Error').selectOption('50105')
    await tester.getByRole('button', { name: 'Send it to the app' }).click()
    await tester.getByRole('heading', { name: 'The test failed' }).waitFor()
    await tester.getByText('AADSTS50105').waitFor()
    await expectAccessible(tester)
    await page.getByRole('link', { name: 'Open the report' }).click()
    await page.getByText('The test failed at “Status”.').waitFor()
    await page.getByText('under Users and groups of the enterprise application').waitFor()
    await picture(page, 'test-report-failed', { whole: false })
    await expectAccessible(page)
  })

  it('begins on a page that anybody can read', async () => {
    const { page } = await openTests()
    const tester = await openBrowser()
    await tester.goto(await makeLink(page))
    await tester.getByRole('button', { name: 'Start the test' }).waitFor()
    expect(tester.url()).not.toContain('#')
    await expectAccessible(tester)
  })
})

describe('the decoder in a browser', () => {
  it('explains a request that was copied out of the address bar', { timeout: 90_000 }, async () => {
    const { page, connection, home } = await openTests()
    await api.patch(`/organizations/${home.split('/').at(-1)}/connections/${connection.id}`, {
      status: 'active',
    })
    const visitor = await openBrowser()
    const sent = visitor.waitForRequest((request) => request.url().includes('SAMLRequest='))
    await visitor.goto(`${places.publicUrl}/saml/${connection.id}/login`)
    await page.goto(`${home}/decoder`)
    await page.getByLabel('Message').fill((await sent).url())
    await page.getByRole('button', { name: 'Decode' }).click()
    await page.getByRole('heading', { name: 'Sign-in request' }).waitFor()
    expect(await page.getByText('Fits', { exact: true }).count()).toBeGreaterThan(2)
    await picture(page, 'decoder')
    await expectAccessible(page)
  })
})
