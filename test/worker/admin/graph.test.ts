import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { openDatabase, runBatch } from '../../../src/db/index.ts'
import {
  graphErrors,
  loadGraphCredential,
  openGraphCredential,
  resealGraphSecrets,
} from '../../../src/graph/index.ts'
import { type MasterKey, systemRandom } from '../../../src/kernel/index.ts'
import { runScheduled } from '../../../src/scheduled.ts'
import { certificatePem } from '../../support/keys.ts'
import { context } from '../../support/saml-context.ts'
import {
  type AdminApi,
  blamed,
  createContoso,
  type Json,
  listOf,
  openAdminApi,
} from './admin-client.ts'
import { createConnection, pathOf, readValue } from './connection-world.ts'

const path = '/organizations/contoso/graph'
const { tenantId } = context
const otherTenant = 'b2b2b2b2-0000-4000-8000-00000000000b'
const clientId = '2d4d3d8e-2be3-4bef-9f87-7875a61c29de'
const app = { tenantId, clientId }
const secret = { ...app, clientSecret: 's3cr3t~value' }
const entra = {
  manual: {
    entityId: `https://sts.windows.net/${tenantId}/`,
    ssoUrl: `https://login.microsoftonline.com/${tenantId}/saml2`,
    certificates: [certificatePem('K')],
  },
}
const dayMs = 24 * 60 * 60 * 1000

async function openContoso() {
  const api = openAdminApi()
  await createContoso(api)
  return api
}

async function eventsOf(api: AdminApi, type: string): Promise<readonly Json[]> {
  const { body } = await api.get(`/organizations/contoso/events?type=${type}`)
  return listOf(body, 'items')
}

/** The credential as reconciliation would open it. */
async function opened(api: AdminApi, connectionId = '') {
  const { body } = await api.get('/organizations/contoso')
  const db = openDatabase(env.DB, 'primary')
  const row = await loadGraphCredential(db, { organizationId: String(body['id']), connectionId })
  return row === null ? null : openGraphCredential(api.deps.config.keyRing, row)
}

