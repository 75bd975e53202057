import { writeFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'

/** What a picture may weigh in the repository, in bytes. */
const heaviest = 200_000

/**
 * A picture of a page for the README and the guides, in light and dark. Only with PICTURES set: ids and times on
 * the pages differ with each run, and pictures are looked at before they are committed.
 * @param options.whole false for what stands in the window only, of a long page; so it is where a picture of the
 *   whole page would be too heavy
 */
export async function picture(page: Page, name: string, { whole = true } = {}): Promise<void> {
  if (process.env['PICTURES'] === undefined) return
  // What stands still while the page scrolls would stand in the middle of a long picture.
  await page.evaluate('scrollTo(0, 0)')
  const taken = await take(page, whole)
  const isHeavy = taken.some(([, bytes]) => bytes.length > heaviest)
  for (const [scheme, bytes] of isHeavy && whole ? await take(page, false) : taken) {
    await writeFile(`docs/images/${name}-${scheme}.png`, bytes)
  }
}

async function take(page: Page, fullPage: boolean) {
  const taken: [scheme: string, bytes: Buffer][] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    taken.push([colorScheme, await page.screenshot({ fullPage, animations: 'disabled' })])
  }
  await page.emulateMedia({ colorScheme: 'light' })
  return taken
}
