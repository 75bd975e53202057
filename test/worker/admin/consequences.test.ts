import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { countingD1 } from '../support/counting-d1.ts'
import { blamed, createContoso, openAdminApi, startMs, textOf } from './admin-client.ts'
import { addPerson, addSession, createConnection, pathOf } from './connection-world.ts'

async function run(sql: string, ...values: unknown[]): Promise<void> {
  await env.DB.prepare(sql)
    .bind(...values)
    .run()
}

const none = {
  counted: 0,
  isMore: false,
  active: 0,
  neverSignedIn: 0,
  onlyFirstLogin: 0,
  onlyScim: 0,
  provisioned: 0,
}

/** Four people: by first sign-in, by SCIM, by both, and one whom SCIM deactivated; and one who is retired. */
async function populate(connectionId: string): Promise<void> {
  for (const id of ['usr_login', 'usr_scim', 'usr_both', 'usr_off', 'usr_old']) {
    await addPerson(id, { connectionId })
  }
  await run(`update people set last_sign_in_at = 5 where id in ('usr_login', 'usr_both')`)
  await run(
    `update people set created_by = 'scim', scim_at = 1 where id in ('usr_scim', 'usr_off')`,
  )
  await run(`update people set scim_at = 9 where id = 'usr_both'`)
  await run(`update people set active = 0, denied_by_scim = 1 where id = 'usr_off'`)
  await run(`update people set retired_at = 1 where id = 'usr_old'`)
}

describe('the consequences of another status', () => {
  it('are nothing where nobody is there', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const connection = await createConnection(api)
    const { status, body } = await api.get(`${pathOf(connection)}/consequences?status=active`)
    expect([status, body]).toEqual([
      200,
      {
        from: 'draft',
        to: 'active',
        possible: true,
        signedIn: { people: 0, sessions: 0 },
        signedOut: 0,
        maySignIn: 0,
        testers: 0,
        testedAt: null,
        people: none,
        warnings: ['not_tested'],
      },
    ])
  })

  it('are counted on the people and sessions there are now, and change nothing', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const connection = await createConnection(api)
    const id = textOf(connection, 'id')
    await api.patch(pathOf(connection), { status: 'active' })
    await populate(id)
    await addSession('ses_1', { personId: 'usr_login', connectionId: id })
    await addSession('ses_2', { personId: 'usr_login', connectionId: id })
    await addSession('ses_3', { personId: 'usr_both', connectionId: id })
    await addSession('ses_4', { personId: 'usr_scim', connectionId: 'con_other' })
    await addSession('ses_5', { personId: 'usr_scim', connectionId: id, expiresAt: startMs - 1 })
    const { body } = await api.get(`${pathOf(connection)}/consequences?status=disabled`)
    expect(body).toMatchObject({
      from: 'active',
      to: 'disabled',
      possible: true,
      signedIn: { people: 2, sessions: 3 },
      signedOut: 2,
      maySignIn: 0,
      people: {
        counted: 4,
        isMore: false,
        active: 3,
        neverSignedIn: 1,
        onlyFirstLogin: 1,
        onlyScim: 2,
        provisioned: 3,
      },
      warnings: [],
    })
    const testing = await api.get(`${pathOf(connection)}/consequences?status=testing`)
    expect(testing.body).toMatchObject({ signedOut: 0, maySignIn: null, warnings: ['no_testers'] })
    const draft = await api.get(`${pathOf(connection)}/consequences?status=draft`)
    expect(draft.body).toMatchObject({ possible: false })
    // And it is what then happens.
    await api.patch(pathOf(connection), { status: 'disabled' })
    const left = await env.DB.prepare('select count(*) as n from sessions').first('n')
    expect(left).toBe(1)
  })

  it('know of testers, passed tests, expired certificates and whether there is another way in', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const connection = await createConnection(api)
    const of = async (status: string) =>
      (await api.get(`${pathOf(connection)}/consequences?status=${status}`)).body
    await api.post(`${pathOf(connection)}/testers`, { kind: 'nameId', value: 'ann' })
    expect(await of('testing')).toMatchObject({ testers: 1, warnings: [] })
    const add = (type: string, outcome: string, at: number) =>
      run(
        `insert into events (id, at, organization_id, connection_id, type, outcome, actor, request_id)
          select 'evt_' || ?1, ?1, organization_id, id, ?2, ?3, 'identity-provider', 'r' from connections`,
        at,
        type,
        outcome,
      )
    await add('test_sign_in.finished', 'refused', startMs - 3)
    expect(await of('active')).toMatchObject({ testedAt: null, warnings: ['not_tested'] })
    await add('sign_in', 'success', startMs - 2)
    await add('test_sign_in.finished', 'success', startMs)
    await add('test_sign_in.finished', 'refused', startMs + 1)
    expect(await of('active')).toMatchObject({
      testedAt: '2026-11-24T09:00:00.000Z',
      warnings: [],
    })
    await run('update connection_certificates set not_after = ?', startMs - 1)
    expect((await of('active'))['warnings']).toEqual(['no_valid_certificate'])
    await run(`update connections set status = 'active'`)
    await api.patch('/organizations/contoso', { signIn: 'required' })
    expect((await of('disabled'))['warnings']).toEqual(['no_other_way_in'])
  })

  it('are counted by index, up to a bound', async () => {
    const counting = countingD1(env.DB)
    const api = openAdminApi({ d1: counting.d1 })
    await createContoso(api)
    const connection = await createConnection(api)
    const fill = (from: number, connectionId: string) =>
      run(
        `with recursive n(i) as (select ?1 union all select i + 1 from n where i < ?1 + 999)
          insert into people (id, organization_id, connection_id, user_name, user_name_key, created_by, profile, provenance, mapping_version, created_at, updated_at)
          select printf('usr_%026d', i), o.id, ?2, 'u' || i, 'u' || i, 'scim', '{}', '{}', 1, 1, 1 from n, organizations o`,
        from,
        connectionId,
      )
    await fill(0, textOf(connection, 'id'))
    await fill(1000, 'con_other')
    counting.restart()
    const { body } = await api.get(`${pathOf(connection)}/consequences?status=active`)
    expect(body['people']).toMatchObject({ counted: 1000, active: 1000 })
    expect(counting.calls).toHaveLength(3)
    expect(counting.rows().read).toBeLessThan(1100)
  })

  it('are of one of the four statuses, of a connection of the organization', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const connection = await createConnection(api)
    const refused = await api.get(`${pathOf(connection)}/consequences?status=gone`)
    expect([refused.status, blamed(refused)]).toEqual([400, ['status']])
    await createContoso(api, 'fabrikam')
    const foreign = `/organizations/fabrikam/connections/${connection['id']}/consequences`
    expect((await api.get(`${foreign}?status=active`)).status).toBe(404)
  })
})

