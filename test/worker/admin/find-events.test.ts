import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { timedIdFrom } from '../../../src/kernel/index.ts'
import { countingD1 } from '../support/counting-d1.ts'
import {
  type AdminApi,
  blamed,
  createContoso,
  type Json,
  listOf,
  openAdminApi,
  startMs,
  textOf,
} from './admin-client.ts'

const path = '/organizations/contoso/events'

type Row = {
  readonly type?: string
  readonly outcome?: string
  readonly code?: string
  readonly person?: string
  readonly at?: number
  readonly detail?: unknown
}

/** Events of the moments that they name; their ids are those of these moments, ending with their place in the list. */
async function addEvents(organizationId: string, rows: readonly Row[]): Promise<void> {
  const list = rows.map((row, i) => {
    const at = row.at ?? startMs
    return { ...row, at, id: `${timedIdFrom('evt', at).slice(0, -6)}${String(i).padStart(6, '0')}` }
  })
  await env.DB.prepare(
    `insert into events (id, at, organization_id, type, outcome, code, person_id, actor, request_id)
      select value ->> 'id', value ->> 'at', ?, coalesce(value ->> 'type', 'sign_in'), coalesce(value ->> 'outcome', 'success'),
        value ->> 'code', value ->> 'person', 'person', 'req_x' from json_each(?)`,
  )
    .bind(organizationId, JSON.stringify(list))
    .run()
  for (const { id, detail } of list) {
    if (detail === undefined) continue
    await env.DB.prepare(
      'insert into event_details (event_id, organization_id, detail, expires_at) values (?, ?, ?, 9)',
    )
      .bind(id, organizationId, JSON.stringify(detail))
      .run()
  }
}

async function find(api: AdminApi, query: string): Promise<readonly Json[]> {
  return listOf((await api.get(`${path}?${query}`)).body, 'items')
}

async function contoso() {
  const api = openAdminApi()
  const organizationId = textOf(await createContoso(api), 'id')
  await env.DB.prepare('delete from events').run()
  return { api, organizationId }
}

describe('events', () => {
  it('are found by kind, outcome, code, person and time, alone and together', async () => {
    const { api, organizationId } = await contoso()
    const hour = 3_600_000
    await addEvents(organizationId, [
      { at: startMs, person: 'usr_a' },
      { at: startMs + hour, outcome: 'refused', code: 'saml.audience', person: 'usr_a' },
      {
        at: startMs + 2 * hour,
        type: 'sign_in.unsolicited',
        outcome: 'refused',
        code: 'saml.expired',
      },
      {
        at: startMs + 3 * hour,
        type: 'provisioning.refused',
        outcome: 'refused',
        code: 'scim.invalid_value',
        person: 'usr_b',
      },
      { at: startMs + 4 * hour, type: 'scim_token.expiring', outcome: 'warning' },
    ])
    const hours = async (query: string) =>
      (await find(api, query)).map(({ at }) => (Date.parse(String(at)) - startMs) / hour)
    expect(await hours('family=sign_in')).toEqual([2, 1, 0])
    expect(await hours('family=scim')).toEqual([4, 3])
    expect(await hours('type=sign_in')).toEqual([1, 0])
    expect(await hours('outcome=refused')).toEqual([3, 2, 1])
    expect(await hours('outcome=success')).toEqual([0])
    expect(await hours('outcome=warning')).toEqual([4])
    expect(await hours('code=saml.audience')).toEqual([1])
    expect(await hours('code=saml.none')).toEqual([])
    expect(await hours('person=usr_a&outcome=refused')).toEqual([1])
    expect(await hours('family=sign_in&outcome=refused')).toEqual([2, 1])
    expect(await hours('family=scim&code=saml.audience')).toEqual([])
    const from = new Date(startMs + hour).toISOString()
    const to = new Date(startMs + 3 * hour).toISOString()
    expect(await hours(`from=${from}&to=${to}`)).toEqual([2, 1])
    expect(await hours(`from=${from}&to=${to}&type=sign_in`)).toEqual([1])
    expect(await hours(`from=${to}&to=${from}`)).toEqual([])
  })

  it.each([
    ['family=everything', 'family'],
    ['outcome=good', 'outcome'],
    ['to=tomorrow', 'to'],
    ['code=', 'code'],
  ])('refuse ?%s by name', async (query, field) => {
    const { api } = await contoso()
    expect(blamed(await api.get(`${path}?${query}`))).toEqual([field])
  })

  it('say what their code means, what to do, and where in Entra', async () => {
    const { api, organizationId } = await contoso()
    await addEvents(organizationId, [
      { outcome: 'refused', code: 'saml.audience' },
      { outcome: 'refused', code: 'saml.status', detail: { aadsts: '50105' } },
      { outcome: 'refused', code: 'of.another_version' },
    ])
    const [unknown, status, audience] = await find(api, 'outcome=refused')
    expect(audience?.['explanation']).toMatchObject({
      fix: expect.stringContaining('Entity ID'),
      entra: expect.stringContaining('Single sign-on'),
    })
    expect(status?.['explanation']).toMatchObject({ provider: expect.stringContaining('Assign') })
    expect(unknown?.['explanation']).toBeUndefined()
    const one = await api.get(`${path}/${audience?.['id']}`)
    expect(one.body).toEqual(audience)
  })

  it('are of their organization only (admin.event_not_found)', async () => {
    const { api, organizationId } = await contoso()
    await addEvents(organizationId, [{}])
    await createContoso(api, 'fabrikam')
    const [event] = await find(api, '')
    const answer = await api.get(`/organizations/fabrikam/events/${event?.['id']}`)
    expect([answer.status, answer.body['code']]).toEqual([404, 'admin.event_not_found'])
    expect((await api.get(`${path}/evt_none`)).status).toBe(404)
  })

  it('are exported a line each, the parts named one after the other', async () => {
    const { api, organizationId } = await contoso()
    const rows = Array.from({ length: 5001 }, (_, i) => ({ at: startMs + i }))
    await addEvents(organizationId, rows)
    const first = await api.get('/organizations/contoso/events.ndjson?type=sign_in')
    expect(first.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = first.text.trimEnd().split('\n')
    expect(lines).toHaveLength(5000)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'sign_in', family: 'sign_in' })
    const [, next = ''] = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? []
    const rest = await api.get(next.replace(/^.*\/api\/v1/, ''))
    expect([rest.text.trimEnd().split('\n').length, rest.headers.get('link')]).toEqual([1, null])
    const none = await api.get('/organizations/contoso/events.ndjson?code=saml.none')
    expect([none.status, none.text]).toEqual([200, ''])
  })
})

