import { beforeEach, describe, expect, it } from 'vitest'
import {
  acsUrl,
  adele,
  appId,
  authnRequest,
  codeOf,
  entityId,
  fieldOf,
  openBrowser,
  postedXml,
  redirectPath,
  registerApp,
  type Simulator,
  startSimulator,
  tenantId,
  textIn,
} from './simulator.ts'

const password = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'
const asking = (context: string) =>
  `<samlp:RequestedAuthnContext Comparison="exact"><saml:AuthnContextClassRef xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${context}</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>`

let simulator: Simulator
beforeEach(async () => {
  simulator = startSimulator()
  await registerApp(simulator)
})

describe('signing in', () => {
  it('posts the answer and the RelayState to the application', async () => {
    const browser = openBrowser(simulator)
    const page = await browser.get(redirectPath(authnRequest(), '&RelayState=a%26b'))
    const done = await browser.choose(page, { user: adele })
    const html = await done.text()
    expect(html).toContain(`<form id="saml" method="post" action="${acsUrl}">`)
    expect(fieldOf(html, 'RelayState')).toBe('a&b')
    const xml = Buffer.from(fieldOf(html, 'SAMLResponse'), 'base64').toString('utf8')
    expect(xml).toContain('InResponseTo="_request"')
    expect(textIn(xml, 'Audience')).toBe(entityId)
  })

  it('takes a typed name, a guest’s name at home, and nobody else', async () => {
    const as = async (username: string) => {
      const browser = openBrowser(simulator)
      const page = await browser.get(redirectPath(authnRequest()))
      return browser.choose(page, { username })
    }
    expect(textIn(await postedXml(await as('adelev@CONTOSO.com')), 'NameID')).toBe(
      'AdeleV@contoso.com',
    )
    expect(textIn(await postedXml(await as('brianj@fabrikam.com')), 'NameID')).toContain('#EXT#')
    expect(await codeOf(await as('nobody@contoso.com'))).toBe('50034')
    expect(await codeOf(await as('somebody@fabrikam.com'))).toBe('50020')
  })

  it('is refused to who is disabled or not assigned', async () => {
    const as = async (username: string) => {
      const browser = openBrowser(simulator)
      return browser.choose(await browser.get(redirectPath(authnRequest())), { username })
    }
    expect(await codeOf(await as('DeliaD@contoso.com'))).toBe('50057')
    expect(await codeOf(await as('RaulR@contoso.com'))).toBe('50105')
    await registerApp(simulator, { assignmentRequired: false })
    expect(textIn(await postedXml(await as('RaulR@contoso.com')), 'NameID')).toBe(
      'RaulR@contoso.com',
    )
  })

  it('needs no page the second time, unless it is forced', async () => {
    const browser = openBrowser(simulator)
    await browser.choose(await browser.get(redirectPath(authnRequest())), { user: adele })
    simulator.time.nowMs += 600_000
    const again = await postedXml(await browser.get(redirectPath(authnRequest())))
    expect(again).toContain('AuthnInstant="2026-11-24T09:00:00.000Z"')
    const forced = authnRequest({ attributes: { ForceAuthn: 'true' } })
    const page = await browser.get(redirectPath(forced))
    const fresh = await postedXml(await browser.choose(page, { user: adele }))
    expect(fresh).toContain('AuthnInstant="2026-11-24T09:10:00.000Z"')
    await simulator.api('PATCH', `/users/${adele}`, { accountEnabled: false })
    expect(await codeOf(await browser.get(redirectPath(authnRequest())))).toBe('50057')
  })

  it('follows login_hint: to the session of that person, or to the front of the page', async () => {
    const browser = openBrowser(simulator)
    await browser.choose(await browser.get(redirectPath(authnRequest())), { user: adele })
    const hint = (name: string) => redirectPath(authnRequest(), `&login_hint=${name}`)
    const own = await postedXml(await browser.get(hint('AdeleV@contoso.com')))
    expect(textIn(own, 'NameID')).toBe('AdeleV@contoso.com')
    const other = await (await browser.get(hint('MeganB@contoso.com'))).text()
    expect(other).toContain('Pick an account')
    expect(other.indexOf('Megan Bowen')).toBeLessThan(other.indexOf('Adele Vance'))
  })

  it('asks which of several people it is', async () => {
    const browser = openBrowser(simulator)
    await browser.choose(await browser.get(redirectPath(authnRequest())), { user: adele })
    const account = await browser.get('/myapps/account')
    await browser.choose(account, { username: 'MeganB@contoso.com' })
    const page = await (await browser.get(redirectPath(authnRequest()))).text()
    expect(page.match(/Signed in/g)).toHaveLength(2)
  })

  it('silently needs a session', async () => {
    const browser = openBrowser(simulator)
    const silent = redirectPath(authnRequest({ attributes: { IsPassive: 'true' } }))
    const no = await postedXml(await browser.get(silent))
    expect(no).toContain('status:NoPassive')
    expect(no).toContain('AADSTS50058')
    await browser.choose(await browser.get(redirectPath(authnRequest())), { user: adele })
    expect(await postedXml(await browser.get(silent))).toContain('status:Success')
  })

  it('in the way that was asked for: AADSTS75011 with the remedy ForceAuthn', async () => {
    const as = async (username: string, attributes = {}) => {
      const browser = openBrowser(simulator)
      const request = authnRequest({ content: asking(password), attributes })
      return browser.choose(await browser.get(redirectPath(request)), { username })
    }
    const plain = await postedXml(await as('AdeleV@contoso.com'))
    expect(textIn(plain, 'AuthnContextClassRef')).toBe(password)
    for (const name of ['AllanD', 'HenriettaM', 'IsaiahL']) {
      expect(await codeOf(await as(`${name}@contoso.com`))).toBe('75011')
    }
    const forced = await as('HenriettaM@contoso.com', { ForceAuthn: 'true' })
    expect(textIn(await postedXml(forced), 'AuthnContextClassRef')).toBe(password)
  })
})

