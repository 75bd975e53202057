import { describe, expect, it } from 'vitest'
import { joinOrganization } from './support/organization.ts'
import { pick, places, sessionOf, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()

describe('two tabs', () => {
  it('finish in the other order, each where it wanted to go', async () => {
    const { connection } = await joinOrganization('two-tabs')
    const first = await openBrowser()
    const second = await first.context().newPage()
    await first.goto(`${connection.loginUrl}?return_to=${encodeURIComponent('/?tab=first')}`)
    await second.goto(`${connection.loginUrl}?return_to=${encodeURIComponent('/?tab=second')}`)
    await pick(second, 'Alex Wilber')
    await waitForProfile(second, 'Alex Wilber')
    await pick(first, 'Alex Wilber')
    await waitForProfile(first, 'Alex Wilber')
    expect([first.url(), second.url()]).toEqual([
      `${places.publicUrl}/?tab=first`,
      `${places.publicUrl}/?tab=second`,
    ])
  })
})

describe('a sign-in that must be fresh', () => {
  it('asks a person whom the tenant would let through', async () => {
    const { connection } = await joinOrganization('fresh')
    const page = await openBrowser()
    await page.goto(connection.loginUrl)
    await pick(page, 'Alex Wilber')
    await waitForProfile(page, 'Alex Wilber')
    await page.goto(connection.loginUrl)
    await waitForProfile(page, 'Alex Wilber')
    await page.goto(`${connection.loginUrl}?force=true`)
    await pick(page, 'Alex Wilber')
    await waitForProfile(page, 'Alex Wilber')
  })
})

describe('a browser without scripts', () => {
  it('signs in and out by buttons', async () => {
    const page = await openBrowser({ javaScriptEnabled: false })
    await page.goto(places.publicUrl)
    await page.getByLabel('Work email').fill('AlexW@contoso.com')
    await page.getByRole('button', { name: 'Continue' }).click()
    await pick(page, 'Alex Wilber')
    await page.getByRole('button', { name: 'Continue' }).click()
    await waitForProfile(page, 'Alex Wilber')
    expect((await sessionOf(page)).status).toBe(200)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    expect((await sessionOf(page)).status).toBe(401)
  })

  it('carries a request by POST with a button too', async () => {
    const { connection, changeConnection } = await joinOrganization('post-binding')
    await changeConnection({ manual: { ssoBinding: 'post' } })
    const page = await openBrowser({ javaScriptEnabled: false })
    await page.goto(connection.loginUrl)
    await page.getByRole('button', { name: 'Continue' }).click()
    await pick(page, 'Alex Wilber')
    await page.getByRole('button', { name: 'Continue' }).click()
    await waitForProfile(page, 'Alex Wilber')
    const scripted = await openBrowser()
    await scripted.goto(connection.loginUrl)
    await pick(scripted, 'Alex Wilber')
    await waitForProfile(scripted, 'Alex Wilber')
  })
})
