import { constants, createDecipheriv, createPrivateKey, privateDecrypt } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { certificatePem, privateKeyDer } from '../support/keys.ts'
import { xmldsigjsVerifies } from '../support/opinions.ts'
import { idOf, signatureFault } from './signature.ts'
import {
  acsUrl,
  adele,
  appId,
  entityId,
  issuer,
  registerApp,
  type Simulator,
  startSimulator,
  tenantId,
  textIn,
  valuesOf,
} from './simulator.ts'

const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
const core = 'http://schemas.microsoft.com/identity/claims'
const groupsClaim = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups'
const roleClaim = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'

let simulator: Simulator
let pem: string
beforeEach(async () => {
  simulator = startSimulator()
  pem = (await registerApp(simulator)).certificates[0].pem
})

async function issue(more: Record<string, unknown> = {}): Promise<string> {
  const input = { app: appId, user: 'AdeleV@contoso.com', inResponseTo: '_request', ...more }
  const { status, json } = await simulator.api('POST', '/responses', input)
  expect([status, json.problem]).toEqual([200, undefined])
  return Buffer.from(json.samlResponse, 'base64').toString('utf8')
}

describe('a response', () => {
  it('has the shape of Entra’s', async () => {
    const xml = await issue()
    const masked = xml
      .replaceAll(/_[0-9a-f]{8}-[0-9a-f-]{27}/g, '_ID')
      .replace(/<Signature .*<\/Signature>/s, '<Signature/>')
      .replace(/<AttributeStatement>.*<\/AttributeStatement>/s, '<AttributeStatement/>')
    expect(masked).toBe(
      `<samlp:Response ID="_ID" Version="2.0" IssueInstant="2026-11-24T09:00:00.000Z" Destination="${acsUrl}" InResponseTo="_request" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">` +
        `<Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">${issuer}</Issuer>` +
        '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>' +
        `<Assertion ID="_ID" IssueInstant="2026-11-24T09:00:00.000Z" Version="2.0" xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><Issuer>${issuer}</Issuer><Signature/>` +
        `<Subject><NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">AdeleV@contoso.com</NameID><SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData InResponseTo="_request" NotOnOrAfter="2026-11-24T10:00:00.000Z" Recipient="${acsUrl}"/></SubjectConfirmation></Subject>` +
        `<Conditions NotBefore="2026-11-24T08:55:00.000Z" NotOnOrAfter="2026-11-24T10:00:00.000Z"><AudienceRestriction><Audience>${entityId}</Audience></AudienceRestriction></Conditions>` +
        '<AttributeStatement/><AuthnStatement AuthnInstant="2026-11-24T09:00:00.000Z" SessionIndex="_ID"><AuthnContext><AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion></samlp:Response>',
    )
    expect(xml).toContain(`SessionIndex="${idOf(xml, 'Assertion')}"`)
  })

  it('that nobody asked for has no InResponseTo', async () => {
    const xml = await issue({ inResponseTo: null })
    expect(xml).not.toContain('InResponseTo')
    expect(xml).toContain(`Recipient="${acsUrl}"`)
  })

  it('names an application that is no URI with spn: before it', async () => {
    const guid = '22222222-2222-4222-8222-222222222222'
    await registerApp(simulator, { identifiers: [guid] })
    expect(textIn(await issue(), 'Audience')).toBe(`spn:${guid}`)
  })

  it('has the application behind the issuer when so configured', async () => {
    await registerApp(simulator, { appendsAppIdToIssuer: true })
    expect(textIn(await issue(), 'Issuer')).toBe(`${issuer}${appId}/`)
  })
})

describe('a clock that is wrong', () => {
  it('dates everything that is said, and nothing else', async () => {
    const right = await issue()
    await registerApp(simulator, { clockSkewSeconds: 1200 })
    const wrong = await issue()
    const at = (xml: string, name: string) =>
      Date.parse(new RegExp(`${name}="([^"]+)"`).exec(xml)?.[1] ?? '')
    for (const name of ['IssueInstant', 'NotBefore', 'NotOnOrAfter', 'AuthnInstant']) {
      const off = at(wrong, name) - at(right, name)
      expect(Math.round(off / 60_000)).toBe(20)
    }
  })
})

