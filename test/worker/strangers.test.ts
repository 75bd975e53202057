import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { newId, systemRandom } from '../../src/kernel/index.ts'
import { context, createContoso, type DoorWorld, doorWorld } from './support/door-world.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }

type Door = { readonly title: string; readonly path: string; readonly init?: RequestInit }

const posted = (body: string): RequestInit => ({ method: 'POST', headers: form, body })

/** Every door that names a connection, as somebody who invents ids would use it. */
const doors: readonly Door[] = [
  { title: 'login', path: 'login' },
  { title: 'metadata', path: 'metadata' },
  { title: 'slo by GET', path: 'slo' },
  { title: 'slo by POST', path: 'slo', init: posted('SAMLRequest=PHIvPg==') },
  { title: 'acs', path: 'acs', init: posted('SAMLResponse=PHIvPg==') },
  { title: 'acs with a bad form', path: 'acs', init: posted('nothing=') },
]

function invent(world: DoorWorld, { path, init }: Door, address = '198.51.100.7') {
  const headers = { ...(init?.headers as Record<string, string>), 'cf-connecting-ip': address }
  return world.request(`/saml/${newId('con', systemRandom)}/${path}`, { ...init, headers })
}

async function costOf(world: DoorWorld, ask: () => Promise<Response>) {
  world.counting.restart()
  const response = await ask()
  return { response, asked: world.counting.calls.map((call) => call.consistency) }
}

describe('somebody who invents ids of connections', () => {
  it.each(doors)('reaches the primary only so often: $title', async (door) => {
    await createContoso()
    const world = doorWorld()
    for (let i = 0; i < world.limits.unknownPerNetwork; i++) {
      const { response, asked } = await costOf(world, () => invent(world, door))
      expect([response.status, asked]).toEqual([404, ['first-unconstrained', 'first-primary']])
    }
    const { response, asked } = await costOf(world, () => invent(world, door))
    expect([response.status, asked]).toEqual([429, ['first-unconstrained']])
    expect(response.headers.get('retry-after')).toBe('10')
    const page = await response.text()
    expect(page).toContain('<h1>Too many attempts</h1>')
    expect(page).toContain(response.headers.get('x-request-id'))

    const other = await costOf(world, () => invent(world, door, '203.0.113.9'))
    expect([other.response.status, other.asked.length]).toEqual([404, 2])
  })

  it('counts over all doors together, and leaves a connection that there is alone', async () => {
    await createContoso()
    const world = doorWorld()
    world.limits.unknownPerNetwork = doors.length
    for (const door of doors) expect((await invent(world, door)).status).toBe(404)
    for (const door of doors) expect((await invent(world, door)).status).toBe(429)
    const headers = { 'cf-connecting-ip': '198.51.100.7' }
    const path = `/saml/${context.connectionId}/login`
    expect((await world.request(path, { headers })).status).toBe(302)
  })

  it('is one stranger in all of an IPv6 network of 64 bits', async () => {
    await createContoso()
    const world = doorWorld()
    world.limits.unknownPerNetwork = 1
    const from = async (address: string) =>
      (await invent(world, { title: '', path: 'login' }, address)).status
    expect(await from('2001:db8:1:2::1')).toBe(404)
    expect(await from('2001:DB8:1:2:ffff:0:0:1')).toBe(429)
    expect(await from('2001:db8:1:3::1')).toBe(404)
    expect(await from('2001:db8::1')).toBe(404)
    expect(await from('2001:db8:0:0:1::')).toBe(429)
    expect(await from('::1')).toBe(404)
    expect(await from('::ffff:198.51.100.1')).toBe(404)
    expect(await from('::ffff:198.51.100.2')).toBe(404)
  })

  it('does not hide a new connection that the nearest copy has not heard of', async () => {
    await applyD1Migrations(env.DB_STALE, env.TEST_MIGRATIONS)
    await createContoso()
    const world = doorWorld({ stale: env.DB_STALE })
    const path = `/saml/${context.connectionId}/metadata`
    expect((await world.request(path)).status).toBe(200)
    const late = doorWorld({ stale: env.DB_STALE })
    late.limits.unknownPerNetwork = 0
    expect((await late.request(path)).status).toBe(429)
  })
})

