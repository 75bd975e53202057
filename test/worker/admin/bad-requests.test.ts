import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import {
  type AdminApi,
  type Answer,
  blamed,
  countRows,
  createContoso,
  type Json,
  listOf,
  openAdminApi,
  textOf,
} from './admin-client.ts'
import { addPerson, createConnection, manual, pathOf } from './connection-world.ts'

const contoso = '/organizations/contoso'
const json = { 'content-type': 'application/json' }

/** What is said of each field. */
function messagesOf({ body }: Answer): readonly string[] {
  return listOf(body, 'errors').map((error) => textOf(error, 'message'))
}

/** Refused for these fields, each in our own words, with nothing changed. */
async function expectRefusal(
  send: () => Promise<Answer>,
  expected: { status?: number; code?: string; fields: readonly string[] },
): Promise<readonly string[]> {
  const before = await countRows()
  const refused = await send()
  expect([refused.status, refused.body['code'], [...blamed(refused)].sort()]).toEqual([
    expected.status ?? 400,
    expected.code ?? 'admin.invalid_request',
    [...expected.fields].sort(),
  ])
  const messages = messagesOf(refused)
  for (const message of messages) expect(message).not.toMatch(/invalid|expected|received|too /i)
  expect(await countRows()).toEqual(before)
  return messages
}

describe('a value of the wrong kind or size', () => {
  it.each<[string, string, unknown, string]>([
    ['organizations', 'slug', 1, 'must be text, not a number'],
    ['organizations', 'slug', undefined, 'is required'],
    ['organizations', 'name', null, 'must be text, not null'],
    ['organizations', 'name', 'x'.repeat(201), 'must have at most 200 characters'],
    ['organizations', 'domains', 'a.example', 'must be a list, not text'],
    ['organizations', 'domains', Array(101).fill('a.example'), 'must have at most 100 items'],
    ['organizations', 'sessionHours', '24', 'must be a number, not text'],
    ['organizations', 'sessionHours', 1.5, 'must be a whole number'],
    ['organizations', 'sessionHours', 0, 'must be at least 1'],
    ['organizations', 'sessionHours', 721, 'must be at most 720'],
    ['organizations', 'signIn', 'never', 'must be one of optional, required'],
    ['organizations', 'provisioning', [], 'must be an object, not a list'],
    ['organizations/contoso/connections', 'forceAuthn', 'no', 'must be true or false, not text'],
    ['organizations/contoso/connections', 'identityClaim', '', 'must not be empty'],
    ['organizations/contoso/connections', 'claimNames', { email: [] }, 'must not be empty'],
  ])('of /%s, %s: %j, is told as such', async (path, field, value, message) => {
    const api = openAdminApi()
    await createContoso(api)
    const good = path === 'organizations' ? { slug: 'x', name: 'X' } : { name: 'X', manual }
    const name = field === 'claimNames' ? 'claimNames.email' : field
    const send = () => api.post(`/${path}`, { ...good, [field]: value })
    expect(await expectRefusal(send, { fields: [name] })).toEqual([message])
  })

  it.each([[[]], ['x'], [1], [null], [true]])(
    'instead of an object, %j, is the body’s',
    async (body) => {
      const api = openAdminApi()
      await expectRefusal(() => api.post('/organizations', body), { fields: ['body'] })
    },
  )
})

describe('a query', () => {
  const lists = [
    '/organizations',
    `${contoso}/domains`,
    `${contoso}/connections`,
    `${contoso}/users`,
    `${contoso}/users/usr_ann/sessions`,
    `${contoso}/tombstones`,
    `${contoso}/recovery-links`,
    `${contoso}/events`,
  ]

  async function contosoWithAnn(): Promise<AdminApi> {
    const api = openAdminApi()
    await createContoso(api)
    await addPerson('usr_ann')
    return api
  }

  it.each(lists)('of %s has no limit that is no number of items', async (path) => {
    const api = await contosoWithAnn()
    for (const limit of ['0', '-1', '201', '1.5', 'abc', '', '0x10', '1e2', ' 5', '9'.repeat(30)]) {
      const send = () => api.get(`${path}?limit=${encodeURIComponent(limit)}`)
      await expectRefusal(send, { fields: ['limit'] })
    }
    for (const limit of [1, 200]) expect((await api.get(`${path}?limit=${limit}`)).status).toBe(200)
  })

  it.each(lists)('of %s has no cursor of another list, and none made up', async (path) => {
    const api = await contosoWithAnn()
    const foreign = ['', 'Not a cursor', 'key_1', 'x'.repeat(300), '%00', 'ü']
    // Domains are listed by name, and this is one.
    const timed = path.endsWith('/domains') ? [] : ['1.key_1']
    for (const cursor of [...foreign, ...timed]) {
      const send = () => api.get(`${path}?cursor=${encodeURIComponent(cursor)}`)
      await expectRefusal(send, { fields: ['cursor'] })
    }
  })

  it.each(lists)('of %s has no unknown names, and no name twice', async (path) => {
    const api = await contosoWithAnn()
    await expectRefusal(() => api.get(`${path}?offset=1&page=2`), { fields: ['offset', 'page'] })
    await expectRefusal(() => api.get(`${path}?limit=1&limit=2`), { fields: ['limit'] })
  })

  it('that asks about two people is not answered for one of them', async () => {
    const api = openAdminApi()
    const send = () => api.get('/discovery?email=a@a.example&email=b@b.example')
    await expectRefusal(send, { fields: ['email'] })
  })

  it('without what is required is told what there is', async () => {
    const api = openAdminApi()
    const testers = `${pathOf(await createConnection(api))}/testers`
    const messages = await expectRefusal(() => api.delete(testers), { fields: ['kind', 'value'] })
    expect(messages).toContain('is required: one of objectId, userPrincipalName, nameId')
    await expectRefusal(() => api.get(`${contoso}/events?type=nope`), { fields: ['type'] })
    await expectRefusal(() => api.get(`${contoso}/events?from=yesterday`), { fields: ['from'] })
  })
})

