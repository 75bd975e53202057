import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { textOf } from '../admin/admin-client.ts'
import { readValue } from '../admin/connection-world.ts'
import {
  contosoWorld,
  eventsOf,
  federation,
  makeClient,
  mint,
  type Reply,
  type ScimWorld,
} from './auth-world.ts'

type Client = Awaited<ReturnType<typeof makeClient>>

async function worldWithClient(body = {}) {
  const world = await contosoWorld()
  return { world, client: await makeClient(world, body) }
}

const grant = { grant_type: 'client_credentials' }
const inBody = ({ id, secret }: Client) => ({ ...grant, client_id: id, client_secret: secret })
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${btoa(`${id}:${secret}`)}`,
})

/** An answer of RFC 6749 5.2 that an admin can act on. */
function expectRefused(answer: Reply, status: number, error: string, told: string): void {
  expect([answer.status, answer.body['error']]).toEqual([status, error])
  const description = textOf(answer.body, 'error_description')
  expect(description).toContain(told)
  expect(description).toMatch(/ \(Reference req_[0-9a-z]{26}\)$/)
  // RFC 6749 5.2: printable ASCII without quotes and backslashes.
  expect(description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const challenge = status === 401 ? 'Basic realm="Portico"' : null
  expect(answer.headers.get('www-authenticate')).toBe(challenge)
}

describe('POST /oauth/token with a secret', () => {
  it('gives a token for an hour, to a secret in the body, in the header and in both', async () => {
    const { world, client } = await worldWithClient()
    const header = basic(client.id, client.secret)
    const ways = [
      await world.askToken(inBody(client)),
      await world.askToken(grant, header),
      await world.askToken(inBody(client), header),
      await world.askToken({ ...grant, client_id: client.id }, header),
      // RFC 3986: whoever encodes more than need be means the same.
      await world.askToken(
        grant,
        basic(client.id.replace('_', '%5F'), client.secret.replace('_', '%5f')),
      ),
    ]
    for (const answer of ways) {
      expect([answer.status, answer.body]).toEqual([
        200,
        {
          access_token: expect.stringMatching(/^portico_at_[A-Za-z0-9_-]{43}$/),
          token_type: 'Bearer',
          expires_in: 3600,
          scope: 'read write',
        },
      ])
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('pragma')).toBe('no-cache')
      const { body } = await world.present(textOf(answer.body, 'access_token'))
      expect(body).toMatchObject({ clientId: client.id, scopes: ['read', 'write'] })
    }
  })

  it('reads once and writes once', async () => {
    const { world, client } = await worldWithClient()
    world.counting.restart()
    await mint(world, client)
    expect(world.counting.calls.map(({ kind }) => kind)).toEqual(['batch', 'batch'])
    expect(world.counting.rows().read).toBeLessThan(15)
    const stored = await env.DB.prepare('select * from scim_tokens').all()
    expect(JSON.stringify(stored.results)).not.toContain('portico_at_')
  })

  it('takes either of two secrets, and says when one was last used', async () => {
    const { world, client } = await worldWithClient()
    const path = `/organizations/contoso/scim-clients/${client.id}`
    world.api.clock.ms += 1000
    const next = textOf((await world.api.post(`${path}/secrets`)).body, 'secret')
    await mint(world, client)
    world.api.clock.ms += 1000
    await mint(world, { ...client, secret: next })
    const { body } = await world.api.get(path)
    expect(body['secrets']).toMatchObject([
      { id: client.secretId, lastUsedAt: '2026-11-24T09:00:01.000Z' },
      { lastUsedAt: '2026-11-24T09:00:02.000Z' },
    ])
  })

  it.each([
    ['', 'read write', ['read', 'write']],
    ['scim', 'scim read write', ['read', 'write']],
    ['read', 'read', ['read']],
    ['write', 'write read', ['read', 'write']],
    ['write read', 'write read', ['read', 'write']],
    ['scim read', 'scim read write', ['read', 'write']],
  ])('gives the scope %j as %j', async (scope, told, scopes) => {
    const { world, client } = await worldWithClient()
    const { status, body } = await world.askToken({ ...inBody(client), scope })
    expect([status, body['scope']]).toEqual([200, told])
    expect((await world.present(textOf(body, 'access_token'))).body['scopes']).toEqual(scopes)
  })

  it('gives a client that may only read nothing more', async () => {
    const { world, client } = await worldWithClient({ scopes: ['read'] })
    const { body } = await world.askToken({ ...inBody(client), scope: 'scim' })
    expect(body['scope']).toBe('scim read')
    const refused = await world.askToken({ ...inBody(client), scope: 'write' })
    expectRefused(refused, 400, 'invalid_scope', 'does not have the scope write')
    expect(await eventsOf(world, 'oauth.token_refused')).toMatchObject([
      { code: 'oauth.invalid_scope' },
    ])
  })
})

describe('a client that does not prove itself', () => {
  it('learns the same for a wrong secret, an unknown client and a client of another kind', async () => {
    const { world, client } = await worldWithClient()
    const federated = await makeClient(world, { federation })
    const unknown = `cli_${'0'.repeat(26)}`
    const other = await makeClient(world)
    const wrong = [
      await world.askToken(inBody({ ...client, secret: other.secret })),
      await world.askToken(inBody({ ...client, secret: `${client.secret}x` })),
      await world.askToken(inBody({ ...client, secret: client.secret.slice(0, -1) })),
      await world.askToken(inBody({ ...client, id: unknown })),
      await world.askToken(inBody({ ...client, id: federated.id })),
      await world.askToken({ ...grant, client_id: client.id, client_secret: 'null' }),
    ]
    for (const answer of wrong)
      expectRefused(answer, 401, 'invalid_client', 'id or its secret is wrong')
    const descriptions = wrong.map(({ body }) => String(body['error_description']).split(' (')[0])
    expect(new Set(descriptions).size).toBe(1)
    expect(await readValue('select count(*) as value from scim_tokens')).toBe(0)
  })

  it('is told what to do once the secret was right', async () => {
    const { world, client } = await worldWithClient({ secretExpiresAt: '2026-11-24T10:00:00Z' })
    const path = `/organizations/contoso/scim-clients/${client.id}`
    await world.api.patch(path, { disabled: true })
    expectRefused(
      await world.askToken(inBody(client)),
      401,
      'invalid_client',
      'disabled in Portico',
    )
    world.api.clock.ms += 1
    await world.api.patch(path, { disabled: false })
    await world.api.patch('/organizations/contoso', { provisioning: { scim: false } })
    const off = await world.askToken(inBody(client))
    expectRefused(off, 400, 'unauthorized_client', 'switched off')
    world.api.clock.ms += 60 * 60 * 1000
    expectRefused(await world.askToken(inBody(client)), 401, 'invalid_client', 'secret has expired')
    const events = await eventsOf(world, 'oauth.token_refused')
    expect(events.map(({ code }) => code)).toEqual([
      'oauth.invalid_client',
      'oauth.switched_off',
      'oauth.invalid_client',
    ])
    expect(JSON.stringify(events[0])).toContain('secret_expired')
    expect(JSON.stringify(events[2])).toContain('disabled')
  })

  it('gets a token that lives no longer than a secret about to expire', async () => {
    const { world, client } = await worldWithClient({ secretExpiresAt: '2026-11-24T09:10:00Z' })
    const { body } = await world.askToken(inBody(client))
    expect(body['expires_in']).toBe(600)
  })

  it('gets none when the client is disabled, or the secret deleted, at the same moment', async () => {
    const changes = [
      'update scim_clients set disabled_at = 1',
      'delete from scim_client_secrets',
      'delete from scim_clients',
    ]
    for (const change of changes) {
      const { world, client } = await worldWithClient()
      world.counting.restart()
      world.counting.beforeEachCall(async (_call, index) => {
        if (index === 1) await env.DB.prepare(change).run()
      })
      expectRefused(await world.askToken(inBody(client)), 401, 'invalid_client', 'at this moment')
      expect(await readValue('select count(*) as value from scim_tokens')).toBe(0)
      await env.DB.prepare('delete from organizations').run()
    }
  })
})

describe('a request of another form', () => {
  type Ask = (world: ScimWorld, client: Client) => Promise<Reply>
  const form = 'application/x-www-form-urlencoded'
  const text = (fields: Record<string, string>) => new URLSearchParams(fields).toString()

  const cases: readonly (readonly [what: string, code: string, told: string, Ask])[] = [
    ['no body', 'oauth.invalid_request', 'grant_type is missing', (world) => world.askToken('')],
    [
      'an empty grant type, which counts as none',
      'oauth.invalid_request',
      'grant_type is missing',
      (world, client) => world.askToken({ ...inBody(client), grant_type: '' }),
    ],
    [
      'another grant type',
      'oauth.unsupported_grant_type',
      'client_credentials',
      (world, client) => world.askToken({ ...inBody(client), grant_type: 'authorization_code' }),
    ],
    [
      'an unknown scope',
      'oauth.invalid_scope',
      'empty, scim, read or write',
      (world, client) => world.askToken({ ...inBody(client), scope: 'admin' }),
    ],
    [
      'no client id',
      'oauth.invalid_request',
      'client_id is missing',
      (world) => world.askToken({ ...grant, client_secret: 'x' }),
    ],
    [
      'no proof',
      'oauth.invalid_request',
      'neither',
      (world, client) => world.askToken({ ...grant, client_id: client.id }),
    ],
    [
      'a secret and an assertion',
      'oauth.invalid_request',
      'beside',
      (world, client) => world.askToken({ ...inBody(client), client_assertion: 'a.b.c' }),
    ],
    [
      'a header and an assertion',
      'oauth.invalid_request',
      'beside',
      (world, client) =>
        world.askToken({ ...grant, client_assertion: 'a.b.c' }, basic(client.id, client.secret)),
    ],
    [
      'an assertion of no type',
      'oauth.invalid_request',
      'client_assertion_type must be urn:',
      (world, client) =>
        world.askToken({ ...grant, client_id: client.id, client_assertion: 'a.b.c' }),
    ],
    [
      'an assertion of another type',
      'oauth.invalid_request',
      'client_assertion_type must be urn:',
      (world, client) =>
        world.askToken({
          ...grant,
          client_id: client.id,
          client_assertion: 'a.b.c',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
        }),
    ],
    [
      'two client ids',
      'oauth.invalid_request',
      'different client credentials',
      async (world, client) => {
        const other = await makeClient(world)
        return world.askToken(inBody(client), basic(other.id, other.secret))
      },
    ],
    [
      'another client id beside the header',
      'oauth.invalid_request',
      'different client credentials',
      async (world, client) => {
        const { id } = await makeClient(world)
        return world.askToken({ ...grant, client_id: id }, basic(client.id, client.secret))
      },
    ],
    [
      'two secrets',
      'oauth.invalid_request',
      'different client credentials',
      (world, client) => world.askToken(inBody(client), basic(client.id, 'another')),
    ],
    [
      'a repeated parameter',
      'oauth.invalid_request',
      'more than once',
      (world, client) => world.askToken(`${text(inBody(client))}&client_id=${client.id}`),
    ],
    [
      'an unknown parameter twice',
      'oauth.invalid_request',
      'more than once',
      (world, client) => world.askToken(`${text(inBody(client))}&x=1&x=`),
    ],
    [
      'a body too large',
      'oauth.invalid_request',
      'too large',
      (world, client) => world.askToken({ ...inBody(client), x: 'x'.repeat(33_000) }),
    ],
    [
      'JSON',
      'oauth.invalid_request',
      'declared as application/x-www-form-urlencoded',
      (world, client) =>
        world.request('/oauth/token', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(inBody(client)),
        }),
    ],
    [
      'no type',
      'oauth.invalid_request',
      'declared as',
      (world, client) =>
        world.request('/oauth/token', {
          method: 'POST',
          body: new TextEncoder().encode(text(inBody(client))),
        }),
    ],
    [
      'a type that begins like a form',
      'oauth.invalid_request',
      'declared as',
      (world, client) => world.askToken(text(inBody(client)), { 'content-type': `${form}-x` }),
    ],
    [
      'octets that are not UTF-8',
      'oauth.invalid_request',
      'not a form in UTF-8',
      (world) =>
        world.request('/oauth/token', {
          method: 'POST',
          headers: { 'content-type': form },
          body: new Uint8Array([0x61, 0x3d, 0xff]),
        }),
    ],
    [
      'parameters in the address',
      'oauth.invalid_request',
      'not in the address',
      (world, client) =>
        world.request(`/oauth/token?${text(inBody(client))}`, {
          method: 'POST',
          headers: { 'content-type': form },
          body: '',
        }),
    ],
    ...['Basic', 'Basic !!!', `Basic ${btoa('no colon')}`, 'Bearer abc', 'Basic YQ='].map(
      (authorization) =>
        [
          `the header ${authorization}`,
          'oauth.invalid_request',
          'not Basic',
          (world: ScimWorld, client: Client) => world.askToken(inBody(client), { authorization }),
        ] as const,
    ),
    [
      'a broken percent-encoding in the header',
      'oauth.invalid_request',
      'broken percent-encoding',
      (world, client) => world.askToken(grant, basic(client.id, `${client.secret}%`)),
    ],
  ]

  it.each(cases)('%s is refused as %s', async (_what, code, told, ask) => {
    const { world, client } = await worldWithClient()
    const answer = await ask(world, client)
    expectRefused(answer, 400, code.replace('oauth.', ''), told)
    expect(await readValue('select count(*) as value from scim_tokens')).toBe(0)
    expect(world.api.log.join()).toContain(`"code":"${code}"`)
  })

  it('such as a client id that is none of ours is refused before anything is read', async () => {
    const { world, client } = await worldWithClient()
    world.counting.restart()
    for (const id of ['null', 'portico', `tok_${client.id.slice(4)}`, `${client.id}'--`]) {
      const refused = await world.askToken(inBody({ ...client, id }))
      expectRefused(refused, 401, 'invalid_client', 'one of Portico')
    }
    expect(world.counting.calls).toEqual([])
  })

  it('such as another method is refused with the method there is', async () => {
    const { world } = await worldWithClient()
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await world.request('/oauth/token', { method })
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
    }
    const query = new URLSearchParams(grant)
    expect((await world.request(`/oauth/token?${query}`)).status).toBe(405)
  })

  it('with a charset beside the type, and with spaces as plus signs, is understood', async () => {
    const { world, client } = await worldWithClient()
    const body = `${text(inBody(client))}&scope=read+write&unknown=1`
    const answer = await world.askToken(body, { 'content-type': `${form}; charset=utf-8` })
    expect(answer.status).toBe(200)
  })
})

