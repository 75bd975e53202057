import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { joinOrganization } from './support/organization.ts'
import { pick, readRefusal, sessionOf, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()

describe('the cookie of a started sign-in', () => {
  it('travels with the cross-site POST of the answer', async () => {
    const { connection } = await joinOrganization('cookie-none')
    const page = await openBrowser()
    await page.goto(connection.loginUrl)
    expect((await loginCookies(page)).map(({ sameSite }) => sameSite)).toEqual(['None'])
    const posted = page.waitForRequest(connection.acsUrl)
    await pick(page, 'Adele Vance')
    const headers = await (await posted).allHeaders()
    expect([headers['sec-fetch-site'], headers['sec-fetch-mode']]).toEqual([
      'cross-site',
      'navigate',
    ])
    expect(headers['cookie']).toContain('__Host-portico_login_')
    await waitForProfile(page, 'Adele Vance')
    expect(await loginCookies(page)).toEqual([])
  })

  it('would not if it were Lax', async () => {
    const { connection } = await joinOrganization('cookie-lax')
    const page = await openBrowser()
    await page.route(connection.loginUrl, async (route) => {
      const response = await route.fetch({ maxRedirects: 0 })
      const headers = response.headers()
      const cookie = (headers['set-cookie'] ?? '').replace('SameSite=None', 'SameSite=Lax')
      await route.fulfill({ response, headers: { ...headers, 'set-cookie': cookie } })
    })
    await page.goto(connection.loginUrl)
    expect((await loginCookies(page)).map(({ sameSite }) => sameSite)).toEqual(['Lax'])
    const answered = page.waitForResponse(connection.acsUrl)
    await pick(page, 'Adele Vance')
    expect((await answered).status()).toBe(403)
    await readRefusal(page)
    expect((await sessionOf(page)).status).toBe(401)
  })

  async function loginCookies(page: Page) {
    const cookies = await page.context().cookies()
    return cookies.filter(({ name }) => name.startsWith('__Host-portico_login_'))
  }
})

describe('the session cookie', () => {
  it('is hidden from scripts and stays at home', async () => {
    const { connection } = await joinOrganization('cookie-session')
    const page = await openBrowser()
    await page.goto(connection.loginUrl)
    await pick(page, 'Adele Vance')
    await waitForProfile(page, 'Adele Vance')
    const cookies = await page.context().cookies(connection.loginUrl)
    expect(cookies).toMatchObject([
      { name: '__Host-portico_session', httpOnly: true, secure: true, sameSite: 'Lax', path: '/' },
    ])
    expect(await page.evaluate('document.cookie')).toBe('')
  })
})
