import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { adminKey, createContoso, nextAdminKey, textOf } from '../admin/admin-client.ts'
import { openConsole } from './console-world.ts'

const hourMs = 60 * 60 * 1000

async function count(table: string): Promise<number> {
  return (await env.DB.prepare(`select count(*) as n from ${table}`).first<number>('n')) ?? 0
}

describe('the console’s door', () => {
  it('leads strangers to the sign-in page, and back to where they wanted to go', async () => {
    const world = openConsole()
    const browser = world.browser()
    const page = await browser.get('/console/o/contoso/events?code=saml.audience')
    expect(page.status).toBe(303)
    expect(page.location).toBe(
      '/console/login?next=%2Fconsole%2Fo%2Fcontoso%2Fevents%3Fcode%3Dsaml.audience',
    )
    const login = await browser.get(page.location)
    expect(login.html).toContain('value="/console/o/contoso/events?code=saml.audience"')
    const entered = await browser.post('/console/login', {
      key: adminKey,
      next: '/console/o/contoso/events?code=saml.audience',
    })
    expect(entered.location).toBe('/console/o/contoso/events?code=saml.audience')
  })

  it.each([
    'https://evil.example',
    '//evil.example',
    '/console/../x//evil.example',
    '/console/../saml/con_x/login',
    '/console/%2e%2e/logout',
    '/console//evil.example',
    '/console\\evil.example',
    'javascript:alert(1)',
    '/saml/con_x/login',
    '/console/login\r\nSet-Cookie: a=b',
  ])('does not lead on to %s', async (next) => {
    const page = await openConsole().browser().post('/console/login', { key: adminKey, next })
    expect(page.location).toBe('/console')
  })

  it('lets in by either admin key, and by nothing else', async () => {
    const world = openConsole()
    for (const key of [adminKey, nextAdminKey]) {
      expect((await world.browser().post('/console/login', { key })).status).toBe(303)
    }
    for (const key of ['', 'wrong', adminKey.slice(1), `${adminKey}x`]) {
      const browser = world.browser()
      const page = await browser.post('/console/login', { key })
      expect([page.status, browser.cookies.size]).toEqual([401, 0])
      expect(page.text).toContain('This is not the admin key.')
      expect(page.text).toContain('console.key_wrong')
    }
  })

  it('slows down whoever guesses keys, but never the holder of one', async () => {
    const world = openConsole({ doorLimiter: { limit: async () => ({ success: false }) } })
    const wrong = await world.browser().post('/console/login', { key: 'wrong' })
    expect(wrong.status).toBe(429)
    expect((await world.browser().post('/console/login', { key: adminKey })).status).toBe(303)
  })

  it('ends with the key that opened it', async () => {
    const world = openConsole()
    const browser = await world.operator()
    expect((await browser.get('/console')).status).not.toBe(303)
    const rotated = openConsole({
      ...world.deps,
      config: { ...world.deps.config, adminKeys: [nextAdminKey] },
    })
    const later = rotated.browser()
    for (const [name, value] of browser.cookies) later.cookies.set(name, value)
    expect((await later.get('/console')).status).toBe(303)
  })

  it('ends after eight hours, and when it is left', async () => {
    const world = openConsole()
    const browser = await world.operator()
    world.clock.ms += 8 * hourMs - 1000
    expect((await browser.get('/console')).status).not.toBe(303)
    world.clock.ms += 2000
    expect((await browser.get('/console')).status).toBe(303)

    const another = await world.operator()
    const before = new Map(another.cookies)
    await another.post('/console/leave', {})
    for (const [name, value] of before) another.cookies.set(name, value)
    expect((await another.get('/console')).status).toBe(303)
  })

  it('stores the token as a hash, and a cookie that no script and no other site’s form has', async () => {
    const world = openConsole()
    const page = await world.browser().post('/console/login', { key: adminKey })
    const cookie = page.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(
      /^__Host-portico_console=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=28800$/,
    )
    const token = /=([\w-]{43});/.exec(cookie)?.[1] ?? ''
    const rows = await env.DB.prepare('select * from console_sessions').all()
    expect(JSON.stringify(rows.results)).not.toContain(token)
  })

  it('refuses forms of other sites, and forms without the page’s token', async () => {
    const world = openConsole()
    const before = await count('console_sessions')
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const foreign = await world.browser().send('/console/login', {
      method: 'POST',
      body: new URLSearchParams({ key: adminKey }).toString(),
      headers: { ...type, 'sec-fetch-site': 'cross-site' },
    })
    expect([foreign.status, await count('console_sessions')]).toEqual([403, before])

    const browser = await world.operator()
    for (const csrf of ['', '0'.repeat(32)]) {
      const body = new URLSearchParams({ csrf }).toString()
      const page = await browser.send('/console/leave', { method: 'POST', body, headers: type })
      expect(page.status).toBe(403)
      expect((await browser.get('/console')).status).not.toBe(303)
    }
  })
})

