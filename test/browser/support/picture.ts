import type { Page } from 'playwright-core'

/**
 * A picture of a page for the README and the guides, in light and dark. Only with PICTURES set: ids and times on
 * the pages differ with each run, and pictures are looked at before they are committed.
 * @param options.whole false for what stands in the window only, of a long page
 */
export async function picture(page: Page, name: string, { whole = true } = {}): Promise<void> {
  if (process.env['PICTURES'] === undefined) return
  // What stands still while the page scrolls would stand in the middle of a long picture.
  await page.evaluate('scrollTo(0, 0)')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({
      path: `docs/images/${name}-${colorScheme}.png`,
      fullPage: whole,
      animations: 'disabled',
    })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
