import { createVerify, X509Certificate } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { encodeLower } from '../../simulator/saml/index.ts'
import { certificatePem } from '../support/keys.ts'
import { redirectQuery } from '../support/saml-messages.ts'
import {
  adele,
  appId,
  authnRequest,
  baseUrl,
  codeOf,
  entityId,
  giveKey,
  inflated,
  issuer,
  logoutUrl,
  openBrowser,
  postedXml,
  redirectPath,
  registerApp,
  type Simulator,
  startSimulator,
  tenantId,
  textIn,
  unescapeHtml,
} from './simulator.ts'

const otherLogout = 'http://localhost:9999/other/slo?tenant=1'
let simulator: Simulator
const otherId = '22222222-2222-4222-8222-222222222222'
beforeEach(async () => {
  simulator = startSimulator()
  await registerApp(simulator)
  giveKey(simulator, otherId)
  await simulator.api('POST', '/apps', {
    appId: otherId,
    displayName: 'Other',
    identifiers: ['urn:other'],
    replyUrls: ['http://localhost:9999/other/acs'],
    logoutUrl: otherLogout,
    assignments: [{ principal: 'All Contoso' }],
  })
})

function logoutRequest(more: Parameters<typeof authnRequest>[0] = {}): string {
  return authnRequest({
    root: 'LogoutRequest',
    content:
      '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">AdeleV@contoso.com</saml:NameID>',
    ...more,
    attributes: { AssertionConsumerServiceURL: null, ...more.attributes },
  })
}

/** A browser that is signed in to the given applications, and their session indexes. */
async function signedIn(...apps: readonly string[]) {
  const browser = openBrowser(simulator)
  const indexes: (string | null)[] = []
  for (const app of apps) {
    const path = `/myapps/signin/${app}`
    const first = await browser.get(path)
    const page = browser.cookie() === '' ? await browser.choose(first, { user: adele }) : first
    const xml = await postedXml(page)
    indexes.push(/SessionIndex="([^"]+)"/.exec(xml)?.[1] ?? null)
  }
  return { browser, indexes }
}

function framesIn(html: string): readonly string[] {
  return [...html.matchAll(/<iframe [^>]*src="([^"]+)"/g)].map(([, url]) => unescapeHtml(url ?? ''))
}

describe('an application that asks to sign out', () => {
  it('gets its answer by Redirect, from another issuer than assertions have', async () => {
    const { browser } = await signedIn(appId)
    const response = await browser.get(redirectPath(logoutRequest(), '&RelayState=x%2Fy'))
    const location = response.headers.get('location') ?? ''
    expect([response.status, location.startsWith(`${logoutUrl}?SAMLResponse=`)]).toEqual([
      302,
      true,
    ])
    expect(new URL(location).searchParams.get('RelayState')).toBe('x/y')
    const xml = inflated(location, 'SAMLResponse')
    expect(textIn(xml, 'Issuer')).toBe(`${baseUrl}/${tenantId}/`)
    expect(xml).toContain(`InResponseTo="_request"`)
    expect(xml).toContain(`Destination="${logoutUrl}"`)
    expect(xml).toContain('status:Success')
    const page = await browser.get(redirectPath(authnRequest()))
    expect(await page.text()).toContain('Pick an account')
  })

  it('may be told that the issuer is that of assertions', async () => {
    await simulator.api('PATCH', '/tenant', { logoutResponseIssuer: 'sts' })
    const { browser } = await signedIn(appId)
    const response = await browser.get(redirectPath(logoutRequest()))
    const xml = inflated(response.headers.get('location') ?? '', 'SAMLResponse')
    expect(textIn(xml, 'Issuer')).toBe(issuer)
  })

  it('makes the others be told in hidden frames, before it gets its answer', async () => {
    const { browser, indexes } = await signedIn(appId, otherId)
    const html = await (await browser.get(redirectPath(logoutRequest()))).text()
    const [frame = '', ...rest] = framesIn(html)
    expect(rest).toEqual([])
    expect(frame.startsWith(`${otherLogout}&SAMLRequest=`)).toBe(true)
    const xml = inflated(frame, 'SAMLRequest')
    expect(textIn(xml, 'Issuer')).toBe(issuer)
    expect(textIn(xml, 'NameID')).toBe('AdeleV@contoso.com')
    expect(textIn(xml, 'SessionIndex')).toBe(indexes[1])
    expect(xml).toContain('IssueInstant="2026-11-24T09:00:00.000Z"')
    expect(xml).toContain('Destination="http://localhost:9999/other/slo?tenant=1"')
    expect(html).toContain(`id="next" class="button" href="${logoutUrl}?SAMLResponse=`)
  })

  it('names only the last session index of each application', async () => {
    const { browser, indexes } = await signedIn(appId, otherId, otherId)
    const html = await (await browser.get(redirectPath(logoutRequest()))).text()
    const [frame = ''] = framesIn(html)
    expect(textIn(inflated(frame, 'SAMLRequest'), 'SessionIndex')).toBe(indexes[2])
  })

  it.each([
    ['an ID that begins with a digit', '7500529', { attributes: { ID: '1' } }],
    ['an unknown issuer', '700016', { issuer: 'urn:nobody' }],
    ['no issuer', '50061', { issuer: null }],
    ['an end that has passed', '50071', { attributes: { NotOnOrAfter: '2026-11-24T09:00:00Z' } }],
    ['another destination', '75008', { attributes: { Destination: 'https://other.example' } }],
  ])('with %s is refused with AADSTS%s', async (_why, code, parts) => {
    const { browser } = await signedIn(appId)
    expect(await codeOf(await browser.get(redirectPath(logoutRequest(parts))))).toBe(code)
    expect((await browser.get(redirectPath(logoutRequest()))).status).toBe(302)
  })

  it('by POST, and an answer to the broadcast, are refused', async () => {
    const posted = await simulator.request(`/${tenantId}/saml2`, {
      method: 'POST',
      body: new URLSearchParams({ SAMLRequest: Buffer.from(logoutRequest()).toString('base64') }),
    })
    expect(await codeOf(posted)).toBe('75005')
    const answer = authnRequest({ root: 'LogoutResponse' })
    const path = redirectPath(answer).replace('SAMLRequest=', 'SAMLResponse=')
    expect(await codeOf(await simulator.request(path))).toBe('7500514')
  })

  it('must take part in the session, and is answered when there is none', async () => {
    const { browser } = await signedIn(otherId)
    expect(await codeOf(await browser.get(redirectPath(logoutRequest())))).toBe('50068')
    const nobody = await simulator.request(redirectPath(logoutRequest()))
    expect(inflated(nobody.headers.get('location') ?? '', 'SAMLResponse')).toContain('Success')
  })

  it('may name anybody, unless the tenant looks at the NameID', async () => {
    const { browser } = await signedIn(appId)
    await simulator.api('PATCH', '/tenant', { checksLogoutNameId: true })
    const other = logoutRequest({ content: '' })
    expect(await codeOf(await browser.get(redirectPath(other)))).toBe('50070')
    await simulator.api('PATCH', '/tenant', { checksLogoutNameId: false })
    expect((await browser.get(redirectPath(other))).status).toBe(302)
  })

  it('may sign; then the signature must be right once the application has a certificate', async () => {
    await registerApp(simulator, { verificationCertificates: [certificatePem('K')] })
    const send = async (key: 'K' | 'K2') => {
      const { browser } = await signedIn(appId)
      const parts = { parameter: 'SAMLRequest', xml: logoutRequest(), sign: { key } } as const
      return browser.get(`/${tenantId}/saml2?${await redirectQuery(parts)}`)
    }
    expect((await send('K')).status).toBe(302)
    expect(await codeOf(await send('K2'))).toBe('50061')
    await registerApp(simulator)
    expect((await send('K2')).status).toBe(302)
  })

  it('with several people signed in, asks who, tells everybody and answers nobody', async () => {
    const { browser } = await signedIn(appId)
    await browser.choose(await browser.get('/myapps/account'), { username: 'MeganB@contoso.com' })
    const page = await browser.get(redirectPath(logoutRequest()))
    const html = await (await browser.choose(page, { user: adele })).text()
    expect(framesIn(html).map((url) => url.split('?')[0])).toEqual([logoutUrl])
    expect(html).not.toContain('SAMLResponse=')
    expect(await (await browser.get('/myapps')).text()).toContain('Megan Bowen')
  })
})

