import { describe, expect, it } from 'vitest'
import { joinOrganization } from './support/organization.ts'
import { simulator } from './support/simulator.ts'
import { api, pick, readRefusal, sessionOf, useBrowsers, waitForProfile } from './support/world.ts'

type SignIns = { readonly items: readonly { appId: string | null; correlationId: string }[] }
type Events = {
  readonly items: readonly { request: string | null; code?: string; detail: unknown }[]
}

const openBrowser = useBrowsers()

describe('what the tenant refuses by itself', () => {
  it('is a person who is not assigned: AADSTS50105', async () => {
    const { connection } = await joinOrganization('not-assigned')
    const page = await openBrowser()
    await page.goto(connection.loginUrl)
    await pick(page, 'Raul Razo')
    expect(await page.locator('#error').textContent()).toContain('AADSTS50105')
    expect((await sessionOf(page)).status).toBe(401)
    // The tenant keeps the person signed in, so somebody else comes with another browser.
    const other = await openBrowser()
    await other.goto(connection.loginUrl)
    await pick(other, 'Adele Vance')
    await waitForProfile(other, 'Adele Vance')
  })

  it('is an application that it does not know: AADSTS700016', async () => {
    const { connection, changeApp } = await joinOrganization('unknown-application')
    await changeApp({ identifiers: ['urn:example:another'] })
    const page = await openBrowser()
    await page.goto(connection.loginUrl)
    expect(await page.locator('#error').textContent()).toContain('AADSTS700016')
    await changeApp({ identifiers: [connection.entityId] })
    await page.goto(connection.loginUrl)
    await pick(page, 'Adele Vance')
    await waitForProfile(page, 'Adele Vance')
  })
})

describe('an error that the tenant sends back', () => {
  it('is explained in our own words, with its number', async () => {
    const { slug, app, connection } = await joinOrganization('error-response')
    const page = await openBrowser()
    await page.goto(connection.loginUrl)
    await page.getByText('Fail on purpose').click()
    await page.getByLabel('Error').selectOption('53003')
    await page.getByRole('button', { name: 'Send it to the app' }).click()
    const { reference } = await readRefusal(page)
    expect(reference).toMatch(/^req_/)
    // What the person reads out is what both logs know it by.
    const { items } = await simulator<SignIns>('GET', '/sign-ins')
    const correlationId = items.find(({ appId }) => appId === app.appId)?.correlationId
    expect(correlationId).toMatch(/^[0-9a-f-]{36}$/)
    // The event is written while the page is on its way.
    const eventOf = async () =>
      (await api.get<Events>(`/organizations/${slug}/events`))?.items.find(
        ({ request }) => request === reference,
      )
    await expect.poll(eventOf).toMatchObject({
      code: 'saml.status',
      detail: { aadsts: '53003', correlationId },
    })
    const text = (await page.locator('main').textContent()) ?? ''
    expect(text).toContain('AADSTS53003')
    expect(text).toContain(correlationId)
    expect(text).toContain('Your organization’s rules do not allow this sign-in.')
    // The tenant's own text could have been written by a stranger.
    expect(text).not.toContain('Access has been blocked')
    expect((await sessionOf(page)).status).toBe(401)
  })
})
