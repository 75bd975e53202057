import { describe, expect, it } from 'vitest'
import { joinOrganization } from './support/organization.ts'
import {
  pick,
  places,
  readRefusal,
  sessionOf,
  useBrowsers,
  waitForProfile,
} from './support/world.ts'

const openBrowser = useBrowsers()

describe('a sign-in that starts at Portico', () => {
  it('leads from an email address to the profile, with where each value came from', async () => {
    const page = await openBrowser()
    expect((await sessionOf(page)).status).toBe(401)
    await page.goto(places.publicUrl)
    await page.getByLabel('Work email').fill('AdeleV@contoso.com')
    await page.getByRole('button', { name: 'Continue' }).click()
    await pick(page, 'Adele Vance')
    await waitForProfile(page, 'Adele Vance')
    expect(page.url()).toBe(`${places.publicUrl}/`)
    const email = page.getByRole('row', { name: 'Email' })
    expect(await email.getByRole('cell').allTextContents()).toEqual([
      'AdeleV@contoso.com',
      expect.stringMatching(/^Provisioning, since \d{4}-\d\d-\d\d$/),
    ])
    const { status, session } = await sessionOf(page)
    expect(status).toBe(200)
    expect(session).toMatchObject({
      user: { userName: 'AdeleV@contoso.com', active: true },
      profile: { givenName: 'Adele', familyName: 'Vance', email: 'AdeleV@contoso.com' },
      organization: { slug: 'contoso' },
      connection: places.demoConnectionId,
    })
  })

  it('says so when nobody knows the address, and lets the person correct it', async () => {
    const page = await openBrowser()
    await page.goto(places.publicUrl)
    await page.getByLabel('Work email').fill('somebody@unknown.example')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('Work email').inputValue()).toBe('somebody@unknown.example')
    await page.getByLabel('Work email').fill('AdeleV@contoso.com')
    await page.getByRole('button', { name: 'Continue' }).click()
    await pick(page, 'Adele Vance')
    await waitForProfile(page, 'Adele Vance')
  })
})

describe('a sign-in that starts in My Apps', () => {
  it('ends signed in where the connection allows it', async () => {
    const { app, slug } = await joinOrganization('tile-allowed', {
      connection: { allowIdpInitiated: true },
    })
    const page = await openBrowser()
    await openTile(page, app.displayName)
    await waitForProfile(page, 'Megan Bowen')
    expect((await sessionOf(page)).session?.organization.slug).toBe(slug)
  })

  it('is refused with a plain page where it does not', async () => {
    const { app } = await joinOrganization('tile-refused', {
      connection: { allowIdpInitiated: false },
    })
    const page = await openBrowser()
    await openTile(page, app.displayName)
    const refusal = await readRefusal(page)
    expect(refusal.reference).toMatch(/^req_/)
    expect((await sessionOf(page)).status).toBe(401)
  })

  async function openTile(page: Awaited<ReturnType<typeof openBrowser>>, name: string) {
    await page.goto(`${places.simulatorUrl}/myapps`)
    await pick(page, 'Megan Bowen')
    await page.getByRole('link', { name }).click()
  }
})