describe('what is sent by Redirect', () => {
  it('is percent-encoded in lower case', () => {
    expect(encodeLower('a+b/c=d e')).toBe('a%2bb%2fc%3dd%20e')
  })

  it('is unsigned, or signed over exactly what stands in the URL', async () => {
    const { browser } = await signedIn(otherId)
    const plain = framesIn(await (await browser.post('/myapps/sign-out', {})).text())
    expect(plain).toHaveLength(1)
    expect(plain[0]).not.toContain('Signature')
    expect(plain[0]).not.toMatch(/%[0-9a-f]?[A-F]/)
    const { json } = await simulator.api('PATCH', `/apps/${otherId}`, { signsLogoutMessages: true })
    const again = await signedIn(otherId)
    const html = await (await again.browser.post('/myapps/sign-out', {})).text()
    const query = (framesIn(html)[0] ?? '').split('tenant=1&')[1] ?? ''
    const [octets = '', value = ''] = query.split('&Signature=')
    expect(octets).toContain(
      'SigAlg=http%3a%2f%2fwww.w3.org%2f2001%2f04%2fxmldsig-more%23rsa-sha256',
    )
    const key = new X509Certificate(json.certificates[0].pem).publicKey
    const isRight = createVerify('RSA-SHA256')
      .update(octets)
      .verify(key, decodeURIComponent(value), 'base64')
    expect(isRight).toBe(true)
  })

  it('may name people by another identifier than the assertion did', async () => {
    await simulator.api('PATCH', `/apps/${otherId}`, { logoutNameId: 'pairwise' })
    const { browser } = await signedIn(otherId)
    const [frame = ''] = framesIn(await (await browser.post('/myapps/sign-out', {})).text())
    expect(textIn(inflated(frame, 'SAMLRequest'), 'NameID')).toMatch(/^[A-Za-z0-9+/]{43}=$/)
  })
})

describe('signing out everywhere', () => {
  it('tells every application, and ends the session', async () => {
    const { browser } = await signedIn(appId, otherId)
    const html = await (await browser.post('/myapps/sign-out', {})).text()
    expect(framesIn(html)).toHaveLength(2)
    expect(await (await browser.get('/myapps')).text()).toContain('Pick an account')
  })
})

describe('a logout request for tests', () => {
  it('is what the broadcast would send', async () => {
    const call = { app: appId, user: 'AdeleV@contoso.com', sessionIndex: '_s', shiftSeconds: -60 }
    const { json } = await simulator.api('POST', '/logout-requests', call)
    const xml = inflated(json.url, 'SAMLRequest')
    expect(xml).toBe(json.xml)
    expect([textIn(xml, 'NameID'), textIn(xml, 'SessionIndex')]).toEqual([
      'AdeleV@contoso.com',
      '_s',
    ])
    expect(xml).toContain('IssueInstant="2026-11-24T08:59:00.000Z"')
    expect(entityId).not.toBe(issuer)
  })
})