describe('a network that asks for more connections than an office has', () => {
  it('costs no read any more, while those that the isolate knows stay open to it', async () => {
    await createContoso()
    const world = doorWorld()
    const headers = { 'cf-connecting-ip': '198.51.100.7' }
    const known = () => world.request(`/saml/${context.connectionId}/login`, { headers })
    expect((await known()).status).toBe(302)
    world.limits.closed = ['connection ']
    const { response, asked } = await costOf(world, () =>
      invent(world, { title: '', path: 'login' }),
    )
    expect([response.status, asked]).toEqual([429, []])
    // Also when it has to be read again.
    for (const passed of [0, 61_000]) {
      world.clock.ms += passed
      expect((await known()).status).toBe(302)
    }
  })
})

describe('sessions that somebody invents', () => {
  const paths = [
    { path: '/session', method: 'GET', none: 401 },
    { path: '/logout', method: 'POST', none: 303 },
    { path: '/', method: 'GET', none: 200 },
  ]
  const cookieOf = (token: string) => ({ cookie: `__Host-portico_session=${token}` })

  it.each(paths)(
    'cost no read without a cookie of our form: $path',
    async ({ path, method, none }) => {
      const world = doorWorld()
      for (const headers of [{}, cookieOf(''), cookieOf('x'), cookieOf(`${'A'.repeat(42)}=`)]) {
        expect((await world.request(path, { method, headers })).status).toBe(none)
      }
      expect([
        world.counting.calls,
        world.knocks.filter((key) => key.startsWith('session')),
      ]).toEqual([[], []])
    },
  )

  it.each(paths)(
    'are looked up only so often per network: $path',
    async ({ path, method, none }) => {
      await createContoso()
      const world = doorWorld()
      const browser = world.browser()
      await browser.signIn()
      const ask = (headers: Record<string, string>, address = '198.51.100.7') =>
        world.request(path, { method, headers: { ...headers, 'cf-connecting-ip': address } })
      const guess = (i: number, address?: string) =>
        ask(cookieOf(String(i).padStart(43, 'A')), address)
      expect((await guess(1)).status).toBe(none)
      expect(world.knocks.at(-1)).toBe('session 198.51.100.7')
      world.limits.closed = ['session ']
      expect((await guess(2)).status).toBe(none)
      const { response, asked } = await costOf(world, () => guess(3))
      expect([response.status, asked]).toEqual([429, []])
      expect((await guess(4, '203.0.113.9')).status).toBe(none)
      world.limits.closed = []
      world.clock.ms += 10_000
      expect((await guess(5)).status).toBe(none)
    },
  )

  it('are all that is counted: real sessions are not', async () => {
    await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    await browser.signIn()
    world.limits.closed = ['session ']
    for (let i = 0; i < 3; i++) expect((await browser.go('/session')).status).toBe(200)
  })
})

describe('GET /.well-known/jwks.json', () => {
  it('is no read per request while there is no key, and shows the first one as soon as it is made', async () => {
    await createContoso()
    const world = doorWorld()
    const keys = async (of = world) => {
      const response = await of.request('/.well-known/jwks.json')
      const { length } = ((await response.json()) as { keys: unknown[] }).keys
      return [length, response.headers.get('cache-control')]
    }
    for (const passed of [0, 1, 2500, 2000]) {
      world.clock.ms += passed
      expect(await keys()).toEqual([0, 'no-store'])
    }
    expect(world.counting.calls).toHaveLength(1)
    const other = doorWorld()
    other.clock.ms = world.clock.ms
    expect(await keys(other)).toEqual([0, 'no-store'])
    const browser = world.browser()
    await browser.signIn()
    await browser.go('/session')
    expect(await keys()).toEqual([1, 'public, max-age=300'])
    other.clock.ms += 5000
    expect(await keys(other)).toEqual([1, 'public, max-age=300'])
  })
})

describe('the doors where a sign-in starts', () => {
  it.each(['login', 'metadata'])('%s is limited by connection and network', async (door) => {
    await createContoso()
    const world = doorWorld()
    const path = `/saml/${context.connectionId}/${door}`
    const headers = { 'cf-connecting-ip': '2001:db8:1:2::1' }
    expect((await world.request(path, { headers })).status).toBeLessThan(400)
    expect(world.knocks).toEqual([
      `${door} ${context.connectionId} 2001:db8:1:2::/64`,
      'connection 2001:db8:1:2::/64',
    ])
    world.limits.door = false
    const { response, asked } = await costOf(world, () => world.request(path, { headers }))
    expect([response.status, asked]).toEqual([429, []])
    expect(response.headers.get('retry-after')).toBe('10')
  })
})
