import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { base64Decode, unseal } from '../../../src/kernel/index.ts'
import { connectionKeyPlace } from '../../../src/saml/open-connection.ts'
import {
  bytesToBase64,
  certificateBase64,
  certificatePem,
  oddCertificateDer,
} from '../../support/keys.ts'
import { context } from '../../support/saml-context.ts'
import { buildMetadata } from '../../support/saml-messages.ts'
import {
  blamed,
  countRows,
  createContoso,
  type Json,
  listOf,
  openAdminApi,
  textOf,
} from './admin-client.ts'
import {
  addPerson,
  appId,
  createConnection,
  entraMetadataUrl,
  manual,
  pathOf,
  readValue,
  serveMetadata,
} from './connection-world.ts'

const path = '/organizations/contoso/connections'

function idpOf(connection: Json): Json {
  return connection['idp'] as Json
}

describe('creating a connection', () => {
  it('reads an Entra application from its metadata URL, and gives back what Entra needs', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await serveMetadata(api, { signing: ['K', 'Knext'] })
    const metadataUrl = `${entraMetadataUrl}?appid=${appId}`
    const created = await api.post(path, { name: 'Entra', metadataUrl, status: 'active' })
    expect(created.status).toBe(201)
    const id = textOf(created.body, 'id')
    expect(created.body).toMatchObject({
      name: 'Entra',
      status: 'active',
      entityId: `https://sso.example.com/saml/${id}/metadata`,
      acsUrl: `https://sso.example.com/saml/${id}/acs`,
      metadataUrl: `https://sso.example.com/saml/${id}/metadata`,
      loginUrl: `https://sso.example.com/saml/${id}/login`,
      logoutUrl: `https://sso.example.com/saml/${id}/slo`,
      idp: {
        entityId: context.idpEntityId,
        ssoUrl: context.ssoUrl,
        ssoBinding: 'redirect',
        sloUrl: context.idpSloUrl,
        tenantId: context.tenantId,
        metadataUrl,
      },
      allowIdpInitiated: false,
      signRequests: false,
      warnings: [],
    })
    const certificates = listOf(idpOf(created.body), 'certificates')
    expect(certificates).toHaveLength(2)
    expect(certificates[0]).toMatchObject({
      origin: 'metadata',
      lastVerifiedAt: null,
      retireAt: null,
    })
    expect(textOf(certificates[0], 'subject')).toContain('CN=')
    expect((await api.get(`${path}/${id}`)).body).toEqual(created.body)
    expect((await api.get(path)).body).toEqual({ items: [created.body], nextCursor: null })
  })

  it('warns when Entra’s metadata URL has no appid', async () => {
    const api = openAdminApi()
    await serveMetadata(api)
    const connection = await createConnection(api, { metadataUrl: entraMetadataUrl })
    expect(listOf(connection, 'warnings').map(({ code }) => code)).toEqual(['no_app_id'])
  })

  it('reads metadata XML and manual values', async () => {
    const api = openAdminApi()
    const byXml = await createConnection(api, { metadataXml: await buildMetadata() })
    expect(idpOf(byXml)).toMatchObject({ tenantId: context.tenantId, metadataUrl: null })
    const byHand = await createConnection(api, {
      manual: { ...manual, sloUrl: 'https://idp.example/slo', ssoBinding: 'post' },
      identityClaim: 'urn:oid:1.3',
      claimNames: { department: ['dept', 'abteilung'] },
      extraSkewSeconds: 60,
      allowIdpInitiated: true,
      acceptUnsolicited: true,
      forceAuthn: true,
      signRequests: true,
    })
    expect(byHand).toMatchObject({
      status: 'draft',
      idp: {
        entityId: manual.entityId,
        tenantId: null,
        ssoBinding: 'post',
        sloUrl: 'https://idp.example/slo',
      },
      identityClaim: 'urn:oid:1.3',
      claimNames: { department: ['dept', 'abteilung'] },
      extraSkewSeconds: 60,
      allowIdpInitiated: true,
      acceptUnsolicited: true,
      forceAuthn: true,
      signRequests: true,
    })
    expect(listOf(idpOf(byHand), 'certificates')).toMatchObject([{ origin: 'manual' }])
  })

  it('signs requests when the metadata wants them signed, unless told otherwise', async () => {
    const api = openAdminApi()
    const beforeSigning = (xml: string) =>
      xml.replace('<IDPSSODescriptor', '<IDPSSODescriptor WantAuthnRequestsSigned="true"')
    const metadataXml = await buildMetadata({ beforeSigning })
    expect(await createConnection(api, { metadataXml })).toMatchObject({ signRequests: true })
    const unsigned = await createConnection(api, { metadataXml, signRequests: false })
    expect(unsigned).toMatchObject({ signRequests: false })
    expect(listOf(unsigned, 'warnings').map(({ code }) => code)).toEqual(['signed_requests_wanted'])
  })

  it('makes a key pair for signing and one for decrypting, sealed, of which only certificates are shown', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const keys = listOf(connection, 'keys')
    expect(keys).toMatchObject([
      { purpose: 'signing', state: 'active' },
      { purpose: 'encryption', state: 'active' },
    ])
    expect(textOf(keys[0], 'certificate')).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
    const rows = await env.DB.prepare('select * from connection_keys').all<{
      id: string
      organization_id: string
      private_key_sealed: string
      certificate: string
    }>()
    expect(rows.results).toHaveLength(2)
    for (const row of rows.results) {
      const place = connectionKeyPlace({ id: row.id, organizationId: row.organization_id })
      expect(await unseal(api.deps.config.keyRing, place, row.private_key_sealed)).not.toBeNull()
      expect(base64Decode(row.certificate)).not.toBeNull()
      const other = connectionKeyPlace({ id: row.id, organizationId: 'org_other' })
      expect(await unseal(api.deps.config.keyRing, other, row.private_key_sealed)).toBeNull()
      expect(JSON.stringify(connection)).not.toContain(row.private_key_sealed)
    }
  })

  const xml = '<x/>'
  it.each<[unknown, readonly string[]]>([
    [{ name: 'C' }, ['manual', 'metadataUrl', 'metadataXml']],
    [
      { name: 'C', metadataXml: xml, metadataUrl: 'https://a.example/' },
      ['metadataUrl', 'metadataXml'],
    ],
    [{ name: 'C', manual, metadataXml: xml }, ['manual', 'metadataXml']],
    [{ manual }, ['name']],
    [{ name: 'C', manual: {} }, ['manual.certificates', 'manual.entityId', 'manual.ssoUrl']],
    [{ name: 'C', manual: { ...manual, certificates: [] } }, ['manual.certificates']],
    [
      { name: 'C', manual: { ...manual, entityId: 'https://sts.windows.net/{tenantid}/' } },
      ['manual.entityId'],
    ],
    [
      {
        name: 'C',
        manual: { ...manual, ssoUrl: 'http://idp.example/sso', sloUrl: 'javascript:alert(1)' },
      },
      ['manual.sloUrl', 'manual.ssoUrl'],
    ],
    [
      { name: 'C', manual: { ...manual, certificates: ['x', certificatePem('K'), '-----BEGIN'] } },
      ['manual.certificates.0', 'manual.certificates.2'],
    ],
    [
      {
        name: 'C',
        manual: { ...manual, certificates: [bytesToBase64(oddCertificateDer('rsa1024'))] },
      },
      ['manual.certificates.0'],
    ],
    [{ name: 'C', manual, status: 'disabled' }, ['status']],
    [{ name: 'C', manual, status: 'Active' }, ['status']],
    [{ name: 'C', manual, acceptUnsolicited: true }, ['acceptUnsolicited']],
    [{ name: 'C', manual, extraSkewSeconds: 301 }, ['extraSkewSeconds']],
    [{ name: 'C', manual, extraSkewSeconds: -1 }, ['extraSkewSeconds']],
    [{ name: 'C', manual, claimNames: { shoeSize: ['x'] } }, ['claimNames.shoeSize']],
    [{ name: 'C', manual, claimNames: { email: 'mail' } }, ['claimNames.email']],
    [{ name: 'C', manual, claimNames: { email: [] } }, ['claimNames.email']],
    [{ name: 'C', manual, wantSha1: true }, ['wantSha1']],
    [{ name: 'C', manual: { ...manual, sha1: true } }, ['manual.sha1']],
    [
      { name: 'C', manual: { ...manual, entityId: context.idpEntityId }, identityClaim: 'mail' },
      ['identityClaim'],
    ],
  ])('refuses %j naming %j, and stores nothing', async (body, fields) => {
    const api = openAdminApi()
    await createContoso(api)
    const before = await countRows()
    const refused = await api.post(path, body)
    expect([refused.status, refused.body['code']]).toEqual([400, 'admin.invalid_request'])
    expect([...blamed(refused)].sort()).toEqual(fields)
    expect(await countRows()).toEqual(before)
  })

  it('refuses metadata that describes no provider, and says what is wrong with it', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const before = await countRows()
    const cases = [
      ['<a><b></a>', 'is not the XML'],
      ['<!DOCTYPE a><a/>', 'is not the XML'],
      ['<a/>', 'is not SAML metadata'],
      [await buildMetadata({ signing: [], encryption: ['K'] }), 'publishes no usable'],
      [await buildMetadata({ entityId: 'https://sts.windows.net/{tenantid}/' }), 'common endpoint'],
      [await buildMetadata({ ssoUrl: 'http://idp.example/' }), 'SingleSignOnService'],
    ]
    for (const [metadataXml, says] of cases) {
      const refused = await api.post(path, { name: 'C', metadataXml })
      expect([refused.status, refused.body['code']]).toEqual([422, 'saml.metadata'])
      expect(blamed(refused)).toEqual(['metadataXml'])
      expect(refused.text).toContain(says)
    }
    expect(await countRows()).toEqual(before)
  })

  it.each([
    ['http://idp.example/metadata'],
    ['https://169.254.169.254/latest/meta-data/'],
    ['https://localhost/metadata'],
    ['http://localhost:8788/metadata'],
    ['https://user:secret@idp.example/metadata'],
    ['https://unreachable.example/metadata'],
    ['not a url'],
  ])('refuses to read metadata from %s', async (metadataUrl) => {
    const api = openAdminApi()
    await createContoso(api)
    const before = await countRows()
    const refused = await api.post(path, { name: 'C', metadataUrl })
    expect([refused.status, refused.body['code']]).toEqual([422, 'saml.metadata_fetch'])
    expect(blamed(refused)).toEqual(['metadataUrl'])
    expect(refused.text).not.toContain('secret')
    expect(await countRows()).toEqual(before)
  })

  it('reads metadata from localhost while Portico is there', async () => {
    const api = openAdminApi({ publicUrl: 'http://localhost:8787' })
    const url = 'http://127.0.0.1:8788/metadata'
    const sso = 'http://127.0.0.1:8788/saml2'
    await serveMetadata(api, { ssoUrl: sso, sloUrl: sso }, url)
    const connection = await createConnection(api, { metadataUrl: url, status: 'active' })
    expect(idpOf(connection)).toMatchObject({ ssoUrl: sso, metadataUrl: url })
  })

  it('gives the organization’s people to its first connection, and to no second one', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await createContoso(api, 'fabrikam')
    await addPerson('usr_a')
    await addPerson('usr_other', { organization: 'fabrikam' })
    const first = await createConnection(api)
    await addPerson('usr_b')
    await createConnection(api)
    const owner = 'select connection_id as value from people where id = ?'
    expect(await readValue(owner, 'usr_a')).toBe(first['id'])
    expect(await readValue(owner, 'usr_b')).toBeNull()
    expect(await readValue(owner, 'usr_other')).toBeNull()
  })

  it('makes one connection of repeated creates, also at the same moment', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const body = { name: 'C', manual }
    const key = { 'idempotency-key': 'k' }
    const answers = await Promise.all([1, 2, 3].map(() => api.post(path, body, key)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1)
    expect(await countRows()).toMatchObject({ connections: 1, connection_keys: 2, events: 2 })
    const other = await api.post(path, { ...body, name: 'D' }, key)
    expect([other.status, other.body['code']]).toEqual([409, 'admin.idempotency_conflict'])
  })

  it('has its limit, beyond which nothing is stored', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    await env.DB.prepare(
      `insert into connections (id, organization_id, name, idp_entity_id, sso_url, created_at, updated_at)
        select 'con_' || j.value, organization_id, 'x', 'x', 'x', 1, 1 from connections c, json_each(?) j where c.id = ?`,
    )
      .bind(JSON.stringify(Array.from({ length: 49 }, (_, i) => i)), connection['id'])
      .run()
    const refused = await api.post(path, { name: 'C', manual })
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.limit_reached'])
    expect(await countRows()).toMatchObject({ connections: 50, connection_keys: 2 })
    const pages = [await api.get(`${path}?limit=40`)]
    pages.push(await api.get(`${path}?limit=40&cursor=${pages[0]?.body['nextCursor']}`))
    expect(pages.map(({ body }) => listOf(body, 'items').length)).toEqual([40, 10])
    expect(pages[1]?.body['nextCursor']).toBeNull()
  })
})

describe('the warnings of a connection', () => {
  it('say which certificates end soon, or have ended', async () => {
    const api = openAdminApi()
    const certificates = [certificatePem('K'), certificatePem('Kexpired')]
    const connection = await createConnection(api, { manual: { ...manual, certificates } })
    expect(listOf(connection, 'warnings').map(({ code }) => code)).toEqual(['certificate_expired'])
    const only = await createConnection(api, {
      manual: { ...manual, certificates: [certificateBase64('Kexpired')] },
    })
    expect(listOf(only, 'warnings').map(({ code }) => code)).toEqual([
      'no_valid_certificate',
      'certificate_expired',
    ])
    const notAfter = textOf(listOf(idpOf(connection), 'certificates')[0], 'notAfter')
    api.clock.ms = new Date(notAfter).getTime() - 59 * 24 * 60 * 60 * 1000
    const later = await api.get(pathOf(connection))
    expect(
      listOf(later.body, 'warnings')
        .map(({ code }) => code)
        .sort(),
    ).toEqual(['certificate_expired', 'certificate_expiring'])
  })
})
