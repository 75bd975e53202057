import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import {
  type AdminApi,
  blamed,
  countRows,
  createContoso,
  listOf,
  openAdminApi,
  textOf,
} from './admin-client.ts'
import { addPerson, addSession, bindPerson, readValue } from './connection-world.ts'

const users = '/organizations/contoso/users'

async function contosoWithAnn(): Promise<AdminApi> {
  const api = openAdminApi()
  await createContoso(api)
  await addPerson('usr_ann', { userName: 'Ann@Contoso.com' })
  await env.DB.prepare(
    `insert into source_views (person_id, source, organization_id, attributes, sha256, at)
      select id, 'saml', organization_id, ?, 'x', 1000 from people where id = 'usr_ann'`,
  )
    .bind(JSON.stringify({ title: { values: ['Chief'], changedAt: 500 } }))
    .run()
  return api
}

const ann = {
  id: 'usr_ann',
  userName: 'Ann@Contoso.com',
  externalId: null,
  active: true,
  status: 'active',
  deniedBy: [],
  profile: { displayName: 'Ann Example', title: 'Chief' },
  provenance: {
    displayName: { source: 'saml', at: '1970-01-01T00:00:01.000Z', rule: 'displayName' },
  },
  sources: {
    saml: {
      at: '1970-01-01T00:00:01.000Z',
      attributes: { title: { values: ['Chief'], changedAt: '1970-01-01T00:00:00.500Z' } },
    },
  },
  groups: ['g1'],
  roles: ['member'],
}

