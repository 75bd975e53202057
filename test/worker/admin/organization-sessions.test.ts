import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { countingD1 } from '../support/counting-d1.ts'
import {
  type AdminApi,
  blamed,
  createContoso,
  listOf,
  openAdminApi,
  textOf,
} from './admin-client.ts'
import { addPerson, addSession } from './connection-world.ts'

const path = '/organizations/contoso/sessions'

async function contoso(): Promise<AdminApi> {
  const api = openAdminApi()
  await createContoso(api)
  await addPerson('usr_ann', { userName: 'ann@contoso.com' })
  await addPerson('usr_bob', { userName: 'bob@contoso.com' })
  return api
}

describe('the sessions of an organization', () => {
  it('are listed by person, page by page, without tokens and without those that ended', async () => {
    const api = await contoso()
    for (const id of ['ses_3', 'ses_1']) await addSession(id, { personId: 'usr_ann' })
    await addSession('ses_2', { personId: 'usr_bob' })
    await addSession('ses_old', { personId: 'usr_bob', expiresAt: 5 })
    const first = await api.get(`${path}?limit=2`)
    const cursor = textOf(first.body, 'nextCursor')
    const rest = await api.get(`${path}?limit=2&cursor=${cursor}`)
    expect(rest.body['nextCursor']).toBeNull()
    const items = [first, rest].flatMap(({ body }) => listOf(body, 'items'))
    expect(items.map(({ id, userName }) => [id, userName])).toEqual([
      ['ses_1', 'ann@contoso.com'],
      ['ses_3', 'ann@contoso.com'],
      ['ses_2', 'bob@contoso.com'],
    ])
    expect(first.text + rest.text).not.toContain('sha256')
    expect(blamed(await api.get(`${path}?cursor=x`))).toEqual(['cursor'])
  })

  it('are nobody’s of another organization', async () => {
    const api = await contoso()
    await addSession('ses_1', { personId: 'usr_ann' })
    await api.post('/organizations', { slug: 'fabrikam', name: 'Fabrikam' })
    expect((await api.get('/organizations/fabrikam/sessions')).body).toEqual({
      items: [],
      nextCursor: null,
    })
  })

  it('cost what is on the page, however many there are', async () => {
    await contoso()
    for (let n = 10; n < 60; n += 1) await addSession(`ses_${n}`, { personId: 'usr_ann' })
    const counting = countingD1(env.DB)
    const api = openAdminApi({ d1: counting.d1 })
    await api.get(path)
    counting.restart()
    expect(listOf((await api.get(`${path}?limit=5`)).body, 'items')).toHaveLength(5)
    expect(counting.rows().read).toBeLessThan(30)
  })
})
