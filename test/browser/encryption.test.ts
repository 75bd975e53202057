import { describe, expect, it } from 'vitest'
import { type Joined, joinOrganization } from './support/organization.ts'
import { pick, readRefusal, sessionOf, useBrowsers, waitForProfile } from './support/world.ts'

const openBrowser = useBrowsers()

/** Encrypts for the certificate in Portico's own metadata, as an admin would set it up. */
async function encrypt(joined: Joined, how: Readonly<Record<string, unknown>>): Promise<void> {
  await joined.changeApp({
    spMetadataUrl: joined.connection.metadataUrl,
    encryptsForSpMetadata: true,
    ...how,
  })
}

describe('an encrypted assertion', () => {
  it.for([
    ['aes256-gcm', 'assertion', 'rsa-oaep-mgf1p'],
    ['aes256-gcm', 'both', 'rsa-oaep'],
    ['aes256-cbc', 'response', 'rsa-oaep-mgf1p'],
    ['aes256-cbc', 'both', 'rsa-oaep'],
  ] as const)('of %s with signing option %s and %s signs in', async (how) => {
    const [encryptionContent, signingOption, encryptionTransport] = how
    const joined = await joinOrganization(`encrypted-${how.join('-')}`)
    await encrypt(joined, { encryptionContent, signingOption, encryptionTransport })
    const page = await openBrowser()
    const posted = page.waitForRequest(joined.connection.acsUrl)
    await page.goto(joined.connection.loginUrl)
    await pick(page, 'Johanna Lorenz')
    const form = new URLSearchParams((await posted).postData() ?? '')
    const xml = Buffer.from(form.get('SAMLResponse') ?? '', 'base64').toString()
    expect(xml).toContain('EncryptedAssertion')
    expect(xml).not.toContain('Johanna')
    await waitForProfile(page, 'Johanna Lorenz')
    expect((await sessionOf(page)).session?.profile).toMatchObject({ givenName: 'Johanna' })
  })

  it('of CBC outside a signed response is refused', async () => {
    const joined = await joinOrganization('encrypted-unsigned-cbc')
    await encrypt(joined, { encryptionContent: 'aes256-cbc', signingOption: 'assertion' })
    const page = await openBrowser()
    await page.goto(joined.connection.loginUrl)
    await pick(page, 'Johanna Lorenz')
    await readRefusal(page)
    expect((await sessionOf(page)).status).toBe(401)
  })
})
