import { env } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/env.ts'
import { adminKey } from '../admin/admin-client.ts'
import { openConsole } from './console-world.ts'

const teamUrl = 'https://contoso.cloudflareaccess.com'
const audience = 'a1'.repeat(32)
const subject = '7335d417-61da-459d-899c-0a01c76a2f94'

type Keys = Awaited<ReturnType<typeof generateKeyPair>>
let keys: Keys
let foreign: Keys

beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true })
  foreign = await generateKeyPair('RS256', { extractable: true })
})

async function open() {
  const config = parseConfig({
    ...env,
    ADMIN_KEY: adminKey,
    PUBLIC_URL: 'https://sso.example.com',
    ACCESS_TEAM_DOMAIN: 'contoso.cloudflareaccess.com',
    ACCESS_AUD: audience,
  })
  if (!config.ok) throw new Error(config.failure.problems.join())
  const world = openConsole({ config: config.value })
  let reads = 0
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  world.network.set(`${teamUrl}/cdn-cgi/access/certs`, () => {
    reads += 1
    return Response.json({ keys: [jwk] })
  })
  return { ...world, reads: () => reads }
}

type World = Awaited<ReturnType<typeof open>>

async function token(
  world: World,
  change: JWTPayload = {},
  { key = keys.privateKey, kid = 'k1', alg = 'RS256' } = {},
): Promise<string> {
  const nowSeconds = Math.floor(world.clock.ms / 1000)
  const payload = {
    ...{ iss: teamUrl, aud: [audience], sub: subject, email: 'ada@contoso.com' },
    ...{ iat: nowSeconds - 60, exp: nowSeconds + 3600, ...change },
  }
  return new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(key)
}

async function enter(world: World, jwt: string) {
  const browser = world.browser()
  const headers = {
    'cf-access-jwt-assertion': jwt,
    'content-type': 'application/x-www-form-urlencoded',
  }
  const page = await browser.send('/console/login/access', { method: 'POST', body: '', headers })
  return { browser, page }
}

describe('Cloudflare Access in front of the console', () => {
  it('lets in whom it let through, and names them in the log by their subject', async () => {
    const world = await open()
    const jwt = await token(world)
    const { browser, page } = await enter(world, jwt)
    expect([page.status, page.location]).toEqual([303, '/console'])
    const inside = await browser.get('/console', { 'cf-access-jwt-assertion': jwt })
    expect([inside.status, inside.text]).toEqual([200, expect.stringContaining('ada@contoso.com')])
    const events = await env.DB.prepare(
      `select actor, type from events where actor like 'operator:%'`,
    ).all()
    expect(events.results).toEqual([{ actor: `operator:${subject}`, type: 'console.entered' }])
    // One read of the keys, for however many requests.
    expect(world.reads()).toBe(1)
  })

  it('asks for its token with every request: the cookie alone opens nothing', async () => {
    const world = await open()
    const { browser } = await enter(world, await token(world))
    expect((await browser.get('/console')).status).toBe(303)
    const another = await token(world, { sub: 'somebody-else' })
    const page = await browser.get('/console', { 'cf-access-jwt-assertion': another })
    expect(page.status).toBe(303)
  })

  it.each([
    ['of another team', { iss: 'https://fabrikam.cloudflareaccess.com' }],
    ['for another application', { aud: ['b2'.repeat(32)] }],
    ['past its time', { exp: 1 }],
    ['without a subject, as of a service', { sub: '' }],
    ['with a subject of another form', { sub: 'a b\n' }],
  ] as const)('refuses a token %s', async (_name, change) => {
    const world = await open()
    const { browser, page } = await enter(world, await token(world, { ...change } as JWTPayload))
    expect([page.location, browser.cookies.size]).toEqual(['/console/login', 0])
  })

  it('refuses a token by a key that the team does not publish, whatever it calls it', async () => {
    const world = await open()
    for (const kid of ['k1', 'k2']) {
      const jwt = await token(world, {}, { key: foreign.privateKey, kid })
      const { browser } = await enter(world, jwt)
      expect(browser.cookies.size).toBe(0)
    }
    // Invented key ids do not become requests to Cloudflare.
    expect(world.reads()).toBe(1)
  })

  it('refuses tokens without a signature, or signed with something public', async () => {
    const world = await open()
    const none = `${btoa('{"alg":"none"}').replaceAll('=', '')}.${btoa(JSON.stringify({ iss: teamUrl, aud: [audience], sub: subject, iat: 1, exp: 9e9 })).replaceAll('=', '')}.`
    const hmac = await new SignJWT({ sub: subject, iss: teamUrl, aud: audience })
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(audience))
    for (const jwt of [none, hmac, '', 'x', 'a.b.c', 'x'.repeat(20_000)]) {
      expect((await enter(world, jwt)).browser.cookies.size).toBe(0)
    }
  })

  it('is not looked at when it is not configured', async () => {
    const world = await open()
    const jwt = await token(world)
    const plain = openConsole()
    const headers = {
      'cf-access-jwt-assertion': jwt,
      'content-type': 'application/x-www-form-urlencoded',
    }
    const browser = plain.browser()
    await browser.send('/console/login/access', { method: 'POST', body: '', headers })
    expect(browser.cookies.size).toBe(0)
  })

  it('needs both of its variables, well formed', () => {
    for (const variables of [
      { ACCESS_AUD: audience },
      { ACCESS_TEAM_DOMAIN: 'contoso.cloudflareaccess.com' },
      { ACCESS_TEAM_DOMAIN: 'evil.example', ACCESS_AUD: audience },
      { ACCESS_TEAM_DOMAIN: 'contoso.cloudflareaccess.com', ACCESS_AUD: 'x' },
    ]) {
      const config = parseConfig({ ...env, ADMIN_KEY: adminKey, ...variables })
      expect(config.ok ? [] : config.failure.problems).toEqual([
        expect.stringMatching(/ACCESS_(AUD|TEAM_DOMAIN) must be/) as string,
      ])
    }
    const org = parseConfig({ ...env, ADMIN_KEY: adminKey, OPERATOR_ORG: 'operators' })
    expect(org.ok ? [] : org.failure.problems).toEqual([
      'OPERATOR_ORG must be the id of an organization (org_…), not its slug.',
    ])
  })
})
