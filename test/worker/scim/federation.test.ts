import { env } from 'cloudflare:workers'
import { exportSPKI, importSPKI, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { certificatePem } from '../../support/keys.ts'
import { createContoso, type Json, listOf, textOf } from '../admin/admin-client.ts'
import { readValue } from '../admin/connection-world.ts'
import {
  appId,
  assertWith,
  claims,
  contosoWorld,
  eventsOf,
  federation,
  issuer,
  keysUrl,
  loginUrl,
  makeClient,
  otherTenantId,
  type Reply,
  type ScimWorld,
  serveKeys,
  signed,
  subject,
  type TenantKey,
  tenantId,
  tenantKey,
} from './auth-world.ts'

let key: TenantKey
let next: TenantKey
let foreign: TenantKey

beforeAll(async () => {
  key = await tenantKey('k1')
  next = await tenantKey('k2')
  foreign = await tenantKey('k1')
})

const second = 1000
const minute = 60 * second
const hour = 60 * minute

async function worldWithClient(change: Json = {}) {
  const world = await contosoWorld()
  const asked = serveKeys(world, () => [key.jwk])
  const client = await makeClient(world, { federation: { ...federation, ...change } })
  const now = () => world.api.clock.ms
  return { world, asked, client, now }
}

/** Refused as RFC 7523 3.2 asks, with the reason in the event. */
async function expectRefused(world: ScimWorld, answer: Reply, reason: string): Promise<void> {
  expect([answer.status, answer.body['error'], reason]).toEqual([401, 'invalid_client', reason])
  expect(await readValue('select count(*) as value from scim_tokens')).toBe(0)
  const [event] = await eventsOf(world, 'oauth.token_refused')
  expect(event).toMatchObject({ code: 'oauth.assertion', outcome: 'refused' })
  expect(JSON.stringify(event)).toContain(`"reason":"${reason}"`)
}

describe('a federated assertion', () => {
  it('of the client’s tenant gives a token for an hour', async () => {
    const { world, asked, client, now } = await worldWithClient()
    const assertion = await signed(claims(now()), key)
    world.counting.restart()
    const answer = await assertWith(world, client.id, assertion)
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^portico_at_[A-Za-z0-9_-]{43}$/),
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'scim read write',
      },
    ])
    expect(world.counting.calls.map(({ kind }) => kind)).toEqual(['batch', 'batch'])
    expect(asked.count).toBe(1)
    const { body } = await world.present(textOf(answer.body, 'access_token'))
    expect(body).toMatchObject({ clientId: client.id })
  })

  it('may be presented again while it is valid: Entra does so until it is renewed', async () => {
    const { world, asked, client, now } = await worldWithClient()
    const assertion = await signed(claims(now()), key)
    const tokens = new Set<string>()
    for (let i = 0; i < 3; i++) {
      const answer = await assertWith(world, client.id, assertion)
      tokens.add(textOf(answer.body, 'access_token'))
      world.api.clock.ms += 20 * minute
    }
    expect([tokens.size, asked.count]).toEqual([3, 1])
  })

  it.each([appId, appId.toUpperCase(), `api://${appId}`, `api://${appId}/.default`])(
    'is for the audience %s in each of its three spellings',
    async (audience) => {
      const { world, client, now } = await worldWithClient({ audience })
      for (const aud of [appId, `api://${appId}`, `api://${appId}/.default`]) {
        const answer = await assertWith(world, client.id, await signed(claims(now(), { aud }), key))
        expect([aud, answer.status]).toEqual([aud, 200])
      }
    },
  )

  it('is of the issuer that was entered, and not of its other spelling', async () => {
    const short = `${loginUrl}/${tenantId}`
    for (const [entered, other] of [
      [issuer, short],
      [short, issuer],
    ]) {
      const { world, client, now } = await worldWithClient({ issuer: entered })
      const wrong = await signed(claims(now(), { iss: other }), key)
      await expectRefused(world, await assertWith(world, client.id, wrong), 'issuer')
      const right = await signed(claims(now(), { iss: entered }), key)
      expect((await assertWith(world, client.id, right)).status).toBe(200)
      await env.DB.prepare('delete from organizations').run()
    }
  })

  it('is judged with five minutes of tolerance for clocks, and not more', async () => {
    const { world, client, now } = await worldWithClient()
    const at = async (change: Json) =>
      (await assertWith(world, client.id, await signed(claims(now(), change), key))).status
    const seconds = Math.floor(now() / 1000)
    expect(await at({ exp: seconds - 299 })).toBe(200)
    expect(await at({ exp: seconds - 300 })).toBe(401)
    expect(await at({ nbf: seconds + 300 })).toBe(200)
    expect(await at({ nbf: seconds + 301 })).toBe(401)
    expect(await at({ iat: seconds + 300 })).toBe(200)
    expect(await at({ iat: seconds + 301 })).toBe(401)
    expect(await at({ iat: seconds, exp: seconds + 7200 })).toBe(200)
    expect(await at({ iat: seconds, exp: seconds + 7201 })).toBe(401)
  })

  it('tells the admin what differs, once the tenant has signed it', async () => {
    const { world, client, now } = await worldWithClient()
    const assertion = await signed(claims(now(), { sub: 'somebody "else"\u202e' }), key)
    const answer = await assertWith(world, client.id, assertion)
    expect(answer.body['error_description']).toMatch(
      /^The subject of the assertion is not the one entered for the client\. .*\(Reference req_/,
    )
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Portico"')
    const [event] = await eventsOf(world, 'oauth.token_refused')
    const told = JSON.stringify(event)
    expect(told).toContain('somebody')
    expect(told).toContain('\\\\u{202e}')
    expect(told).toContain(issuer)
    expect(told).not.toContain(assertion)
    expect(world.api.log.join()).not.toContain(assertion)
  })
})

