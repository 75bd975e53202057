import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { blamed, createContoso, type Json, listOf, openAdminApi, textOf } from './admin-client.ts'
import { addPerson } from './connection-world.ts'

const path = '/organizations/contoso/mapping'

async function contoso() {
  const api = openAdminApi()
  const organization = await createContoso(api)
  return { api, organizationId: textOf(organization, 'id') }
}

type Statements = Readonly<Record<string, readonly string[]>>

/** Somebody of whom sources stated things. */
async function addStated(id: string, views: Readonly<Record<string, Statements>>): Promise<void> {
  await addPerson(id)
  for (const [source, stated] of Object.entries(views)) {
    const attributes = Object.fromEntries(
      Object.entries(stated).map(([name, values]) => [name, { values, changedAt: 1000 }]),
    )
    await env.DB.prepare(
      `insert into source_views (person_id, source, organization_id, attributes, sha256, at)
       select id, ?, organization_id, ?, 'x', 1000 from people where id = ?`,
    )
      .bind(source, JSON.stringify(attributes), id)
      .run()
  }
}

async function count(sql: string): Promise<unknown> {
  return env.DB.prepare(sql).first('n')
}

const department = { saml: { expression: 'ToUpper([dept])' } }

describe('the mapping', () => {
  it('is the default one at first, whole, with the organization’s own attributes', async () => {
    const { api } = await contoso()
    const { body } = await api.get(path)
    expect(body).toMatchObject({ version: 1, updatedAt: null, run: null })
    const rules = body['rules'] as Record<string, Json>
    expect(Object.keys(rules)).toHaveLength(15)
    expect(rules['department']).toMatchObject({
      tiers: [['manual'], ['scim', 'graph'], ['saml']],
      blankClears: true,
      manual: ['department'],
      graph: ['department'],
    })
    await api.post('/organizations/contoso/attributes', { key: 'costCenter', label: 'CC' })
    const after = (await api.get(path)).body
    expect(after).toMatchObject({ version: 2, run: null })
    expect((after['rules'] as Json)['costCenter']).toMatchObject({
      scim: ['urn:ietf:params:scim:schemas:extension:portico:2.0:User:costCenter'],
      saml: ['costCenter'],
    })
  })

  it('is changed, told, and makes every profile anew; sent back as it is it changes nothing', async () => {
    const { api } = await contoso()
    await addStated('usr_ann', { saml: { dept: ['sales'] } })
    api.clock.ms += 1000
    const changed = await api.put(path, { version: 1, rules: { department } })
    expect([changed.status, changed.body]).toMatchObject([
      200,
      {
        version: 2,
        updatedAt: '2026-11-24T09:00:01.000Z',
        run: expect.stringMatching(/^run_/),
        rules: { department: { ...department, manual: ['department'] } },
      },
    ])
    const again = await api.put(path, { version: 2, rules: changed.body['rules'] })
    expect(again.body).toEqual({ ...changed.body, run: null })
    expect(await count("select count(*) as n from reconcile_runs where kind = 'resolve'")).toBe(1)
    const events = await api.get('/organizations/contoso/events?type=mapping.updated')
    expect(listOf(events.body, 'items').map(({ detail }) => detail)).toEqual([
      { changed: ['department'], from: 1 },
    ])
    const run = await api.get(`/organizations/contoso/reconcile-runs/${changed.body['run']}`)
    expect(run.body).toMatchObject({ status: 'done', counts: { people: 1, changed: 1 } })
    const person = await api.get('/organizations/contoso/users/usr_ann')
    expect(person.body).toMatchObject({
      profile: { department: 'SALES' },
      provenance: { department: { source: 'saml', rule: 'ToUpper([dept])' } },
    })
    const cleared = await api.put(path, { version: 2, rules: {} })
    expect(cleared.body).toMatchObject({ version: 3 })
    expect((cleared.body['rules'] as Json)['department']).not.toHaveProperty('saml.expression')
  })

  it('that others changed in between is not overwritten (admin.mapping_changed), by ten at once neither', async () => {
    const { api } = await contoso()
    const wishes = Array.from({ length: 10 }, (_, i) => ({
      version: 1,
      rules: { title: { saml: [`claim${i}`] } },
    }))
    const answers = await Promise.all(wishes.map((wish) => api.put(path, wish)))
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([200, ...Array(9).fill(409)])
    const refused = await api.put(path, { version: 1, rules: {} })
    expect([refused.body['code'], blamed(refused)]).toEqual(['admin.mapping_changed', ['version']])
    expect(await count('select mapping_version as n from organizations')).toBe(2)
    expect(await count("select count(*) as n from events where type = 'mapping.updated'")).toBe(1)
    await api.post('/organizations/contoso/attributes', { key: 'costCenter', label: 'CC' })
    expect((await api.put(path, { version: 2, rules: {} })).status).toBe(409)
  })

  it('that is wrong is refused with the place of everything, and nothing is stored', async () => {
    const { api } = await contoso()
    const rules = {
      shoeSize: {},
      title: { saml: { expression: 'ToUpper([a]' }, tiers: [['scim'], ['scim']] },
      email: { scim: 'mail' },
    }
    for (const [send, extra] of [
      [api.put, { version: 1 }],
      [(at: string, body: unknown) => api.post(`${at}/preview`, body), {}],
    ] as const) {
      const refused = await send(path, { rules, ...extra })
      expect([refused.status, [...blamed(refused)].toSorted()]).toEqual([
        400,
        ['rules.email.scim', 'rules.shoeSize', 'rules.title.saml.expression', 'rules.title.tiers'],
      ])
      const messages = listOf(refused.body, 'errors').map(({ message }) => String(message))
      expect(messages.some((message) => /at character \d+/.test(message))).toBe(true)
    }
    expect(await count('select count(*) as n from mappings')).toBe(0)
    expect(await count('select mapping_version as n from organizations')).toBe(1)
  })

  it('forgets the rule of an attribute that is deleted', async () => {
    const { api } = await contoso()
    const attributes = '/organizations/contoso/attributes'
    await api.post(attributes, { key: 'costCenter', label: 'CC' })
    const rules = { costCenter: { saml: ['kostenstelle'] }, title: { saml: ['rang'] } }
    await api.put(path, { version: 2, rules })
    await api.delete(`${attributes}/COSTCENTER`)
    expect(await count('select rules as n from mappings')).toBe('{"title":{"saml":["rang"]}}')
    await api.post(attributes, { key: 'costCenter', label: 'CC' })
    const after = (await api.get(path)).body['rules'] as Json
    expect([after['costCenter'], after['title']]).toMatchObject([
      { saml: ['costCenter'] },
      { saml: ['rang'] },
    ])
  })
})

