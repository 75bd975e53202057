import { randomBytes } from 'node:crypto'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import { openFrontDoor } from './support/front-door.ts'
import { joinOrganization } from './support/organization.ts'
import { simulator } from './support/simulator.ts'
import { api, pick, places, sessionOf, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

/** An organization whose provider answers at one host and sends everybody on to another. */
async function joinBehindFrontDoor(name: string, ssoBinding: 'redirect' | 'post' = 'redirect') {
  const joined = await joinOrganization(name)
  const { ssoUrl } = await simulator<{ ssoUrl: string }>('GET', `/apps/${joined.app.appId}`)
  const door = await openFrontDoor(ssoUrl)
  closers.push(door.close)
  await joined.changeConnection({
    manual: { ssoUrl: door.url, sloUrl: door.url, ssoBinding },
  })
  const domain = `${randomBytes(4).toString('hex')}.example`
  await api.post(`/organizations/${joined.slug}/domains`, { domain, verified: true })
  return { ...joined, door, domain }
}

/** What Chromium refused because of a policy of ours. */
function refusalsOf(page: Page): readonly string[] {
  const refused: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text())
  })
  return refused
}

const browsers: readonly (readonly [string, BrowserContextOptions])[] = [
  ['with scripts', {}],
  ['without scripts', { javaScriptEnabled: false }],
]

describe.each(browsers)('a provider that leads on to a second host, %s', (_, options) => {
  const hasScripts = options.javaScriptEnabled !== false

  it('is reached from the form for signing in, and from that for signing out', async () => {
    const { connection, door, domain } = await joinBehindFrontDoor('second-host')
    const page = await openBrowser(options)
    const refused = refusalsOf(page)
    await page.goto(places.publicUrl)
    await page.getByLabel('Work email').fill(`somebody@${domain}`)
    await page.getByRole('button', { name: 'Continue' }).click()
    await pick(page, 'Alex Wilber')
    if (!hasScripts) await page.getByRole('button', { name: 'Continue' }).click()
    await waitForProfile(page, 'Alex Wilber')
    expect(door.visits).toEqual(['GET'])

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    expect(page.url()).toContain(connection.logoutUrl)
    expect(door.visits).toEqual(['GET', 'GET'])
    expect((await sessionOf(page)).status).toBe(401)
    expect(refused).toEqual([])
  })

  it('is reached by the POST binding too', async () => {
    const { connection, door } = await joinBehindFrontDoor('second-host-post', 'post')
    const page = await openBrowser(options)
    await page.goto(connection.loginUrl)
    if (!hasScripts) await page.getByRole('button', { name: 'Continue' }).click()
    await pick(page, 'Alex Wilber')
    if (!hasScripts) await page.getByRole('button', { name: 'Continue' }).click()
    await waitForProfile(page, 'Alex Wilber')
    expect(door.visits).toEqual(['POST'])
  })
})
