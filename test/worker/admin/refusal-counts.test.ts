import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { blamed, createContoso, listOf, openAdminApi, textOf } from './admin-client.ts'

const path = '/organizations/contoso/refusal-counts'
/** 1970-01-05T04:00:00Z */
const hour = 100

async function populate(slug: string, connection: string) {
  await env.DB.prepare(
    `insert into refusal_counts (connection_id, hour, code, organization_id, count)
      select ?, ${hour} + j.value, c.value, o.id, 10 * j.value + 1
      from organizations o, json_each('[0,1,2]') j, json_each('["saml.audience","xml.entity"]') c where o.slug = ?`,
  )
    .bind(connection, slug)
    .run()
}

describe('sums of refusals', () => {
  it('are shown by hour, connection and code, newest hour first, and only the organization’s own', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await createContoso(api, 'fabrikam')
    await populate('contoso', 'con_a')
    await populate('fabrikam', 'con_f')
    const { body } = await api.get(path)
    const items = listOf(body, 'items')
    expect(items.slice(0, 2)).toEqual([
      { hour: '1970-01-05T06:00:00.000Z', connection: 'con_a', code: 'xml.entity', count: 21 },
      { hour: '1970-01-05T06:00:00.000Z', connection: 'con_a', code: 'saml.audience', count: 21 },
    ])
    expect([items.length, body['nextCursor']]).toEqual([6, null])
  })

  it('page through all once, in any size', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await populate('contoso', 'con_a')
    await populate('contoso', 'con_b')
    const whole = listOf((await api.get(path)).body, 'items')
    for (const limit of [1, 5, 6, 11]) {
      const seen = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const query = cursor === '' ? '' : `&cursor=${cursor}`
        const { body } = await api.get(`${path}?limit=${limit}${query}`)
        seen.push(...listOf(body, 'items'))
        cursor = body['nextCursor'] === null ? null : textOf(body, 'nextCursor')
      }
      expect(seen).toEqual(whole)
    }
  })

  it('begin with the hour of ?from=', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await populate('contoso', 'con_a')
    const { body } = await api.get(`${path}?from=1970-01-05T05:59:00Z`)
    expect(new Set(listOf(body, 'items').map((item) => textOf(item, 'hour')))).toEqual(
      new Set(['1970-01-05T06:00:00.000Z', '1970-01-05T05:00:00.000Z']),
    )
  })

  it('are found by an index', async () => {
    const plan = await env.DB.prepare(
      `explain query plan select * from refusal_counts where organization_id = ? and hour >= ?
        and (hour, connection_id, code) < (?, ?, ?) order by hour desc, connection_id desc, code desc limit 51`,
    )
      .bind('org_1', 1, 2, 'con_a', 'x')
      .all<{ detail: string }>()
    expect(plan.results.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('USING INDEX refusal_counts_organization'),
    ])
  })

  it.each([
    ['cursor=evt_1', 'cursor'],
    ['from=yesterday', 'from'],
    ['type=sign_in', 'type'],
  ])('refuse ?%s by name', async (query, field) => {
    const api = openAdminApi()
    await createContoso(api)
    const refused = await api.get(`${path}?${query}`)
    expect([refused.status, blamed(refused)]).toEqual([400, [field]])
  })
})