describe('an assertion is refused for', () => {
  type Make = (nowMs: number) => Promise<string>
  const withClaims =
    (change: Json): Make =>
    (nowMs) =>
      signed(claims(nowMs, change), key)
  const withHeader =
    (header: Json): Make =>
    (nowMs) =>
      signed(claims(nowMs), key, header)
  const seconds = (nowMs: number) => Math.floor(nowMs / 1000)
  const encoded = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')

  const attacks: readonly (readonly [what: string, reason: string, make: Make])[] = [
    [
      'the algorithm none',
      'header',
      async (nowMs) => `${encoded({ alg: 'none', kid: 'k1' })}.${encoded(claims(nowMs))}.`,
    ],
    [
      'no signature',
      'signature',
      async (nowMs) => (await signed(claims(nowMs), key)).replace(/[^.]+$/, ''),
    ],
    [
      'HS256 with the public key as the secret',
      'header',
      async (nowMs) => {
        const pem = await exportSPKI(
          await importSPKI(await spkiOf(key), 'RS256', { extractable: true }),
        )
        return new SignJWT(claims(nowMs))
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(new TextEncoder().encode(pem))
      },
    ],
    [
      'another RSA algorithm',
      'header',
      async (nowMs) => {
        const { privateKey } = await rs512()
        return new SignJWT(claims(nowMs))
          .setProtectedHeader({ alg: 'RS512', kid: 'k1' })
          .sign(privateKey)
      },
    ],
    [
      'a key of somebody else under the tenant’s key id',
      'signature',
      (nowMs) => signed(claims(nowMs), foreign),
    ],
    [
      'a key id that the tenant does not publish',
      'unknown_key',
      (nowMs) => signed(claims(nowMs), next),
    ],
    ['no key id', 'header', withHeader({ kid: undefined })],
    ['a key id that is no text', 'header', withHeader({ kid: 1 })],
    ['a key id that leads elsewhere', 'unknown_key', withHeader({ kid: '../../evil/keys' })],
    ['a key id of SQL', 'unknown_key', withHeader({ kid: "x' or '1'='1" })],
    ['jku', 'header', withHeader({ jku: 'https://evil.example/keys' })],
    ['x5u', 'header', withHeader({ x5u: 'https://evil.example/cert' })],
    ['x5c', 'header', withHeader({ x5c: ['AAAA'] })],
    ['a key of its own', 'header', (nowMs) => signed(claims(nowMs), foreign, { jwk: foreign.jwk })],
    [
      'an extension that must be understood',
      'malformed',
      async (nowMs) => {
        const header = { alg: 'RS256', kid: 'k1', crit: ['exp'], exp: 1 }
        return `${encoded(header)}.${encoded(claims(nowMs))}.AAAA`
      },
    ],
    [
      'claims changed after signing',
      'signature',
      async (nowMs) => {
        const [header, , signature] = (await signed(claims(nowMs), key)).split('.')
        return `${header}.${encoded(claims(nowMs, { exp: seconds(nowMs) + 7000 }))}.${signature}`
      },
    ],
    ['being no token', 'malformed', async () => 'nonsense'],
    [
      'being two parts',
      'malformed',
      async (nowMs) => (await signed(claims(nowMs), key)).replace(/\.[^.]+$/, ''),
    ],
    [
      'being encrypted',
      'header',
      async () => `${encoded({ alg: 'RSA-OAEP', enc: 'A256GCM', kid: 'k1' })}.a.b.c.d`,
    ],
    ['its length', 'too_long', async () => 'a'.repeat(17_000)],
    [
      'having expired',
      'expired',
      (nowMs) => signed(claims(nowMs, { exp: seconds(nowMs) - 301 }), key),
    ],
    [
      'not being valid yet',
      'not_yet_valid',
      (nowMs) => signed(claims(nowMs, { nbf: seconds(nowMs) + 600 }), key),
    ],
    [
      'living longer than two hours',
      'lifetime',
      (nowMs) => signed(claims(nowMs, { exp: seconds(nowMs) + 7200 }), key),
    ],
    [
      'being issued in the future',
      'lifetime',
      (nowMs) =>
        signed(claims(nowMs, { iat: seconds(nowMs) + 600, exp: seconds(nowMs) + 900 }), key),
    ],
    ['no expiry', 'claims_missing', withClaims({ exp: undefined })],
    ['an expiry that is no number', 'claims_missing', withClaims({ exp: '9999999999' })],
    ['no time of issue', 'claims_missing', withClaims({ iat: undefined })],
    ['no tenant', 'tenant', withClaims({ tid: undefined })],
    ['another tenant', 'tenant', withClaims({ tid: otherTenantId })],
    ['another tenant’s issuer', 'issuer', withClaims({ iss: `${loginUrl}/${otherTenantId}/v2.0` })],
    ['an issuer with a slash more', 'issuer', withClaims({ iss: `${issuer}/` })],
    ['the issuer in another case', 'issuer', withClaims({ iss: issuer.toUpperCase() })],
    ['no issuer', 'issuer', withClaims({ iss: undefined })],
    ['a list of issuers', 'issuer', withClaims({ iss: [issuer] })],
    ['no audience', 'audience', withClaims({ aud: undefined })],
    ['the audience of another application', 'audience', withClaims({ aud: `api://${subject}` })],
    [
      'an audience that only begins like it',
      'audience',
      withClaims({ aud: `api://${appId}/.default/x` }),
    ],
    ['a fourth spelling of the audience', 'audience', withClaims({ aud: `api://${appId}/` })],
    ['a list of audiences', 'audience', withClaims({ aud: [`api://${appId}`] })],
    [
      'the audience of a blank secret',
      'blank_secret',
      withClaims({ aud: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621' }),
    ],
    [
      'being a token of a blank secret as Entra makes it',
      'blank_secret',
      withClaims({
        iss: `https://sts.windows.net/${tenantId}/`,
        aud: '8ADF8E6E-67B2-4CF2-A259-E3DC5476C621',
      }),
    ],
    ['no subject', 'subject', withClaims({ sub: undefined })],
    ['another subject', 'subject', withClaims({ sub: appId })],
    ['the subject in another case', 'subject', withClaims({ sub: subject.toUpperCase() })],
  ]

  it.each(attacks)('%s', async (_what, reason, make) => {
    const { world, client, now } = await worldWithClient()
    const asked = serveKeys(world, () => [foreign.jwk], 'https://evil.example/keys')
    await expectRefused(world, await assertWith(world, client.id, await make(now())), reason)
    expect(asked.count).toBe(0)
  })

  it('being presented by another client, of this or another organization', async () => {
    const { world, client, now } = await worldWithClient()
    await createContoso(world.api, 'fabrikam')
    serveKeys(world, () => [foreign.jwk], keysUrl.replace(tenantId, otherTenantId))
    const assertion = await signed(claims(now()), key)
    const others = [
      await makeClient(world, { federation: { ...federation, subject: appId } }),
      await makeClient(world, { federation: { ...federation, audience: subject } }),
      await makeClient(
        world,
        { federation: { ...federation, tenantId: otherTenantId } },
        'fabrikam',
      ),
      await makeClient(world),
    ]
    for (const other of others) {
      expect((await assertWith(world, other.id, assertion)).status).toBe(401)
    }
    expect((await assertWith(world, client.id, assertion)).status).toBe(200)
    const client2 = await readValue('select client_id as value from scim_tokens')
    expect(client2).toBe(client.id)
  })

  it('its client being disabled, deleted or switched off', async () => {
    const { world, client, now } = await worldWithClient()
    const path = `/organizations/contoso/scim-clients/${client.id}`
    const assertion = await signed(claims(now()), key)
    const ask = async () => (await assertWith(world, client.id, assertion)).body['error']
    await world.api.patch(path, { disabled: true })
    expect(await ask()).toBe('invalid_client')
    await world.api.patch(path, { disabled: false })
    await world.api.patch('/organizations/contoso', { provisioning: { scim: false } })
    expect(await ask()).toBe('unauthorized_client')
    await world.api.patch('/organizations/contoso', { provisioning: { scim: true } })
    expect(await ask()).toBe(undefined)
    await world.api.delete(path)
    expect(await ask()).toBe('invalid_client')
  })
})

async function spkiOf({ jwk }: TenantKey): Promise<string> {
  const imported = await crypto.subtle.importKey(
    'jwk',
    jwk as JsonWebKey,
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    true,
    ['verify'],
  )
  const der = new Uint8Array((await crypto.subtle.exportKey('spki', imported)) as ArrayBuffer)
  return `-----BEGIN PUBLIC KEY-----\n${btoa(String.fromCharCode(...der))}\n-----END PUBLIC KEY-----\n`
}

/** The tenant's key k1, made usable with another digest. */
async function rs512() {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key.privateKey as CryptoKey)
  const privateKey = await crypto.subtle.importKey(
    'pkcs8',
    pkcs8 as ArrayBuffer,
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
    false,
    ['sign'],
  )
  return { privateKey }
}

describe('the keys of a tenant', () => {
  it('are read again for an unknown key id, at most once a minute', async () => {
    const world = await contosoWorld()
    let published = [key.jwk]
    const asked = serveKeys(world, () => published)
    const client = await makeClient(world, { federation })
    const ask = async (by: TenantKey) =>
      (await assertWith(world, client.id, await signed(claims(world.api.clock.ms), by))).status
    expect([await ask(key), asked.count]).toEqual([200, 1])
    published = [key.jwk, next.jwk]
    expect([await ask(next), asked.count]).toEqual([401, 1])
    world.api.clock.ms += minute - 1
    expect([await ask(next), asked.count]).toEqual([401, 1])
    world.api.clock.ms += 1
    expect([await ask(next), asked.count]).toEqual([200, 2])
    expect([await ask(key), asked.count]).toEqual([200, 2])
    for (let i = 0; i < 3; i++) {
      const odd = { ...next, kid: `odd ${i}` }
      expect([await ask(odd), asked.count]).toEqual([401, 2])
    }
  })

  it('that are no longer published are forgotten within a day', async () => {
    const world = await contosoWorld()
    let published = [key.jwk, next.jwk]
    const asked = serveKeys(world, () => published)
    const client = await makeClient(world, { federation })
    const ask = async (by: TenantKey) =>
      (await assertWith(world, client.id, await signed(claims(world.api.clock.ms), by))).status
    expect(await ask(key)).toBe(200)
    published = [next.jwk]
    world.api.clock.ms += 24 * hour - 1
    expect([await ask(key), asked.count]).toEqual([200, 1])
    world.api.clock.ms += 1
    expect([await ask(key), asked.count]).toEqual([401, 2])
    expect([await ask(next), asked.count]).toEqual([200, 2])
  })

  const outages: readonly (readonly [string, () => Response])[] = [
    ['an error', () => new Response('down', { status: 500 })],
    ['an error with keys in it', () => Response.json({ keys: [key.jwk] }, { status: 404 })],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example/keys' } }),
    ],
    ['no JSON', () => new Response('<html>')],
    ['JSON of another form', () => Response.json({ keys: 'none' })],
    ['null', () => Response.json(null)],
    ['no key at all', () => Response.json({ keys: [] })],
    ['more than they can be', () => new Response(`{"keys":[${' '.repeat(300_000)}]}`)],
    [
      'nothing',
      () => {
        throw new TypeError('Network connection lost.')
      },
    ],
  ]

  it.each(outages)('go on being used while the tenant answers %s', async (_what, outage) => {
    const world = await contosoWorld()
    let isDown = false
    serveKeys(world, () => (isDown ? outage() : [key.jwk]))
    const evil = serveKeys(world, () => [key.jwk], 'https://evil.example/keys')
    const client = await makeClient(world, { federation })
    const ask = async () =>
      assertWith(world, client.id, await signed(claims(world.api.clock.ms), key))
    expect((await ask()).status).toBe(200)
    isDown = true
    world.api.clock.ms += 25 * hour
    expect((await ask()).status).toBe(200)
    expect(world.api.log.join()).toContain('keys of a tenant could not be read')
    expect(evil.count).toBe(0)
  })

  it.each(outages)(
    'were never read, and the tenant answers %s: try again',
    async (_what, outage) => {
      const world = await contosoWorld()
      let isDown = true
      serveKeys(world, () => (isDown ? outage() : [key.jwk]))
      const client = await makeClient(world, { federation })
      const ask = async () =>
        assertWith(world, client.id, await signed(claims(world.api.clock.ms), key))
      const answer = await ask()
      expect([answer.status, answer.body['error']]).toEqual([503, 'temporarily_unavailable'])
      expect(answer.headers.get('retry-after')).toBe('5')
      expect(await eventsOf(world, 'oauth.token_refused')).toMatchObject([
        { code: 'oauth.keys_unavailable' },
      ])
      isDown = false
      expect((await ask()).status).toBe(200)
    },
  )

  it('are only RSA keys for signatures, of this tenant or of all', async () => {
    const { jwk } = key
    const usable: readonly object[] = [
      { ...jwk, issuer },
      { ...jwk, issuer: `${loginUrl}/{tenantid}/v2.0` },
      { ...jwk, use: undefined },
    ]
    const unusable: readonly object[] = [
      { ...jwk, issuer: `${loginUrl}/${otherTenantId}/v2.0` },
      { ...jwk, use: 'enc' },
      { ...jwk, kty: 'oct', k: 'AAAA' },
      { ...jwk, n: undefined },
      { ...jwk, e: 3 },
      { ...jwk, kid: undefined },
    ]
    for (const [published, status] of [
      ...usable.map((one) => [one, 200] as const),
      ...unusable.map((one) => [one, 401] as const),
    ]) {
      const world = await contosoWorld()
      serveKeys(world, () => [published, next.jwk])
      const client = await makeClient(world, { federation })
      const assertion = await signed(claims(world.api.clock.ms), key)
      const answer = await assertWith(world, client.id, assertion)
      expect([published, answer.status]).toEqual([published, status])
      await env.DB.prepare('delete from organizations').run()
    }
  })

  it('of 1,024 bits are worth nothing', async () => {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    const pair = (await crypto.subtle.generateKey(
      { ...algorithm, modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) },
      true,
      ['sign', 'verify'],
    )) as CryptoKeyPair
    const jwk = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JsonWebKey
    const world = await contosoWorld()
    serveKeys(world, () => [{ ...jwk, alg: undefined, kid: 'k1', use: 'sig' }])
    const client = await makeClient(world, { federation })
    const assertion = await signed(claims(world.api.clock.ms), key)
    const content = assertion.replace(/\.[^.]+$/, '')
    const signature = await crypto.subtle.sign(
      algorithm,
      pair.privateKey,
      new TextEncoder().encode(content),
    )
    const text = btoa(String.fromCharCode(...new Uint8Array(signature)))
    const short = `${content}.${text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
    await expectRefused(world, await assertWith(world, client.id, short), 'malformed')
  })

  it('of which two have one name are worth nothing', async () => {
    const world = await contosoWorld()
    serveKeys(world, () => [key.jwk, { ...next.jwk, kid: 'k1' }])
    const client = await makeClient(world, { federation })
    const assertion = await signed(claims(world.api.clock.ms), key)
    await expectRefused(world, await assertWith(world, client.id, assertion), 'malformed')
  })

  it('are asked of the tenant that was entered, at the configured login URL', async () => {
    const { world, asked, client, now } = await worldWithClient()
    const theirs = serveKeys(world, () => [foreign.jwk], keysUrl.replace(tenantId, otherTenantId))
    const assertion = await signed(
      claims(now(), { tid: otherTenantId, iss: `${loginUrl}/${otherTenantId}/v2.0` }),
      foreign,
    )
    await expectRefused(world, await assertWith(world, client.id, assertion), 'signature')
    expect([asked.count, theirs.count]).toEqual([1, 0])
  })
})

describe('a federation', () => {
  it('is refused at creation when an assertion could not satisfy it', async () => {
    const world = await contosoWorld()
    const path = '/organizations/contoso/scim-clients'
    const wrong: readonly (readonly [Json, string])[] = [
      [{ tenantId: 'contoso.com' }, 'federation.tenantId'],
      [{ tenantId: 'common' }, 'federation.tenantId'],
      [{ issuer: `https://sts.windows.net/${tenantId}/` }, 'federation.issuer'],
      [{ issuer: `${loginUrl}/${otherTenantId}/v2.0` }, 'federation.issuer'],
      [{ issuer: `${issuer}/` }, 'federation.issuer'],
      [{ subject: 'system' }, 'federation.subject'],
      [{ audience: 'https://sso.example.com' }, 'federation.audience'],
      [{ audience: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621' }, 'federation.audience'],
      [{ audience: 'api://8ADF8E6E-67b2-4cf2-a259-e3dc5476c621/.default' }, 'federation.audience'],
    ]
    for (const [change, field] of wrong) {
      const answer = await world.api.post(path, {
        name: 'Entra',
        federation: { ...federation, ...change },
      })
      const fields = listOf(answer.body, 'errors').map((one) => one['field'])
      expect([change, answer.status, fields]).toEqual([change, 400, [field]])
    }
    const all = await world.api.post(path, {
      name: 'Entra',
      secretExpiresAt: '2027-01-01T00:00:00Z',
      federation: { tenantId: 'x', subject: 'x', audience: 'x' },
    })
    expect(listOf(all.body, 'errors').map((one) => one['field'])).toEqual([
      'federation.tenantId',
      'federation.subject',
      'federation.audience',
      'secretExpiresAt',
    ])
  })

  it('must be of the connection’s tenant', async () => {
    const world = await contosoWorld()
    const manual = {
      entityId: `https://sts.windows.net/${otherTenantId}/`,
      ssoUrl: `${loginUrl}/${otherTenantId}/saml2`,
    }
    await world.api.post('/organizations/contoso/connections', {
      name: 'Entra',
      manual: { ...manual, certificates: [certificatePem('K')] },
    })
    const path = '/organizations/contoso/scim-clients'
    const refused = await world.api.post(path, { name: 'Entra', federation })
    expect([refused.status, listOf(refused.body, 'errors')]).toEqual([
      400,
      [
        {
          field: 'federation.tenantId',
          message: `must be the tenant of the connection, ${otherTenantId}`,
        },
      ],
    ])
  })
})
