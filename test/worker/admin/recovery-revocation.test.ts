import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { countingD1 } from '../support/counting-d1.ts'
import {
  type AdminApi,
  type Answer,
  blamed,
  countRows,
  createContoso,
  type Json,
  listOf,
  openAdminApi,
  textOf,
} from './admin-client.ts'
import { addPerson } from './connection-world.ts'

const path = '/organizations/contoso/recovery-links'

async function contosoWithAnn(): Promise<AdminApi> {
  const api = openAdminApi()
  await createContoso(api)
  await addPerson('usr_ann')
  return api
}

async function createLink(api: AdminApi, body: Json = {}): Promise<Json> {
  const created = await api.post(path, { user: 'usr_ann', ...body })
  expect(created.status).toBe(201)
  return created.body
}

function tokenOf(link: Json): string {
  return textOf(link, 'url').split('#')[1] ?? ''
}

async function redeem(api: AdminApi, link: Json): Promise<Response> {
  return api.app.request('https://sso.example.com/recover', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
    },
    body: new URLSearchParams({ token: tokenOf(link) }).toString(),
  })
}

function outcomeOf({ status, body }: Answer): readonly unknown[] {
  return [status, body?.['code']]
}

describe('the recovery links of an organization', () => {
  it('are listed, newest first, with what became of them and without their secrets', async () => {
    const api = await contosoWithAnn()
    const used = await createLink(api)
    await redeem(api, used)
    api.clock.ms += 1000
    const expired = await createLink(api, { expiresInMinutes: 1 })
    api.clock.ms += 60_000
    const unused = await createLink(api)
    const { body, text } = await api.get(path)
    expect(body).toEqual({
      items: [
        {
          id: unused['id'],
          user: 'usr_ann',
          state: 'unused',
          createdAt: '2026-11-24T09:01:01.000Z',
          expiresAt: '2026-11-24T10:01:01.000Z',
          usedAt: null,
        },
        {
          id: expired['id'],
          user: 'usr_ann',
          state: 'expired',
          createdAt: '2026-11-24T09:00:01.000Z',
          expiresAt: '2026-11-24T09:01:01.000Z',
          usedAt: null,
        },
        {
          id: used['id'],
          user: 'usr_ann',
          state: 'used',
          createdAt: '2026-11-24T09:00:00.000Z',
          expiresAt: '2026-11-24T10:00:00.000Z',
          usedAt: '2026-11-24T09:00:00.000Z',
        },
      ],
      nextCursor: null,
    })
    const hashes = await env.DB.prepare('select token_sha256 from recovery_links').all<{
      token_sha256: string
    }>()
    const secrets = hashes.results.map((row) => row.token_sha256)
    expect(secrets).toHaveLength(3)
    for (const secret of [...secrets, tokenOf(used), tokenOf(unused)]) {
      expect(text).not.toContain(secret)
    }
  })

  it('come in pages that miss and repeat none, also of the same moment', async () => {
    const api = await contosoWithAnn()
    const made: unknown[] = []
    for (let i = 0; i < 5; i++) made.push((await createLink(api))['id'])
    const seen: unknown[] = []
    let query = '?limit=2'
    while (query !== '') {
      const { body } = await api.get(path + query)
      seen.push(...listOf(body, 'items').map(({ id }) => id))
      const next = body['nextCursor']
      query = next === null ? '' : `?limit=2&cursor=${next}`
    }
    expect(seen).toHaveLength(5)
    expect(seen.toSorted()).toEqual(made.toSorted())
  })
})

describe('revoking a recovery link', () => {
  it('makes its secret worthless, once, and is told', async () => {
    const api = await contosoWithAnn()
    const link = await createLink(api)
    const other = await createLink(api)
    const revoke = `${path}/${link['id']}`
    const answers = await Promise.all([api.delete(revoke), api.delete(revoke)])
    expect(answers.map(outcomeOf).toSorted()).toEqual([
      [204, undefined],
      [404, 'admin.recovery_link_not_found'],
    ])
    expect((await redeem(api, link)).status).toBe(410)
    expect(await countRows()).toMatchObject({ recovery_links: 1, sessions: 0 })
    const { body } = await api.get('/organizations/contoso/events?type=recovery_link.revoked')
    expect(listOf(body, 'items')).toMatchObject([
      { user: 'usr_ann', actor: 'operator', outcome: 'success', detail: { link: link['id'] } },
    ])
    expect((await redeem(api, other)).status).toBe(303)
  })

  it('takes one that expired from the list', async () => {
    const api = await contosoWithAnn()
    const link = await createLink(api, { expiresInMinutes: 1 })
    api.clock.ms += 60_000
    expect((await api.delete(`${path}/${link['id']}`)).status).toBe(204)
    expect(listOf((await api.get(path)).body, 'items')).toEqual([])
  })

  it('is refused for one that was used, because its session goes on', async () => {
    const api = await contosoWithAnn()
    const link = await createLink(api)
    await redeem(api, link)
    const rows = await countRows()
    const refused = await api.delete(`${path}/${link['id']}`)
    expect(outcomeOf(refused)).toEqual([409, 'admin.recovery_link_used'])
    expect(blamed(refused)).toEqual(['link'])
    expect(refused.text).toContain('usr_ann')
    expect(await countRows()).toEqual(rows)
  })

  it('does not hide that it was used a moment before', async () => {
    const api = await contosoWithAnn()
    const link = await createLink(api)
    const counting = countingD1(env.DB)
    let isUsed = false
    counting.beforeEachCall(async ({ sql }) => {
      if (isUsed || !sql.some((text) => text.startsWith('delete from "recovery_links"'))) return
      isUsed = true
      expect((await redeem(api, link)).status).toBe(303)
    })
    const refused = await openAdminApi({ d1: counting.d1 }).delete(`${path}/${link['id']}`)
    expect([isUsed, ...outcomeOf(refused)]).toEqual([true, 409, 'admin.recovery_link_used'])
    const { body } = await api.get('/organizations/contoso/events?type=recovery_link.revoked')
    expect(listOf(body, 'items')).toEqual([])
  })

  it('leaves nothing for its Idempotency-Key to repeat', async () => {
    const api = await contosoWithAnn()
    const key = { 'idempotency-key': 'k' }
    const made = await api.post(path, { user: 'usr_ann' }, key)
    await api.delete(`${path}/${made.body['id']}`)
    const again = await api.post(path, { user: 'usr_ann' }, key)
    expect(outcomeOf(again)).toEqual([404, 'admin.recovery_link_not_found'])
    expect(await countRows()).toMatchObject({ recovery_links: 0 })
  })
})
