import { createSign } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { elementById } from '../support/c14n.ts'
import { certificatePem, privateKeyDer } from '../support/keys.ts'
import { signAtToken } from '../support/xml-signer.ts'
import {
  acsUrl,
  authnRequest,
  baseUrl,
  codeOf,
  deflated,
  entityId,
  type RequestParts,
  redirectPath,
  registerApp,
  type Simulator,
  startSimulator,
  tenantId,
} from './simulator.ts'

const saml = 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
const policy = (format: string) => `<samlp:NameIDPolicy Format="${format}"/>`

/** Each differs from a right request by what it says. */
const refused: readonly (readonly [why: string, code: string, parts: RequestParts])[] = [
  ['another reply URL', '50011', { attributes: { AssertionConsumerServiceURL: `${acsUrl}/` } }],
  [
    'an index without a reply URL',
    '50011',
    { attributes: { AssertionConsumerServiceURL: null, AssertionConsumerServiceIndex: '7' } },
  ],
  ['an unknown issuer', '700016', { issuer: `${entityId}/` }],
  ['an issuer in other case', '700016', { issuer: entityId.toUpperCase() }],
  ['no issuer', '75005', { issuer: null }],
  [
    'another binding for the answer',
    '75003',
    {
      attributes: { ProtocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact' },
    },
  ],
  ['another message', '75005', { root: 'AttributeQuery' }],
  ['another version', '75005', { attributes: { Version: '1.1' } }],
  ['no ID', '75005', { attributes: { ID: null } }],
  ['an ID that begins with a digit', '7500529', { attributes: { ID: '1request' } }],
  ['an ID that is no XML name', '75005', { attributes: { ID: '_a b' } }],
  ['no IssueInstant', '75005', { attributes: { IssueInstant: null } }],
  [
    'an IssueInstant with an offset',
    '75005',
    {
      attributes: { IssueInstant: '2026-11-24T09:00:00+01:00' },
    },
  ],
  ['an unknown attribute', '75005', { attributes: { Foo: 'bar' } }],
  ['a flag that is no boolean', '75005', { attributes: { ForceAuthn: 'yes' } }],
  ['a relative reply URL', '7500511', { attributes: { AssertionConsumerServiceURL: '/acs' } }],
  ['another destination', '75008', { attributes: { Destination: `${baseUrl}/elsewhere` } }],
  [
    'a Subject',
    '900236',
    {
      content: `<saml:Subject ${saml}><saml:NameID>a@b</saml:NameID></saml:Subject>`,
    },
  ],
  ['a proxy count', '900236', { content: '<samlp:Scoping ProxyCount="1"/>' }],
  [
    'an unsupported NameID format',
    '75016',
    {
      content: policy('urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos'),
    },
  ],
  [
    'a comparison that is not exact',
    '75005',
    {
      content: `<samlp:RequestedAuthnContext Comparison="minimum"><saml:AuthnContextClassRef ${saml}>x</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>`,
    },
  ],
  [
    'elements out of order',
    '75005',
    {
      content: `<samlp:Scoping/>${policy('urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress')}`,
    },
  ],
  ['an unknown element', '75005', { content: '<samlp:Wish/>' }],
]

let simulator: Simulator
beforeAll(async () => {
  simulator = startSimulator()
  await registerApp(simulator)
})

describe('an AuthnRequest', () => {
  it.each([
    ['as it should be', {}],
    [
      'with the least it may have',
      {
        attributes: { Destination: null, AssertionConsumerServiceURL: null },
      },
    ],
    [
      'with everything that is ignored',
      {
        attributes: { ProviderName: 'x', Consent: 'y', ForceAuthn: 'false', IsPassive: '0' },
        content: policy('urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'),
      },
    ],
  ] satisfies [string, RequestParts][])('%s leads to the sign-in page', async (_name, parts) => {
    const response = await simulator.request(redirectPath(authnRequest(parts)))
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('Pick an account')
  })

  it.each(refused)('with %s is refused with AADSTS%s', async (_why, code, parts) => {
    const byRedirect = await simulator.request(redirectPath(authnRequest(parts)))
    expect([byRedirect.status, await codeOf(byRedirect)]).toEqual([400, code])
    const byPost = await post(simulator, Buffer.from(authnRequest(parts)).toString('base64'))
    expect(await codeOf(byPost)).toBe(code)
  })

  it('shows what Entra’s error page shows', async () => {
    const response = await simulator.request(redirectPath(authnRequest({ issuer: 'x' })))
    const html = await response.text()
    expect(html).toMatch(/Correlation Id<\/dt><dd>[0-9a-f-]{36}</)
    expect(html).toContain('2026-11-24T09:00:00Z')
    expect(response.headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('how a message is carried', () => {
  const right = deflated(authnRequest())
  it.each([
    ['nothing', '750054', ''],
    ['an empty message', '750054', '?SAMLRequest='],
    ['text that is not base64', '750056', '?SAMLRequest=%3Cxml%3E'],
    ['an unescaped plus sign', '750056', '?SAMLRequest=ab+d'],
    [
      'a message that is not deflated',
      '750056',
      `?SAMLRequest=${encodeURIComponent(Buffer.from(authnRequest()).toString('base64'))}`,
    ],
    [
      'XML with a DOCTYPE',
      '7500525',
      `?SAMLRequest=${encodeURIComponent(deflated(`<!DOCTYPE a>${authnRequest()}`))}`,
    ],
    [
      'XML with a tag left open',
      '7500525',
      `?SAMLRequest=${encodeURIComponent(deflated(authnRequest().slice(0, -5)))}`,
    ],
    [
      'a duplicate attribute',
      '7500525',
      `?SAMLRequest=${encodeURIComponent(deflated(authnRequest().replace(' ID=', ' ID="_b" ID=')))}`,
    ],
  ])('by Redirect with %s is refused with AADSTS%s', async (_what, code, query) => {
    expect(await codeOf(await simulator.request(`/${tenantId}/saml2${query}`))).toBe(code)
    const control = `/${tenantId}/saml2?SAMLRequest=${encodeURIComponent(right)}`
    expect((await simulator.request(control)).status).toBe(200)
  })

  it('by POST is base64 only', async () => {
    expect(await codeOf(await post(simulator, right))).toBe('750056')
    const plain = Buffer.from(authnRequest()).toString('base64')
    expect((await post(simulator, plain)).status).toBe(200)
  })

  it('is refused in another tenant with AADSTS90002', async () => {
    const path = redirectPath(authnRequest())
    const other = path.replace(tenantId, '99999999-9999-4999-8999-999999999999')
    expect(await codeOf(await simulator.request(other))).toBe('90002')
    const byDomain = path.replace(tenantId, 'Contoso.onmicrosoft.com').replace('saml2', 'SAML2')
    expect((await simulator.request(byDomain)).status).toBe(200)
  })
})

describe('an application that requires signed requests', () => {
  const signedQuery = (xml: string, algorithm = 'sha256') => {
    const uri =
      algorithm === 'sha256'
        ? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
        : 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
    const query = `SAMLRequest=${encodeURIComponent(deflated(xml))}&RelayState=a%20b&SigAlg=${encodeURIComponent(uri)}`
    const value = createSign(`RSA-${algorithm.toUpperCase()}`)
      .update(query)
      .sign({ key: Buffer.from(privateKeyDer('K')), format: 'der', type: 'pkcs8' }, 'base64')
    return `/${tenantId}/saml2?${query}&Signature=${encodeURIComponent(value)}`
  }
  const strict = async () => {
    const own = startSimulator()
    await registerApp(own, {
      requireSignedRequests: true,
      verificationCertificates: [certificatePem('K2'), certificatePem('K')],
    })
    return own
  }

  it('takes a signature in the query, by one of the last two certificates', async () => {
    const own = await strict()
    const path = signedQuery(authnRequest())
    expect((await own.request(path)).status).toBe(200)
    const changed = path.replace('RelayState=a%20b', 'RelayState=a+b')
    expect(await codeOf(await own.request(changed))).toBe('76021')
    await registerApp(own, {
      requireSignedRequests: true,
      verificationCertificates: ['K', 'K2', 'Knext'].map((name) => certificatePem(name as 'K')),
    })
    expect(await codeOf(await own.request(path))).toBe('76021')
  })

  it('takes an enveloped signature by POST', async () => {
    const own = await strict()
    const template = authnRequest({ content: '{{signature}}' })
    const signed = await signAtToken(template, '{{signature}}', { key: 'K' })
    const send = (xml: string) => post(own, Buffer.from(xml).toString('base64'))
    expect((await send(signed)).status).toBe(200)
    const moved = signed.replace(`ID="_request"`, `ID="_other"`)
    expect(await codeOf(await send(moved))).toBe('76021')
    const changed = signed.replace('Version="2.0"', 'Version="2.0" ForceAuthn="true"')
    expect(await codeOf(await send(changed))).toBe('76021')
  })

  it('refuses a signature over a part of the request only', async () => {
    const own = await strict()
    const part = '<samlp:Extensions><x xmlns="urn:x" ID="_part"/></samlp:Extensions>'
    const template = authnRequest({ content: `{{signature}}${part}` })
    const sign = (id: string) =>
      signAtToken(template, '{{signature}}', {
        key: 'K',
        referenceUri: `#${id}`,
        digestOf: (document) => elementById(document, id),
      })
    const send = (xml: string) => post(own, Buffer.from(xml).toString('base64'))
    expect(await codeOf(await send(await sign('_part')))).toBe('76021')
    expect((await send(await sign('_request'))).status).toBe(200)
  })

  it('refuses a request without a signature, or with it in the other binding’s place', async () => {
    const own = await strict()
    expect(await codeOf(await own.request(redirectPath(authnRequest())))).toBe('76021')
    const template = authnRequest({ content: '{{signature}}' })
    const enveloped = await signAtToken(template, '{{signature}}', { key: 'K' })
    expect(await codeOf(await own.request(redirectPath(enveloped)))).toBe('76021')
  })

  it('takes SHA-1 only when allowed', async () => {
    const own = await strict()
    const path = signedQuery(authnRequest(), 'sha1')
    expect(await codeOf(await own.request(path))).toBe('76021')
    await own.api('PATCH', `/apps/${encodeURIComponent(entityId)}`, { allowSha1Requests: true })
    expect((await own.request(path)).status).toBe(200)
  })

  it('refuses an old request, which others do not look at', async () => {
    const own = await strict()
    const old = authnRequest({ attributes: { IssueInstant: '2026-11-24T08:00:00Z' } })
    expect(await codeOf(await own.request(signedQuery(old)))).toBe('76026')
    expect((await simulator.request(redirectPath(old))).status).toBe(200)
  })
})

function post(own: Simulator, samlRequest: string) {
  return own.request(`/${tenantId}/saml2`, {
    method: 'POST',
    body: new URLSearchParams({ SAMLRequest: samlRequest }),
  })
}
