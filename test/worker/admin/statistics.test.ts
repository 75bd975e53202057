import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { countNewEvents } from '../../../src/activity/index.ts'
import { openDatabase, runBatch } from '../../../src/db/index.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { blamed, createContoso, type Json, listOf, openAdminApi, startMs } from './admin-client.ts'

const path = '/organizations/contoso/statistics'
const today = Math.floor(startMs / 86_400_000)

/** So many sign-ins before now, one a second, of which every tenth was refused. */
async function fillEvents(organizationId: unknown, count: number): Promise<void> {
  const newest = startMs - 2_000_000
  await env.DB.prepare(
    `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})
      insert into events (id, at, organization_id, type, outcome, code, actor, request_id)
      select printf('evt_0%014d%s', i, substr(?1, 5, 11)), ${newest} - (${count} - i) * 10, ?1, 'sign_in',
        iif(i % 10 = 0, 'refused', 'success'), iif(i % 10 = 0, 'saml.audience', null), 'person', 'req_x' from n`,
  )
    .bind(organizationId)
    .run()
}

async function countAll(): Promise<void> {
  const db = openDatabase(env.DB, 'primary')
  await runBatch(db, countNewEvents(db, startMs))
}

function lastOf(body: Json, name: string): Json | undefined {
  return listOf(body, name).at(-1)
}

describe('statistics', () => {
  it('have a row for each day of the last thirty, or as many as asked for, and nothing at first', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const { body } = await api.get(path)
    expect(listOf(body, 'signIns')).toHaveLength(30)
    expect(lastOf(body, 'signIns')).toEqual({ day: '2026-11-24', success: 0, refused: 0 })
    expect(body['latency']).toMatchObject({ count: 0, p50: null, p95: null, p99: null })
    expect(listOf((await api.get(`${path}?days=7`)).body, 'scim')).toHaveLength(7)
  })

  it('tell what is summed and what is not yet, each event once', async () => {
    const api = openAdminApi()
    const { id } = await createContoso(api)
    await fillEvents(id, 20)
    const told = async () => lastOf((await api.get(path)).body, 'signIns')
    expect(await told()).toEqual({ day: '2026-11-24', success: 18, refused: 2 })
    await countAll()
    expect(await told()).toEqual({ day: '2026-11-24', success: 18, refused: 2 })
    expect((await api.get(path)).body['refusals']).toEqual([{ code: 'saml.audience', count: 2 }])
  })

  it('tell reads of SCIM and how long sign-ins take from their sums', async () => {
    const api = openAdminApi()
    const { id } = await createContoso(api)
    await env.DB.batch([
      env.DB.prepare(`insert into daily_counts values (?, ?, 'scim.read', 'success', '', 40)`).bind(
        id,
        today,
      ),
      env.DB.prepare('insert into sign_in_times values (?, ?, 20, 9), (?1, ?2, 500, 1)').bind(
        id,
        today,
      ),
    ])
    const { body } = await api.get(path)
    expect(lastOf(body, 'scim')).toEqual({ day: '2026-11-24', reads: 40, writes: 0, refused: 0 })
    expect(body['latency']).toMatchObject({ count: 10, p50: 15.6, p95: 350, p99: 470 })
  })

  it('are an organization’s own', async () => {
    const api = openAdminApi()
    const contoso = await createContoso(api)
    const fabrikam = await createContoso(api, 'fabrikam')
    await fillEvents(contoso['id'], 10)
    await fillEvents(fabrikam['id'], 20)
    await countAll()
    const success = async (of: string) => lastOf((await api.get(of)).body, 'signIns')?.['success']
    expect(await success(path)).toBe(9)
    expect(await success('/organizations/fabrikam/statistics')).toBe(18)
  })

  it('sum all organizations for operators', async () => {
    const api = openAdminApi()
    const contoso = await createContoso(api)
    const fabrikam = await createContoso(api, 'fabrikam')
    await fillEvents(contoso['id'], 10)
    await fillEvents(fabrikam['id'], 20)
    const told = async () => lastOf((await api.get('/statistics')).body, 'signIns')
    expect(await told()).toEqual({ day: '2026-11-24', success: 27, refused: 3 })
    await countAll()
    expect(await told()).toEqual({ day: '2026-11-24', success: 27, refused: 3 })
  })

  it('are forgotten with the organization', async () => {
    const api = openAdminApi()
    const { id } = await createContoso(api)
    await fillEvents(id, 10)
    await countAll()
    expect((await api.delete('/organizations/contoso')).status).toBe(204)
    const { results } = await env.DB.prepare(
      `select count(*) as n from daily_counts where organization_id <> ''`,
    ).all()
    expect(results).toEqual([{ n: 0 }])
  })

  it('cost two calls and few rows at 100,000 events', async () => {
    const counting = countingD1(env.DB)
    const api = openAdminApi({ d1: counting.d1 })
    const { id } = await createContoso(api)
    await fillEvents(id, 100_000)
    for (let i = 0; i < 20; i++) await countAll()
    counting.restart()
    const { body } = await api.get(path)
    expect(lastOf(body, 'signIns')).toMatchObject({ success: 90_000, refused: 10_000 })
    expect(counting.calls).toHaveLength(2)
    expect(counting.rows().read).toBeLessThan(100)
    counting.restart()
    await api.get('/statistics')
    expect(counting.calls).toHaveLength(1)
    expect(counting.rows().read).toBeLessThan(100)
  })

  it.each(['days=0', 'days=91', 'days=many', 'days='])('refuse ?%s by name', async (query) => {
    const api = openAdminApi()
    await createContoso(api)
    const refused = await api.get(`${path}?${query}`)
    expect([refused.status, blamed(refused)]).toEqual([400, ['days']])
  })
})