describe('the consequences of other switches', () => {
  const path = '/organizations/contoso/consequences'

  it('are counted for each setting that changes', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const connection = await createConnection(api)
    await populate(textOf(connection, 'id'))
    const query = 'firstLogin=false&scim=false&signIn=required'
    expect((await api.get(`${path}?${query}`)).body).toEqual({
      changes: [
        { setting: 'firstLogin', to: 'false', people: 1 },
        { setting: 'scim', to: 'false', people: 3 },
        { setting: 'signIn', to: 'required', people: 1 },
      ],
      warnings: ['nobody_new', 'no_active_connection'],
      activeConnections: 0,
      scimCredentials: 0,
      people: {
        counted: 4,
        isMore: false,
        active: 3,
        neverSignedIn: 1,
        onlyFirstLogin: 1,
        onlyScim: 2,
        provisioned: 3,
      },
    })
  })

  it('are none for what stays, and take credentials that SCIM can use into account', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const same = await api.get(`${path}?firstLogin=true&signIn=optional`)
    expect(same.body).toMatchObject({ changes: [], warnings: [], people: none })
    await api.post('/organizations/contoso/scim-tokens', { name: 'Entra' })
    const { body } = await api.get(`${path}?firstLogin=false`)
    expect(body).toMatchObject({ scimCredentials: 1, warnings: [] })
    await run('update scim_tokens set expires_at = ?', startMs)
    const expired = await api.get(`${path}?firstLogin=false`)
    expect(expired.body).toMatchObject({ scimCredentials: 0, warnings: ['nobody_new'] })
  })
})
