import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { places } from './world.ts'

/** Signs in with the admin key and waits for a page of the console. @param path of that page */
export async function signInToConsole(page: Page, path: string): Promise<void> {
  await page.goto(`${places.publicUrl}/console/login?next=${encodeURIComponent(path)}`)
  await page.getByLabel('Admin key').fill(places.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${places.publicUrl}${path}`)
}

/** What stands to copy under a label. */
export async function copied(page: Page, label: string): Promise<string> {
  const copy = page.locator('.copy', { has: page.getByText(label, { exact: true }) })
  return (await copy.locator('.copy-value').textContent())?.trim() ?? ''
}

/** Waits until the live check of a guide's step says so, on a page that nobody loads again. */
export async function waitForCheck(page: Page, title: string, word: string): Promise<void> {
  const link = page.getByRole('link', { name: title, exact: true })
  const step = page.locator('#checks li', { has: link })
  await step.getByText(word, { exact: true }).waitFor()
}

/** Waits for the step of the guide that is open. */
export async function waitForStep(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { name: title, level: 2, exact: true }).waitFor()
}

/** Opens a step of the guide. @param part whose steps are listed then */
export async function openStep(page: Page, part: string, title: string): Promise<void> {
  const checks = page.locator('#checks')
  await checks.getByRole('link', { name: part, exact: true }).click()
  await checks.getByRole('link', { name: title, exact: true }).click()
  await waitForStep(page, title)
}

/** Rules that ask for colours; all others answer the same in light and dark. */
const ofColours = ['color-contrast', 'link-in-text-block']

/** No rule of axe is broken on the page in light and in dark. @param what names the page in the message */
export async function expectNoViolation(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    // Without the blank page for results of frames: there are none.
    const axe = new AxeBuilder({ page }).setLegacyMode(true)
    const { violations } = await (colorScheme === 'light'
      ? axe
      : axe.withRules(ofColours)
    ).analyze()
    const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
    expect([what, colorScheme, found]).toEqual([what, colorScheme, []])
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
