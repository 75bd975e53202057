import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { blamed, countRows, createContoso, listOf, openAdminApi } from './admin-client.ts'

describe('creating an organization', () => {
  it('stores it with its domains on the operator’s word, and says so in an event', async () => {
    const api = openAdminApi()
    const created = await api.post('/organizations', {
      slug: 'contoso',
      name: 'Contoso Ltd.',
      domains: ['Contoso.COM', 'contoso.com.', 'müller.example'],
      appOrigins: ['https://app.example.com/'],
      sessionHours: 8,
      signIn: 'required',
      provisioning: { firstLogin: false },
    })
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({
      slug: 'contoso',
      domains: ['contoso.com', 'xn--mller-kva.example'],
      appOrigins: ['https://app.example.com'],
      sessionHours: 8,
      signIn: 'required',
      provisioning: { firstLogin: false, scim: true, defaultRole: 'member' },
      warnings: [],
    })
    expect((await api.get('/organizations/contoso')).body).toEqual(created.body)
    expect((await api.get(`/organizations/${created.body['id']}`)).body).toEqual(created.body)
    expect(await countRows()).toMatchObject({ organizations: 1, domains: 2, events: 1 })
  })

  it('starts with first-login creation on, SCIM allowed, 24 hours and the role member', async () => {
    const api = openAdminApi()
    expect(await createContoso(api)).toMatchObject({
      domains: [],
      sessionHours: 24,
      signIn: 'optional',
      provisioning: { firstLogin: true, scim: true, defaultRole: 'member' },
    })
  })

  it.each([
    [{}, ['name', 'slug']],
    [{ slug: 'Contoso', name: 'C' }, ['slug']],
    [{ slug: '-a', name: 'C' }, ['slug']],
    [{ slug: 'a'.repeat(64), name: 'C' }, ['slug']],
    [{ slug: 'org_0000', name: 'C' }, ['slug']],
    [{ slug: 'a', name: '' }, ['name']],
    [{ slug: 'a', name: ' Contoso' }, ['name']],
    [{ slug: 'a', name: 'Con\u202etoso' }, ['name']],
    [{ slug: 'a', name: 7 }, ['name']],
    [{ slug: 'a', name: 'C', colour: 'red', size: 1 }, ['colour', 'size']],
    [{ slug: 'a', name: 'C', provisioning: { graph: true } }, ['provisioning.graph']],
    [{ slug: 'a', name: 'C', provisioning: { keepValues: 'no' } }, ['provisioning.keepValues']],
    [{ slug: 'a', name: 'C', roleRules: [{ group: 'Ops' }] }, ['roleRules.0.role']],
    [{ slug: 'a', name: 'C', roleRules: [{ role: 'x' }] }, ['roleRules.0.group']],
    [
      { slug: 'a', name: 'C', roleRules: [{ group: 'a', appRole: 'b', role: 'x' }] },
      ['roleRules.0.appRole'],
    ],
    [{ slug: 'a', name: 'C', roleRules: [{ group: '', role: 'x' }] }, ['roleRules.0.group']],
    [{ slug: 'a', name: 'C', roleRules: [{ group: 'Ops', role: 'a b' }] }, ['roleRules.0.role']],
    [
      { slug: 'a', name: 'C', roleRules: Array(101).fill({ group: 'x', role: 'y' }) },
      ['roleRules'],
    ],
    [{ slug: 'a', name: 'C', provisioning: { defaultRole: 'a b' } }, ['provisioning.defaultRole']],
    [{ slug: 'a', name: 'C', domains: ['contoso.com', 'gmail.com'] }, ['domains.1']],
    [
      { slug: 'a', name: 'C', domains: ['localhost', '10.0.0.1', 'a b.com'] },
      ['domains.0', 'domains.1', 'domains.2'],
    ],
    [{ slug: 'a', name: 'C', domains: 'contoso.com' }, ['domains']],
    [{ slug: 'a', name: 'C', sessionHours: 0 }, ['sessionHours']],
    [{ slug: 'a', name: 'C', sessionHours: 1.5 }, ['sessionHours']],
    [{ slug: 'a', name: 'C', sessionHours: '24' }, ['sessionHours']],
    [{ slug: 'a', name: 'C', signIn: 'maybe' }, ['signIn']],
    [{ slug: 'a', name: 'C', appOrigins: ['https://a.example/x'] }, ['appOrigins.0']],
    [
      {
        slug: 'a',
        name: 'C',
        appOrigins: ['http://a.example', 'http://localhost:3000', 'javascript:alert(1)'],
      },
      ['appOrigins.0', 'appOrigins.1', 'appOrigins.2'],
    ],
    [{ slug: 'a', name: 'C', appOrigins: ['https://u:p@a.example'] }, ['appOrigins.0']],
    [[], ['body']],
    [null, ['body']],
  ])('refuses %j naming %j, and stores nothing', async (body, fields) => {
    const api = openAdminApi()
    const refused = await api.post('/organizations', body)
    expect(refused.status).toBe(400)
    expect(refused.body['code']).toBe('admin.invalid_request')
    expect([...blamed(refused)].sort()).toEqual(fields)
    expect(await countRows()).toMatchObject({ organizations: 0, domains: 0, events: 0 })
  })

  it('lets an app on localhost in only while Portico is there', async () => {
    const body = { slug: 'a', name: 'C', appOrigins: ['http://localhost:3000'] }
    const local = openAdminApi({ publicUrl: 'http://localhost:8787' })
    expect((await local.post('/organizations', body)).status).toBe(201)
  })

  it('warns of an app on another site, whose pages the Lax cookie does not reach', async () => {
    const api = openAdminApi()
    const { body } = await api.post('/organizations', {
      slug: 'a',
      name: 'C',
      appOrigins: ['https://app.example.com', 'https://app.example.org'],
    })
    expect(body['warnings']).toHaveLength(1)
    expect(String(body['warnings'])).toContain('https://app.example.org')
  })

  it('gives a slug to one of two creates at the same moment', async () => {
    const api = openAdminApi()
    const answers = await Promise.all(
      ['A', 'B', 'C', 'D'].map((name) => api.post('/organizations', { slug: 'same', name })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    const refused = answers.filter(({ status }) => status === 409)
    expect(refused.map(({ body }) => body['code'])).toEqual(Array(3).fill('admin.slug_taken'))
    expect(refused.map(blamed)).toEqual(Array(3).fill(['slug']))
    expect(await countRows()).toMatchObject({ organizations: 1, events: 1 })
  })

  it('refuses a domain that another organization has proved, and stores nothing', async () => {
    const api = openAdminApi()
    await api.post('/organizations', { slug: 'a', name: 'A', domains: ['a.example'] })
    const before = await countRows()
    const refused = await api.post('/organizations', {
      slug: 'b',
      name: 'B',
      domains: ['b.example', 'A.EXAMPLE'],
    })
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.domain_taken'])
    expect(refused.text).toContain('a.example')
    expect(await countRows()).toEqual(before)
  })
})

describe('changing an organization', () => {
  it('changes what is given and nothing else, and counts its version up', async () => {
    const api = openAdminApi()
    const before = await createContoso(api)
    api.clock.ms += 1000
    const changed = await api.patch('/organizations/contoso', {
      sessionHours: 1,
      provisioning: { scim: false },
    })
    expect(changed.body).toEqual({
      ...before,
      sessionHours: 1,
      provisioning: { firstLogin: true, scim: false, keepValues: false, defaultRole: 'member' },
      version: 2,
      updatedAt: '2026-11-24T09:00:01.000Z',
    })
    expect(await version()).toBe(2)
  })

  it('writes nothing when all is so already', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const before = await countRows()
    api.clock.ms += 1000
    expect(
      (await api.patch('/organizations/contoso', { name: 'Contoso', domains: [] })).status,
    ).toBe(200)
    expect([await countRows(), await version()]).toEqual([before, 1])
  })

  it('replaces the proved domains', async () => {
    const api = openAdminApi()
    await api.post('/organizations', { slug: 'a', name: 'A', domains: ['a.example', 'b.example'] })
    const changed = await api.patch('/organizations/a', { domains: ['b.example', 'c.example'] })
    expect(changed.body['domains']).toEqual(['b.example', 'c.example'])
    const events = await api.get('/organizations/a')
    expect(events.body['domains']).toEqual(['b.example', 'c.example'])
  })

  it('refuses names that are somebody else’s, and changes nothing', async () => {
    const api = openAdminApi()
    await api.post('/organizations', { slug: 'a', name: 'A', domains: ['a.example'] })
    await api.post('/organizations', { slug: 'b', name: 'B', domains: ['b.example'] })
    const before = [await countRows(), (await api.get('/organizations/b')).body]
    const slug = await api.patch('/organizations/b', { slug: 'a', name: 'New' })
    expect([slug.status, slug.body['code']]).toEqual([409, 'admin.slug_taken'])
    const domain = await api.patch('/organizations/b', { name: 'New', domains: ['a.example'] })
    expect([domain.status, domain.body['code']]).toEqual([409, 'admin.domain_taken'])
    expect([await countRows(), (await api.get('/organizations/b')).body]).toEqual(before)
  })

  it('loses nothing when two change it at the same moment', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const answers = await Promise.all([
      api.patch('/organizations/contoso', { name: 'New name' }),
      api.patch('/organizations/contoso', { sessionHours: 3 }),
      api.patch('/organizations/contoso', { domains: ['contoso.com'] }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await api.get('/organizations/contoso')).body).toMatchObject({
      name: 'New name',
      sessionHours: 3,
      domains: ['contoso.com'],
    })
    expect(await version()).toBe(4)
    expect(await countRows()).toMatchObject({ events: 4 })
  })
})

describe('listing organizations', () => {
  it('pages through all of them once', async () => {
    const api = openAdminApi()
    for (const slug of ['a', 'b', 'c']) await createContoso(api, slug)
    const first = await api.get('/organizations?limit=2')
    expect(first.body['items']).toHaveLength(2)
    const second = await api.get(`/organizations?limit=2&cursor=${first.body['nextCursor']}`)
    expect(second.body['nextCursor']).toBeNull()
    const pages = [...listOf(first.body, 'items'), ...listOf(second.body, 'items')]
    const slugs = pages.map(({ slug }) => slug).sort()
    expect(slugs).toEqual(['a', 'b', 'c'])
  })

  it.each(['limit=0', 'limit=201', 'limit=x', 'lines=3'])('refuses ?%s by name', async (query) => {
    const refused = await openAdminApi().get(`/organizations?${query}`)
    expect([refused.status, blamed(refused)]).toEqual([400, [query.split('=')[0]]])
  })
})

describe('deleting an organization', () => {
  it('takes everything with it but the log', async () => {
    const api = openAdminApi()
    await api.post('/organizations', { slug: 'a', name: 'A', domains: ['a.example'] })
    await createContoso(api)
    expect((await api.delete('/organizations/a')).status).toBe(204)
    expect((await api.get('/organizations/a')).body['code']).toBe('admin.organization_not_found')
    expect((await api.delete('/organizations/a')).status).toBe(404)
    expect(await countRows()).toMatchObject({ organizations: 1, domains: 0, events: 3 })
  })
})

async function version(): Promise<number | null> {
  return env.DB.prepare('select max(version) as n from organizations').first<number>('n')
}
