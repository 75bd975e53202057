/** The doors of the console, which stand before its pages: to be read by everybody, in any colours and at any width. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { picture } from './support/picture.ts'
import { places, useBrowsers } from './support/world.ts'

const openBrowser = useBrowsers()

async function openLogin(page: Page): Promise<void> {
  await page.goto(`${places.publicUrl}/console`)
  await page.getByRole('heading', { name: 'Sign in to the console' }).waitFor()
}

async function openWrongKey(page: Page): Promise<void> {
  await openLogin(page)
  await page.getByLabel('Admin key').fill('not-the-key')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('This is not the admin key.').waitFor()
}

async function openLink(page: Page): Promise<void> {
  await page.goto(`${places.publicUrl}/console/enter#${'a'.repeat(43)}`)
  await page.getByRole('button', { name: 'Open the guide' }).waitFor()
}

async function openBrokenLink(page: Page): Promise<void> {
  await page.goto(`${places.publicUrl}/console/enter#half`)
  await page.getByText('This link is incomplete.').waitFor()
}

async function openConfirm(page: Page): Promise<void> {
  await openLogin(page)
  await page.getByLabel('Admin key').fill(places.adminKey)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Organizations', exact: true }).waitFor()
  await page.goto(`${places.publicUrl}/console/confirm?next=/console`)
  await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
}

describe.for([
  ['login', openLogin],
  ['login-refused', openWrongKey],
  ['enter', openLink],
  ['enter-incomplete', openBrokenLink],
  ['confirm', openConfirm],
] as const)('the door %s', ([name, open]) => {
  it.for([
    ['light', 1280],
    ['light', 360],
    ['dark', 1280],
    ['dark', 360],
  ] as const)('has no violation and fits in %s at %d', async ([colorScheme, width]) => {
    const page = await openBrowser({ colorScheme, viewport: { width, height: 800 } })
    await open(page)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    if (colorScheme === 'light' && width === 1280) await picture(page, `door-${name}`)
  })

  it('has one heading of the first rank, and the focus where the work is', async () => {
    const page = await openBrowser()
    await open(page)
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
    // What was wrong is read first.
    const focused = await page.evaluate('document.activeElement?.getAttribute("role")')
    expect(focused).toBe(name === 'login-refused' ? 'alert' : null)
  })
})
