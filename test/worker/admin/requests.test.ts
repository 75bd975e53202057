import { describe, expect, it } from 'vitest'
import { endpoints } from '../../../src/admin/endpoints.ts'
import { blamed, countRows, createContoso, nextAdminKey, openAdminApi } from './admin-client.ts'

describe('the admin key', () => {
  const keys: readonly (readonly [string, string | null])[] = [
    ['none', null],
    ['an empty one', ''],
    ['another', 'x'.repeat(51)],
    ['a beginning of it', 'test-admin-key-0123456789abcdefghijklmnopqrstuvwxy'],
    ['one in another case', 'TEST-ADMIN-KEY-0123456789abcdefghijklmnopqrstuvwxyz'],
  ]

  it.each(keys)('is required by every operation: %s is refused', async (_name, key) => {
    const api = openAdminApi()
    for (const { operation } of endpoints) {
      const path = operation.path.replaceAll(/\{\w+\}/g, 'x')
      const refused = await api.call(operation.method.toUpperCase(), path, { key })
      expect([path, refused.status, refused.body['code']]).toEqual([
        path,
        401,
        'admin.unauthorized',
      ])
      expect(refused.headers.get('www-authenticate')).toContain('Bearer')
    }
  })

  it('is one of two while they are being changed', async () => {
    const api = openAdminApi()
    expect((await api.get('/organizations')).status).toBe(200)
    expect((await api.call('GET', '/organizations', { key: nextAdminKey })).status).toBe(200)
  })

  it.each(['basic', 'Bearer  ', 'Bearerx'])('is not taken from the scheme %j', async (scheme) => {
    const api = openAdminApi()
    const authorization = `${scheme} ${'test-admin-key-0123456789abcdefghijklmnopqrstuvwxyz'} x`
    const refused = await api.call('GET', '/organizations', {
      key: null,
      headers: { authorization },
    })
    expect(refused.status).toBe(401)
  })

  it('may be guessed a limited number of times, which locks nobody out who has it', async () => {
    const knocks: string[] = []
    const api = openAdminApi({
      doorLimiter: {
        limit: async ({ key }: { key: string }) => ({ success: knocks.push(key) <= 2 }),
      },
    })
    const guess = () =>
      api.call('GET', '/organizations', {
        key: 'wrong',
        headers: { 'cf-connecting-ip': '192.0.2.1' },
      })
    const statuses = [(await guess()).status, (await guess()).status, (await guess()).status]
    expect(statuses).toEqual([401, 401, 429])
    expect(knocks[0]).toContain('192.0.2.1')
    expect((await api.get('/organizations')).status).toBe(200)
    expect(knocks).toHaveLength(3)
  })

  it('is never written to the log', async () => {
    const api = openAdminApi()
    await api.call('GET', '/organizations', { key: 'a-wrong-key' })
    expect(api.log.join()).not.toContain('a-wrong-key')
  })
})

describe('a body', () => {
  const path = '/organizations'
  const good = JSON.stringify({ slug: 'contoso', name: 'Contoso' })

  it.each([['application/json'], ['application/json; charset=utf-8'], ['Application/JSON']])(
    'of type %s is read',
    async (type) => {
      const api = openAdminApi()
      const answer = await api.call('POST', path, { raw: good, headers: { 'content-type': type } })
      expect(answer.status).toBe(201)
    },
  )

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['application/jsonp'],
    ['multipart/form-data; boundary=x'],
  ])('of type %s is refused', async (type) => {
    const api = openAdminApi()
    const refused = await api.call('POST', path, { raw: good, headers: { 'content-type': type } })
    expect([refused.status, refused.body['code']]).toEqual([415, 'admin.unsupported_media_type'])
  })

  it.each<[string, BodyInit]>([
    ['an unfinished object', '{"slug":"a"'],
    ['nothing', ''],
    ['two values', '{} {}'],
    ['octets that are no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['a byte order mark', '\ufeff{}'],
  ])('that is %s is refused', async (_name, raw) => {
    const api = openAdminApi()
    const headers = { 'content-type': 'application/json' }
    const refused = await api.call('POST', path, { raw, headers })
    expect([refused.status, refused.body['code']]).toEqual([400, 'admin.malformed_json'])
  })

  it('larger than any request is refused before it is parsed', async () => {
    const api = openAdminApi()
    const headers = { 'content-type': 'application/json' }
    const raw = `"${'x'.repeat(1280 * 1024)}"`
    const refused = await api.call('POST', path, { raw, headers })
    expect([refused.status, refused.body['code']]).toEqual([413, 'admin.body_too_large'])
  })

  it('cannot reach prototypes by its names', async () => {
    const api = openAdminApi()
    const headers = { 'content-type': 'application/json' }
    const raw = '{"slug":"a","name":"A","__proto__":{"signIn":"required"},"constructor":1}'
    const refused = await api.call('POST', path, { raw, headers })
    expect(refused.status).toBe(400)
    expect(blamed(refused)).toContain('constructor')
  })

  it('has every wrong field named at once, with those of the query', async () => {
    const api = openAdminApi()
    const refused = await api.call('POST', `${path}?dry=1`, { body: { name: 1, x: 2 } })
    expect([...blamed(refused)].sort()).toEqual(['dry', 'name', 'slug', 'x'])
    expect(refused.text).toContain('is required')
  })

  it('names no field that a page could not show safely', async () => {
    const api = openAdminApi()
    const refused = await api.post(path, { slug: 'a', name: 'A', ['x\u202e\n'.repeat(100)]: 1 })
    expect(refused.text).not.toContain('\u202e')
    expect(refused.text.length).toBeLessThan(2000)
  })
})