describe('failing on purpose', () => {
  it('sends the application an unsigned answer that says no, or shows the page', async () => {
    const browser = openBrowser(simulator)
    const page = await browser.get(redirectPath(authnRequest(), '&RelayState=r'))
    const flow = fieldOf(await page.text(), 'flow')
    const login = `/${tenantId}/login`
    const sent = await browser.post(login, { flow, failure: '53003', show: 'response' })
    const xml = await postedXml(sent)
    expect(xml).toMatch(/status:Requester"><samlp:StatusCode Value="[^"]+:RequestUnsupported"/)
    expect(textIn(xml, 'StatusMessage')).toMatch(
      /^AADSTS53003: .*\nTrace ID: .*\nCorrelation ID: [0-9a-f-]{36}\nTimestamp: [-\d]{10} [:\d]{8}Z$/,
    )
    expect(xml).toContain('InResponseTo="_request"')
    expect(xml).not.toContain('Signature')
    const shown = await browser.post(login, { flow, failure: '53003', show: 'page' })
    expect(await codeOf(shown)).toBe('53003')
  })

  it('answers SPNameQualifier as documented', async () => {
    const content = '<samlp:NameIDPolicy SPNameQualifier="x"/>'
    const xml = await postedXml(await simulator.request(redirectPath(authnRequest({ content }))))
    expect(textIn(xml, 'StatusMessage')).toMatch(/^AADSTS75006: .* AADSTS90011: /)
  })
})

describe('starting from My Apps', () => {
  it('shows what is assigned and visible, and sends what nobody asked for', async () => {
    await registerApp(simulator, { relayState: 'deep/link' })
    const browser = openBrowser(simulator)
    const chosen = await browser.choose(await browser.get('/myapps'), { user: adele })
    expect(chosen.headers.get('location')).toBe('/myapps')
    expect(await (await browser.get('/myapps')).text()).toContain(
      `href="/myapps/signin/${appId}">Portico`,
    )
    const html = await (await browser.get(`/myapps/signin/${appId}`)).text()
    expect(fieldOf(html, 'RelayState')).toBe('deep/link')
    const xml = Buffer.from(fieldOf(html, 'SAMLResponse'), 'base64').toString('utf8')
    expect(xml).not.toContain('InResponseTo')
    await registerApp(simulator, { isVisible: false })
    expect(await (await browser.get('/myapps')).text()).not.toContain('signin/')
  })

  it('goes to the sign-on URL when there is one', async () => {
    await registerApp(simulator, { signOnUrl: 'http://localhost:8787/saml/con_1/login' })
    const response = await simulator.request(`/myapps/signin/${appId}`)
    expect([response.status, response.headers.get('location')]).toEqual([
      302,
      'http://localhost:8787/saml/con_1/login',
    ])
  })

  it('and the test button break when requests must be signed', async () => {
    const test = await simulator.request(`/apps/${appId}/test`)
    expect(await test.text()).toContain('Sign in as current user')
    await registerApp(simulator, { requireSignedRequests: true })
    const browser = openBrowser(simulator)
    const page = await browser.get(`/myapps/signin/${appId}`)
    expect(await codeOf(await browser.choose(page, { user: adele }))).toBe('76026')
    const closed = await (await simulator.request(`/apps/${appId}/test`)).text()
    expect(closed).not.toContain('Sign in as current user')
  })

  it('the test button signs in without being asked', async () => {
    const browser = openBrowser(simulator)
    const page = await browser.post(`/apps/${appId}/test`, {})
    const xml = await postedXml(await browser.choose(page, { user: adele }))
    expect(xml).not.toContain('InResponseTo')
  })
})

describe('the session cookie', () => {
  it('travels with requests that other sites post', async () => {
    const browser = openBrowser(simulator)
    const page = await browser.get(redirectPath(authnRequest()))
    const done = await browser.choose(page, { user: adele })
    const cookie = done.headers.get('set-cookie')
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/Secure/)
    expect(cookie).toMatch(/SameSite=None/)
  })

  it('does not let another site’s form choose an account or change the tenant', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' }
    for (const path of [`/${tenantId}/login`, '/users/new', '/api/reset']) {
      const refused = await simulator.request(path, { method: 'POST', headers })
      expect(refused.status).toBe(403)
    }
    const saml = await simulator.request(`/${tenantId}/saml2`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ SAMLRequest: Buffer.from(authnRequest()).toString('base64') }),
    })
    expect(saml.status).toBe(200)
  })
})
