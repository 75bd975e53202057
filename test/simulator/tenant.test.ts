import { describe, expect, it } from 'vitest'
import { tidy } from '../../simulator/directory/index.ts'
import { certificateBase64 } from '../support/keys.ts'
import {
  acsUrl,
  adele,
  appId,
  authnRequest,
  codeOf,
  entityId,
  logoutUrl,
  openBrowser,
  redirectPath,
  registerApp,
  startSimulator,
} from './simulator.ts'

const spMetadata = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"><SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${['signing', 'encryption'].map((use) => `<KeyDescriptor use="${use}"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${certificateBase64(use === 'signing' ? 'K' : 'E')}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`).join('')}<SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${logoutUrl}"/><AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${acsUrl}" index="0"/></SPSSODescriptor></EntityDescriptor>`

describe('a fresh tenant', () => {
  it('has the people that tests need', async () => {
    const simulator = startSimulator()
    const get = async (key: string) => (await simulator.api('GET', `/users/${key}`)).json
    expect((await get('AdeleV@contoso.com')).id).toBe(adele)
    const guest = await get(encodeURIComponent('brianj_fabrikam.com#EXT#@contoso.onmicrosoft.com'))
    expect([guest.userType, guest.mail]).toEqual(['Guest', (await get('PattiF@contoso.com')).mail])
    expect((await get('PradeepG@contoso.com')).mail).toBeNull()
    expect((await get('DeliaD@contoso.com')).accountEnabled).toBe(false)
    expect((await get('IrvinS@contoso.com')).groups.length).toBeGreaterThan(150)
    expect(
      (await get('RaulR@contoso.com')).groups.map((g: { displayName: string }) => g.displayName),
    ).toEqual(['Operations'])
  })

  it('comes back with a reset, with or without its applications', async () => {
    const simulator = startSimulator()
    await registerApp(simulator)
    await simulator.api('DELETE', `/users/${adele}`)
    expect((await simulator.api('GET', `/users/${adele}`)).status).toBe(404)
    await simulator.api('POST', '/reset', { keepApps: true })
    expect((await simulator.api('GET', `/users/${adele}`)).status).toBe(200)
    expect((await simulator.api('GET', `/apps/${appId}`)).json.assignments).toHaveLength(1)
    await simulator.api('POST', '/reset')
    expect((await simulator.api('GET', '/apps')).json.items).toEqual([])
  })
})

