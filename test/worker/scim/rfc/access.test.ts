import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { context, dayMs } from '../../support/door-world.ts'
import {
  addFabrikam,
  addToken,
  baseUrl,
  errorUri,
  list,
  part,
  type RfcWorld,
  rfcWorld,
  userOf,
} from './rfc-world.ts'

let scim: RfcWorld
beforeEach(async () => {
  scim = await rfcWorld()
})

describe('a request without a valid token', () => {
  it('is told the authentication scheme [S7644-2-c]', async () => {
    const { status, headers, body } = await scim.get('/Users', { token: null })
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toMatch(/^Bearer\b/)
    expect(body).toMatchObject({ schemas: [errorUri], status: '401' })
  })

  it('is refused, whatever is wrong, and told nothing of the customer [S7644-2-a S7644-2.1-c S7644-2.1-d S7644-7.3-a]', async () => {
    await addToken('disabled', { disabledAt: context.nowMs - 1 })
    await addToken('expired', { expiresAt: context.nowMs - 1 })
    for (const token of ['disabled', 'expired', 'unknown']) {
      const { status, text } = await scim.get('/Users', { token })
      expect(status).toBe(401)
      expect(text).not.toMatch(/contoso/i)
    }
    const { status } = await scim.get('/Users', { headers: { authorization: 'Bearer 1' } })
    expect(status).toBe(401)
  })

  it('is refused from the moment the token ends [S7644-7.4-c]', async () => {
    await addToken('short', { expiresAt: context.nowMs + 60_000 })
    expect((await scim.get('/Users', { token: 'short' })).status).toBe(200)
    scim.clock.ms += dayMs
    expect((await scim.get('/Users', { token: 'short' })).status).toBe(401)
  })

  it('is slowed down when there are many [S7644-7.7-b]', async () => {
    scim.limits.door = false
    const statuses = []
    for (let i = 0; i < 12; i++)
      statuses.push((await scim.get('/Users', { token: `guess${i}` })).status)
    expect(statuses.at(-1)).toBe(429)
  })
})

describe('a token', () => {
  it('stands for one customer, and sees nobody else [S7644-2-d S7644-2-e S7644-2.1-b S7644-7.5.1-a]', async () => {
    const ann = await scim.user('ann@contoso.example')
    const group = await scim.group('Sales', [ann])
    await addFabrikam()
    const token = 'fabrikam'
    for (const path of [`/Users/${ann.id}`, `/Groups/${group.id}`]) {
      expect((await scim.get(path, { token })).status).toBe(404)
      expect((await scim.patch(path, [{ op: 'remove', path: 'title' }], { token })).status).toBe(
        404,
      )
      expect((await scim.send('DELETE', path, { token })).status).toBe(404)
    }
    for (const path of ['/Users', '/Groups', '/']) {
      const { body } = await scim.get(path, { token })
      expect([path, body['totalResults']]).toEqual([path, 0])
    }
    expect((await scim.get(`/Users/${ann.id}`)).status).toBe(200)
  })

  it('may do only what its scopes say [S7644-2-f S7644-2.1-a S7644-7.7-c]', async () => {
    await addToken('reader', { scopes: ['read'] })
    const ann = await scim.user('ann@contoso.example')
    expect((await scim.get(`/Users/${ann.id}`, { token: 'reader' })).status).toBe(200)
    const refused = [
      await scim.post('/Users', userOf('bob@contoso.example'), { token: 'reader' }),
      await scim.put(`/Users/${ann.id}`, userOf('ann@contoso.example'), { token: 'reader' }),
      await scim.patch(`/Users/${ann.id}`, [{ op: 'remove', path: 'title' }], { token: 'reader' }),
      await scim.send('DELETE', `/Users/${ann.id}`, { token: 'reader' }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403])
  })

  it('is stored as a hash of much randomness, as an admin makes it [S7644-7.4-a S7644-7.7-a S7643-9.2-b]', async () => {
    const { status, ...made } = await makeToken()
    expect(status).toBe(201)
    const secret = String(made.body['token'])
    // 32 random bytes are at least 43 characters of base64url.
    expect(secret.length).toBeGreaterThanOrEqual(43)
    const headers = { authorization: `Bearer ${secret}` }
    expect((await scim.get('/Users', { headers })).status).toBe(200)
    const { results } = await env.DB.prepare('SELECT * FROM scim_tokens').all()
    expect(JSON.stringify(results)).not.toContain(secret)
    expect(String((await makeToken()).body['token'])).not.toBe(secret)
  })
})

async function makeToken() {
  const response = await scim.request('/api/v1/organizations/contoso/scim-tokens', {
    method: 'POST',
    headers: {
      authorization: 'Bearer test-admin-key-0123456789abcdefghijklmnopqrstuvwxyz',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name: 'Entra' }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('a password', () => {
  it('is neither returned nor stored nor logged [S7643-4.1.1-h S7643-4.1.1-m S7643-9.2-a S7643-7-l]', async () => {
    const password = 'Tr0ub4dor-and-3'
    const made = await scim.post('/Users', userOf('ann@contoso.example', { password }))
    const id = String(made.body['id'])
    const answers = [
      made,
      await scim.get(`/Users/${id}`),
      await scim.get(`/Users/${id}?attributes=password`),
      await scim.put(`/Users/${id}`, userOf('ann@contoso.example', { password })),
      await scim.patch(`/Users/${id}`, [{ op: 'add', path: 'password', value: password }]),
      await scim.patch(`/Users/${id}`, [{ op: 'replace', value: { password, title: 'Boss' } }]),
    ]
    for (const { text } of answers) expect(text).not.toMatch(/password|Tr0ub4dor/)
    const stored = []
    for (const table of ['people', 'scim_users', 'person_keys', 'events']) {
      stored.push((await env.DB.prepare(`SELECT * FROM ${table}`).all()).results)
    }
    expect(JSON.stringify([stored, scim.logged])).not.toContain(password)
  })
})

describe('addresses', () => {
  it('are made from the base URI, which has no query and names the version [S7644-1.3-a S7644-3.13-a]', async () => {
    const ann = await scim.user('ann@contoso.example')
    expect(part(ann, 'meta')['location']).toBe(`${baseUrl}/Users/${ann.id}`)
    expect(baseUrl).toMatch(/\/v2$/)
  })

  it('hold no personal values [S7644-3.12-e]', async () => {
    const ann = await scim.user('ann@contoso.example', {
      externalId: 'ann',
      displayName: 'Ann Bloom',
    })
    const group = await scim.group('Secret plans', [ann])
    const text = [ann, group].map((one) => part(one, 'meta')['location']).join(' ')
    expect(text).not.toMatch(/ann|secret/i)
    expect(String(list(group, 'members')[0]?.['$ref'] ?? '')).not.toMatch(/ann/i)
  })

  it('with another version are refused [S7644-3.13-b]', async () => {
    const { status } = await scim.get(`${context.publicUrl}/scim/v1/Users`)
    expect(status).toBe(404)
  })

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'with /Me are not implemented for %s [S7644-3.11-a]',
    async (method) => {
      const withBody = method === 'GET' || method === 'DELETE' ? {} : { body: {} }
      const { status, body } = await scim.send(method, '/Me', withBody)
      expect([status, body['status'], body['schemas']]).toEqual([501, '501', [errorUri]])
    },
  )
})
