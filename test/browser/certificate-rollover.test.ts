import { describe, expect, it } from 'vitest'
import { type Joined, joinOrganization } from './support/organization.ts'
import { type Certificate, simulator } from './support/simulator.ts'
import { pick, readRefusal, sessionOf, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()

/** Makes a new signing certificate in the simulator, and signs with it from now on. */
function promoteCertificate({ app }: Joined): Promise<Certificate> {
  return simulator('POST', `/apps/${app.appId}/certificates`, { activate: true })
}

async function start(joined: Joined) {
  const page = await openBrowser()
  await page.goto(joined.connection.loginUrl)
  await pick(page, 'Lee Gu')
  return page
}

describe('a new signing certificate of the tenant', () => {
  it.for([
    ['metadata', async ({ app }: Joined, _: Certificate) => ({ metadataUrl: app.metadataUrl })],
    ['hand', async (_: Joined, { pem }: Certificate) => ({ addCertificates: [pem] })],
  ] as const)('is refused until the admin adds it by %s', async ([way, changeFor]) => {
    const joined = await joinOrganization(`rollover-${way}`)
    await waitForProfile(await start(joined), 'Lee Gu')
    const certificate = await promoteCertificate(joined)
    const refused = await start(joined)
    const { reference } = await readRefusal(refused)
    expect(reference).toMatch(/^req_/)
    expect((await sessionOf(refused)).status).toBe(401)
    await joined.changeConnection(await changeFor(joined, certificate))
    await refused.getByRole('link', { name: 'Try again' }).click()
    await waitForProfile(refused, 'Lee Gu')
    expect((await sessionOf(refused)).status).toBe(200)
  })
})
