/** The ten most common failures: found, explained and mended with what the console says and does. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Broken } from './support/failure.ts'
import { failures } from './support/failures.ts'
import { simulator } from './support/simulator.ts'
import { places, useBrowsers } from './support/world.ts'

const openBrowser = useBrowsers()

/** An operator at a page of the console. */
async function openAt(path: string): Promise<Page> {
  const page = await openBrowser({ viewport: { width: 1280, height: 800 } })
  await page.goto(`${places.publicUrl}/console/login?next=${encodeURIComponent(path)}`)
  await page.getByLabel('Admin key').fill(places.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${places.publicUrl}${path}`)
  return page
}

/** What the explanation has to name, and what is done in the console; the rest is done in Entra. */
const remedies: Readonly<
  Record<string, readonly [names: RegExp, mend?: (page: Page, broken: Broken) => Promise<void>]>
> = {
  'wrong ACS': [/ACS URL/],
  'wrong entity id': [/Entity ID/],
  'expired certificate': [/signing certificate/, refreshMetadata],
  'unassigned user': [/Users and groups/],
  'first login off': [/first/i, (page) => switchOn(page, /First sign-in/)],
  'inactive person': [/assign/i],
  'clock skew': [/clock/],
  'group overage': [/Groups assigned to the application/],
  'expired SCIM token': [/token/, replaceToken],
  quarantine: [/[Ss]witch/, (page) => switchOn(page, /SCIM|[Pp]rovisioning/)],
}

async function refreshMetadata(page: Page, { joined }: Broken): Promise<void> {
  const path = `/console/o/${joined.slug}/settings/connections/${joined.connection.id}`
  await page.goto(`${places.publicUrl}${path}`)
  await page.getByRole('button', { name: 'Refresh now' }).click()
  await page.getByText('Saved.').waitFor()
}

async function switchOn(page: Page, what: RegExp): Promise<void> {
  await page.getByRole('link', { name: 'Roll out' }).click()
  const links = page.getByRole('link', { name: /^Switch on/ })
  await links.filter({ hasText: what }).click()
  await page.getByRole('button', { name: 'Switch on' }).click()
  await page.getByText('Saved.').waitFor()
}

async function replaceToken(page: Page, { joined }: Broken): Promise<void> {
  await page.goto(`${places.publicUrl}/console/o/${joined.slug}/settings/scim`)
  await page.getByRole('cell', { name: 'expired', exact: true }).waitFor()
  await page.getByRole('link', { name: 'New token' }).click()
  await page.getByLabel('Name').fill('Next')
  await page.getByRole('button', { name: 'Create and show it once' }).click()
  const value = page.locator('.copy', { hasText: 'Secret token' }).locator('.copy-value')
  const token = (await value.textContent()) ?? ''
  const job = `/apps/${joined.app.appId}/provisioning`
  await simulator('PUT', job, { credentials: { kind: 'token', token } })
}

describe.each(failures)('$name', ({ name, code, produce }) => {
  it('is found among the events with what to do, and then works', { timeout: 90_000 }, async () => {
    const broken = await produce(await openBrowser())
    const page = await openAt(`/console/o/${broken.joined.slug}/events?code=${code}`)
    // The event is written while the answer is on its way.
    const link = page.getByRole('link', { name: code, exact: true }).first()
    await expect
      .poll(async () => {
        await page.reload()
        return link.count()
      })
      .toBe(1)
    const [named, mend] = remedies[name] ?? [/^$/]
    expect(await page.getByRole('row').nth(1).textContent()).toMatch(named)
    await broken.repair()
    await mend?.(page, broken)
    await broken.retry(await openBrowser())
  })
})
