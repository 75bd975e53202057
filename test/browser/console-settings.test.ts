import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { picture } from './support/picture.ts'
import { joinProvisioned } from './support/provisioning.ts'
import { simulator } from './support/simulator.ts'
import { places, useBrowsers } from './support/world.ts'

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

describe('the settings', () => {
  it('show a new token once, which works, with the keyboard alone', async () => {
    const { slug, job, post } = await joinProvisioned('settings-token')
    const page = await openAt(`/console/o/${slug}/settings/scim`)
    await page.getByRole('link', { name: 'New token' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Name').focus()
    await page.keyboard.type('Entra')
    await page.keyboard.press('Enter')
    await page.getByText('This is shown now and never again.').waitFor()
    await picture(page, 'settings-token-shown')
    const value = page.locator('.copy', { hasText: 'Secret token' }).locator('.copy-value')
    const token = (await value.textContent()) ?? ''
    await simulator('PUT', job, { credentials: { kind: 'token', token } })
    expect(await post('test-connection')).toEqual({ ok: true })
    await page.getByRole('link', { name: 'I have copied it' }).click()
    await page.getByRole('cell', { name: 'Entra', exact: true }).waitFor()
    expect(await page.content()).not.toContain(token)
  })
})