describe('a user', () => {
  it('is shown with profile, provenance and what each source said', async () => {
    const api = await contosoWithAnn()
    await bindPerson('usr_ann', 'con_x')
    const one = await api.get(`${users}/usr_ann`)
    expect(one.body).toMatchObject({ ...ann, identity: 'saml:con_x:usr_ann' })
    expect((await api.get(users)).body).toEqual({ items: [one.body], nextCursor: null })
  })

  it('is found by name in any case, and not among another organization’s', async () => {
    const api = await contosoWithAnn()
    await addPerson('usr_bob')
    await createContoso(api, 'fabrikam')
    const found = await api.get(`${users}?userName=ANN%40contoso.com`)
    expect(listOf(found.body, 'items').map(({ id }) => id)).toEqual(['usr_ann'])
    const other = await api.get('/organizations/fabrikam/users?userName=ANN%40contoso.com')
    expect(other.body).toEqual({ items: [], nextCursor: null })
  })

  it('is listed once over all pages', async () => {
    const api = await contosoWithAnn()
    for (const id of ['usr_b', 'usr_c', 'usr_d']) await addPerson(id)
    const ids: unknown[] = []
    let cursor = ''
    do {
      const { body } = await api.get(`${users}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ids.push(...listOf(body, 'items').map(({ id }) => id))
      cursor = body['nextCursor'] === null ? '' : textOf(body, 'nextCursor')
    } while (cursor !== '')
    expect(ids).toEqual(['usr_ann', 'usr_b', 'usr_c', 'usr_d'])
  })
})

describe('blocking a user', () => {
  it('ends every session in the same batch, and is lifted again', async () => {
    const api = await contosoWithAnn()
    await addPerson('usr_bob')
    for (const id of ['ses_1', 'ses_2']) await addSession(id, { personId: 'usr_ann' })
    await addSession('ses_bob', { personId: 'usr_bob' })
    const blocked = await api.post(`${users}/usr_ann/block`)
    expect(blocked.body).toMatchObject({ active: false, status: 'blocked', deniedBy: ['manual'] })
    expect(await countRows()).toMatchObject({ sessions: 1, events: 2 })
    const lifted = await api.post(`${users}/usr_ann/unblock`)
    expect(lifted.body).toMatchObject({ active: true, status: 'active', deniedBy: [] })
    expect(await readValue("select version as value from people where id = 'usr_ann'")).toBe(3)
    expect(await countRows()).toMatchObject({ events: 3 })
  })

  it('twice, or at the same moment, blocks once', async () => {
    const api = await contosoWithAnn()
    const path = `${users}/usr_ann/block`
    const answers = await Promise.all([api.post(path), api.post(path), api.call('POST', path)])
    expect(answers.map(({ body }) => body['status'])).toEqual(['blocked', 'blocked', 'blocked'])
    expect(await countRows()).toMatchObject({ events: 2 })
  })

  it('is not what lifts another source’s denial', async () => {
    const api = await contosoWithAnn()
    await env.DB.prepare('update people set denied_by_scim = 1, active = 0').run()
    await api.post(`${users}/usr_ann/block`)
    const lifted = await api.post(`${users}/usr_ann/unblock`)
    expect(lifted.body).toMatchObject({ active: false, status: 'denied', deniedBy: ['scim'] })
  })
})

describe('retiring a user', () => {
  it('ends sessions, frees the name, and is for good', async () => {
    const api = await contosoWithAnn()
    await addSession('ses_1', { personId: 'usr_ann' })
    const retired = await api.post(`${users}/usr_ann/retire`)
    expect(retired.body).toMatchObject({ active: false, status: 'retired', deniedBy: ['retired'] })
    expect(await countRows()).toMatchObject({ sessions: 0, events: 2 })
    await addPerson('usr_new', { userName: 'ann@contoso.com' })
    for (const action of ['block', 'unblock']) {
      const refused = await api.post(`${users}/usr_ann/${action}`)
      expect([refused.status, refused.body['code']]).toEqual([409, 'directory.user_retired'])
    }
    expect((await api.post(`${users}/usr_ann/retire`)).status).toBe(200)
    expect(await countRows()).toMatchObject({ events: 2 })
    const found = await api.get(`${users}?userName=ann@contoso.com`)
    expect(listOf(found.body, 'items')).toHaveLength(2)
  })
})

describe('merging users', () => {
  it('is always refused, explained, and told', async () => {
    const api = await contosoWithAnn()
    await addPerson('usr_bob')
    const before = (await api.get(`${users}/usr_ann`)).body
    const refused = await api.post(`${users}/usr_ann/merge`, { into: 'usr_bob' })
    expect([refused.status, refused.body['code']]).toEqual([409, 'directory.merge_refused'])
    expect(refused.text).toContain('Retire')
    expect((await api.get(`${users}/usr_ann`)).body).toEqual(before)
    const events = await api.get('/organizations/contoso/events?type=user.merge_refused')
    expect(listOf(events.body, 'items')).toMatchObject([
      { outcome: 'refused', user: 'usr_ann', detail: { into: 'usr_bob' } },
    ])
    const unknown = await api.post(`${users}/usr_ann/merge`, { into: 'usr_none' })
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'directory.user_not_found'])
    expect(blamed(await api.post(`${users}/usr_ann/merge`, {}))).toEqual(['into'])
  })
})

describe('the sessions of a user', () => {
  it('are listed newest first, without tokens and without those that ended', async () => {
    const api = await contosoWithAnn()
    for (const id of ['ses_1', 'ses_2', 'ses_3']) await addSession(id, { personId: 'usr_ann' })
    await addSession('ses_old', { personId: 'usr_ann', expiresAt: 5 })
    await env.DB.prepare("update sessions set created_at = 2 where id = 'ses_1'").run()
    const first = await api.get(`${users}/usr_ann/sessions?limit=2`)
    const cursor = textOf(first.body, 'nextCursor')
    const rest = await api.get(`${users}/usr_ann/sessions?limit=2&cursor=${cursor}`)
    const ids = [first, rest].flatMap(({ body }) => listOf(body, 'items').map(({ id }) => id))
    expect(ids).toEqual(['ses_1', 'ses_3', 'ses_2'])
    expect(first.text + rest.text).not.toContain('sha256')
    expect(blamed(await api.get(`${users}/usr_ann/sessions?cursor=x`))).toEqual(['cursor'])
  })

  it('end one by one, each an event that names it', async () => {
    const api = await contosoWithAnn()
    await addSession('ses_1', { personId: 'usr_ann' })
    await addSession('ses_2', { personId: 'usr_ann' })
    const path = '/organizations/contoso/sessions/ses_1'
    const answers = await Promise.all([api.delete(path), api.delete(path)])
    expect(answers.map(({ status }) => status)).toContain(204)
    const gone = await api.delete(path)
    expect([gone.status, gone.body['code']]).toEqual([404, 'admin.session_not_found'])
    expect(await countRows()).toMatchObject({ sessions: 1, events: 2 })
    const events = await api.get('/organizations/contoso/events?person=usr_ann')
    expect(listOf(events.body, 'items')).toMatchObject([
      { type: 'session.revoked', user: 'usr_ann', detail: { session: 'ses_1' } },
    ])
  })

  it('end all at once', async () => {
    const api = await contosoWithAnn()
    await addPerson('usr_bob')
    await addSession('ses_1', { personId: 'usr_ann' })
    await addSession('ses_2', { personId: 'usr_ann' })
    await addSession('ses_bob', { personId: 'usr_bob' })
    for (const _ of [1, 2]) {
      expect((await api.delete(`${users}/usr_ann/sessions`)).status).toBe(204)
    }
    expect(await countRows()).toMatchObject({ sessions: 1, events: 2 })
  })
})

describe('tombstones', () => {
  it('are listed and lifted', async () => {
    const api = await contosoWithAnn()
    await env.DB.prepare(
      `insert into tombstones (organization_id, key, person_id, at)
        select o.id, j.value ->> 0, j.value ->> 1, j.value ->> 2 from organizations o, json_each(?) j`,
    )
      .bind(
        JSON.stringify([
          ['entra:a:b', 'usr_1', 1],
          ['name:x', 'usr_1', 2],
          ['name:y', 'usr_2', 3],
        ]),
      )
      .run()
    const path = '/organizations/contoso/tombstones'
    const first = await api.get(`${path}?limit=1`)
    expect(first.body).toEqual({
      items: [{ user: 'usr_1', at: '1970-01-01T00:00:00.002Z' }],
      nextCursor: 'usr_1',
    })
    expect((await api.delete(`${path}/usr_1`)).status).toBe(204)
    const again = await api.delete(`${path}/usr_1`)
    expect([again.status, again.body['code']]).toEqual([404, 'admin.tombstone_not_found'])
    expect(listOf((await api.get(path)).body, 'items').map(({ user }) => user)).toEqual(['usr_2'])
    expect(await countRows()).toMatchObject({ events: 2 })
  })
})
