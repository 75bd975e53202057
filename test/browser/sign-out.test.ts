import { describe, expect, it } from 'vitest'
import { joinOrganization } from './support/organization.ts'
import { pick, places, sessionOf, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()

describe('signing out', () => {
  it('ends the session here and at the tenant, and comes back', async () => {
    const { connection } = await joinOrganization('sign-out')
    const page = await openBrowser()
    await page.goto(connection.loginUrl)
    await pick(page, 'Joni Sherman')
    await waitForProfile(page, 'Joni Sherman')
    const asked = page.waitForRequest((request) => request.url().includes('/saml2?SAMLRequest='))
    await page.getByRole('button', { name: 'Sign out' }).click()
    expect(new URL((await asked).url()).origin).toBe(places.simulatorUrl)
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    expect(page.url()).toContain(connection.logoutUrl)
    expect((await sessionOf(page)).status).toBe(401)
    // The tenant forgot the person too, or it would not ask.
    await page.goto(connection.loginUrl)
    await pick(page, 'Joni Sherman')
    await waitForProfile(page, 'Joni Sherman')
  })

  it('at the tenant ends the session here, told in a frame without our cookies', async () => {
    const { connection } = await joinOrganization('broadcast')
    const page = await openBrowser()
    await page.goto(connection.loginUrl)
    await pick(page, 'Joni Sherman')
    await waitForProfile(page, 'Joni Sherman')
    const stranger = await openBrowser()
    await stranger.goto(connection.loginUrl)
    await pick(stranger, 'Lidia Holloway')
    await waitForProfile(stranger, 'Lidia Holloway')

    await page.goto(`${places.simulatorUrl}/myapps`)
    const broadcast = page.waitForRequest((request) =>
      request.url().startsWith(connection.logoutUrl),
    )
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    expect(await (await broadcast).headerValue('cookie')).toBeNull()
    await page.locator('body[data-broadcast=done]').waitFor()
    const frame = page.frameLocator('iframe').getByRole('heading', { includeHidden: true })
    expect(await frame.textContent()).toBe('You are signed out')
    expect((await sessionOf(page)).status).toBe(401)
    expect((await sessionOf(stranger)).status).toBe(200)
  })
})
