import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { certificatePem } from '../../support/keys.ts'
import { context } from '../../support/saml-context.ts'
import { print } from '../saml/metadata-world.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { type AdminApi, type Json, listOf, openAdminApi, textOf } from './admin-client.ts'
import {
  appId,
  createConnection,
  entraMetadataUrl,
  pathOf,
  readValue,
  serveMetadata,
} from './connection-world.ts'

const metadataUrl = `${entraMetadataUrl}?appid=${appId}`
/** A place whose metadata nobody vouches for. */
const plainUrl = 'https://metadata.example/idp'

/** A connection with metadata of K at an address that nobody vouches for. */
async function plainWorld(options: { readonly url?: string } = {}) {
  const api = openAdminApi()
  const url = options.url ?? plainUrl
  const at = url.replace(/\?.*/, '')
  await serveMetadata(api, {}, at)
  const connection = await createConnection(api, { metadataUrl: url })
  const path = `${pathOf(connection)}/metadata`
  const serve = (document: Parameters<typeof serveMetadata>[1]) => serveMetadata(api, document, at)
  return { api, connection, path, serve }
}

const hashOf = (body: Json) => textOf(body['pending'] as Json, 'hash')

async function trusted(api: AdminApi, connection: Json): Promise<readonly Json[]> {
  return listOf((await api.get(pathOf(connection))).body['idp'] as Json, 'certificates')
}

async function types(): Promise<readonly string[]> {
  const { results } = await env.DB.prepare(
    `select type from events where type like 'metadata.%' or type like 'certificate.%' order by id`,
  ).all()
  // Of one moment, ids have no order.
  return results.map((row) => String(row['type'])).sort()
}

describe('refreshing metadata by hand', () => {
  it('adds what is trusted at once, and plans the next refresh within a day', async () => {
    const { api, connection, path, serve } = await plainWorld({ url: metadataUrl })
    await serve({ signing: ['K', 'Knext'] })
    const answer = await api.post(`${path}/refresh`, undefined)
    expect(answer.body).toMatchObject({ metadataUrl, failures: 0, failure: null, pending: null })
    expect(await trusted(api, connection)).toHaveLength(2)
    expect(await types()).toEqual(['metadata.refreshed'])
    expect(
      await readValue("select actor as value from events where type = 'metadata.refreshed'"),
    ).toBe('operator')
    const dueMs = Date.parse(textOf(answer.body, 'dueAt')) - api.clock.ms
    expect(dueMs).toBeGreaterThan(0)
    expect(dueMs).toBeLessThanOrEqual(24 * 60 * 60 * 1000)
  })

  it('answers with what was wrong, keeps it, and changes nothing', async () => {
    const { api, connection, path, serve } = await plainWorld()
    const before = await trusted(api, connection)
    await serve({ entityId: 'https://another.example' })
    const refused = await api.post(`${path}/refresh`, undefined)
    expect([refused.status, refused.body['code']]).toEqual([422, 'saml.metadata'])
    expect((await api.get(path)).body).toMatchObject({
      failures: 1,
      failure: {
        code: 'saml.metadata',
        reason: 'entity_id_changed',
        message: 'The metadata describes another identity provider than the connection has.',
      },
    })
    api.network.set(plainUrl, () => new Response('', { status: 404 }))
    const missing = await api.post(`${path}/refresh`, undefined)
    expect([missing.status, missing.body['code']]).toEqual([422, 'saml.metadata_fetch'])
    expect(await trusted(api, connection)).toEqual(before)
  })

  it('needs a metadata URL', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const refused = await api.post(`${pathOf(connection)}/metadata/refresh`, undefined)
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.no_metadata_url'])
    expect((await api.get(`${pathOf(connection)}/metadata`)).body['dueAt']).toBe(null)
  })

  it('twice at once writes and tells once', async () => {
    const { api, connection, path, serve } = await plainWorld({ url: metadataUrl })
    await serve({ signing: ['K', 'Knext'], ssoUrl: 'https://idp.example/new' })
    const both = [1, 2, 3].map(() => api.post(`${path}/refresh`, undefined))
    const statuses = (await Promise.all(both)).map(({ status }) => status)
    expect(statuses).toEqual([200, 200, 200])
    expect(await trusted(api, connection)).toHaveLength(2)
    expect(await types()).toEqual(['metadata.pending', 'metadata.refreshed'])
  })

  it('fails as a whole, at whichever statement D1 fails', async () => {
    for (let call = 0; call < 12; call++) {
      const { api, connection, path, serve } = await plainWorld({ url: metadataUrl })
      await serve({ signing: ['Knext'], ssoUrl: 'https://idp.example/new' })
      const counting = countingD1(env.DB)
      counting.failAt([{ call, when: 'before' }])
      const failing = openAdminApi({ d1: counting.d1, fetch: api.deps.fetch })
      const answer = await failing.post(`${path}/refresh`, undefined)
      const certificates = (await trusted(api, connection)).length
      const told = (await types()).length
      expect([
        [1, 0],
        [2, 2],
      ]).toContainEqual([certificates, told])
      // Repeated, it ends where it would have ended.
      expect((await api.post(`${path}/refresh`, undefined)).status).toBe(200)
      expect((await trusted(api, connection)).length).toBe(2)
      expect(await types()).toEqual(['metadata.pending', 'metadata.refreshed'])
      await env.DB.batch(
        ['organizations', 'events'].map((name) => env.DB.prepare(`delete from ${name}`)),
      )
      if (answer.status === 200) return
    }
    throw new Error('a refresh takes more calls than a dozen')
  })
})