describe('a form of the console', () => {
  it('that was not sent from a page of this session does nothing, and says so', async () => {
    const world = openConsole()
    await createContoso(world.api)
    const browser = await world.operator()
    for (const csrf of ['', '0'.repeat(32)]) {
      const page = await browser.send('/console/o/contoso/settings', {
        method: 'POST',
        body: new URLSearchParams({ csrf, name: 'Changed' }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
      expect([page.status, page.text]).toEqual([
        403,
        expect.stringContaining('console.form_stale') as string,
      ])
    }
    expect((await world.api.get('/organizations/contoso')).body['name']).toBe('Contoso')
  })

  it('that is larger than any of ours is not read', async () => {
    const world = openConsole()
    await createContoso(world.api)
    const browser = await world.operator()
    const page = await browser.send('/console/o/contoso/settings', {
      method: 'POST',
      body: `name=${'x'.repeat(1_200_001)}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([page.status, page.text]).toEqual([
      413,
      expect.stringContaining('console.form_too_large') as string,
    ])
  })
})

describe('a setup link', () => {
  async function made(parts: readonly string[] = ['saml']) {
    const world = openConsole()
    const contoso = await createContoso(world.api)
    const link = await world.api.post('/organizations/contoso/setup-links', { name: 'IT', parts })
    return { world, contoso, link, token: new URL(textOf(link.body, 'url')).hash.slice(1) }
  }

  it('opens the guide of its organization, again and again, until it expires', async () => {
    const { world, contoso, link, token } = await made()
    for (let i = 0; i < 2; i++) {
      const browser = world.browser()
      expect((await browser.post('/console/enter', { token })).status).toBe(303)
      const start = await browser.get('/console')
      expect(start.location).toBe(`/console/o/${textOf(contoso, 'id')}/setup`)
    }
    const used = await world.api.get('/organizations/contoso/events?type=setup_link.used')
    expect(used.body['items']).toMatchObject([
      { actor: `setup-link:${textOf(link.body, 'id')}` },
      {},
    ])
    world.clock.ms += 7 * 24 * hourMs
    const late = world.browser()
    const page = await late.post('/console/enter', { token })
    expect([page.status, late.cookies.size]).toEqual([403, 0])
    expect(page.text).toContain('This setup link is expired, revoked or incomplete.')
    expect(page.text).toContain('console.link_unusable')
  })

  it('lets nobody in any more once it is revoked, also those who are in', async () => {
    const { world, link, token } = await made()
    const browser = world.browser()
    await browser.post('/console/enter', { token })
    await world.api.delete(`/organizations/contoso/setup-links/${textOf(link.body, 'id')}`)
    expect((await browser.get('/console')).location).toContain('/console/login')
    expect((await world.browser().post('/console/enter', { token })).status).toBe(403)
    // Revoking again says the same and writes no second event.
    await world.api.delete(`/organizations/contoso/setup-links/${textOf(link.body, 'id')}`)
    const events = await world.api.get('/organizations/contoso/events?type=setup_link.revoked')
    expect(events.body['items']).toHaveLength(1)
  })

  it('does not outlive the link by its session', async () => {
    const { world, token } = await made()
    world.clock.ms += 7 * 24 * hourMs - 60_000
    const browser = world.browser()
    const page = await browser.post('/console/enter', { token })
    expect(page.headers.get('set-cookie')).toContain('Max-Age=60')
    world.clock.ms += 61_000
    expect((await browser.get('/console')).status).toBe(303)
  })
})