describe('among 100,000 events', () => {
  it('each page costs a bounded number of rows, and all pages together show each event once', {
    timeout: 120_000,
  }, async () => {
    const counting = countingD1(env.DB)
    const api = openAdminApi({ d1: counting.d1 })
    const organizationId = textOf(await createContoso(api), 'id')
    for (let from = 0; from < 100_000; from += 10_000) {
      await addEvents(
        organizationId,
        Array.from({ length: 10_000 }, (_, i) => ({
          at: startMs + from + i,
          type: i % 4 === 0 ? 'provisioning.refused' : i % 4 === 1 ? 'user.updated' : 'sign_in',
          ...(i % 4 === 0 ? { outcome: 'refused', code: 'scim.invalid_value' } : {}),
          ...(i % 5000 === 2 ? { outcome: 'refused', code: 'saml.audience' } : {}),
          person: `usr_${i % 100}`,
        })),
      )
    }
    const from = new Date(startMs + 50_000).toISOString()
    const most: Readonly<Record<string, number>> = {
      '': 250,
      'type=sign_in': 250,
      'family=scim': 350,
      'family=people': 400,
      'outcome=refused': 250,
      'outcome=warning': 5,
      'outcome=success': 2300,
      'code=saml.audience': 80,
      'code=saml.none': 5,
      'person=usr_7': 250,
      'person=usr_7&type=sign_in': 2300,
      'type=sign_in&outcome=refused': 2300,
      'family=sign_in&code=saml.audience': 2300,
      [`to=${from}`]: 250,
      [`from=${from}&type=user.updated`]: 250,
      [`to=2020-01-01T00:00:00Z`]: 5,
      [`from=2030-01-01T00:00:00Z&family=scim`]: 50,
    }
    for (const [query, rows] of Object.entries(most)) {
      counting.restart()
      await api.get(`${path}?${query}`)
      const { read } = counting.rows()
      expect([query, read, read <= rows]).toEqual([query, read, true])
    }
    const ids = new Set<unknown>()
    let cursor = ''
    let count = 0
    do {
      const more = cursor === '' ? '' : `&cursor=${cursor}`
      const { body } = await api.get(`${path}?type=sign_in&outcome=refused&limit=200${more}`)
      for (const { id } of listOf(body, 'items')) {
        ids.add(id)
        count++
      }
      cursor = body['nextCursor'] === null ? '' : textOf(body, 'nextCursor')
    } while (cursor !== '')
    expect([count, ids.size]).toEqual([20, 20])
  })
})