describe('an application', () => {
  it('is made from a service provider’s metadata', async () => {
    const url = 'http://localhost:8787/saml/con_1/metadata'
    const simulator = startSimulator((asked) => (asked === url ? spMetadata : ''))
    const { status, json } = await simulator.api('PUT', `/apps/${appId}`, {
      displayName: 'Portico',
      spMetadataUrl: url,
      encryptsForSpMetadata: true,
    })
    expect(status).toBe(201)
    expect(json).toMatchObject({
      appId,
      identifiers: [entityId],
      replyUrls: [acsUrl],
      logoutUrl,
      verificationCertificates: [certificateBase64('K')],
      encryptionCertificates: [{ certificate: certificateBase64('E') }],
      issuer: 'https://sts.windows.net/c0470500-0000-4000-8000-000000000001/',
      assignments: [],
    })
    expect(json.tokenEncryptionKeyId).toBe(json.encryptionCertificates[0].keyId)
    expect(json.metadataUrl).toMatch(new RegExp(`appid=${appId}$`))
  })

  it('keeps its keys and assignments when it is registered anew', async () => {
    const simulator = startSimulator()
    const before = await registerApp(simulator)
    const { status, json } = await simulator.api('PUT', `/apps/${appId}`, {
      identifiers: ['http://localhost:9000/x'],
      replyUrls: ['http://localhost:9000/acs'],
    })
    expect(status).toBe(200)
    expect(json.certificates).toEqual(before.certificates)
    expect(json.assignments).toEqual(before.assignments)
    expect([json.displayName, json.logoutUrl]).toEqual(['New application', null])
  })

  it('is not half changed by a wrong call', async () => {
    const simulator = startSimulator()
    const before = await registerApp(simulator)
    await simulator.api('POST', '/apps', { identifiers: ['urn:other'] })
    const wrong: [number, Record<string, unknown>][] = [
      [400, { displayName: 'x', replyUrls: ['/relative'] }],
      [400, { displayName: 'x', signingOption: 'none' }],
      [400, { displayName: 'x', unknown: true }],
      [400, { displayName: 'x', assignments: [{ principal: 'nobody' }] }],
      [400, { displayName: 'x', assignments: [{ principal: adele, role: 'Nope' }] }],
      [400, { displayName: 'x', encryptionCertificate: 'nonsense' }],
      [400, { displayName: 'x', verificationCertificates: ['nonsense'] }],
      [400, { displayName: 'x', spMetadataXml: '<nonsense/>' }],
      [400, { displayName: 'x', spMetadataUrl: 'http://localhost:1/' }],
      [409, { displayName: 'x', identifiers: ['urn:other'] }],
    ]
    for (const [status, body] of wrong) {
      const answer = await simulator.api('PATCH', `/apps/${appId}`, body)
      expect([answer.status, typeof answer.json.problem]).toEqual([status, 'string'])
    }
    expect((await simulator.api('GET', `/apps/${appId}`)).json).toEqual(before)
    const changed = await simulator.api('PATCH', `/apps/${appId}`, { displayName: 'x' })
    expect(changed.json.displayName).toBe('x')
  })

  it('is gone with everything of it', async () => {
    const simulator = startSimulator()
    await registerApp(simulator)
    expect((await simulator.api('DELETE', `/apps/${appId}`)).status).toBe(204)
    expect(await codeOf(await simulator.request(redirectPath(authnRequest())))).toBe('700016')
    expect((await simulator.api('POST', '/apps', { identifiers: [entityId] })).status).toBe(201)
  })
})

