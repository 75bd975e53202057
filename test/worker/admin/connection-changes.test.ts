import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { certificatePem } from '../../support/keys.ts'
import { context } from '../../support/saml-context.ts'
import { buildMetadata } from '../../support/saml-messages.ts'
import { blamed, countRows, type Json, listOf, openAdminApi, textOf } from './admin-client.ts'
import {
  addPerson,
  addSession,
  appId,
  bindPerson,
  createConnection,
  entraKey,
  entraMetadataUrl,
  manual,
  pathOf,
  readValue,
  serveMetadata,
} from './connection-world.ts'

function idpOf(connection: Json): Json {
  return connection['idp'] as Json
}

function fingerprints(connection: Json): readonly string[] {
  return listOf(idpOf(connection), 'certificates').map((one) => textOf(one, 'sha256'))
}

async function version(connection: Json): Promise<number | null> {
  return readValue('select version as value from connections where id = ?', connection['id'])
}

describe('changing a connection', () => {
  it('changes what is given and nothing else, counts the version up and tells what', async () => {
    const api = openAdminApi()
    const before = await createConnection(api)
    api.clock.ms += 1000
    const changed = await api.patch(pathOf(before), {
      name: 'Entra ID',
      allowIdpInitiated: true,
      claimNames: { email: ['mail'] },
      identityClaim: 'urn:oid:1',
    })
    expect(changed.body).toEqual({
      ...before,
      name: 'Entra ID',
      allowIdpInitiated: true,
      claimNames: { email: ['mail'] },
      identityClaim: 'urn:oid:1',
      version: 2,
      updatedAt: '2026-11-24T09:00:01.000Z',
    })
    expect(await version(before)).toBe(2)
    // One of them is the re-resolve that other claim names ask for.
    expect(await countRows()).toMatchObject({ events: 4 })
    const cleared = await api.patch(pathOf(before), { identityClaim: null, claimNames: {} })
    expect(cleared.body).toMatchObject({ identityClaim: null, claimNames: {} })
  })

  it('writes nothing when all is so already', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const before = await countRows()
    const same = { name: 'Entra', status: 'draft', manual, addCertificates: manual.certificates }
    expect((await api.patch(pathOf(connection), same)).body).toEqual(connection)
    expect((await api.patch(pathOf(connection), {})).body).toEqual(connection)
    expect([await countRows(), await version(connection)]).toEqual([before, 1])
  })

  it('loses nothing when several change it at the same moment', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const answers = await Promise.all([
      api.patch(pathOf(connection), { name: 'New' }),
      api.patch(pathOf(connection), { forceAuthn: true }),
      api.patch(pathOf(connection), { addCertificates: [certificatePem('Knext')] }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const after = await api.get(pathOf(connection))
    expect(after.body).toMatchObject({ name: 'New', forceAuthn: true })
    expect(fingerprints(after.body)).toHaveLength(2)
    expect([await version(connection), (await countRows())['events']]).toEqual([4, 5])
  })

  it('gives up, with nothing stored, when others always come between', async () => {
    const api = openAdminApi({
      d1: interfering("update connections set version = version + 1 where status = 'draft'"),
    })
    const connection = await createConnection(api)
    const refused = await api.patch(pathOf(connection), { name: 'New' })
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.write_conflict'])
    expect((await api.get(pathOf(connection))).body['name']).toBe('Entra')
  })

  it.each<[unknown, readonly string[]]>([
    [{ status: 'live' }, ['status']],
    [{ acceptUnsolicited: true }, ['acceptUnsolicited']],
    [{ metadataXml: '<x/>', manual: { ssoUrl: 'https://a.example/' } }, ['manual', 'metadataXml']],
    [{ manual: { ssoUrl: 'http://a.example/' } }, ['manual.ssoUrl']],
    [{ addCertificates: ['x'] }, ['addCertificates.0']],
    [{ addCertificates: [] }, ['addCertificates']],
    [{ id: 'con_x' }, ['id']],
    [{ version: 'two' }, ['version']],
    [{ id: 'con_mine' }, ['id']],
    [{ organizationId: 'org_x' }, ['organizationId']],
  ])('refuses %j naming %j, and changes nothing', async (body, fields) => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const before = await countRows()
    const refused = await api.patch(pathOf(connection), body)
    expect([refused.status, refused.body['code']]).toEqual([400, 'admin.invalid_request'])
    expect([...blamed(refused)].sort()).toEqual(fields)
    expect([await countRows(), (await api.get(pathOf(connection))).body]).toEqual([
      before,
      connection,
    ])
  })

  it('does not let acceptUnsolicited outlive allowIdpInitiated', async () => {
    const api = openAdminApi()
    const both = { allowIdpInitiated: true, acceptUnsolicited: true }
    const connection = await createConnection(api, both)
    const refused = await api.patch(pathOf(connection), { allowIdpInitiated: false })
    expect([refused.status, blamed(refused)]).toEqual([400, ['acceptUnsolicited']])
    const off = { allowIdpInitiated: false, acceptUnsolicited: false }
    expect((await api.patch(pathOf(connection), off)).status).toBe(200)
  })
})

