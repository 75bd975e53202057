import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { listOf } from '../admin/admin-client.ts'
import { type Json, rfcWorld } from './rfc/rfc-world.ts'

const urn = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'
const core = 'urn:ietf:params:scim:schemas:core:2.0:User'

/** Attributes that Contoso defined, as the admin API stores them. */
async function define(
  ...definitions: readonly (readonly [key: string, type: string, multi?: 1])[]
) {
  for (const [key, type, multi] of definitions) {
    await env.DB.prepare(
      `insert into attribute_definitions (organization_id, key, key_folded, label, type, multi_valued, created_at, updated_at)
       select id, ?, ?, ?, ?, ?, 1, 1 from organizations`,
    )
      .bind(key, key.toLowerCase(), `Label of ${key}`, type, multi ?? 0)
      .run()
  }
  await env.DB.prepare('update organizations set mapping_version = mapping_version + 1').run()
}

async function world() {
  const scim = await rfcWorld()
  await define(['costCenter', 'string'], ['level', 'number'], ['isLead', 'boolean'])
  await define(['hiredAt', 'dateTime'], ['skills', 'string', 1])
  return scim
}

let serial = 0
function user(extra: Json): Json {
  serial++
  return { schemas: [core], userName: `p${serial}@contoso.example`, active: true, ...extra }
}

async function profiles(): Promise<readonly unknown[]> {
  const { results } = await env.DB.prepare('select profile from people order by id').all()
  return results.map(({ profile }) => JSON.parse(String(profile)))
}

describe('attributes of an organization’s own', () => {
  it('are in /Schemas and /ResourceTypes as soon as they are defined', async () => {
    const scim = await rfcWorld()
    const before = await scim.get('/Schemas')
    expect(listOf(before.body, 'Resources').map(({ id }) => id)).not.toContain(urn)
    await define(['costCenter', 'string'], ['level', 'number'], ['skills', 'string', 1])
    const after = await scim.get(`/Schemas/${urn}`)
    expect([after.status, listOf(after.body, 'attributes')]).toMatchObject([
      200,
      [
        {
          name: 'costCenter',
          type: 'string',
          multiValued: false,
          description: 'Label of costCenter',
        },
        { name: 'level', type: 'decimal', multiValued: false },
        { name: 'skills', type: 'string', multiValued: true },
      ],
    ])
    const types = await scim.get('/ResourceTypes/User')
    expect(listOf(types.body, 'schemaExtensions').map(({ schema }) => schema)).toContain(urn)
    const groups = await scim.get('/ResourceTypes/Group')
    expect(groups.body['schemaExtensions']).toBeUndefined()
  })

  it.each([
    ['flat, with a colon', { [`${urn}:costCenter`]: 'CC-1', [`${urn}:skills`]: ['go', 'c'] }],
    ['flat, with a dot', { [`${urn}.costCenter`]: 'CC-1', [`${urn}.skills`]: ['go', 'c'] }],
    ['nested', { [urn]: { costCenter: 'CC-1', skills: ['go', 'c'] } }],
    ['in another case', { [urn.toUpperCase()]: { COSTCENTER: 'CC-1', Skills: ['go', 'c'] } }],
    [
      'lists as objects',
      { [urn]: { costCenter: 'CC-1', skills: [{ value: 'go' }, { value: 'c' }] } },
    ],
  ])('come by POST %s', async (_, body) => {
    const scim = await world()
    const made = await scim.post('/Users', user(body))
    expect(made.status).toBe(201)
    expect(await profiles()).toMatchObject([{ costCenter: 'CC-1', skills: ['go', 'c'] }])
  })

  it.each([
    [`${urn}:costCenter`, 'Add'],
    [`${urn}.costCenter`, 'Replace'],
    [`${urn.toLowerCase()}:costcenter`, 'add'],
  ])('come by PATCH of %s (%s), and go by remove', async (path, op) => {
    const scim = await world()
    const { body } = await scim.post('/Users', user({ [`${urn}:costCenter`]: 'CC-0' }))
    const at = `/Users/${body['id']}`
    expect((await scim.patch(at, [{ op, path, value: 'CC-2' }])).status).toBe(200)
    expect(await profiles()).toMatchObject([{ costCenter: 'CC-2' }])
    const removed = await scim.patch(at, [{ op: 'Remove', path }])
    expect([removed.status, removed.body[urn]]).toEqual([200, undefined])
    expect((await profiles())[0]).not.toHaveProperty('costCenter')
  })

  it('of a wrong type fail no request: the view keeps what was sent, the profile is without', async () => {
    const scim = await world()
    const wrong = { level: 'high', isLead: 'perhaps', hiredAt: 'yesterday', costCenter: { a: 1 } }
    const made = await scim.post('/Users', user({ [urn]: { ...wrong, skills: 'go' } }))
    expect([made.status, made.body[urn]]).toMatchObject([201, { level: 'high', skills: 'go' }])
    const [profile] = await profiles()
    expect(profile).toMatchObject({ skills: ['go'] })
    for (const name of Object.keys(wrong)) expect(profile).not.toHaveProperty(name)
    const at = `/Users/${made.body['id']}`
    const sent = { level: '7.5', isLead: 'True', hiredAt: '2026-01-31T09:30:00Z' }
    const operations = Object.entries(sent).map(([name, value]) => ({
      op: 'Add',
      path: `${urn}:${name}`,
      value,
    }))
    expect((await scim.patch(at, operations)).status).toBe(200)
    expect(await profiles()).toMatchObject([{ level: 7.5, isLead: true, hiredAt: sent.hiredAt }])
  })

  it('are filtered by both spellings, as they were sent or as their type', async () => {
    const scim = await world()
    const sent = { costCenter: 'CC-9', level: '7', isLead: 'True', skills: ['go', 'c'] }
    const made = await scim.post(
      '/Users',
      user({ [urn]: { ...sent, hiredAt: '2026-01-31T09:30:00Z' } }),
    )
    await scim.post('/Users', user({ [urn]: { level: 3, isLead: false, costCenter: 'CC-1' } }))
    const found = [
      `${urn}:costCenter eq "cc-9"`,
      `${urn}.costCenter eq "CC-9"`,
      `${urn.toUpperCase()}:COSTCENTER eq "CC-9"`,
      `${urn}:level eq "7"`,
      `${urn}:level eq 7`,
      `${urn}:level gt 5`,
      `${urn}:isLead eq true`,
      `${urn}:isLead eq "True"`,
      `${urn}:skills eq "go"`,
      `${urn}:hiredAt gt "2026-01-31T10:00:00+01:00"`,
    ]
    for (const filter of found) {
      const { status, body } = await scim.get(`/Users?filter=${encodeURIComponent(filter)}`)
      expect([filter, status, body['totalResults']]).toEqual([filter, 200, 1])
      expect(listOf(body, 'Resources')).toMatchObject([{ id: made.body['id'] }])
    }
    const nobody = [`${urn}:level eq "high"`, `${urn}:hiredAt eq "never"`, `${urn}:isLead eq "x"`]
    for (const filter of nobody) {
      const { status, body } = await scim.get(`/Users?filter=${encodeURIComponent(filter)}`)
      expect([filter, status, body['totalResults']]).toEqual([filter, 200, 0])
    }
    const sorted = await scim.get(`/Users?sortBy=${encodeURIComponent(`${urn}:level`)}`)
    expect(listOf(sorted.body, 'Resources').map((one) => (one[urn] as Json)['level'])).toEqual([
      3,
      '7',
    ])
  })
})
