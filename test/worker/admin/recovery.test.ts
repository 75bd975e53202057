import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/db/index.ts'
import { systemRandom } from '../../../src/kernel/index.ts'
import { createSessionToken, redeemRecoveryLink } from '../../../src/session/index.ts'
import {
  type AdminApi,
  blamed,
  countRows,
  createContoso,
  listOf,
  openAdminApi,
  textOf,
} from './admin-client.ts'
import { addPerson } from './connection-world.ts'

const path = '/organizations/contoso/recovery-links'
const sameOrigin = { 'sec-fetch-site': 'same-origin', origin: 'https://sso.example.com' }

async function contosoWithAnn(): Promise<AdminApi> {
  const api = openAdminApi()
  await createContoso(api)
  await addPerson('usr_ann')
  return api
}

async function createLink(api: AdminApi, body = {}): Promise<string> {
  const created = await api.post(path, { user: 'usr_ann', ...body })
  expect(created.status).toBe(201)
  return textOf(created.body, 'url').split('#')[1] ?? ''
}

async function redeem(
  api: AdminApi,
  token: string,
  headers: Record<string, string> = sameOrigin,
): Promise<Response> {
  return api.app.request('https://sso.example.com/recover', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ token }).toString(),
  })
}

describe('creating a recovery link', () => {
  it('shows the secret once, in the fragment, and stores its hash', async () => {
    const api = await contosoWithAnn()
    const created = await api.post(path, { user: 'usr_ann', expiresInMinutes: 15 })
    expect(created.body).toEqual({
      id: expect.stringMatching(/^rec_/),
      user: 'usr_ann',
      url: expect.stringMatching(/^https:\/\/sso\.example\.com\/recover#[\w-]{43}$/),
      secretShown: 'now',
      expiresAt: '2026-11-24T09:15:00.000Z',
    })
    const token = textOf(created.body, 'url').split('#')[1] ?? ''
    for (const table of ['recovery_links', 'events', 'event_details', 'idempotency_keys']) {
      const rows = await env.DB.prepare(`select * from ${table}`).all()
      expect(JSON.stringify(rows.results)).not.toContain(token)
    }
    const events = await api.get('/organizations/contoso/events?type=recovery_link.created')
    expect(listOf(events.body, 'items')).toMatchObject([
      { user: 'usr_ann', actor: 'operator', detail: { link: created.body['id'] } },
    ])
    expect(api.log.join()).not.toContain(token)
  })

  it('repeated with its key answers with the same link and without the secret, and says so', async () => {
    const api = await contosoWithAnn()
    const key = { 'idempotency-key': 'k' }
    const first = await api.post(path, { user: 'usr_ann' }, key)
    const again = await api.post(path, { user: 'usr_ann' }, key)
    expect(again.status).toBe(201)
    expect(again.body).toEqual({ ...first.body, url: null, secretShown: 'earlier' })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await countRows()).toMatchObject({ recovery_links: 1 })
    const other = await api.post(path, { user: 'usr_ann', expiresInMinutes: 5 }, key)
    expect([other.status, other.body['code']]).toEqual([409, 'admin.idempotency_conflict'])
  })

  it.each([
    [{}, ['user']],
    [{ user: 'usr_ann', expiresInMinutes: 1441 }, ['expiresInMinutes']],
    [{ user: 'usr_ann', expiresInMinutes: 0 }, ['expiresInMinutes']],
    [{ user: 'usr_ann', role: 'admin' }, ['role']],
  ])('is refused for %j naming %j', async (body, fields) => {
    const api = await contosoWithAnn()
    const refused = await api.post(path, body)
    expect([refused.status, blamed(refused)]).toEqual([400, fields])
    expect(await countRows()).toMatchObject({ recovery_links: 0 })
  })

  it('is refused for somebody unknown, of another organization, or not active', async () => {
    const api = await contosoWithAnn()
    await createContoso(api, 'fabrikam')
    await addPerson('usr_other', { organization: 'fabrikam' })
    for (const user of ['usr_none', 'usr_other']) {
      const refused = await api.post(path, { user })
      expect([refused.status, refused.body['code']]).toEqual([404, 'directory.user_not_found'])
    }
    await api.post('/organizations/contoso/users/usr_ann/block')
    const refused = await api.post(path, { user: 'usr_ann' })
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.user_inactive'])
    expect(await countRows()).toMatchObject({ recovery_links: 0 })
  })
})

