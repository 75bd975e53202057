/** The ten failures that admins meet most leave the event that explains them. */
import { describe, expect, it } from 'vitest'
import { failures } from './support/failures.ts'
import { simulator } from './support/simulator.ts'
import { api, useBrowsers } from './support/world.ts'

type Events = {
  readonly items: readonly { readonly code?: string; readonly detail: unknown }[]
}

const openBrowser = useBrowsers()

describe.each(failures)('$name', ({ code, produce, name, aadsts }) => {
  it(`leaves an event with ${code}`, async () => {
    const page = await openBrowser()
    const { joined } = await produce(page)
    const codes = async () => {
      const found = await api.get<Events>(`/organizations/${joined.slug}/events`)
      return found?.items.map((one) => one.code) ?? []
    }
    await expect.poll(codes, { timeout: 20_000 }).toContain(code)
    if (name === 'expired SCIM token' || name === 'quarantine') {
      const job = await simulator('GET', `/apps/${joined.app.appId}/provisioning`)
      expect(job).toMatchObject({ status: 'Quarantine' })
    }
    if (aadsts === undefined) return
    // What is started at Portico ends at the tenant, in its own words.
    const other = await openBrowser()
    await other.goto(joined.connection.loginUrl)
    if (aadsts === 'AADSTS50105') {
      await other.getByRole('button', { name: 'Adele Vance' }).click()
    }
    expect(await other.locator('#error').textContent()).toContain(aadsts)
  })
})
