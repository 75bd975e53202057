import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { blamed, createContoso, listOf, openAdminApi, textOf } from './admin-client.ts'

const path = '/organizations/contoso/attributes'
const urn = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'
const costCenter = { key: 'costCenter', label: 'Cost center' }

async function contoso() {
  const api = openAdminApi()
  const organization = await createContoso(api)
  return { api, organizationId: textOf(organization, 'id') }
}

async function rows(sql: string): Promise<readonly Record<string, unknown>[]> {
  return (await env.DB.prepare(sql).all()).results
}

/** The version of the mapping, and the runs that make profiles anew. */
async function state() {
  const [version] = await rows('select mapping_version as v from organizations')
  const runs = await rows('select kind, "trigger", status, step, connection_id from reconcile_runs')
  return { version: version?.['v'], runs }
}

const done = {
  kind: 'resolve',
  trigger: 'mapping',
  status: 'done',
  step: 'resolve',
  connection_id: '',
}

describe('attributes', () => {
  it('are the built-in ones, read-only, and then the organization’s own', async () => {
    const { api } = await contoso()
    await api.post(path, costCenter)
    const { body } = await api.get(path)
    const items = listOf(body, 'items')
    expect(items).toHaveLength(16)
    expect(items[0]).toMatchObject({ key: 'userName', system: true, scim: null, createdAt: null })
    expect(items.at(-1)).toEqual({
      ...costCenter,
      description: null,
      type: 'string',
      multiValued: false,
      default: null,
      required: false,
      system: false,
      scim: `${urn}:costCenter`,
      createdAt: '2026-11-24T09:00:00.000Z',
      updatedAt: '2026-11-24T09:00:00.000Z',
    })
    const first = await api.get(`${path}?limit=15`)
    expect(first.body['nextCursor']).toBe(items[14]?.['key'])
    const second = await api.get(`${path}?limit=15&cursor=${first.body['nextCursor']}`)
    expect(listOf(second.body, 'items')).toEqual([items[15]])
    expect((await api.get(`${path}?cursor=gone`)).body).toEqual({ items: [], nextCursor: null })
    expect((await api.get(`${path}/COSTCENTER`)).body).toEqual(items[15])
    expect((await api.get(`${path}/department`)).body).toMatchObject({ system: true })
  })

  it('move the mapping and start one re-resolve, each with its event', async () => {
    const { api } = await contoso()
    expect(await state()).toEqual({ version: 1, runs: [] })
    expect((await api.post(path, costCenter)).status).toBe(201)
    expect(await state()).toEqual({ version: 2, runs: [done] })
    api.clock.ms += 1000
    const changed = await api.patch(`${path}/costcenter`, { label: 'Kostenstelle', required: true })
    expect(changed.body).toMatchObject({
      label: 'Kostenstelle',
      required: true,
      updatedAt: '2026-11-24T09:00:01.000Z',
    })
    expect((await api.patch(`${path}/costcenter`, { required: true })).body).toEqual(changed.body)
    api.clock.ms += 1000
    expect((await api.delete(`${path}/costCenter`)).status).toBe(204)
    expect(await state()).toEqual({ version: 4, runs: [done, done, done] })
    api.clock.ms += 1000
    await api.post(path, costCenter)
    const events = listOf((await api.get('/organizations/contoso/events')).body, 'items')
    const told = events.filter(({ type }) => String(type).startsWith('attribute.'))
    expect(told.map((event) => [event['type'], event['detail']])).toEqual([
      ['attribute.created', { key: 'costCenter', type: 'string', multiValued: false }],
      ['attribute.deleted', { key: 'costCenter' }],
      ['attribute.updated', { key: 'costCenter', changed: ['label', 'required'] }],
      ['attribute.created', { key: 'costCenter', type: 'string', multiValued: false }],
    ])
  })

  it.each([
    'department',
    'DEPARTMENT',
    'constructor',
    'passWord',
    'toString',
    '__proto__',
    '1st',
    'cost-center',
    'kosten stelle',
    'größe',
    '',
    'x'.repeat(65),
  ])('have no key %j', async (key) => {
    const { api } = await contoso()
    const refused = await api.post(path, { key, label: 'X' })
    expect([refused.status, ...new Set(blamed(refused))]).toEqual([400, 'key'])
    expect(await state()).toEqual({ version: 1, runs: [] })
  })

  it('have a key once, in whatever case (admin.attribute_taken), also when made at once', async () => {
    const { api } = await contoso()
    const keys = ['costCenter', 'COSTCENTER', 'costcenter', 'CostCenter']
    const answers = await Promise.all(keys.map((key) => api.post(path, { key, label: key })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    const refused = await api.post(path, costCenter)
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.attribute_taken'])
    expect(blamed(refused)).toEqual(['key'])
    expect((await state()).version).toBe(2)
    expect(await rows("select type from events where type = 'attribute.created'")).toHaveLength(1)
  })

  it('are as many as there may be (admin.limit_reached)', async () => {
    const { api } = await contoso()
    await env.DB.prepare(
      `insert into attribute_definitions (organization_id, key, key_folded, label, type, created_at, updated_at)
       select o.id, 'a' || value, 'a' || value, 'A', 'string', 1, 1 from organizations o, json_each(?)`,
    )
      .bind(JSON.stringify(Array.from({ length: limits.attributesPerOrganization }, (_, i) => i)))
      .run()
    const refused = await api.post(path, costCenter)
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.limit_reached'])
    expect(await state()).toEqual({ version: 1, runs: [] })
  })

  it('that are built in are not changed (admin.attribute_read_only), those that are not there not found (admin.attribute_not_found)', async () => {
    const { api } = await contoso()
    for (const answer of [
      await api.patch(`${path}/Email`, { label: 'Mail' }),
      await api.delete(`${path}/email`),
    ]) {
      expect([answer.status, answer.body['code']]).toEqual([409, 'admin.attribute_read_only'])
    }
    for (const answer of [
      await api.get(`${path}/shoeSize`),
      await api.patch(`${path}/shoeSize`, { label: 'Shoe size' }),
      await api.delete(`${path}/shoeSize`),
    ]) {
      expect([answer.status, answer.body['code']]).toEqual([404, 'admin.attribute_not_found'])
    }
    expect(await state()).toEqual({ version: 1, runs: [] })
  })

  it.each([
    ['string', false, 1],
    ['string', false, ''],
    ['string', false, ['a']],
    ['string', true, 'a'],
    ['number', false, '1'],
    ['number', true, [1, 'x']],
    ['boolean', false, 'true'],
    ['dateTime', false, 'yesterday'],
  ])('of type %s (multi-valued %j) have no default %j', async (type, multiValued, value) => {
    const { api } = await contoso()
    const body = { ...costCenter, type, multiValued, default: value }
    const refused = await api.post(path, body)
    expect([refused.status, blamed(refused)]).toEqual([400, ['default']])
  })

  it('keep a default of their type, whichever of the two changes', async () => {
    const { api } = await contoso()
    const number = { ...costCenter, type: 'number', default: 7 }
    expect((await api.post(path, number)).body).toMatchObject({ type: 'number', default: 7 })
    const refused = await api.patch(`${path}/costCenter`, { type: 'string' })
    expect([refused.status, blamed(refused)]).toEqual([400, ['default']])
    const both = await api.patch(`${path}/costCenter`, { type: 'string', default: 'none' })
    expect(both.body).toMatchObject({ type: 'string', default: 'none' })
    const cleared = await api.patch(`${path}/costCenter`, { default: null, multiValued: true })
    expect(cleared.body).toMatchObject({ default: null, multiValued: true })
  })
})