describe('a signature', () => {
  it.each([
    ['assertion', null, 'Assertion'],
    ['response', 'Response', null],
    ['both', 'Response', 'Assertion'],
  ])('of the option %s is where it belongs, and verifies', async (signingOption, outer, inner) => {
    const xml = await issue({ signingOption })
    const signed = [outer, inner].filter((name) => name !== null)
    expect(xml.match(/<Signature /g)).toHaveLength(signed.length)
    for (const name of signed) expect(signatureFault(xml, idOf(xml, name), pem)).toBeNull()
    const broken = xml.replace('AdeleV@contoso.com</NameID>', 'PattiF@contoso.com</NameID>')
    const covering = outer ?? inner ?? ''
    expect(signatureFault(broken, idOf(broken, covering), pem)).toBe('digest')
  })

  it('is SHA-1 when so configured', async () => {
    const xml = await issue({ signingAlgorithm: 'sha1' })
    expect(xml).toContain('http://www.w3.org/2000/09/xmldsig#rsa-sha1')
    expect(signatureFault(xml, idOf(xml, 'Assertion'), pem)).toBeNull()
  })

  it('covers names in every script, and line breaks', async () => {
    const displayName = 'Zoë <b> & "李" \u{1F600}\r\n\tx'
    await simulator.api('PATCH', `/users/${adele}`, { displayName })
    const xml = await issue()
    expect(signatureFault(xml, idOf(xml, 'Assertion'), pem)).toBeNull()
  })

  it('does not verify by another key', async () => {
    expect(await xmldsigjsVerifies(await issue(), 'K')).toBe(false)
  })
})

describe('an encrypted assertion', () => {
  const decryptionKey = createPrivateKey({
    key: Buffer.from(privateKeyDer('E')),
    format: 'der',
    type: 'pkcs8',
  })
  const opened = (xml: string) => {
    const values = [...xml.matchAll(/CipherValue>([^<]+)</g)].map(([, text]) =>
      Buffer.from(text ?? '', 'base64'),
    )
    const [wrapped = Buffer.alloc(0), sealed = Buffer.alloc(0)] = values
    const oaepHash = xml.includes('xmlenc11#rsa-oaep') ? 'sha256' : 'sha1'
    const key = privateDecrypt(
      {
        key: decryptionKey,
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash,
      },
      wrapped,
    )
    if (xml.includes('xmlenc11#aes256-gcm')) {
      const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
      cipher.setAuthTag(sealed.subarray(-16))
      return Buffer.concat([cipher.update(sealed.subarray(12, -16)), cipher.final()]).toString()
    }
    const cipher = createDecipheriv('aes-256-cbc', key, sealed.subarray(0, 16))
    cipher.setAutoPadding(false)
    const padded = Buffer.concat([cipher.update(sealed.subarray(16)), cipher.final()])
    return padded.subarray(0, padded.length - (padded.at(-1) ?? 0)).toString()
  }

  it.each([
    ['aes256-cbc', 'rsa-oaep-mgf1p', 'assertion'],
    ['aes256-gcm', 'rsa-oaep', 'assertion'],
    ['aes256-cbc', 'rsa-oaep', 'both'],
    ['aes256-gcm', 'rsa-oaep-mgf1p', 'response'],
  ])('with %s and %s, signed %s, opens to the assertion', async (content, transport, option) => {
    await registerApp(simulator, {
      encryptionCertificate: certificatePem('E'),
      encryptionContent: content,
      encryptionTransport: transport,
      signingOption: option,
    })
    const xml = await issue()
    expect(xml).not.toContain('AdeleV')
    const assertion = opened(xml)
    expect(assertion).toMatch(/^<Assertion .*<\/Assertion>$/s)
    expect(textIn(assertion, 'NameID')).toBe('AdeleV@contoso.com')
    const certificate = (await simulator.api('GET', `/apps/${appId}`)).json.certificates[0].pem
    if (option !== 'response') {
      const id = idOf(assertion, 'Assertion')
      expect(signatureFault(assertion, id, certificate)).toBeNull()
    }
    if (option !== 'assertion') {
      expect(signatureFault(xml, idOf(xml, 'Response'), certificate)).toBeNull()
    }
  })

  it('is for the certificate that was chosen last, until it is switched off', async () => {
    await registerApp(simulator, { encryptionCertificate: certificatePem('E2') })
    await simulator.api('PATCH', `/apps/${appId}`, { encryptionCertificate: certificatePem('E') })
    expect(textIn(opened(await issue()), 'NameID')).toBe('AdeleV@contoso.com')
    await simulator.api('PATCH', `/apps/${appId}`, { encryptionCertificate: null })
    expect(textIn(await issue(), 'NameID')).toBe('AdeleV@contoso.com')
  })
})

