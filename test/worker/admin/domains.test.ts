import { describe, expect, it } from 'vitest'
import {
  type AdminApi,
  blamed,
  countRows,
  createContoso,
  listOf,
  openAdminApi,
  textOf,
} from './admin-client.ts'

const doh = 'https://cloudflare-dns.com/dns-query'

/** DNS over HTTPS that knows these TXT records, as quoted strings. */
function serveTxt(api: AdminApi, records: Readonly<Record<string, readonly string[]>>): string[] {
  const asked: string[] = []
  api.network.set(doh, (request) => {
    const name = new URL(request.url).searchParams.get('name') ?? ''
    asked.push(`${name} ${request.headers.get('accept')}`)
    const answer = (records[name] ?? []).map((data) => ({ name, type: 16, TTL: 60, data }))
    return Response.json(answer.length > 0 ? { Status: 0, Answer: answer } : { Status: 3 })
  })
  return asked
}

async function claim(api: AdminApi, domain = 'contoso.com', slug = 'contoso') {
  const answer = await api.post(`/organizations/${slug}/domains`, { domain })
  const record = answer.body['record'] as { name: string; value: string }
  return { answer, record }
}

describe('a claimed domain', () => {
  it('waits for its DNS record, and is proved by it', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const { answer, record } = await claim(api)
    expect(answer.body).toMatchObject({
      domain: 'contoso.com',
      verified: false,
      verifiedBy: null,
      record: { type: 'TXT', name: '_portico.contoso.com' },
    })
    const asked = serveTxt(api, {
      [record.name]: ['"v=spf1 -all"', `"${record.value.slice(0, 9)}" "${record.value.slice(9)}"`],
    })
    api.clock.ms += 1000
    const verified = await api.post('/organizations/contoso/domains/Contoso.com/verify')
    expect(verified.body).toEqual({
      ...answer.body,
      verified: true,
      verifiedAt: '2026-11-24T09:00:01.000Z',
      verifiedBy: 'dns',
    })
    expect(asked).toEqual(['_portico.contoso.com application/dns-json'])
    expect((await api.get('/organizations/contoso')).body['domains']).toEqual(['contoso.com'])
    expect(await countRows()).toMatchObject({ domains: 1, events: 3 })
  })

  it('asks DNS no more once it is proved', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await api.post('/organizations/contoso/domains', { domain: 'contoso.com', verified: true })
    const before = await countRows()
    const verified = await api.post('/organizations/contoso/domains/contoso.com/verify')
    expect(verified.body).toMatchObject({ verified: true, verifiedBy: 'operator' })
    expect(await countRows()).toEqual(before)
  })

  it.each([
    ['no record', {}],
    ['another value', { '_portico.contoso.com': ['"portico-verification=guess"'] }],
    ['a longer value', { '_portico.contoso.com': ['"x portico-verification="'] }],
  ])('is not proved by %s, and the answer names the record to set', async (_name, records) => {
    const api = openAdminApi()
    await createContoso(api)
    const { record } = await claim(api)
    serveTxt(api, records)
    const before = await countRows()
    const refused = await api.post('/organizations/contoso/domains/contoso.com/verify')
    expect([refused.status, refused.body['code']]).toEqual([422, 'admin.domain_not_proved'])
    expect(refused.text).toContain(record.value)
    expect(await countRows()).toEqual(before)
  })

  it.each<[string, () => Response]>([
    ['is down', () => new Response('', { status: 503 })],
    ['fails to resolve', () => Response.json({ Status: 2 })],
    ['redirects', () => new Response(null, { status: 302, headers: { location: '/x' } })],
    ['answers no JSON', () => new Response('<html>')],
    ['answers without end', () => new Response('x'.repeat(70_000))],
  ])('stays as it is when DNS %s', async (_name, answer) => {
    const api = openAdminApi()
    await createContoso(api)
    await claim(api)
    api.network.set(doh, answer)
    const refused = await api.post('/organizations/contoso/domains/contoso.com/verify')
    expect([refused.status, refused.body['code']]).toEqual([502, 'admin.dns_unavailable'])
  })

  it('says so when DNS cannot be reached', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await claim(api)
    const refused = await api.post('/organizations/contoso/domains/contoso.com/verify')
    expect(refused.body['code']).toBe('admin.dns_unavailable')
  })

  it('is proved on the operator’s word, at once or later', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const { answer } = await claim(api)
    const again = await claim(api)
    expect(again.answer.body).toEqual(answer.body)
    const proved = await api.post('/organizations/contoso/domains', {
      domain: 'contoso.com',
      verified: true,
    })
    expect(proved.body).toMatchObject({ verified: true, verifiedBy: 'operator' })
    expect(await countRows()).toMatchObject({ domains: 1, events: 3 })
  })

  it('may be claimed by several organizations, and is proved by the first who can', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await createContoso(api, 'fabrikam')
    const first = await claim(api)
    const second = await claim(api, 'contoso.com', 'fabrikam')
    expect(first.record.value).not.toBe(second.record.value)
    serveTxt(api, { '_portico.contoso.com': [first.record.value, second.record.value] })
    const answers = await Promise.all(
      ['contoso', 'fabrikam'].map((slug) =>
        api.post(`/organizations/${slug}/domains/contoso.com/verify`),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const loser = answers.find(({ status }) => status === 409)
    expect(loser?.body['code']).toBe('admin.domain_taken')
  })

  it('is refused once another organization has proved it', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await createContoso(api, 'fabrikam')
    await api.post('/organizations/contoso/domains', { domain: 'contoso.com', verified: true })
    const before = await countRows()
    const refused = await api.post('/organizations/fabrikam/domains', { domain: 'contoso.com' })
    expect([refused.status, refused.body['code'], blamed(refused)]).toEqual([
      409,
      'admin.domain_taken',
      ['domain'],
    ])
    expect(await countRows()).toEqual(before)
  })

  it.each([
    ['gmail.com'],
    ['GMail.Com.'],
    ['hotmail.co.uk'],
    ['onmicrosoft.com'],
    ['com'],
    ['contoso.com/x'],
    ['a@contoso.com'],
    ['contoso.com:443'],
    ['127.0.0.1'],
    ['0x7f.1'],
    ['[::1]'],
    ['-a.example'],
    ['a..example'],
    [''],
  ])('is refused when it is %j', async (domain) => {
    const api = openAdminApi()
    await createContoso(api)
    const refused = await api.post('/organizations/contoso/domains', { domain })
    expect([refused.status, blamed(refused)]).toEqual([400, ['domain']])
  })

  it('is one domain however it is written', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const added = await api.post('/organizations/contoso/domains', { domain: 'Bücher.example' })
    expect(added.body['domain']).toBe('xn--bcher-kva.example')
    const path = '/organizations/contoso/domains/b%C3%BCcher.example'
    expect((await api.delete(path)).status).toBe(204)
    expect((await api.delete(path)).body['code']).toBe('admin.domain_not_found')
    expect(await countRows()).toMatchObject({ domains: 0, events: 3 })
  })

  it('has its limit, beyond which nothing is stored', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const names = Array.from({ length: 50 }, (_, i) => `d${i}.example`)
    await api.patch('/organizations/contoso', { domains: names })
    await api.patch('/organizations/contoso', {
      domains: [...names.slice(0, 50)],
    })
    for (let i = 50; i < 100; i++) {
      const added = await api.post('/organizations/contoso/domains', { domain: `d${i}.example` })
      expect(added.status).toBe(201)
    }
    const refused = await api.post('/organizations/contoso/domains', { domain: 'one.example' })
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.limit_reached'])
    expect(await countRows()).toMatchObject({ domains: 100 })
  })
})

describe('listing domains', () => {
  it('pages through one organization’s domains in the order of their names', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await createContoso(api, 'fabrikam')
    await claim(api, 'x.example', 'fabrikam')
    for (const domain of ['b.example', 'c.example', 'a.example']) await claim(api, domain)
    const first = await api.get('/organizations/contoso/domains?limit=2')
    const cursor = textOf(first.body, 'nextCursor')
    const rest = await api.get(`/organizations/contoso/domains?limit=2&cursor=${cursor}`)
    const names = [first, rest].flatMap(({ body }) => listOf(body, 'items').map((d) => d['domain']))
    expect(names).toEqual(['a.example', 'b.example', 'c.example'])
    expect(rest.body['nextCursor']).toBeNull()
  })
})
