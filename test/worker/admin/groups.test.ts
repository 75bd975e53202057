import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { addGroupRow, addMemberRows } from '../scim/groups-world.ts'
import { countingD1 } from '../support/counting-d1.ts'
import {
  type AdminApi,
  blamed,
  createContoso,
  listOf,
  openAdminApi,
  textOf,
} from './admin-client.ts'
import { addPerson, createConnection, pathOf, readValue } from './connection-world.ts'

const groups = '/organizations/contoso/groups'

async function contoso(): Promise<{ api: AdminApi; organizationId: string }> {
  const api = openAdminApi()
  return { api, organizationId: textOf(await createContoso(api), 'id') }
}

/** Every id of a list, page by page. */
async function idsOf(api: AdminApi, path: string): Promise<readonly unknown[]> {
  const ids: unknown[] = []
  let cursor = ''
  do {
    const { body } = await api.get(`${path}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
    ids.push(...listOf(body, 'items').map(({ id }) => id))
    cursor = body['nextCursor'] === null ? '' : textOf(body, 'nextCursor')
  } while (cursor !== '')
  return ids
}

describe('groups', () => {
  it('are shown with what the provider calls them and how many they hold', async () => {
    const { api, organizationId } = await contoso()
    await addGroupRow('grp_ops', {
      organizationId,
      connection: '',
      displayName: 'Ops',
      externalId: 'x',
    })
    await addMemberRows('grp_ops', [await addPerson('usr_ann')])
    const one = await api.get(`${groups}/grp_ops`)
    expect(one.body).toEqual({
      id: 'grp_ops',
      displayName: 'Ops',
      externalId: 'x',
      memberCount: 1,
      connection: null,
      createdAt: '1970-01-01T00:00:00.001Z',
      updatedAt: '1970-01-01T00:00:00.001Z',
    })
    expect((await api.get(groups)).body).toEqual({ items: [one.body], nextCursor: null })
    const unknown = await api.get(`${groups}/grp_none`)
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'directory.group_not_found'])
  })

  it('are listed once over all pages, connection by connection', async () => {
    const { api, organizationId } = await contoso()
    const all = ['', 'con_a', 'con_b'].flatMap((connection) =>
      ['c', 'a', 'b'].map((name) => ({ id: `grp_${connection}${name}`, connection })),
    )
    for (const { id, connection } of all) await addGroupRow(id, { organizationId, connection })
    expect(await idsOf(api, groups)).toEqual([
      ...['grp_a', 'grp_b', 'grp_c'],
      ...['grp_con_aa', 'grp_con_ab', 'grp_con_ac'],
      ...['grp_con_ba', 'grp_con_bb', 'grp_con_bc'],
    ])
    expect(blamed(await api.get(`${groups}?cursor=grp_a`))).toEqual(['cursor'])
    expect(blamed(await api.get(`${groups}?cursor=con_a`))).toEqual(['cursor'])
  })

  it('show their members: users by userName, groups by displayName', async () => {
    const { api, organizationId } = await contoso()
    const place = { organizationId, connection: '' }
    await addGroupRow('grp_ops', place)
    await addGroupRow('grp_nested', { ...place, displayName: 'Nested' })
    const ann = await addPerson('usr_ann')
    const bob = await addPerson('usr_bob')
    await addMemberRows('grp_ops', [ann, bob, 'grp_nested'])
    await addMemberRows('grp_nested', [ann])
    const members = `${groups}/grp_ops/members`
    expect((await api.get(members)).body).toEqual({
      items: [
        { id: 'grp_nested', type: 'group', display: 'Nested' },
        { id: ann, type: 'user', display: 'usr_ann@contoso.com' },
        { id: bob, type: 'user', display: 'usr_bob@contoso.com' },
      ].map((one) => ({ ...one, source: 'scim', since: '1970-01-01T00:00:00.001Z' })),
      nextCursor: null,
    })
    expect(await idsOf(api, members)).toEqual(['grp_nested', ann, bob])
    expect(blamed(await api.get(`${members}?cursor=x`))).toEqual(['cursor'])
  })
})

describe('role rules', () => {
  it('are stored with an organization, changed, and emptied', async () => {
    const { api } = await contoso()
    const path = '/organizations/contoso'
    expect((await api.get(path)).body).toMatchObject({
      roleRules: [],
      provisioning: { keepValues: false },
    })
    const roleRules = [
      { group: 'Ops & Co "Ü"', role: 'operator' },
      { group: '11111111-2222-4333-8444-555555555555', role: 'admin' },
      { appRole: 'Task.Write', role: 'writer' },
    ]
    const changed = await api.patch(path, { roleRules, provisioning: { keepValues: true } })
    expect(changed.body).toMatchObject({
      roleRules,
      provisioning: { firstLogin: true, scim: true, keepValues: true },
    })
    const again = await api.patch(path, { roleRules, provisioning: { keepValues: true } })
    expect(again.body).toEqual(changed.body)
    api.clock.ms += 1000
    expect((await api.patch(path, { roleRules: [] })).body).toMatchObject({ roleRules: [] })
    const events = await api.get(`${path}/events?type=organization.updated`)
    expect(listOf(events.body, 'items').map(({ detail }) => detail)).toEqual([
      { changed: ['roleRules'] },
      { changed: ['keepValues', 'roleRules'] },
    ])
    const made = await api.post('/organizations', {
      slug: 'fabrikam',
      name: 'Fabrikam',
      roleRules,
      provisioning: { keepValues: true },
    })
    expect(made.body).toMatchObject({ roleRules, provisioning: { keepValues: true } })
  })

  it('show in the roles of users, one and listed, as in their sessions', async () => {
    const { api, organizationId } = await contoso()
    await api.patch('/organizations/contoso', {
      roleRules: [
        { group: 'OPS', role: 'operator' },
        { group: 'g1', role: 'guest' },
      ],
    })
    const ann = await addPerson('usr_ann')
    await addPerson('usr_bob')
    await addPerson('usr_cyd', { connectionId: 'con_2' })
    await addGroupRow('grp_ops', { organizationId, connection: '', displayName: 'Ops' })
    await addMemberRows('grp_ops', [ann])
    const users = '/organizations/contoso/users'
    const listed = listOf((await api.get(users)).body, 'items')
    expect(listed.map(({ groups, roles }) => ({ groups, roles }))).toEqual([
      { groups: ['grp_ops'], roles: ['member', 'operator'] },
      { groups: [], roles: ['member'] },
      { groups: ['g1'], roles: ['member', 'guest'] },
    ])
    expect((await api.get(`${users}/usr_ann`)).body).toEqual(listed[0])
    const blocked = await api.post(`${users}/usr_ann/block`)
    expect(blocked.body).toMatchObject({ groups: ['grp_ops'], roles: ['member', 'operator'] })
  })
})

describe('what was provisioned before the first connection', () => {
  async function addCredentials(organizationId: string): Promise<void> {
    await env.DB.prepare(
      "insert into scim_tokens (id, organization_id, name, token_sha256, created_at) values ('tok_1', ?, 'Entra', 'x', 1)",
    )
      .bind(organizationId)
      .run()
    await env.DB.prepare(
      `insert into scim_clients (id, organization_id, name, scopes, created_at, updated_at) values ('cli_1', ?, 'Okta', '["read"]', 1, 1)`,
    )
      .bind(organizationId)
      .run()
  }

  /** The connections of the group, the token and the client. */
  async function places(): Promise<readonly unknown[]> {
    return Promise.all(
      ['groups', 'scim_tokens', 'scim_clients'].map((table) =>
        readValue(`select connection_id as value from ${table} where id not like '%other'`),
      ),
    )
  }

  it('is adopted by it and released when the last one goes', async () => {
    const { api, organizationId } = await contoso()
    const fabrikam = textOf(await createContoso(api, 'fabrikam'), 'id')
    await addGroupRow('grp_ops', { organizationId, connection: '' })
    await addGroupRow('grp_other', { organizationId: fabrikam, connection: '' })
    await addCredentials(organizationId)
    const first = await createConnection(api)
    const id = textOf(first, 'id')
    expect(await places()).toEqual([id, id, id])
    const second = await createConnection(api, { name: 'Second' })
    await api.delete(pathOf(second))
    expect(await places()).toEqual([id, id, id])
    await api.delete(pathOf(first))
    expect(await places()).toEqual(['', null, null])
    const other = await readValue(
      "select connection_id as value from groups where id = 'grp_other'",
    )
    expect(other).toBe('')
    const counted = "select group_concat(count) as value from resource_counts where kind = 'groups'"
    expect(await readValue(`${counted} and connection_id = ''`)).toBe('1,1')
  })
})

describe('a search of groups', () => {
  it('is by the beginning of the name in any case, page by page, at a cost that others do not raise', async () => {
    const counting = countingD1(env.DB)
    const api = openAdminApi({ d1: counting.d1 })
    const organizationId = textOf(await createContoso(api), 'id')
    const add = (from: number, count: number, name: string) =>
      env.DB.prepare(
        `insert into groups (id, organization_id, connection_id, display_name, display_name_key, view, folded, created_at, modified_at)
          select printf('grp_%06d', value), ?, 'con_x', printf('%s %06d', ?, value), printf('%s %06d', lower(?), value), '{}', '{}', 1, 1 from json_each(?)`,
      )
        .bind(
          organizationId,
          name,
          name,
          JSON.stringify(Array.from({ length: count }, (_, i) => from + i)),
        )
        .run()
    await add(0, 5, 'Sales')
    await add(10, 5000, 'Staff')
    const found: unknown[] = []
    let cursor = ''
    do {
      const more = cursor === '' ? '' : `&cursor=${cursor}`
      counting.restart()
      const { body } = await api.get(`${groups}?search=SAL&limit=2${more}`)
      expect(counting.rows().read).toBeLessThan(15)
      found.push(...listOf(body, 'items').map(({ displayName }) => displayName))
      cursor = body['nextCursor'] === null ? '' : textOf(body, 'nextCursor')
    } while (cursor !== '')
    expect(found).toEqual([0, 1, 2, 3, 4].map((i) => `Sales 00000${i}`))
    expect(listOf((await api.get(`${groups}?search=none`)).body, 'items')).toEqual([])
    const { body } = await api.get(`${groups}?search=staff&limit=1`)
    expect(blamed(await api.get(`${groups}?cursor=${textOf(body, 'nextCursor')}`))).toEqual([
      'cursor',
    ])
    expect(blamed(await api.get(`${groups}?search=s&cursor=con_x.grp_000001`))).toEqual(['cursor'])
  })
})
