import { describe, expect, it } from 'vitest'
import { certificateBase64 } from '../support/saml-builder.ts'
import { at, minuteMs, otherConnection } from '../support/saml-context.ts'
import { buildLogoutRequest, buildLogoutResponse, redirectQuery } from '../support/saml-messages.ts'
import {
  context,
  createContoso,
  doorWorld,
  leadsTo,
  pinCertificate,
  tables,
} from './support/door-world.ts'

const { events, sessions } = tables
const sloPath = `/saml/${context.connectionId}/slo`

async function signedIn(change: Parameters<typeof createContoso>[0] = {}) {
  const { db } = await createContoso(change)
  const world = doorWorld()
  const browser = world.browser()
  await browser.signIn()
  const [session] = await db.select().from(sessions)
  const index = session?.sessionIndex ?? ''
  return { db, world, browser, index }
}

/** Entra's broadcast: GET, unsigned, lower-case percent encoding, in a frame without our cookies. */
async function broadcast(
  world: ReturnType<typeof doorWorld>,
  options: Parameters<typeof buildLogoutRequest>[0],
  sign: Parameters<typeof redirectQuery>[0]['sign'] = null,
) {
  const xml = await buildLogoutRequest({ destination: context.sloUrl, ...options })
  const query = await redirectQuery({ parameter: 'SAMLRequest', xml, sign, lowerCase: true })
  return world.request(`${sloPath}?${query}`)
}

async function inflate(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return new Response(stream).text()
}

describe('a logout that the identity provider asks for', () => {
  it('ends the session of an unsigned request with its SessionIndex, and answers 200 in a frame', async () => {
    const { db, world, browser, index } = await signedIn()
    const response = await broadcast(world, { sessionIndexes: [index] })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-security-policy')).toContain(
      'frame-ancestors https://login.microsoftonline.com',
    )
    expect((await browser.go('/session')).status).toBe(401)
    expect((await db.select().from(events)).at(-1)).toMatchObject({
      type: 'logout',
      actor: 'identity-provider',
    })
  })

  it.each([
    ['R04 another issuer', { issuer: otherConnection.idpEntityId }],
    ['R04 another destination', { destination: otherConnection.sloUrl }],
    ['R04 no destination', { destination: null }],
    ['R04 a stale IssueInstant', { issueInstant: at(-30 * minuteMs) }],
    ['R04 its own end passed', { notOnOrAfter: at(-6 * minuteMs) }],
    ['R02 no SessionIndex and no signature', { sessionIndexes: [] }],
  ])('%s: touches no session (saml.logout_refused)', async (_, change) => {
    const { db, world, browser, index } = await signedIn()
    const response = await broadcast(world, { sessionIndexes: [index], ...change })
    expect(response.status).toBe(400)
    expect((await browser.go('/session')).status).toBe(200)
    expect((await db.select().from(events)).at(-1)).toMatchObject({
      type: 'logout',
      outcome: 'refused',
    })
  })

  it('R04 says the same and writes nothing for a SessionIndex that nobody has', async () => {
    const { db, world, browser } = await signedIn()
    const before = await db.$count(events)
    expect((await broadcast(world, { sessionIndexes: ['_guess'] })).status).toBe(200)
    expect((await browser.go('/session')).status).toBe(200)
    expect(await db.$count(events)).toBe(before)
  })

  it('R01 accepts a signature over the raw query with lower-case encoding, and ends all of a NameID', async () => {
    const { world, browser } = await signedIn()
    const response = await broadcast(
      world,
      { sessionIndexes: [], nameId: context.nameId },
      { key: 'K' },
    )
    expect(response.status).toBe(200)
    expect((await browser.go('/session')).status).toBe(401)
  })

  it.each([
    ['R02 a key that is not pinned', { key: 'Kprime' as const }],
    ['R02 SHA-1', { key: 'K' as const, method: 'rsa-sha1' as const }],
  ])('%s: a signature that is present must verify', async (_, sign) => {
    const { world, browser, index } = await signedIn()
    expect((await broadcast(world, { sessionIndexes: [index] }, sign)).status).toBe(400)
    expect((await browser.go('/session')).status).toBe(200)
  })

  it('is not refused for an expired certificate when a renewed one carries the same key', async () => {
    const { db, index } = await signedIn()
    for (let second = 0; second < 8; second++) {
      await pinCertificate(context.connectionId, expiredTwin(certificateBase64('K'), second))
    }
    await db.update(tables.connections).set({ version: 2 })
    const sign = { key: 'K' } as const
    expect((await broadcast(doorWorld(), { sessionIndexes: [index] }, sign)).status).toBe(200)
  })

  it('R04 a signed request works once', async () => {
    const { world } = await signedIn()
    const request = { sessionIndexes: [], nameId: context.nameId, id: '_logout1' }
    expect((await broadcast(world, request, { key: 'K' })).status).toBe(200)
    const again = world.browser()
    await again.signIn()
    expect((await broadcast(world, request, { key: 'K' })).status).toBe(400)
    expect((await again.go('/session')).status).toBe(200)
  })

  it('answers other providers with a LogoutResponse, so that they can go on', async () => {
    const { world, index } = await signedIn()
    const { db } = {
      db: (await import('../../src/db/index.ts')).openDatabase(world.counting.d1, 'primary'),
    }
    await db.update(tables.connections).set({ tenantId: null, version: 2 })
    world.clock.ms += 61_000
    const response = await broadcast(world, { sessionIndexes: [index] })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toMatch(
      /^https:\/\/login\.microsoftonline\.com.*SAMLResponse=/,
    )
  })

  it('answers at the response location when the provider has one, and asks at the other', async () => {
    const sloResponseUrl = 'https://idp.example/answers?a=1'
    const { world, browser, index } = await signedIn({
      connection: { tenantId: null, sloResponseUrl },
    })
    const response = await broadcast(world, { sessionIndexes: [index] })
    const location = new URL(response.headers.get('location') ?? '')
    expect(location.href.startsWith(`${sloResponseUrl}&SAMLResponse=`)).toBe(true)
    const xml = await inflate(location.searchParams.get('SAMLResponse') ?? '')
    expect(xml).toContain(`Destination="${sloResponseUrl}"`)

    await browser.signIn()
    const asked = await leadsTo(await browser.go('/logout', { method: 'POST' }))
    expect(asked.origin + asked.pathname).toBe(context.idpSloUrl)
  })

  it('takes the POST binding too, with the signature inside', async () => {
    const { world, browser, index } = await signedIn()
    const xml = await buildLogoutRequest({
      destination: context.sloUrl,
      sessionIndexes: [index],
      sign: { key: 'K' },
    })
    const response = await world.request(sloPath, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ SAMLRequest: btoa(xml) }).toString(),
    })
    expect(response.status).toBe(200)
    expect((await browser.go('/session')).status).toBe(401)
  })
})