describe('the page of a recovery link', () => {
  it('holds a form, a nonce for its script, and a word for browsers without scripts', async () => {
    const api = openAdminApi()
    const page = await api.app.request('https://sso.example.com/recover')
    const html = await page.text()
    const nonce = /script-src 'nonce-([^']+)'/.exec(
      page.headers.get('content-security-policy') ?? '',
    )?.[1]
    expect(page.status).toBe(200)
    expect(html).toContain(`<script nonce="${nonce}">`)
    expect(html).toContain('action="/recover"')
    expect(html).toContain('<noscript>')
    expect(page.headers.get('cache-control')).toBe('no-store')
  })
})

describe('redeeming a recovery link', () => {
  it('is refused with one code, whatever is wrong, and nothing of the caller is stored', async () => {
    const api = await contosoWithAnn()
    const used = await createLink(api)
    await redeem(api, used)
    const before = await countRows()
    const asked: string[] = []
    for (const token of [used, 'A'.repeat(43)]) {
      const result = await redeemRecoveryLink(openDatabase(env.DB, 'primary'), {
        token,
        session: await createSessionToken(systemRandom),
        userAgent: null,
        nowMs: api.clock.ms,
        also: ({ personId }) => {
          asked.push(personId)
          return []
        },
      })
      expect(result).toEqual({ ok: false, failure: { code: 'session.recovery_link_used' } })
    }
    expect([await countRows(), asked]).toEqual([before, ['usr_ann']])
  })

  it('signs the person in for the organization’s session length, and is told', async () => {
    const api = await contosoWithAnn()
    await api.patch('/organizations/contoso', { sessionHours: 2 })
    const answer = await redeem(api, await createLink(api))
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toContain('Max-Age=7200')
    expect(cookie).toContain('HttpOnly; SameSite=Lax')
    const session = await api.app.request('https://sso.example.com/session', {
      headers: { cookie: cookie.split(';')[0] ?? '' },
    })
    expect(await session.json()).toMatchObject({ user: { id: 'usr_ann' }, connection: null })
    const events = await api.get('/organizations/contoso/events?type=recovery.used')
    expect(listOf(events.body, 'items')).toMatchObject([{ user: 'usr_ann', actor: 'person' }])
  })

  it('works once, also when it is tried many times at the same moment', async () => {
    const api = await contosoWithAnn()
    const token = await createLink(api)
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(api, token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(9).fill(410)])
    const rows = await countRows()
    expect(rows).toMatchObject({ sessions: 1, events: 3 })
    expect((await redeem(api, token)).status).toBe(410)
    expect(await countRows()).toEqual(rows)
  })

  it.each<[string, (api: AdminApi) => Promise<unknown>]>([
    ['is over its time', async (api) => (api.clock.ms += 60 * 60 * 1000)],
    ['is of a blocked person', (api) => api.post('/organizations/contoso/users/usr_ann/block')],
    ['is of a retired person', (api) => api.post('/organizations/contoso/users/usr_ann/retire')],
    ['is of a deleted organization', (api) => api.delete('/organizations/contoso')],
  ])('gives no session when the link %s', async (_name, meanwhile) => {
    const api = await contosoWithAnn()
    const token = await createLink(api)
    await meanwhile(api)
    const refused = await redeem(api, token)
    const html = await refused.text()
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([410, null])
    expect(html).not.toContain(token)
    expect(await countRows()).toMatchObject({ sessions: 0 })
  })

  it.each([[''], ['x'], ['A'.repeat(43)], ['A'.repeat(5000)]])(
    'gives no session for %j',
    async (token) => {
      const api = await contosoWithAnn()
      await createLink(api)
      expect((await redeem(api, token)).status).toBe(410)
      expect(await countRows()).toMatchObject({ sessions: 0 })
    },
  )

  it.each<[string, Record<string, string>, number]>([
    ['our page', sameOrigin, 303],
    ['our page in an old browser', { origin: 'https://sso.example.com' }, 303],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://sso.example.com' }, 403],
    ['another host of the site', { 'sec-fetch-site': 'same-site' }, 403],
    ['another site in an old browser', { origin: 'https://evil.example' }, 403],
    ['a page without an origin in an old browser', { origin: 'null' }, 403],
  ])('from %s is answered with %o: %i', async (_name, headers, status) => {
    const api = await contosoWithAnn()
    const token = await createLink(api)
    expect((await redeem(api, token, headers)).status).toBe(status)
    expect(await countRows()).toMatchObject({ sessions: status === 303 ? 1 : 0 })
  })

  it('is limited for strangers who guess', async () => {
    const api = openAdminApi({ doorLimiter: { limit: async () => ({ success: false }) } })
    expect((await redeem(api, 'A'.repeat(43))).status).toBe(429)
  })
})
