import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { pick, places, readRefusal, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()

/** The pages that people see, each with the way there. */
const pages: readonly (readonly [name: string, open: (page: Page) => Promise<unknown>])[] = [
  ['the sign-in page', (page) => page.goto(places.publicUrl)],
  ['the sign-in page with a problem', openProblem],
  ['the profile page', openProfile],
  ['an error page', openRefusal],
  ['the page after signing out', openSignedOut],
]

describe.for(pages)('%s', ([, open]) => {
  it.for(['light', 'dark'] as const)('has no violation in %s', async (colorScheme) => {
    const page = await openBrowser({ colorScheme })
    await open(page)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  })

  it('fits a telephone without scrolling sideways', async () => {
    const page = await openBrowser({ viewport: { width: 360, height: 740 } })
    await open(page)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  })
})

async function openProblem(page: Page): Promise<void> {
  await page.goto(places.publicUrl)
  await page.getByLabel('Work email').fill(`${'long'.repeat(12)}@unknown.example`)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('alert').waitFor()
}

async function openProfile(page: Page): Promise<void> {
  await page.goto(`${places.publicUrl}/saml/${places.demoConnectionId}/login`)
  await pick(page, 'Henrietta Mueller')
  await waitForProfile(page, 'Henrietta Mueller')
}

async function openRefusal(page: Page): Promise<void> {
  await page.goto(`${places.publicUrl}/saml/${places.demoConnectionId}/login`)
  await page.getByText('Fail on purpose').click()
  await page.getByRole('button', { name: 'Send it to the app' }).click()
  await readRefusal(page)
}

async function openSignedOut(page: Page): Promise<void> {
  await openProfile(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
}