describe('an unknown path', () => {
  it('is not found, as problem details', async () => {
    const api = openAdminApi()
    const refused = await api.get('/nothing')
    expect([refused.status, refused.body['code']]).toEqual([404, 'http.not_found'])
    expect((await api.call('GET', '/nothing', { key: null })).status).toBe(401)
  })
})

/** Every path of the API with its methods, as they are documented. */
const paths = [
  ...Map.groupBy(endpoints, ({ operation }) => operation.path.replaceAll(/\{\w+\}/g, 'x')),
  ['/openapi.json', [{ operation: { method: 'get' } }]] as const,
].map(([path, served]) => {
  const documented = served.map(({ operation }) => operation.method.toUpperCase())
  return [path, documented.includes('GET') ? [...documented, 'HEAD'] : documented] as const
})

describe('a method', () => {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']

  it.each(paths)('that %s does not have is refused with those it has: %j', async (path, own) => {
    const api = openAdminApi()
    const refused = methods.filter((method) => !own.includes(method))
    expect(refused.length).toBeGreaterThan(2)
    for (const method of refused) {
      const { status, headers, body } = await api.call(method, path)
      expect([method, status, headers.get('allow')]).toEqual([
        method,
        405,
        [...own].sort().join(', '),
      ])
      expect(headers.get('content-type')).toBe('application/problem+json')
      if (method !== 'HEAD') expect(body['code']).toBe('http.method_not_allowed')
    }
    for (const method of own) expect((await api.call(method, path)).status).not.toBe(405)
  })

  it('is not told to strangers', async () => {
    const api = openAdminApi()
    const refused = await api.call('PUT', '/organizations', { key: null })
    expect([refused.status, refused.headers.get('allow')]).toEqual([401, null])
  })
})

describe('an Idempotency-Key', () => {
  const body = { slug: 'contoso', name: 'Contoso', domains: ['contoso.com'] }
  const key = { 'idempotency-key': 'create-contoso-1' }

  it('gives the same organization to a repeated create, and says that it did', async () => {
    const api = openAdminApi()
    const first = await api.post('/organizations', body, key)
    const before = await countRows()
    api.clock.ms += 1000
    const reordered = { domains: body.domains, name: body.name, slug: body.slug }
    const again = await api.post('/organizations', reordered, key)
    expect([again.status, again.body]).toEqual([201, first.body])
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await countRows()).toEqual(before)
  })

  it('gives one organization to creates at the same moment', async () => {
    const api = openAdminApi()
    const answers = await Promise.all([1, 2, 3, 4].map(() => api.post('/organizations', body, key)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map((answer) => answer.body['id'])).size).toBe(1)
    expect(await countRows()).toMatchObject({ organizations: 1, events: 1, idempotency_keys: 1 })
  })

  it('does not stand for another request', async () => {
    const api = openAdminApi()
    await api.post('/organizations', body, key)
    const refused = await api.post('/organizations', { ...body, name: 'Other' }, key)
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.idempotency_conflict'])
    expect(await countRows()).toMatchObject({ organizations: 1 })
  })

  it('of one route or organization is unknown in another', async () => {
    const api = openAdminApi()
    await api.post('/organizations', body, key)
    await createContoso(api, 'fabrikam')
    const domain = { domain: 'fabrikam.example' }
    const first = await api.post('/organizations/fabrikam/domains', domain, key)
    const other = await api.post('/organizations/contoso/domains', domain, key)
    expect([first.status, other.status]).toEqual([201, 201])
    expect(other.headers.get('idempotency-replayed')).toBeNull()
    const again = await api.post('/organizations/fabrikam/domains', domain, key)
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', first.body])
  })

  it('is not used up by a refused create', async () => {
    const api = openAdminApi()
    await createContoso(api)
    expect((await api.post('/organizations', body, key)).status).toBe(409)
    await api.delete('/organizations/contoso')
    expect((await api.post('/organizations', body, key)).status).toBe(201)
  })

  it('is forgotten after a day', async () => {
    const api = openAdminApi()
    await api.post('/organizations', body, key)
    api.clock.ms += 24 * 60 * 60 * 1000
    const refused = await api.post('/organizations', body, key)
    expect(refused.body['code']).toBe('admin.slug_taken')
    const other = await api.post('/organizations', { slug: 'other', name: 'Other' }, key)
    expect(other.status).toBe(201)
    const again = await api.post('/organizations', { slug: 'other', name: 'Other' }, key)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })

  it.each([[''], ['x'.repeat(256)], ['a b']])('of the form %j is refused by name', async (bad) => {
    const api = openAdminApi()
    const refused = await api.post('/organizations', body, { 'idempotency-key': bad })
    expect([refused.status, blamed(refused)]).toEqual([400, ['Idempotency-Key']])
  })

  it('stands for nothing when what it made is gone', async () => {
    const api = openAdminApi()
    await api.post('/organizations', body, key)
    await api.delete('/organizations/contoso')
    const again = await api.post('/organizations', body, key)
    expect([again.status, again.body['code']]).toEqual([404, 'admin.organization_not_found'])
  })
})