describe('claims', () => {
  it('of a member are the core ones and the default ones', async () => {
    const xml = await issue()
    expect(valuesOf(xml, `${core}/tenantid`)).toEqual([tenantId])
    expect(valuesOf(xml, `${core}/objectidentifier`)).toEqual([adele])
    expect(valuesOf(xml, `${core}/displayname`)).toEqual(['Adele Vance'])
    expect(valuesOf(xml, `${core}/identityprovider`)).toEqual([issuer])
    expect(valuesOf(xml, `${claims}/givenname`)).toEqual(['Adele'])
    expect(valuesOf(xml, `${claims}/surname`)).toEqual(['Vance'])
    expect(valuesOf(xml, `${claims}/emailaddress`)).toEqual(['AdeleV@contoso.com'])
    expect(valuesOf(xml, `${claims}/name`)).toEqual(['AdeleV@contoso.com'])
    expect(xml).not.toContain('authnmethodsreferences')
    expect(xml).not.toContain('claims/groups')
  })

  it('without a value are left out', async () => {
    const xml = await issue({ user: 'PradeepG@contoso.com' })
    expect(xml).not.toContain('emailaddress"')
    expect(xml).not.toMatch(/<AttributeValue\/>|<Attribute [^>]*\/>/)
    expect(valuesOf(xml, `${claims}/name`)).toEqual(['PradeepG@contoso.com'])
  })

  it('of a guest name the provider at home, and carry somebody else’s address', async () => {
    const user = 'brianj_fabrikam.com#EXT#@contoso.onmicrosoft.com'
    const xml = await issue({ user })
    expect(valuesOf(xml, `${core}/identityprovider`)).toEqual([
      'https://sts.windows.net/fab41ca0-0000-4000-8000-000000000002/',
    ])
    expect(valuesOf(xml, `${core}/tenantid`)).toEqual([tenantId])
    expect(valuesOf(xml, `${claims}/emailaddress`)).toEqual(['PattiF@contoso.com'])
    expect(textIn(xml, 'NameID')).toBe(user)
  })

  it('of groups are object ids, nested ones included', async () => {
    await registerApp(simulator, { groupClaims: 'all' })
    const all = valuesOf(await issue({ user: 'PattiF@contoso.com' }), groupsClaim)
    expect(all).toContain('b0000000-0000-4000-8000-000000000002') // Executives
    expect(all).toContain('b0000000-0000-4000-8000-000000000050') // Leadership, which has Executives
    await registerApp(simulator, { groupClaims: 'assigned', groupClaimValue: 'displayName' })
    const assigned = valuesOf(await issue({ user: 'PattiF@contoso.com' }), groupsClaim)
    expect(assigned).toEqual(['All Contoso'])
  })

  it('of more than 150 groups are a link', async () => {
    await registerApp(simulator, { groupClaims: 'all' })
    const { json } = await simulator.api('GET', '/users/IrvinS@contoso.com')
    const over = await issue({ user: 'IrvinS@contoso.com' })
    expect(over).not.toContain(`Name="${groupsClaim}"`)
    expect(valuesOf(over, 'http://schemas.microsoft.com/claims/groups.link')).toEqual([
      `https://graph.windows.net/${tenantId}/users/${json.id}/getMemberObjects`,
    ])
    for (const group of json.groups.slice(150)) {
      await simulator.api('DELETE', `/groups/${group.id}/members/IrvinS@contoso.com`)
    }
    const limit = await issue({ user: 'IrvinS@contoso.com' })
    expect(valuesOf(limit, groupsClaim)).toHaveLength(150)
  })

  it('of roles come from direct assignments and direct groups', async () => {
    await registerApp(simulator, {
      appRoles: [{ value: 'Admin' }, { value: 'Reader' }],
      assignments: [
        { principal: 'All Contoso', role: 'Reader' },
        { principal: 'AdeleV@contoso.com', role: 'Admin' },
        { principal: 'Leadership', role: 'Admin' },
      ],
    })
    expect(valuesOf(await issue(), roleClaim)).toEqual(['Admin', 'Reader'])
    const patti = await issue({ user: 'PattiF@contoso.com' }) // in Leadership only through Executives
    expect(valuesOf(patti, roleClaim)).toEqual(['Reader'])
  })

  it('are what the application configures', async () => {
    await registerApp(simulator, {
      sendsAuthenticationMethods: true,
      claims: [
        { name: 'dept', source: 'user.department', transformation: 'ToUppercase' },
        { name: 'env', value: 'prod', nameFormat: 'urn:x' },
      ],
    })
    const xml = await issue({ user: 'AllanD@contoso.com' })
    expect(valuesOf(xml, 'dept')).toEqual(['IT'])
    expect(xml).toContain('<Attribute Name="env" NameFormat="urn:x">')
    const methods = 'http://schemas.microsoft.com/claims/authnmethodsreferences'
    expect(valuesOf(xml, methods)).toContain('http://schemas.microsoft.com/claims/multipleauthn')
  })
})

