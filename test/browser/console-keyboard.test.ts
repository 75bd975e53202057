/** The main path with the keyboard alone: Tab, Enter, Space and typing. */
import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { copied, waitForStep } from './support/console.ts'
import { type App, simulator } from './support/simulator.ts'
import { pick, places, useBrowsers } from './support/world.ts'

const openBrowser = useBrowsers()

/** No page of the main path has more to pass by. */
const mostStops = 60

type Stop = { readonly text: string; readonly outline: string; readonly isSeen: boolean }

/** What has the focus: its words, and whether somebody who looks can tell. Runs in the page. */
const focused = `(() => {
  const at = document.activeElement
  const label = at.labels?.[0]?.textContent ?? at.getAttribute('aria-label') ?? at.textContent
  const box = at.getBoundingClientRect()
  return {
    text: label.trim().replace(/\\s+/g, ' '),
    outline: getComputedStyle(at).outlineStyle,
    isSeen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  }
})()`

/** Presses a key that moves the focus, and looks where it is: it must be seen there. */
async function step(page: Page, key: 'Tab' | 'Shift+Tab'): Promise<string> {
  await page.keyboard.press(key)
  const { text, outline, isSeen } = await page.evaluate<Stop>(focused)
  expect([page.url(), text, outline === 'none', isSeen]).toEqual([page.url(), text, false, true])
  return text
}

/** Goes on with Tab until something of these words has the focus. @returns the words on the way */
async function tabTo(page: Page, words: string): Promise<readonly string[]> {
  const way: string[] = []
  while (way.at(-1) !== words) {
    way.push(await step(page, 'Tab'))
    if (way.length > mostStops) throw new Error(`“${words}” is not among ${way.join(' | ')}`)
  }
  return way
}

/** Goes to a link or a button and presses it. */
async function press(page: Page, words: string): Promise<readonly string[]> {
  const way = await tabTo(page, words)
  await page.keyboard.press('Enter')
  return way
}

/** Goes to a field and writes into it. */
async function write(page: Page, field: string, text: string): Promise<void> {
  await tabTo(page, field)
  await page.keyboard.type(text)
}

async function waitForHeading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

describe('by keyboard alone', () => {
  it('an organization is made, connected, tested and rolled out', {
    timeout: 120_000,
  }, async () => {
    const slug = `keys-${randomBytes(4).toString('hex')}`
    const app = await simulator<App>('POST', '/apps', {
      displayName: slug,
      assignments: [{ principal: 'All Contoso' }],
    })
    const page = await openBrowser({ viewport: { width: 1280, height: 800 } })
    await page.goto(`${places.publicUrl}/console/login`)
    await write(page, 'Admin key', places.adminKey)
    await page.keyboard.press('Enter')
    await waitForHeading(page, 'Organizations')
    const way = await press(page, 'New organization')
    expect(way.slice(0, 2)).toEqual(['Skip to the page', 'Portico'])
    await waitForHeading(page, 'New organization')
    await write(page, 'Name', 'Fabrikam')
    await write(page, 'Slug', slug)
    expect(await step(page, 'Shift+Tab')).toBe('Name')
    await press(page, 'Create')

    await waitForStep(page, 'Create the application')
    // The skip link spares the tabs of the organization.
    expect(await step(page, 'Tab')).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Mark as done')
    await page.keyboard.press('Space')
    await waitForStep(page, 'Bring the metadata')
    await write(page, 'Address of the metadata', app.metadataUrl)
    await press(page, 'Make the connection')
    await waitForStep(page, 'Enter the addresses')
    await simulator('PATCH', `/apps/${app.appId}`, {
      identifiers: [await copied(page, 'Identifier (Entity ID)')],
      replyUrls: [await copied(page, 'Reply URL (Assertion Consumer Service URL)')],
    })

    await press(page, 'Test sign-in')
    await waitForHeading(page, 'Test sign-in')
    await press(page, 'Make a link')
    await page.getByRole('heading', { name: 'The link', level: 2 }).waitFor()
    const tester = await openBrowser()
    await tester.goto(await copied(page, 'Link'))
    await press(tester, 'Start the test')
    await pick(tester, 'Adele Vance')
    await tester.getByRole('heading', { name: 'The test passed' }).waitFor()
    await page.getByRole('link', { name: 'Open the report' }).waitFor()
    await press(page, 'Open the report')
    await page.getByText('The test passed.').waitFor()

    await press(page, 'Roll out')
    await waitForHeading(page, 'Roll out')
    await press(page, 'Open for everybody (Microsoft Entra ID)')
    await page.getByRole('heading', { name: 'What it means' }).waitFor()
    await press(page, 'Open for everybody')
    await page.getByText('Saved.').waitFor()
  })
})