describe('the status of a connection', () => {
  it('goes from draft over testing to active, and may be disabled and enabled again', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const route = ['testing', 'active', 'testing', 'active', 'disabled', 'active', 'disabled']
    for (const status of [...route, 'draft', 'testing', 'draft', 'active']) {
      const changed = await api.patch(pathOf(connection), { status })
      expect([changed.status, changed.body['status']]).toEqual([200, status])
    }
  })

  it.each([
    ['draft', 'disabled'],
    ['active', 'draft'],
  ])('does not go from %s to %s, and the answer says where it goes', async (from, to) => {
    const api = openAdminApi()
    const connection = await createConnection(api, { status: from })
    const refused = await api.patch(pathOf(connection), { status: to, name: 'New' })
    expect([refused.status, refused.body['code'], blamed(refused)]).toEqual([
      409,
      'admin.connection_status',
      ['status'],
    ])
    expect((await api.get(pathOf(connection))).body).toEqual(connection)
  })

  it.each([
    ['active', 'disabled', 0],
    ['testing', 'draft', 0],
    ['active', 'testing', 1],
  ])('from %s to %s leaves %i sessions, in the same batch', async (from, to, left) => {
    const api = openAdminApi()
    const connection = await createConnection(api, { status: from })
    const other = await createConnection(api, { status: 'active' })
    const connectionId = textOf(connection, 'id')
    await addPerson('usr_a', { connectionId })
    await addSession('ses_a', { personId: 'usr_a', connectionId })
    await addSession('ses_b', { personId: 'usr_a', connectionId: textOf(other, 'id') })
    await api.patch(pathOf(connection), { status: to })
    const of = 'select count(*) as value from sessions where connection_id = ?'
    expect(await readValue(of, connectionId)).toBe(left)
    expect(await readValue(of, other['id'])).toBe(1)
  })
})

