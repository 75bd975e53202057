import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { joinOrganization } from './support/organization.ts'
import { picture } from './support/picture.ts'
import { api, pick, places, sessionOf, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()

/** An operator at a page of the console. */
async function openAt(path: string): Promise<Page> {
  const page = await openBrowser({ viewport: { width: 1280, height: 800 } })
  await page.goto(`${places.publicUrl}/console/login?next=${path}`)
  await page.getByLabel('Admin key').fill(places.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${places.publicUrl}${path}`)
  return page
}

/** Names an organization and its connection as people would: they are on pictures. */
async function call(slug: string, connectionId: string): Promise<void> {
  await api.patch(`/organizations/${slug}`, { name: 'Fabrikam' })
  await api.patch(`/organizations/${slug}/connections/${connectionId}`, { name: 'Entra' })
}

/** Confirms the change that a page is about, with the keyboard alone. */
async function confirm(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('Saved.').waitFor()
}

async function open(page: Page, link: string | RegExp): Promise<void> {
  await page.getByRole('link', { name: link }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'What it means' }).waitFor()
}

describe('rolling out in a browser', () => {
  it('opens for everybody, says who would be signed out, closes, and undoes it', async () => {
    const { slug, connection } = await joinOrganization('rollout', {
      connection: { status: 'draft' },
    })
    await call(slug, connection.id)
    const page = await openAt(`/console/o/${slug}/rollout`)
    await open(page, 'Open for testers')
    await page.getByText('There are no testers yet').waitFor()
    await confirm(page, 'Open for testers')
    await picture(page, 'rollout')
    await open(page, 'Open for everybody')
    await confirm(page, 'Open for everybody')

    const adele = await openBrowser()
    await adele.goto(connection.loginUrl)
    await pick(adele, 'Adele Vance')
    await waitForProfile(adele, 'Adele Vance')

    await open(page, 'Disable')
    await page
      .getByText('1 person signed in by this connection now would be signed out at once.')
      .waitFor()
    await picture(page, 'rollout-consequences')
    expect((await sessionOf(adele)).status).toBe(200)
    await confirm(page, 'Disable')
    expect((await sessionOf(adele)).status).toBe(401)

    await open(page, 'Entra: open for everybody')
    await page.getByText('1 person known here could sign in').waitFor()
    await confirm(page, 'Open for everybody')
    // The tenant still knows who it is.
    await adele.goto(connection.loginUrl)
    await waitForProfile(adele, 'Adele Vance')
  })

  it('switches first sign-in off, so that somebody new is refused, and on again', async () => {
    const { slug, connection } = await joinOrganization('switches')
    await call(slug, connection.id)
    const page = await openAt(`/console/o/${slug}/rollout`)
    await open(page, /Switch off.*First sign-in/)
    await page.getByText('Nobody new could come in').waitFor()
    await confirm(page, 'Switch off')
    const adele = await openBrowser()
    await adele.goto(connection.loginUrl)
    await pick(adele, 'Adele Vance')
    await adele.locator('dl.reference').waitFor()
    await open(page, 'First sign-in creates people: switch on again')
    await confirm(page, 'Switch on')
    await adele.goto(connection.loginUrl)
    await waitForProfile(adele, 'Adele Vance')
    await page.goto(`${places.publicUrl}/console/o/${slug}`)
    await page.getByText('1 succeeded and 1 refused in 30 days').waitFor()
    await page.getByRole('link', { name: 'directory.' }).waitFor()
    await picture(page, 'overview-organization')
  })
})

describe('the overview in a browser', () => {
  it('makes an organization, and finds it again', async () => {
    const page = await openAt('/console')
    const slug = `new-${randomBytes(4).toString('hex')}`
    await page.getByRole('link', { name: 'New organization' }).click()
    await page.getByLabel('Name').fill('Fabrikam Residences')
    await page.getByLabel('Slug').fill('Not a slug')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.locator('#slug-error').waitFor()
    expect(await page.getByLabel('Name').inputValue()).toBe('Fabrikam Residences')
    await page.getByLabel('Slug').fill(slug)
    await page.getByRole('button', { name: 'Create' }).click()
    await page.waitForURL(`**/console/o/${slug}/setup?done=created`)
    await page.goto(`${places.publicUrl}/console`)
    await picture(page, 'overview')
    await page.getByLabel('Name or slug').fill(slug.toUpperCase())
    await page.getByLabel('Name or slug').press('Enter')
    await page.getByRole('link', { name: 'Fabrikam Residences' }).waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
  })
})
