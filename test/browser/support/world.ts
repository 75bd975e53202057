import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, inject } from 'vitest'
import { openAdminApi } from '../../../tools/stack/admin-api.ts'

export const places = inject('places')
export const api = openAdminApi(places.publicUrl, places.adminKey)

/**
 * Browsers for the tests of a file, each like a person's own: no cookies in common. All are closed after
 * each test.
 */
export function useBrowsers(): (options?: BrowserContextOptions) => Promise<Page> {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.connect(places.chromium)
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
  })
  afterAll(() => browser.close())
  return async function openBrowser(options = {}) {
    // Colours that are still changing have a contrast of their own.
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
    context.setDefaultTimeout(30_000)
    return context.newPage()
  }
}

export type Session = {
  readonly user: { readonly userName: string; readonly active: boolean }
  readonly profile: Readonly<Record<string, unknown>>
  readonly organization: { readonly slug: string }
  readonly connection: string | null
}

/** What `GET /session` says to the browser of a page, asked from a tab of its own. */
export async function sessionOf(page: Page): Promise<{ status: number; session: Session | null }> {
  const tab = await page.context().newPage()
  try {
    const response = await tab.goto(`${places.publicUrl}/session`)
    if (response === null) throw new Error('GET /session got no answer')
    const status = response.status()
    return { status, session: status === 200 ? ((await response.json()) as Session) : null }
  } finally {
    await tab.close()
  }
}

/** Chooses a person on the simulator's sign-in page. */
export async function pick(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name: 'Pick an account' }).waitFor()
  await page.getByRole('button', { name }).click()
}

/** Waits for the profile page of a person, which is where a sign-in ends. */
export async function waitForProfile(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

/** What a page of Portico's says when it refuses: its heading and its reference number. */
export async function readRefusal(page: Page): Promise<{ heading: string; reference: string }> {
  const reference = page.locator('dl.reference dd').first()
  await reference.waitFor()
  return {
    heading: (await page.getByRole('heading', { level: 1 }).textContent()) ?? '',
    reference: (await reference.textContent()) ?? '',
  }
}