describe('strangers', () => {
  it('are limited by network before anything is read, whatever they call themselves', async () => {
    const { world, client } = await worldWithClient()
    world.counting.restart()
    world.knocks.length = 0
    world.limits.door = false
    const refused = await world.askToken(inBody(client))
    expectRefused(refused, 429, 'temporarily_unavailable', 'too many requests')
    expect(refused.headers.get('retry-after')).toBe('10')
    await world.askToken('', { 'cf-connecting-ip': '2001:db8::1' })
    expect(world.knocks).toEqual(['door oauth token local', 'door oauth token 2001:db8:0:0::/64'])
    expect(world.counting.calls).toEqual([])
    expect(world.api.log.join()).toContain('oauth.too_many_requests')
  })

  it('leave events in the client’s organization, as many as the limit allows, and then a number', async () => {
    const { world, client } = await worldWithClient()
    const attempt = () => world.askToken(inBody({ ...client, secret: 'not-its-secret' }))
    const first = await attempt()
    world.limits.evidence = false
    world.api.clock.ms += 1
    await attempt()
    world.api.clock.ms += 60_000
    await attempt()
    const events = await eventsOf(world, 'oauth.token_refused')
    expect(events).toMatchObject([
      {
        outcome: 'refused',
        code: 'oauth.invalid_client',
        actor: 'stranger',
        request: first.headers.get('x-request-id'),
      },
    ])
    expect(JSON.stringify(events)).toContain(client.id)
    expect(JSON.stringify(events)).not.toContain('not-its-secret')
    expect(world.knocks).toContain(`evidence credential ${client.id}`)
    const counted = await env.DB.prepare('select code, count from refusal_counts').all()
    expect(counted.results).toEqual([{ code: 'oauth.invalid_client', count: 2 }])
  })

  it('leave no event when they name nobody', async () => {
    const { world, client } = await worldWithClient()
    await world.askToken(inBody({ ...client, id: `cli_${'0'.repeat(26)}` }))
    await world.askToken({ ...grant, client_id: client.id })
    expect(await eventsOf(world, 'oauth.token_refused')).toEqual([])
    expect(world.api.log.filter((line) => line.includes('"refused"'))).toHaveLength(2)
  })
})