describe('the credential for Graph', () => {
  it('is stored sealed, shown without its secret, and opened again', async () => {
    const api = await openContoso()
    expect(await api.get(path)).toMatchObject({
      status: 404,
      body: { code: 'admin.graph_credential_not_found' },
    })
    const expiresAt = '2027-11-24T09:00:00.000Z'
    const set = await api.put(path, { ...secret, clientSecretExpiresAt: expiresAt })
    expect([set.status, set.body]).toEqual([
      200,
      {
        connection: null,
        tenantId,
        clientId,
        appId: clientId,
        kind: 'secret',
        certificate: null,
        expiresAt,
        check: null,
        createdAt: '2026-11-24T09:00:00.000Z',
        updatedAt: '2026-11-24T09:00:00.000Z',
      },
    ])
    expect((await api.get(path)).body).toEqual(set.body)
    expect(await opened(api)).toMatchObject({
      ok: true,
      value: { tenantId, clientId, proof: { kind: 'secret', secret: 's3cr3t~value' } },
    })
    expect(await eventsOf(api, 'graph.credential_set')).toMatchObject([
      { outcome: 'success', actor: 'operator', detail: { tenantId, clientId, kind: 'secret' } },
    ])
  })

  it('does not open when its row is pointed at another tenant or client', async () => {
    const api = await openContoso()
    await api.put(path, secret)
    await env.DB.prepare('update graph_credentials set tenant_id = ?').bind(otherTenant).run()
    expect(await opened(api)).toEqual({ ok: false, failure: { code: 'graph.key_lost' } })
    const checked = await api.post(`${path}/check`)
    expect([checked.status, checked.body['ok']]).toEqual([200, false])
    expect(listOf(checked.body, 'problems')).toMatchObject([{ code: 'graph.key_lost' }])
  })

  it('can be a certificate that Portico makes: only the public half is shown', async () => {
    const api = await openContoso()
    const made = await api.put(path, { ...app, appId: otherTenant, certificate: 'generate' })
    expect(made.body).toMatchObject({
      kind: 'certificate',
      appId: otherTenant,
      certificate: {
        pem: expect.stringMatching(
          /^-----BEGIN CERTIFICATE-----\n[\s\S]+-----END CERTIFICATE-----\n$/,
        ),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      expiresAt: '2028-11-23T09:00:00.000Z',
    })
    expect(made.text).not.toContain('PRIVATE')
    expect(await opened(api)).toMatchObject({ ok: true, value: { proof: { kind: 'certificate' } } })
  })

  it('keeps its secret when only the application changes, and not for another client', async () => {
    const api = await openContoso()
    await api.put(path, secret)
    const changed = await api.put(path, { ...app, appId: otherTenant })
    expect(changed.body).toMatchObject({ appId: otherTenant, kind: 'secret' })
    expect(await opened(api)).toMatchObject({ value: { proof: { secret: 's3cr3t~value' } } })
    for (const body of [
      { tenantId, clientId: otherTenant },
      { tenantId: otherTenant, clientId },
    ]) {
      expect(blamed(await api.put(path, body))).toEqual(['clientSecret'])
    }
  })

  it.each([
    ['no proof', app, ['clientSecret']],
    ['both proofs', { ...secret, certificate: 'generate' }, ['certificate']],
    ['a tenant by name', { ...secret, tenantId: 'contoso.com' }, ['tenantId']],
    ['a common tenant', { ...secret, tenantId: 'common' }, ['tenantId']],
    ['an address as client', { ...secret, clientId: '../x' }, ['clientId']],
    ['a secret with a blank', { ...app, clientSecret: 'a b' }, ['clientSecret']],
    [
      'a past end',
      { ...secret, clientSecretExpiresAt: '2020-01-01T00:00:00Z' },
      ['clientSecretExpiresAt'],
    ],
    [
      'an end beside a certificate, which has its own',
      { ...app, certificate: 'generate', clientSecretExpiresAt: '2027-11-24T09:00:00Z' },
      ['clientSecretExpiresAt'],
    ],
    ['a certificate alone', { ...app, certificate: certificatePem('K') }, ['certificate']],
    ['something else', { ...app, certificate: 'x'.repeat(100) }, ['certificate']],
  ])('is refused with %s', async (_what, body, fields) => {
    const api = await openContoso()
    const answer = await api.put(path, body)
    expect([answer.status, blamed(answer)]).toEqual([400, fields])
    expect((await api.get(path)).status).toBe(404)
  })

  it('is deleted with an event', async () => {
    const api = await openContoso()
    await api.put(path, secret)
    expect((await api.delete(path)).status).toBe(204)
    expect((await api.delete(path)).status).toBe(404)
    expect(await eventsOf(api, 'graph.credential_removed')).toHaveLength(1)
    expect(await opened(api)).toBeNull()
  })
})

describe('a new key of ENCRYPTION_KEYS', () => {
  it('seals the secret anew, which then needs the old one no longer', async () => {
    const api = await openContoso()
    await api.put(path, secret)
    const { keyRing } = api.deps.config
    const next: MasterKey = { kid: 'k2', key: new Uint8Array(32).fill(7) }
    const db = openDatabase(env.DB, 'primary')
    const options = { limit: 10, random: systemRandom }
    expect(await resealGraphSecrets(db, keyRing, options)).toMatchObject({ statements: [] })
    expect(await resealGraphSecrets(db, [next], options)).toMatchObject({ statements: [], lost: 0 })
    const { statements, lost } = await resealGraphSecrets(db, [next, ...keyRing], options)
    expect([statements.length, lost]).toEqual([1, 0])
    await runBatch(db, statements)
    const { body } = await api.get('/organizations/contoso')
    const key = { organizationId: String(body['id']), connectionId: '' }
    const row = await loadGraphCredential(db, key)
    if (row === null) throw new Error('gone')
    expect(await openGraphCredential([next], row)).toMatchObject({
      ok: true,
      value: { proof: { secret: 's3cr3t~value' } },
    })
    expect(await resealGraphSecrets(db, [next], options)).toMatchObject({ statements: [], lost: 0 })
  })
})

describe('the tenant', () => {
  it('is that of an Entra connection', async () => {
    const api = await openContoso()
    await createConnection(api, entra)
    const other = await api.put(path, { ...secret, tenantId: otherTenant })
    expect([other.status, blamed(other)]).toEqual([400, ['tenantId']])
    const own = await api.put(path, { ...secret, tenantId: tenantId.toUpperCase() })
    expect([own.status, own.body['tenantId']]).toEqual([200, tenantId])
  })

  it('of another organization’s connection is out of reach', async () => {
    const api = await openContoso()
    const ours = await createConnection(api, entra)
    await createContoso(api, 'fabrikam')
    const theirs = '/organizations/fabrikam/graph'
    const query = `?connection=${String(ours['id'])}`
    await api.put(path, secret)
    for (const answer of [
      await api.put(theirs, { ...secret, connection: ours['id'] }),
      await api.get(theirs + query),
      await api.post(`${theirs}/check${query}`),
      await api.delete(theirs + query),
    ]) {
      expect([answer.status, answer.body['code']]).toEqual([404, 'admin.connection_not_found'])
    }
    expect((await api.get(path)).status).toBe(200)
  })

  it('says which, when the organization has several connections', async () => {
    const api = await openContoso()
    const first = await createConnection(api, entra)
    await createConnection(api)
    expect(blamed(await api.put(path, secret))).toEqual(['connection'])
    expect(blamed(await api.get(path))).toEqual(['connection'])
    const set = await api.put(path, { ...secret, connection: first['id'] })
    expect(set.body).toMatchObject({ connection: first['id'] })
    const removed = await api.delete(pathOf(first))
    expect(removed.status).toBe(204)
    expect(await readValue('select count(*) as value from graph_credentials')).toBe(0)
  })

  it('takes over what was set before the first connection, and lets go with the last', async () => {
    const api = await openContoso()
    await api.put(path, secret)
    const connection = await createConnection(api, entra)
    expect((await api.get(path)).body).toMatchObject({ connection: connection['id'] })
    expect(await opened(api, String(connection['id']))).toMatchObject({ ok: true })
    await api.delete(pathOf(connection))
    expect((await api.get(path)).body).toMatchObject({ connection: null })
  })

  it('that a connection is given later does not let a credential of the former one be used', async () => {
    const api = await openContoso()
    const connection = await createConnection(api, entra)
    await api.put(path, secret)
    const issuer = `https://sts.windows.net/${otherTenant}/`
    const moved = await api.patch(pathOf(connection), { manual: { entityId: issuer } })
    expect(moved.status).toBe(200)
    expect(await opened(api, String(connection['id']))).toEqual({
      ok: false,
      failure: { code: 'graph.other_tenant' },
    })
  })

  it('of the first connection ends what was set for another one', async () => {
    const api = await openContoso()
    await api.put(path, { ...secret, tenantId: otherTenant })
    await createConnection(api, entra)
    expect((await api.get(path)).status).toBe(404)
    expect(await readValue('select count(*) as value from graph_credentials')).toBe(0)
    expect(await eventsOf(api, 'graph.credential_removed')).toMatchObject([
      { detail: { reason: 'another_tenant' } },
    ])
  })
})

describe('the check', () => {
  const tokenUrl = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`
  const graph = 'https://graph.microsoft.com/v1.0'
  const principal = `${graph}/servicePrincipals(appId='${clientId}')`
  const denied = () =>
    Response.json({ error: { code: 'Authorization_RequestDenied' } }, { status: 403 })
  const page = () => Response.json({ value: [] })

  function serve(api: AdminApi, members: () => Response = page) {
    api.network.set(tokenUrl, () =>
      Response.json({ token_type: 'Bearer', expires_in: 3599, access_token: 'a' }),
    )
    api.network.set(`${graph}/users/delta`, page)
    api.network.set(`${graph}/groups`, members)
    api.network.set(`${principal}/appRoleAssignedTo`, page)
    api.network.set(principal, () =>
      Response.json({ id: otherTenant, appRoles: [], appRoleAssignmentRequired: true }),
    )
  }

  it('is content, and what it found is shown with the credential', async () => {
    const api = await openContoso()
    serve(api)
    await api.put(path, secret)
    const checked = await api.post(`${path}/check`)
    expect(checked.body).toMatchObject({
      ok: true,
      checkedAt: '2026-11-24T09:00:00.000Z',
      application: { requiresAssignment: true, appRoles: [] },
      problems: [],
    })
    expect((await api.get(path)).body['check']).toEqual(checked.body)
    await api.put(path, secret)
    expect((await api.get(path)).body['check']).toBeNull()
  })

  it('names the missing permission and what to click', async () => {
    const api = await openContoso()
    serve(api, denied)
    await api.put(path, secret)
    const { body } = await api.post(`${path}/check`)
    expect(body['ok']).toBe(false)
    expect(listOf(body, 'problems')).toEqual([
      {
        code: 'graph.forbidden',
        message: 'The application permission GroupMember.Read.All of Microsoft Graph is missing.',
        fix: expect.stringContaining('Grant admin consent'),
      },
    ])
    expect(listOf(body, 'permissions').map(({ name, granted }) => [name, granted])).toEqual([
      ['User.Read.All', true],
      ['Application.Read.All', true],
      ['GroupMember.Read.All', false],
    ])
  })

  it('explains what Entra says of the secret, in our own words', async () => {
    const api = await openContoso()
    api.network.set(tokenUrl, () =>
      Response.json(
        { error: 'invalid_client', error_description: 'AADSTS7000222: <script>' },
        { status: 401 },
      ),
    )
    await api.put(path, secret)
    const { body, text } = await api.post(`${path}/check`)
    expect(listOf(body, 'problems')).toMatchObject([
      {
        code: 'graph.unauthorized',
        message: expect.stringMatching(/secret has expired.*\(AADSTS7000222\)/),
        fix: graphErrors['graph.unauthorized'].fix,
      },
    ])
    expect(text).not.toContain('script')
  })

  it('says when nobody answers', async () => {
    const api = await openContoso()
    await api.put(path, secret)
    const { body } = await api.post(`${path}/check`)
    expect(listOf(body, 'problems')).toMatchObject([{ code: 'graph.unavailable' }])
  })
})

it('an end that comes near is an event 30, 7 and 1 days before and when it came, each once', async () => {
  const api = await openContoso()
  const quarter = api.clock.ms
  const end = api.clock.ms + 60 * dayMs
  const clientSecretExpiresAt = new Date(end).toISOString()
  await api.put(path, { ...secret, clientSecretExpiresAt })
  const warned = async (daysBefore: number) => {
    api.clock.ms = end - daysBefore * dayMs
    await runScheduled(api.deps, quarter)
    await runScheduled(api.deps, quarter)
    return (await eventsOf(api, 'graph.credential_expiring')).length
  }
  const counts: number[] = []
  for (const days of [30.1, 30, 8, 7, 1, 0.5, -1]) counts.push(await warned(days))
  expect(counts).toEqual([0, 1, 1, 2, 3, 3, 4])
  await api.put(path, { ...secret, clientSecretExpiresAt: new Date(end + 9 * dayMs).toISOString() })
  expect(await warned(-1)).toBe(5)
})
