import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createContoso, openAdminApi } from './admin-client.ts'
import { addPerson } from './connection-world.ts'

/** Three people with levels that sign-ins state, one of them no number, and somebody retired. */
async function levels() {
  const api = openAdminApi()
  await createContoso(api)
  const path = '/organizations/contoso/attributes'
  const made = await api.post(path, { key: 'level', label: 'Level', type: 'string' })
  expect(made.status).toBe(201)
  for (const [id, level] of [
    ['usr_a', '3'],
    ['usr_b', 'three'],
    ['usr_c', '4'],
    ['usr_gone', '5'],
  ] as const) {
    await addPerson(id, { userName: `${id}@contoso.example` })
    const provenance = { level: { source: 'saml', at: 1, rule: 'level' } }
    const view = { level: { values: [level], changedAt: 1 } }
    await env.DB.batch([
      env.DB.prepare('update people set profile = ?, provenance = ? where id = ?').bind(
        JSON.stringify({ level }),
        JSON.stringify(provenance),
        id,
      ),
      env.DB.prepare(
        `insert into source_views (person_id, source, organization_id, attributes, sha256, at)
         select id, 'saml', organization_id, ?, 'x', 1 from people where id = ?`,
      ).bind(JSON.stringify(view), id),
    ])
  }
  await addPerson('usr_d', { userName: 'd@contoso.example' })
  await env.DB.prepare("update people set retired_at = 1 where id = 'usr_gone'").run()
  return { ...api, path }
}

describe('the use of an attribute', () => {
  it('is who has a value and from where, retired people aside', async () => {
    const { get, path } = await levels()
    expect((await get(`${path}/level/use`)).body).toEqual({
      ...{ people: 4, all: true, valued: 3, sources: { saml: 3 } },
      change: null,
    })
    expect((await get(`${path}/COUNTRY/use`)).body).toMatchObject({ valued: 0, sources: {} })
  })

  it('tells what another type would take', async () => {
    const { get, path } = await levels()
    const { body } = await get(`${path}/level/use?type=number`)
    expect(body['change']).toEqual({ people: 4, losing: 1, gaining: 0 })
    const list = await get(`${path}/level/use?multiValued=true`)
    expect(list.body['change']).toEqual({ people: 4, losing: 0, gaining: 0 })
  })

  it('is refused for what is no attribute', async () => {
    const { get, path } = await levels()
    expect((await get(`${path}/nothing/use`)).body['code']).toBe('admin.attribute_not_found')
  })
})