describe('a body that cannot be read', () => {
  it.each<[string, BodyInit, string]>([
    ['nothing', '', 'is empty'],
    ['octets that are no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'is not UTF-8'],
    ['an unfinished object', '{"slug":"a"', ''],
    ['a comma too many', '{"slug":"a",}', ''],
    ['XML', '<a/>', ''],
  ])('because it is %s says so, and repeats nothing of it', async (_name, raw, message) => {
    const api = openAdminApi()
    const send = () => api.call('POST', '/organizations', { raw, headers: json })
    const [said] = await expectRefusal(send, { code: 'admin.malformed_json', fields: ['body'] })
    expect(said).toContain(message)
    expect(said).not.toContain('slug')
  })

  it('because it is compressed, or of another type, names the header', async () => {
    const api = openAdminApi()
    const raw = '{"slug":"a","name":"A"}'
    for (const [field, headers] of [
      ['Content-Encoding', { ...json, 'content-encoding': 'gzip' }],
      ['Content-Type', { 'content-type': 'text/csv' }],
    ] as const) {
      const send = () => api.call('POST', '/organizations', { raw, headers })
      const expected = { status: 415, code: 'admin.unsupported_media_type', fields: [field] }
      await expectRefusal(send, expected)
    }
    const plain = { ...json, 'content-encoding': 'identity' }
    expect((await api.call('POST', '/organizations', { raw, headers: plain })).status).toBe(201)
  })

  it('because it is too large says how large it may be', async () => {
    const api = openAdminApi()
    const raw = 'x'.repeat(limits.adminBodyBytes + 1)
    const send = () => api.call('POST', '/organizations', { raw, headers: json })
    const expected = { status: 413, code: 'admin.body_too_large', fields: ['body'] }
    expect((await expectRefusal(send, expected)).join()).toContain(`${limits.adminBodyBytes} bytes`)
  })

  it.each([
    ['lists', '['.repeat(200_000) + ']'.repeat(200_000), ['body']],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, ['a', 'name', 'slug']],
  ])(
    'because it is %s without end is refused, also with an Idempotency-Key',
    async (_name, raw, fields) => {
      const api = openAdminApi()
      for (const more of [{}, { 'idempotency-key': 'k' }]) {
        const headers = { ...json, ...more }
        await expectRefusal(() => api.call('POST', '/organizations', { raw, headers }), { fields })
      }
    },
  )
})

describe('a request that does not fit what there is', () => {
  it.each<[string, string, string, Json, { status: number; code: string; fields: string[] }]>([
    [
      'retires a key that is none',
      'POST',
      '/rotate-keys',
      { step: 'retire' },
      { status: 409, code: 'admin.no_next_key', fields: ['step'] },
    ],
    [
      'switches to a key that is none',
      'POST',
      '/rotate-keys',
      { step: 'switch' },
      { status: 409, code: 'admin.no_next_key', fields: ['step'] },
    ],
    [
      'changes the provider by nothing',
      'PATCH',
      '',
      { manual: {} },
      { status: 400, code: 'admin.invalid_request', fields: ['manual'] },
    ],
    [
      'gives text for a certificate',
      'PATCH',
      '',
      { addCertificates: ['junk'] },
      { status: 400, code: 'admin.invalid_request', fields: ['addCertificates.0'] },
    ],
  ])('because it %s names the field', async (_name, method, path, body, expected) => {
    const api = openAdminApi()
    const connection = pathOf(await createConnection(api))
    await expectRefusal(() => api.call(method, connection + path, { body }), expected)
  })

  it('because it takes the last certificate names what takes it', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const [held] = listOf(connection['idp'] as Json, 'certificates')
    const body = { removeCertificates: [textOf(held, 'sha256')] }
    const expected = { status: 409, code: 'admin.last_certificate', fields: ['removeCertificates'] }
    await expectRefusal(() => api.patch(pathOf(connection), body), expected)
  })

  it('because it names nobody says by which field', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await addPerson('usr_ann')
    const expected = { status: 404, code: 'directory.user_not_found' }
    const merge = () => api.post(`${contoso}/users/usr_ann/merge`, { into: 'usr_nobody' })
    await expectRefusal(merge, { ...expected, fields: ['into'] })
    const link = () => api.post(`${contoso}/recovery-links`, { user: 'usr_nobody' })
    await expectRefusal(link, { ...expected, fields: ['user'] })
  })

  it('because its path is of no id is not found, whatever its letters', async () => {
    const api = openAdminApi()
    for (const org of ['nobody', 'münchen', '%ff', '%00', "'%20or%201=1--", 'Contoso']) {
      const refused = await api.get(`/organizations/${org}`)
      expect([org, refused.body['code']]).toEqual([org, 'admin.organization_not_found'])
    }
    const long = () => api.get(`/organizations/${'x'.repeat(65)}`)
    await expectRefusal(long, { fields: ['org'] })
  })
})