describe('the NameID', () => {
  const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
  it('falls back to the user principal name, unless a transformation needs the value', async () => {
    await registerApp(simulator, { nameId: { source: 'user.mail' } })
    expect(textIn(await issue({ user: 'PradeepG@contoso.com' }), 'NameID')).toBe(
      'PradeepG@contoso.com',
    )
    await registerApp(simulator, {
      nameId: { source: 'user.mail', transformation: 'ExtractMailPrefix' },
    })
    expect(textIn(await issue(), 'NameID')).toBe('AdeleV')
    const input = { app: appId, user: 'PradeepG@contoso.com' }
    const refusal = await simulator.api('POST', '/responses', input)
    expect(refusal.json.problem).toBe('AADSTS501241')
  })

  it('is pairwise when persistent, and a format in the request wins', async () => {
    const first = textIn(await issue({ nameIdFormat: persistent }), 'NameID')
    const again = textIn(await issue({ nameIdFormat: persistent }), 'NameID')
    expect(first).toBe(again)
    expect(first).toMatch(/^[A-Za-z0-9+/]{43}=$/)
    const other = await simulator.api('POST', '/apps', {
      identifiers: ['urn:other'],
      replyUrls: ['http://localhost:8787/other'],
      assignmentRequired: false,
    })
    const there = await issue({ app: other.json.appId, nameIdFormat: persistent })
    expect(textIn(there, 'NameID')).not.toBe(first)
    const transient = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
    const one = textIn(await issue({ nameIdFormat: transient }), 'NameID')
    expect(textIn(await issue({ nameIdFormat: transient }), 'NameID')).not.toBe(one)
  })
})

describe('overrides', () => {
  it('change what is said, and it is signed all the same', async () => {
    const xml = await issue({
      shiftSeconds: -7200,
      overrides: { audience: 'https://other.example', issuer: 'https://evil.example/' },
      attributes: { [`${core}/tenantid`]: ['x'], [`${claims}/surname`]: [] },
    })
    expect(textIn(xml, 'Audience')).toBe('https://other.example')
    expect(textIn(xml, 'Issuer')).toBe('https://evil.example/')
    expect(xml).toContain('NotOnOrAfter="2026-11-24T08:00:00.000Z"')
    expect(valuesOf(xml, `${core}/tenantid`)).toEqual(['x'])
    expect(valuesOf(xml, `${claims}/surname`)).toEqual([])
    expect(signatureFault(xml, idOf(xml, 'Assertion'), pem)).toBeNull()
  })
})
