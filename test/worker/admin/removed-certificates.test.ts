import { describe, expect, it } from 'vitest'
import { certificatePem } from '../../support/keys.ts'
import { print } from '../saml/metadata-world.ts'
import { type AdminApi, type Json, listOf, openAdminApi } from './admin-client.ts'
import {
  appId,
  createConnection,
  entraMetadataUrl,
  pathOf,
  serveMetadata,
} from './connection-world.ts'

const metadataUrl = `${entraMetadataUrl}?appid=${appId}`

async function entraWorld(signing: readonly ('K' | 'Knext')[]) {
  const api = openAdminApi()
  const serve = (keys: readonly ('K' | 'Knext')[]) => serveMetadata(api, { signing: [...keys] })
  await serve(signing)
  const connection = await createConnection(api, { metadataUrl })
  const refresh = () => api.post(`${pathOf(connection)}/metadata/refresh`, undefined)
  return { api, connection, serve, refresh, at: pathOf(connection) }
}

async function trusted(api: AdminApi, connection: Json): Promise<readonly unknown[]> {
  const idp = (await api.get(pathOf(connection))).body['idp'] as Json
  return listOf(idp, 'certificates').flatMap((row) =>
    row['retiredAt'] === null ? [row['sha256']] : [],
  )
}

describe('a certificate that an admin trusts no longer', () => {
  it('stays away though it was given by hand and the metadata publishes it too', async () => {
    const { api, connection, serve, refresh, at } = await entraWorld(['Knext'])
    await api.patch(at, { addCertificates: [certificatePem('K')] })
    await serve(['K', 'Knext'])
    await refresh()
    const removed = await api.patch(at, { removeCertificates: [await print('K')] })
    expect(removed.status).toBe(200)
    await refresh()
    expect(await trusted(api, connection)).toEqual([await print('Knext')])
  })

  it('stays away though metadata was given anew while it was not published', async () => {
    const { api, connection, serve, refresh, at } = await entraWorld(['K', 'Knext'])
    const retired = await api.post(`${at}/certificates/${await print('K')}/retire`, undefined)
    expect(retired.status).toBe(200)
    await serve(['Knext'])
    expect((await api.patch(at, { metadataUrl })).status).toBe(200)
    await serve(['K', 'Knext'])
    await refresh()
    expect(await trusted(api, connection)).toEqual([await print('Knext')])
  })

  it('is not the last one of today, though an expired one is left', async () => {
    const { api, connection, at } = await entraWorld(['Knext'])
    await api.patch(at, { addCertificates: [certificatePem('Kexpired')] })
    const last = await api.post(`${at}/certificates/${await print('Knext')}/retire`, undefined)
    expect([last.status, last.body['code']]).toEqual([409, 'admin.last_certificate'])
    const removeCertificates = [await print('Knext')]
    const removed = await api.patch(at, { removeCertificates })
    expect([removed.status, removed.body['code']]).toEqual([409, 'admin.last_certificate'])
    const expired = await print('Kexpired')
    expect((await api.post(`${at}/certificates/${expired}/retire`, undefined)).status).toBe(200)
    expect(await trusted(api, connection)).toEqual([await print('Knext')])
  })

  it('stays away though it still waits to be approved with others', async () => {
    const api = openAdminApi()
    const plainUrl = 'https://metadata.example/idp'
    await serveMetadata(api, {}, plainUrl)
    const connection = await createConnection(api, { metadataUrl: plainUrl })
    const at = pathOf(connection)
    await serveMetadata(api, { signing: ['K', 'Knext', 'K2'] }, plainUrl)
    const shown = await api.post(`${at}/metadata/refresh`, undefined)
    await api.patch(at, { addCertificates: [certificatePem('Knext'), certificatePem('K2')] })
    await api.post(`${at}/certificates/${await print('Knext')}/retire`, undefined)
    const hash = (shown.body['pending'] as Json)['hash']
    const approved = await api.post(`${at}/metadata/approve`, { hash })
    expect([approved.status, approved.body['pending']]).toEqual([200, null])
    const idp = (await api.get(at)).body['idp'] as Json
    const rows = listOf(idp, 'certificates')
    const of = async (key: 'Knext' | 'K2') => {
      const sha256 = await print(key)
      return rows.find((row) => row['sha256'] === sha256)
    }
    expect(await of('Knext')).toMatchObject({ retiredAt: expect.any(String) })
    expect(await of('K2')).toMatchObject({ origin: 'manual', retiredAt: null })
  })
})