describe('people and groups', () => {
  it('are made, changed and removed by calls', async () => {
    const simulator = startSimulator()
    const made = await simulator.api('POST', '/users', { displayName: 'Cameron White' })
    expect([made.status, made.json.userPrincipalName]).toEqual([201, 'CameronWhite@contoso.com'])
    const clash = { displayName: 'X', userPrincipalName: 'cameronwhite@contoso.com' }
    expect((await simulator.api('POST', '/users', clash)).status).toBe(409)
    const changed = await simulator.api('PATCH', `/users/${made.json.id}`, { department: null })
    expect(changed.json.department).toBeNull()
    const group = await simulator.api('POST', '/groups', { displayName: 'Pilots' })
    await simulator.api('POST', '/groups/Pilots/members', { member: made.json.id })
    expect((await simulator.api('GET', '/groups/Pilots')).json.members).toEqual([made.json.id])
    await simulator.api('DELETE', `/users/${made.json.id}`)
    expect((await simulator.api('GET', `/groups/${group.json.id}`)).json.members).toEqual([])
  })

  it('are edited in the pages', async () => {
    const simulator = startSimulator()
    await registerApp(simulator)
    const browser = openBrowser(simulator)
    const page = await (await browser.get(`/users/${adele}`)).text()
    const fields = Object.fromEntries(
      [...page.matchAll(/<input id="(\w+)" name="\w+" type="text" value="([^"]*)"/g)].map(
        ([, name, value]) => [name ?? '', value ?? ''],
      ),
    )
    await browser.post(`/users/${adele}`, {
      ...fields,
      department: '',
      userType: 'Member',
      authentication: 'mfa',
    })
    const after = (await simulator.api('GET', `/users/${adele}`)).json
    expect([after.department, after.authentication, after.mail]).toEqual([
      null,
      'mfa',
      'AdeleV@contoso.com',
    ])
    await browser.post(`/users/${adele}/access`, { account: 'switch' })
    expect((await simulator.api('GET', `/users/${adele}`)).json.accountEnabled).toBe(false)
    await browser.post(`/users/${adele}/access`, { assign: appId })
    expect((await simulator.api('GET', `/apps/${appId}`)).json.assignments).toContainEqual({
      principal: adele,
      role: null,
    })
  })

  it('an application edited in the page keeps what the form does not show', async () => {
    const simulator = startSimulator()
    const before = await registerApp(simulator, {
      claims: [{ name: 'd', source: 'user.department', transformation: 'ToLowercase' }],
      appRoles: [{ value: 'Admin', displayName: 'Administrators' }],
    })
    const browser = openBrowser(simulator)
    const page = await (await browser.get(`/apps/${appId}`)).text()
    const form = page.slice(page.indexOf(`<form method="post" action="/apps/${appId}"><fieldset`))
    const fields: Record<string, string> = {}
    for (const [, tag = '', name = '', rest = ''] of form.matchAll(
      /<(input|select|textarea) id="(\w+)"([\s\S]*?)(?=<input|<select|<textarea|<button)/g,
    )) {
      const isChecked = /type="checkbox"[^>]* checked/.test(rest)
      if (tag === 'textarea') fields[name] = /^[^>]*>([\s\S]*?)<\/textarea>/.exec(rest)?.[1] ?? ''
      else if (tag === 'select') fields[name] = /value="([^"]*)" selected/.exec(rest)?.[1] ?? ''
      else if (!rest.includes('checkbox')) fields[name] = / value="([^"]*)"/.exec(rest)?.[1] ?? ''
      else if (isChecked) fields[name] = 'on'
    }
    const saved = await browser.post(`/apps/${appId}`, fields)
    expect(saved.status).toBe(303)
    expect((await simulator.api('GET', `/apps/${appId}`)).json).toEqual(before)
    const changed = await browser.post(`/apps/${appId}`, { ...fields, signingOption: 'both' })
    expect(changed.status).toBe(303)
    expect((await simulator.api('GET', `/apps/${appId}`)).json.signingOption).toBe('both')
    const wrong = await browser.post(`/apps/${appId}`, { ...fields, replyUrls: 'nonsense' })
    expect(wrong.status).toBe(400)
  })
})

describe('every page', () => {
  it.each([
    '/',
    '/users',
    '/users/new',
    `/users/${adele}`,
    '/groups',
    '/groups/b0000000-0000-4000-8000-000000000001',
    '/apps',
    `/apps/${appId}`,
    `/apps/${appId}/test`,
    `/apps/${appId}/registration`,
    '/myapps',
    '/sign-ins',
    '/graph',
  ])('%s is there', async (path) => {
    const simulator = startSimulator()
    await registerApp(simulator)
    const response = await simulator.request(path)
    expect(response.status).toBe(200)
    expect(await response.text()).toMatch(/^<!doctype html><html lang="en">/)
  })
})

describe('tidying', () => {
  it('drops what has had its time, and nothing else', async () => {
    const simulator = startSimulator()
    await registerApp(simulator)
    const browser = openBrowser(simulator)
    const page = await browser.get(redirectPath(authnRequest()))
    await browser.choose(page.clone(), { user: adele })
    const rows = (table: string) =>
      simulator.world.sql.all(`SELECT count(*) AS n FROM ${table}`)[0]?.['n']
    const count = () => ['flows', 'sessions', 'participants', 'sign_ins'].map(rows)
    tidy(simulator.world.sql, simulator.world.nowMs())
    expect(count()).toEqual([1, 1, 1, 1])
    tidy(simulator.world.sql, simulator.world.nowMs() + 2 * 3_600_000)
    expect(count()).toEqual([0, 1, 1, 1])
    tidy(simulator.world.sql, simulator.world.nowMs() + 8 * 24 * 3_600_000)
    expect(count()).toEqual([0, 0, 0, 1])
  })
})
