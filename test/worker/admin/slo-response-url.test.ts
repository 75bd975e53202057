import { describe, expect, it } from 'vitest'
import { buildMetadata } from '../../support/saml-messages.ts'
import { blamed, type Json, listOf, openAdminApi } from './admin-client.ts'
import { createConnection, manual, pathOf } from './connection-world.ts'

const sloUrl = 'https://idp.example/slo'
const sloResponseUrl = 'https://idp.example/slo/answers'

const idpOf = (connection: Json) => connection['idp'] as Json

describe('where answers to logout requests go', () => {
  it('is read from metadata that says so, and nowhere else', async () => {
    const api = openAdminApi()
    const beforeSigning = (xml: string) =>
      xml.replace('<SingleLogoutService', `$& ResponseLocation="${sloResponseUrl}"`)
    const stated = await createConnection(api, {
      metadataXml: await buildMetadata({ sloUrl, beforeSigning }),
    })
    expect(idpOf(stated)).toMatchObject({ sloUrl, sloResponseUrl })
    const metadataXml = await buildMetadata({ sloUrl })
    const changed = await api.patch(pathOf(stated), { metadataXml })
    expect(idpOf(changed.body)).toMatchObject({ sloUrl, sloResponseUrl: null })
  })

  it('is given by hand, told in the event, and gone with a new logout address', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api, { manual: { ...manual, sloUrl } })
    expect(idpOf(connection)).toMatchObject({ sloUrl, sloResponseUrl: null })
    const path = pathOf(connection)
    const given = await api.patch(path, { manual: { sloResponseUrl } })
    expect(idpOf(given.body)).toMatchObject({ sloUrl, sloResponseUrl })
    const events = await api.get('/organizations/contoso/events?type=connection.updated')
    expect(listOf(events.body, 'items')).toMatchObject([
      { detail: { sloResponseUrl: { from: null, to: sloResponseUrl } } },
    ])
    const both = await api.patch(path, { manual: { sloUrl, sloResponseUrl } })
    expect(idpOf(both.body)).toMatchObject({ sloUrl, sloResponseUrl })
    const moved = await api.patch(path, { manual: { sloUrl: 'https://idp.example/new' } })
    expect(idpOf(moved.body)).toMatchObject({
      sloUrl: 'https://idp.example/new',
      sloResponseUrl: null,
    })
  })

  it('has to be an https URL like the others', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const refused = await api.patch(pathOf(connection), {
      manual: { sloResponseUrl: 'http://idp.example/slo' },
    })
    expect(refused.status).toBe(400)
    expect(blamed(refused)).toEqual(['manual.sloResponseUrl'])
  })
})