describe('new values of the provider', () => {
  it('come from metadata, which replaces its own certificates and keeps those added by hand', async () => {
    const api = openAdminApi()
    await serveMetadata(api, { signing: ['K'] })
    const metadataUrl = `${entraMetadataUrl}?appid=${appId}`
    const connection = await createConnection(api, { metadataUrl })
    const [k] = fingerprints(connection)
    const byHand = await api.patch(pathOf(connection), {
      addCertificates: [certificatePem('K4096')],
    })
    const k4096 = fingerprints(byHand.body).find((one) => one !== k)
    const ssoUrl = 'https://login.microsoftonline.com/new/saml2'
    await serveMetadata(api, { signing: ['Knext', 'K4096'], ssoUrl })
    const changed = await api.patch(pathOf(connection), { metadataUrl })
    expect(idpOf(changed.body)).toMatchObject({ ssoUrl, metadataUrl })
    const certificates = listOf(idpOf(changed.body), 'certificates')
    expect(certificates.map(({ origin }) => origin).sort()).toEqual(['manual', 'metadata'])
    expect(fingerprints(changed.body)).not.toContain(k)
    expect(fingerprints(changed.body)).toContain(k4096)
  })

  it('come by hand, and end the refreshing of metadata', async () => {
    const api = openAdminApi()
    await serveMetadata(api)
    const metadataUrl = `${entraMetadataUrl}?appid=${appId}`
    const connection = await createConnection(api, { metadataUrl })
    const changed = await api.patch(pathOf(connection), {
      manual: {
        ssoUrl: 'https://idp.example/new',
        sloUrl: null,
        certificates: [certificatePem('Knext')],
      },
    })
    expect(idpOf(changed.body)).toMatchObject({
      entityId: context.idpEntityId,
      ssoUrl: 'https://idp.example/new',
      sloUrl: null,
      metadataUrl: null,
    })
    expect(listOf(idpOf(changed.body), 'certificates')).toMatchObject([{ origin: 'manual' }])
  })

  it('may stop the refreshing alone', async () => {
    const api = openAdminApi()
    await serveMetadata(api)
    const metadataUrl = `${entraMetadataUrl}?appid=${appId}`
    const connection = await createConnection(api, { metadataUrl })
    const changed = await api.patch(pathOf(connection), { metadataUrl: null })
    expect(changed.body['idp']).toEqual({ ...idpOf(connection), metadataUrl: null })
  })

  it('may be of another provider only while nobody is known by the old one', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const connectionId = textOf(connection, 'id')
    const other = { manual: { entityId: 'https://other.example/saml' } }
    expect((await api.patch(pathOf(connection), other)).status).toBe(200)
    await bindPerson(await addPerson('usr_a', { connectionId }), connectionId)
    const before = await api.get(pathOf(connection))
    const rows = await countRows()
    for (const [field, body] of Object.entries({
      'manual.entityId': { manual: { entityId: 'https://third.example/' } },
      metadataXml: { metadataXml: await buildMetadata() },
      identityClaim: { identityClaim: 'x' },
    })) {
      const refused = await api.patch(pathOf(connection), { ...body, name: 'New' })
      expect([refused.status, refused.body['code']]).toEqual([409, 'admin.connection_people_bound'])
      expect([blamed(refused), refused.text.includes('1 person')]).toEqual([[field], true])
    }
    expect([(await api.get(pathOf(connection))).body, await countRows()]).toEqual([
      before.body,
      rows,
    ])
    expect((await api.patch(pathOf(connection), { name: 'New' })).status).toBe(200)
  })

  it('may name the application in Entra’s issuer, since people are known by tenant and object id', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api, { metadataXml: await buildMetadata() })
    const connectionId = textOf(connection, 'id')
    await bindPerson(await addPerson('usr_a', { connectionId }), connectionId, entraKey('1'))
    const entityId = `${context.idpEntityId}${appId}/`
    const changed = await api.patch(pathOf(connection), { manual: { entityId } })
    expect(idpOf(changed.body)).toMatchObject({ entityId, tenantId: context.tenantId })
    const elsewhere = context.idpEntityId.replaceAll('a1a1a1a1', 'b1b1b1b1')
    const refused = await api.patch(pathOf(connection), { manual: { entityId: elsewhere } })
    expect(refused.body['code']).toBe('admin.connection_people_bound')
    // A second connection to the tenant knows them too, so the first is free to change …
    const second = await createConnection(api, { metadataXml: await buildMetadata() })
    const moved = await api.patch(pathOf(connection), { manual: { entityId: elsewhere } })
    expect(moved.status).toBe(200)
    // … and then the second is not, although the first bound them.
    const last = await api.patch(pathOf(second), { manual: { entityId: elsewhere } })
    expect(last.body['code']).toBe('admin.connection_people_bound')
  })

  it('are refused as a whole when the metadata is bad', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const rows = await countRows()
    const bad = await api.patch(pathOf(connection), { metadataXml: '<a/>', name: 'New' })
    expect([bad.status, bad.body['code']]).toEqual([422, 'saml.metadata'])
    const gone = await api.patch(pathOf(connection), { metadataUrl: 'https://gone.example/m' })
    expect([gone.status, gone.body['code']]).toEqual([422, 'saml.metadata_fetch'])
    expect([await countRows(), (await api.get(pathOf(connection))).body]).toEqual([
      rows,
      connection,
    ])
  })
})

describe('the certificates of a connection', () => {
  it('are exchanged in one request, and never left without one', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const [k] = fingerprints(connection)
    const last = await api.patch(pathOf(connection), { removeCertificates: [k] })
    expect([last.status, last.body['code']]).toEqual([409, 'admin.last_certificate'])
    const spelled = (k ?? '').toUpperCase().replaceAll(/(..)(?=.)/g, '$1:')
    const changed = await api.patch(pathOf(connection), {
      removeCertificates: [spelled],
      addCertificates: [certificatePem('Knext'), certificatePem('Knext')],
    })
    expect(changed.status).toBe(200)
    expect(fingerprints(changed.body)).toHaveLength(1)
    expect(fingerprints(changed.body)).not.toContain(k)
  })

  it('that are not trusted cannot be removed', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const refused = await api.patch(pathOf(connection), { removeCertificates: ['ab'.repeat(32)] })
    expect([refused.status, refused.body['code']]).toEqual([404, 'admin.certificate_not_found'])
    expect(blamed(refused)).toEqual(['removeCertificates'])
  })

  it('that were due to retire stay when they are given again', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    await env.DB.prepare(
      'update connection_certificates set retire_at = 5, last_verified_at = 4',
    ).run()
    const changed = await api.patch(pathOf(connection), { addCertificates: manual.certificates })
    expect(listOf(idpOf(changed.body), 'certificates')).toMatchObject([
      { retireAt: null, lastVerifiedAt: '1970-01-01T00:00:00.004Z' },
    ])
  })
})

/** D1 in which another writer comes between a read and the batch that follows it. */
function interfering(sql: string): D1Database {
  const wrap = (inner: D1DatabaseSession) => ({
    prepare: (text: string) => inner.prepare(text),
    batch: async (statements: D1PreparedStatement[]) => {
      await env.DB.prepare(sql).run()
      return inner.batch(statements)
    },
    getBookmark: () => null,
  })
  return {
    withSession: () => wrap(env.DB.withSession('first-primary')),
  } as unknown as D1Database
}