describe('changes that wait for an admin', () => {
  it('are shown old and new, and made by the hash of what was shown', async () => {
    const { api, connection, path, serve } = await plainWorld()
    const ssoUrl = 'https://idp.example/new'
    await serve({ signing: ['K', 'Knext'], ssoUrl, sloUrl: null })
    const shown = await api.post(`${path}/refresh`, undefined)
    expect(shown.body['pending']).toMatchObject({
      dismissedAt: null,
      changes: [
        {
          kind: 'add_certificate',
          certificate: { sha256: await print('Knext'), notAfter: expect.any(String) },
        },
        { kind: 'change_sso_url', from: context.ssoUrl, to: ssoUrl, ssoBinding: 'redirect' },
        { kind: 'change_slo_url', from: context.idpSloUrl, to: null },
      ],
    })
    const approved = await api.post(`${path}/approve`, { hash: hashOf(shown.body) })
    expect([approved.status, approved.body['pending']]).toEqual([200, null])
    const after = (await api.get(pathOf(connection))).body['idp'] as Json
    expect(after).toMatchObject({ ssoUrl, sloUrl: null })
    expect(listOf(after, 'certificates')).toHaveLength(2)
    expect(await types()).toEqual(['metadata.approved', 'metadata.pending'])
    const again = await api.post(`${path}/approve`, { hash: hashOf(shown.body) })
    expect([again.status, again.body['code']]).toEqual([409, 'admin.nothing_pending'])
  })

  it('cannot be approved when others came in their place', async () => {
    const { api, connection, path, serve } = await plainWorld()
    await serve({ ssoUrl: 'https://idp.example/new' })
    const { body } = await api.post(`${path}/refresh`, undefined)
    await serve({ ssoUrl: 'https://evil.example/sso' })
    await api.post(`${path}/refresh`, undefined)
    const refused = await api.post(`${path}/approve`, { hash: hashOf(body) })
    expect([refused.status, refused.body['code']]).toEqual([409, 'admin.nothing_pending'])
    expect((await api.get(pathOf(connection))).body['idp']).toMatchObject({
      ssoUrl: context.ssoUrl,
    })
  })

  it('are gone when the provider was given anew, and stale when its old value is', async () => {
    const { api, connection, path, serve } = await plainWorld()
    await serve({ ssoUrl: 'https://idp.example/new' })
    const { body } = await api.post(`${path}/refresh`, undefined)
    await env.DB.prepare(`update connections set sso_url = 'https://idp.example/other'`).run()
    const stale = await api.post(`${path}/approve`, { hash: hashOf(body) })
    expect([stale.status, stale.body['code']]).toEqual([409, 'admin.nothing_pending'])
    await api.patch(pathOf(connection), { metadataUrl: plainUrl })
    expect((await api.get(path)).body['pending']).toBe(null)
    await api.patch(pathOf(connection), { metadataUrl: null })
    expect((await api.get(path)).body).toMatchObject({ metadataUrl: null, dueAt: null })
  })

  it('are not asked about again once dismissed, though others are', async () => {
    const { api, path, serve } = await plainWorld()
    await serve({ ssoUrl: 'https://idp.example/new' })
    const { body } = await api.post(`${path}/refresh`, undefined)
    const dismissed = await api.post(`${path}/dismiss`, { hash: hashOf(body) })
    expect(dismissed.body['pending']).toMatchObject({ dismissedAt: expect.any(String) })
    const later = await api.post(`${path}/refresh`, undefined)
    expect(later.body['pending']).toEqual(dismissed.body['pending'])
    await serve({ ssoUrl: 'https://idp.example/newer' })
    const other = await api.post(`${path}/refresh`, undefined)
    expect(other.body['pending']).toMatchObject({ dismissedAt: null })
    expect(await types()).toEqual(['metadata.dismissed', 'metadata.pending', 'metadata.pending'])
  })

  it('are made once by two who approve at once', async () => {
    const { api, path, serve } = await plainWorld()
    await serve({ signing: ['K', 'Knext'] })
    const { body } = await api.post(`${path}/refresh`, undefined)
    const hash = hashOf(body)
    const answers = await Promise.all([1, 2].map(() => api.post(`${path}/approve`, { hash })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await types()).toEqual(['metadata.approved', 'metadata.pending'])
  })
})

describe('certificates that an admin retires', () => {
  it('are not trusted from then on, whatever the metadata says, until restored', async () => {
    const { api, connection, path, serve } = await plainWorld({ url: metadataUrl })
    const at = `${pathOf(connection)}/certificates/${await print('K')}`
    const last = await api.post(`${at}/retire`, undefined)
    expect([last.status, last.body['code']]).toEqual([409, 'admin.last_certificate'])
    await serve({ signing: ['K', 'Knext'] })
    await api.post(`${path}/refresh`, undefined)
    expect((await api.post(`${at}/retire`, undefined)).status).toBe(200)
    expect((await api.post(`${at}/retire`, undefined)).status).toBe(200)
    await api.post(`${path}/refresh`, undefined)
    await api.patch(pathOf(connection), { metadataUrl })
    const state = async () =>
      (await trusted(api, connection)).find(({ sha256 }) => at.endsWith(String(sha256)))
    expect(await state()).toMatchObject({ retiredAt: expect.any(String) })
    const next = `${pathOf(connection)}/certificates/${await print('Knext')}`
    expect((await api.post(`${next}/retire`, undefined)).body['code']).toBe(
      'admin.last_certificate',
    )
    await api.post(`${at}/restore`, undefined)
    expect(await state()).toMatchObject({ retiredAt: null, retireAt: null, origin: 'manual' })
    expect(await types()).toEqual([
      'certificate.restored',
      'certificate.retired',
      'metadata.refreshed',
    ])
  })

  it('by removing them stay away too, where metadata would bring them back', async () => {
    const { api, connection, path, serve } = await plainWorld({ url: metadataUrl })
    const removeCertificates = [await print('K')]
    const none = await api.patch(pathOf(connection), { removeCertificates })
    expect(none.body['code']).toBe('admin.last_certificate')
    const changed = await api.patch(pathOf(connection), {
      removeCertificates,
      addCertificates: [certificatePem('K2')],
    })
    expect(changed.status).toBe(200)
    await serve({ signing: ['K'] })
    await api.post(`${path}/refresh`, undefined)
    const old = (await trusted(api, connection)).find(({ origin }) => origin === 'metadata')
    expect(old).toMatchObject({ sha256: removeCertificates[0], retiredAt: expect.any(String) })
    await api.patch(pathOf(connection), { removeCertificates })
    expect(await trusted(api, connection)).toHaveLength(1)
  })

  it('are named by a fingerprint that the connection has', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const at = `${pathOf(connection)}/certificates/${'ab'.repeat(32)}/retire`
    expect((await api.post(at, undefined)).body['code']).toBe('admin.certificate_not_found')
  })
})
