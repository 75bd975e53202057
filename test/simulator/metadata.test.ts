import { X509Certificate } from 'node:crypto'
import { DOMParser } from '@xmldom/xmldom'
import { describe, expect, it } from 'vitest'
import { idOf, signatureFault } from './signature.ts'
import {
  appId,
  baseUrl,
  codeOf,
  issuer,
  registerApp,
  saml2,
  startSimulator,
  tenantId,
  textIn,
} from './simulator.ts'

const path = '/federationmetadata/2007-06/federationmetadata.xml'
const appPath = `/${tenantId}${path}?appid=${appId}`

function certificatesIn(xml: string): readonly string[] {
  const role = xml.slice(xml.indexOf('<IDPSSODescriptor'))
  return [...role.matchAll(/X509Certificate>([^<]+)</g)].map(([, text]) => text ?? '')
}

async function bodyOf(response: Response | Promise<Response>): Promise<string> {
  return Buffer.from(await (await response).arrayBuffer()).toString('utf8')
}

describe('federation metadata of an application', () => {
  it('begins with a byte order mark, is well-formed, and signed', async () => {
    const simulator = startSimulator()
    const { certificates } = await registerApp(simulator)
    const xml = await bodyOf(simulator.request(appPath))
    expect(xml.startsWith('\uFEFF<?xml version="1.0" encoding="utf-8"?><EntityDescriptor')).toBe(
      true,
    )
    const root = new DOMParser().parseFromString(xml.slice(1), 'text/xml').documentElement
    expect(root?.getAttribute('entityID')).toBe(issuer)
    const bare = xml.slice(xml.indexOf('?>') + 2)
    expect(signatureFault(bare, idOf(bare, 'EntityDescriptor'), certificates[0].pem)).toBeNull()
  })

  it('has WS-Federation roles first, and the endpoints', async () => {
    const simulator = startSimulator()
    await registerApp(simulator)
    const xml = await bodyOf(simulator.request(appPath))
    expect([...xml.matchAll(/xsi:type="(fed:\w+)"/g)].map(([, type]) => type)).toEqual([
      'fed:SecurityTokenServiceType',
      'fed:ApplicationServiceType',
    ])
    expect(xml.lastIndexOf('<RoleDescriptor')).toBeLessThan(xml.indexOf('<IDPSSODescriptor'))
    const bindings = 'urn:oasis:names:tc:SAML:2.0:bindings'
    expect(
      [...xml.matchAll(/<Single(\w+) Binding="([^"]+)" Location="([^"]+)"/g)].map((m) =>
        m.slice(1),
      ),
    ).toEqual([
      ['LogoutService', `${bindings}:HTTP-Redirect`, saml2],
      ['SignOnService', `${bindings}:HTTP-Redirect`, saml2],
      ['SignOnService', `${bindings}:HTTP-POST`, saml2],
    ])
  })

  it('is found in any case and by domain, and not for an unknown application or tenant', async () => {
    const simulator = startSimulator()
    await registerApp(simulator)
    const shouted = `/contoso.com/FederationMetadata/2007-06/FederationMetadata.xml?appid=${appId}`
    expect((await simulator.request(shouted)).status).toBe(200)
    expect(await codeOf(await simulator.request(`${appPath}0`))).toBe('700016')
    expect(await codeOf(await simulator.request(`/fabrikam.com${path}`))).toBe('90002')
  })

  it('without appid has keys of the tenant, and of no tenant in particular for common', async () => {
    const simulator = startSimulator()
    await registerApp(simulator)
    const own = certificatesIn(await bodyOf(simulator.request(appPath)))
    const tenant = certificatesIn(await bodyOf(simulator.request(`/${tenantId}${path}`)))
    expect(tenant).toHaveLength(1)
    expect(tenant).not.toEqual(own)
    const common = await bodyOf(simulator.request(`/common${path}`))
    expect(common).toContain('entityID="https://sts.windows.net/{tenantid}/"')
    expect(common).toContain(`${baseUrl}/common/saml2`)
  })
})

describe('certificate rollover', () => {
  it('shows a new certificate before it signs, and the old one until it is removed', async () => {
    const simulator = startSimulator()
    const { certificates } = await registerApp(simulator)
    const [old] = certificates
    const made = await simulator.api('POST', `/apps/${appId}/certificates`)
    expect([made.status, made.json.isActive]).toEqual([201, false])
    const der = (pem: string) => new X509Certificate(pem).raw.toString('base64')
    const published = async () => certificatesIn(await bodyOf(simulator.request(appPath)))
    const signer = async () => {
      const input = { app: appId, user: 'AdeleV@contoso.com' }
      return textIn((await simulator.api('POST', '/responses', input)).json.xml, 'X509Certificate')
    }
    expect(await published()).toEqual([der(old.pem), der(made.json.pem)])
    expect(await signer()).toBe(der(old.pem))
    const to = `/apps/${appId}/certificates/${made.json.thumbprint}`
    await simulator.api('POST', `${to}/activate`)
    expect(await published()).toEqual([der(made.json.pem), der(old.pem)])
    expect(await signer()).toBe(der(made.json.pem))
    await simulator.api('DELETE', `/apps/${appId}/certificates/${old.thumbprint}`)
    expect(await published()).toEqual([der(made.json.pem)])
  })

  it('switches from an expired certificate to a valid one by itself, and only then', async () => {
    const simulator = startSimulator()
    const { certificates } = await registerApp(simulator)
    const expired = {
      notBefore: '2020-01-01T00:00:00Z',
      notAfter: '2021-01-01T00:00:00Z',
      activate: true,
    }
    const input = { app: appId, user: 'AdeleV@contoso.com' }
    const signed = async () => (await simulator.api('POST', '/responses', input)).json.xml
    await simulator.api('POST', `/apps/${appId}/certificates`, expired)
    const valid = new X509Certificate(certificates[0].pem).raw.toString('base64')
    expect(textIn(await signed(), 'X509Certificate')).toBe(valid)
    const alone = { ...expired, removeOthers: true }
    const made = await simulator.api('POST', `/apps/${appId}/certificates`, alone)
    expect(made.json.notAfter).toBe('2021-01-01T00:00:00.000Z')
    const xml = await signed()
    expect(signatureFault(xml, idOf(xml, 'Assertion'), made.json.pem)).toBeNull()
  })

  it('leaves an application without a key unable to sign, AADSTS50003', async () => {
    const simulator = startSimulator()
    const { certificates } = await registerApp(simulator)
    await simulator.api('DELETE', `/apps/${appId}/certificates/${certificates[0].thumbprint}`)
    const input = { app: appId, user: 'AdeleV@contoso.com' }
    expect((await simulator.api('POST', '/responses', input)).json.problem).toBe('AADSTS50003')
  })
})
