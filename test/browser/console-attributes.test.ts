import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { joinOrganization } from './support/organization.ts'
import { picture } from './support/picture.ts'
import { api, pick, places, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()

/** An operator at a page of the console. */
async function openAt(path: string, javaScriptEnabled = true): Promise<Page> {
  const viewport = { width: 1280, height: 800 }
  const page = await openBrowser({ viewport, javaScriptEnabled })
  await page.goto(`${places.publicUrl}/console/login?next=${path}`)
  await page.getByLabel('Admin key').fill(places.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${places.publicUrl}${path}`)
  return page
}

/** An organization in which Adele has signed in. */
async function withAdele(name: string): Promise<string> {
  const { slug, connection } = await joinOrganization(name)
  const adele = await openBrowser()
  await adele.goto(connection.loginUrl)
  await pick(adele, 'Adele Vance')
  await waitForProfile(adele, 'Adele Vance')
  return slug
}

/** No violation at a desk in light, and on a telephone in dark, where nothing scrolls sideways. */
async function expectFit(page: Page): Promise<void> {
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 360],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 740 })
    const { violations } = await new AxeBuilder({ page }).analyze()
    const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
    expect([page.url(), colorScheme, found]).toEqual([page.url(), colorScheme, []])
  }
  expect([page.url(), await page.evaluate('document.documentElement.scrollWidth')]).toEqual([
    page.url(),
    360,
  ])
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}

describe('the mapping in a browser', () => {
  it('shows while it is written what it makes of people, and at which character it is wrong', async () => {
    const slug = await withAdele('mapping')
    const page = await openAt(`/console/o/${slug}/attributes/displayName`)
    const preview = page.locator('#preview')
    await preview.getByText('Adele Vance').first().waitFor()
    await page.locator('#mode-saml').selectOption('expression')
    await page.locator('#from-saml').fill('ToUpper([displayname')
    await preview.getByText('cannot be read at character').waitFor()
    expect(await preview.locator('pre').textContent()).toMatch(/ToUpper\(\[displayname\n +\^/)
    await picture(page, 'mapping-error')
    const claim = 'http://schemas.microsoft.com/identity/claims/displayname'
    await page.locator('#from-saml').fill(`ToUpper([${claim}])`)
    await preview.getByText('ADELE VANCE', { exact: true }).waitFor()
    await picture(page, 'mapping')
    await expectFit(page)
    await page.getByRole('button', { name: 'Save', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Saved. Everybody’s profile is being made anew.').waitFor()
    await preview.getByText('The rule is as it is saved.').waitFor()
  })

  it('works without JavaScript', async () => {
    const slug = await withAdele('no-script')
    const page = await openAt(`/console/o/${slug}/attributes/title`, false)
    await page.locator('#mode-saml').selectOption('expression')
    await page.locator('#from-saml').fill('Append("x", "y")')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.locator('#preview ins', { hasText: 'Append("x", "y")' }).waitFor()
    expect(await page.locator('#from-saml').inputValue()).toBe('Append("x", "y")')
  })
})

describe('attributes in a browser', () => {
  it('are made, changed after a look at the consequences, and deleted', async () => {
    const slug = await withAdele('attributes')
    const page = await openAt(`/console/o/${slug}/attributes`)
    await page.getByRole('link', { name: 'New attribute' }).click()
    await page.getByLabel('Key').fill('costCenter')
    await page.getByLabel('Label').fill('Cost center')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByText('Created.', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Copy SCIM name' }).waitFor()
    await page.getByLabel('Type').selectOption('number')
    await page.locator('form', { hasText: 'Required' }).getByRole('button').click()
    await page.getByText('0 of 1 people have a value.').waitFor()
    await expectFit(page)
    await page.getByRole('button', { name: 'Change the type' }).click()
    await page.getByText('Saved.', { exact: true }).waitFor()
    await page.goto(`${places.publicUrl}/console/o/${slug}/attributes`)
    await picture(page, 'attributes')
    await page.getByRole('link', { name: 'Cost center' }).click()
    await page.getByRole('link', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Delete the attribute' }).click()
    await page.getByText('Deleted.', { exact: true }).waitFor()
  })
})

describe('reconciliation in a browser', () => {
  it('runs dry, tells how far it is by itself, and shows what it found', async () => {
    const listed = await api.get<{ items: { slug: string }[] }>('/organizations')
    expect(listed?.items.map(({ slug }) => slug)).toContain('contoso')
    const page = await openAt('/console/o/contoso/reconciliation')
    await page.getByRole('button', { name: 'Dry run' }).click()
    await page.getByText('Started.').waitFor()
    await page.locator('#run .badge').getByText('done').waitFor()
    await picture(page, 'reconciliation-run')
    await page.getByRole('link', { name: 'Back to reconciliation' }).click()
    await picture(page, 'reconciliation')
    await page.getByRole('link', { name: 'Schedule and policies' }).click()
    await page.getByLabel('Value differs').waitFor()
    await picture(page, 'reconciliation-settings')
  })
})