describe('a logout that the person asks for', () => {
  it('ends the session here first, then at the identity provider, and comes back', async () => {
    const { db, browser } = await signedIn()
    const response = await browser.go('/logout', {
      method: 'POST',
      headers: { origin: context.publicUrl },
    })
    expect(response.status).toBe(200)
    const location = await leadsTo(response)
    expect(location.origin).toBe('https://login.microsoftonline.com')
    expect(await db.$count(sessions)).toBe(0)
    const sent = await inflate(location.searchParams.get('SAMLRequest') ?? '')
    const requestId = /\bID="([^"]+)"/.exec(sent)?.[1] ?? ''
    const xml = await buildLogoutResponse({ destination: context.sloUrl, inResponseTo: requestId })
    const query = await redirectQuery({ parameter: 'SAMLResponse', xml, sign: null })
    const back = await browser.go(`${sloPath}?${query}`, { crossSite: true })
    expect(back.status).toBe(200)
    expect(await back.text()).toContain('You are signed out')
    expect(browser.jar.has('__Host-portico_logout')).toBe(false)
  })

  it('R04 treats an answer to nothing as signed out, and records it', async () => {
    const { db, world } = await signedIn()
    const xml = await buildLogoutResponse({ destination: context.sloUrl, inResponseTo: '_unknown' })
    const query = await redirectQuery({ parameter: 'SAMLResponse', xml, sign: null })
    expect((await world.request(`${sloPath}?${query}`)).status).toBe(200)
    expect((await db.select().from(events)).at(-1)).toMatchObject({ code: 'saml.in_response_to' })
    expect(await db.$count(sessions)).toBe(1)
  })

  it('is not for forms of other sites (session.cross_site)', async () => {
    const { db, browser } = await signedIn()
    const response = await browser.go('/logout', {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    })
    expect(response.status).toBe(403)
    expect(await db.$count(sessions)).toBe(1)
  })

  it('does not take the cookie away in answer to a form of another site, which brings none', async () => {
    const { db, browser } = await signedIn()
    const response = await browser.go('/logout', {
      method: 'POST',
      crossSite: true,
      headers: { origin: 'null' },
    })
    expect([response.status, response.headers.getSetCookie()]).toEqual([303, []])
    expect((await browser.go('/session')).status).toBe(200)
    await db.delete(sessions)
    const ended = await browser.go('/logout', { method: 'POST' })
    expect(ended.headers.getSetCookie()).toHaveLength(1)
  })

  it('leads where the form says only if that is ours', async () => {
    const { browser } = await signedIn({ connection: { sloUrl: null } })
    const response = await browser.go('/logout', {
      method: 'POST',
      headers: { origin: context.publicUrl, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'return_to=https%3A%2F%2Fevil.example%2F',
    })
    expect(response.headers.get('location')).toBe(`${context.publicUrl}/`)
  })

  it('leads to a page of the app without a redirect that the form’s policy would have to allow', async () => {
    const appOrigins = ['https://app.contoso.example']
    const { browser } = await signedIn({
      organization: { appOrigins },
      connection: { sloUrl: null },
    })
    const response = await browser.go('/logout', {
      method: 'POST',
      headers: { origin: context.publicUrl, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'return_to=https%3A%2F%2Fapp.contoso.example%2Fbye%3Fa%3D1%26b%3D2',
    })
    expect(response.status).toBe(200)
    expect((await leadsTo(response)).href).toBe('https://app.contoso.example/bye?a=1&b=2')
    expect(browser.jar.has('__Host-portico_session')).toBe(false)
  })
})

/** The same certificate as if it had ended in 2020; its own signature is not looked at, since it is pinned. */
function expiredTwin(base64: string, second: number): string {
  const der = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const isTime = (at: number) => der[at] === 0x17 && der[at + 1] === 13
  const times = [...der.keys()].filter(isTime)
  const [notBefore = 0, notAfter = 0] = times
  der.set(new TextEncoder().encode('190101000000Z'), notBefore + 2)
  der.set(new TextEncoder().encode(`20010100000${second}Z`), notAfter + 2)
  return btoa(String.fromCharCode(...der))
}