describe('a preview', () => {
  const rules = { department: { ...department, blankClears: false }, title: { scim: [] } }

  async function withPeople() {
    const world = await contoso()
    await addStated('usr_ann', {
      saml: { dept: ['sales'] },
      scim: { title: ['CEO'], displayName: ['Ann'] },
    })
    await addStated('usr_bob', { saml: { dept: ['a', 'b'] } })
    await env.DB.prepare(
      `update people set profile = '{"title":"CEO"}', provenance = '{"title":{"source":"scim","at":1000,"rule":"title"}}' where id = 'usr_ann'`,
    ).run()
    return world
  }

  it('shows named people before and after with where each value comes from, and saves nothing', async () => {
    const { api } = await withPeople()
    const dump = async () =>
      JSON.stringify((await env.DB.prepare('select * from people').all()).results)
    const before = await dump()
    const { status, body } = await api.post(`${path}/preview`, { rules, users: ['usr_ann'] })
    expect([status, body]).toEqual([
      200,
      {
        version: 1,
        users: [
          {
            id: 'usr_ann',
            userName: expect.any(String),
            before: {
              profile: { title: 'CEO' },
              provenance: {
                title: { source: 'scim', at: '1970-01-01T00:00:01.000Z', rule: 'title' },
              },
            },
            after: {
              profile: { displayName: 'Ann', department: 'SALES' },
              provenance: expect.objectContaining({
                department: {
                  source: 'saml',
                  at: '1970-01-01T00:00:01.000Z',
                  rule: 'ToUpper([dept])',
                },
              }),
            },
            changed: ['department', 'displayName', 'title'],
            problems: [],
          },
        ],
      },
    ])
    expect(await dump()).toBe(before)
    expect(await count('select count(*) as n from mappings')).toBe(0)
    expect(await count('select count(*) as n from reconcile_runs')).toBe(0)
  })

  it('of a sample takes the newest, and says why a value is missing', async () => {
    const { api } = await withPeople()
    const attributes = '/organizations/contoso/attributes'
    await api.post(attributes, { key: 'level', label: 'Level', type: 'number', required: true })
    const level = { saml: ['dept'] }
    const { body } = await api.post(`${path}/preview`, { rules: { ...rules, level } })
    expect(listOf(body, 'users').map(({ id }) => id)).toEqual(['usr_ann', 'usr_bob'])
    const problems = listOf(listOf(body, 'users')[0] ?? {}, 'problems')
    expect(problems).toMatchObject([{ key: 'level', source: 'saml', rule: 'dept' }])
    const one = await api.post(`${path}/preview`, { rules, sample: 1 })
    expect(listOf(one.body, 'users').map(({ id }) => id)).toEqual(['usr_bob'])
  })

  it('of somebody who is not there, or of another organization, is not found', async () => {
    const { api } = await withPeople()
    await createContoso(api, 'fabrikam')
    await addPerson('usr_else', { organization: 'fabrikam' })
    for (const id of ['usr_else', 'usr_nobody']) {
      const refused = await api.post(`${path}/preview`, { rules, users: ['usr_ann', id] })
      expect([refused.status, refused.body['code'], blamed(refused)]).toEqual([
        404,
        'directory.user_not_found',
        ['users.1'],
      ])
    }
  })
})
