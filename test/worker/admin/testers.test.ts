import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { blamed, countRows, listOf, openAdminApi } from './admin-client.ts'
import { createConnection, pathOf, readValue } from './connection-world.ts'

const objectId = '0B1EC700-1111-4111-8111-000000000001'

describe('the testers of a connection', () => {
  it('are named, listed and taken away, each a new version and an event', async () => {
    const api = openAdminApi()
    const path = `${pathOf(await createConnection(api))}/testers`
    const added = await api.post(path, { kind: 'userPrincipalName', value: 'Ann@Contoso.com' })
    expect([added.status, added.body]).toEqual([
      201,
      {
        kind: 'userPrincipalName',
        value: 'Ann@Contoso.com',
        createdAt: '2026-11-24T09:00:00.000Z',
      },
    ])
    await api.post(path, { kind: 'objectId', value: objectId })
    await api.post(path, { kind: 'nameId', value: 'Ann' })
    expect(listOf((await api.get(path)).body, 'items')).toHaveLength(3)
    expect(await readValue('select version as value from connections')).toBe(4)
    const gone = `${path}?kind=userPrincipalName&value=ann%40contoso.COM`
    expect((await api.delete(gone)).status).toBe(204)
    expect((await api.delete(gone)).body['code']).toBe('admin.tester_not_found')
    expect(await countRows()).toMatchObject({ connection_testers: 2, events: 6 })
  })

  it('are one however they are written, except by NameID', async () => {
    const api = openAdminApi()
    const path = `${pathOf(await createConnection(api))}/testers`
    await api.post(path, { kind: 'objectId', value: objectId })
    await api.post(path, { kind: 'objectId', value: objectId.toLowerCase() })
    await api.post(path, { kind: 'nameId', value: 'ann' })
    await api.post(path, { kind: 'nameId', value: 'Ann' })
    expect(await countRows()).toMatchObject({ connection_testers: 3, events: 5 })
  })

  it('lose nobody when several are named at the same moment', async () => {
    const api = openAdminApi()
    const path = `${pathOf(await createConnection(api))}/testers`
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((value) => api.post(path, { kind: 'nameId', value })),
    )
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(await countRows()).toMatchObject({ connection_testers: 3 })
  })

  it.each<[unknown, readonly string[]]>([
    [{}, ['kind', 'value']],
    [{ kind: 'email', value: 'a@b.example' }, ['kind']],
    [{ kind: 'objectId', value: 'ann' }, ['value']],
    [{ kind: 'nameId', value: '' }, ['value']],
    [{ kind: 'nameId', value: 'a\u200bb' }, ['value']],
    [{ kind: 'nameId', value: 'a', role: 'x' }, ['role']],
  ])('are refused as %j naming %j', async (body, fields) => {
    const api = openAdminApi()
    const path = `${pathOf(await createConnection(api))}/testers`
    const refused = await api.post(path, body)
    expect([refused.status, [...blamed(refused)].sort()]).toEqual([400, fields])
    expect(await countRows()).toMatchObject({ connection_testers: 0 })
  })

  it('have their limit', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const path = `${pathOf(connection)}/testers`
    await env.DB.prepare(
      `insert into connection_testers (connection_id, organization_id, kind, value, value_key, created_at)
        select c.id, c.organization_id, 'nameId', j.value, j.value, 1 from connections c, json_each(?) j`,
    )
      .bind(JSON.stringify(Array.from({ length: 200 }, (_, i) => `n${i}`)))
      .run()
    const refused = await api.post(path, { kind: 'nameId', value: 'one more' })
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.limit_reached'])
    expect((await api.post(path, { kind: 'nameId', value: 'n7' })).status).toBe(201)
  })
})
