import { describe, expect, it } from 'vitest'
import { certificatePem } from '../../support/keys.ts'
import { type Json, listOf, textOf } from '../admin/admin-client.ts'
import {
  createConnection,
  entraMetadataUrl,
  pathOf,
  serveMetadata,
} from '../admin/connection-world.ts'
import { openConsole } from './console-world.ts'

const settings = '/console/o/contoso/settings'
const plainUrl = 'https://metadata.example/idp'

async function connected(body: Json = {}) {
  const world = openConsole()
  await serveMetadata(world.api)
  await serveMetadata(world.api, {}, plainUrl)
  const connection = await createConnection(world.api, body)
  const browser = await world.operator()
  const page = `${settings}/connections/${textOf(connection, 'id')}`
  const read = async () => (await world.get(pathOf(connection))).body
  return { world, connection, browser, page, read }
}

const options = { name: 'Entra', extraSkewSeconds: '0', claimNames: '' }

describe('the connections', () => {
  it('are listed, each with its addresses on its page', async () => {
    const { connection, browser, page } = await connected()
    const list = await browser.get(`${settings}/connections`)
    expect(list.html).toContain(`href="${page}"`)
    const shown = await browser.get(page)
    expect(shown.status).toBe(200)
    for (const name of ['entityId', 'acsUrl', 'loginUrl', 'logoutUrl']) {
      expect(shown.text).toContain(textOf(connection, name))
    }
  })

  it('say what to do where there is none, and are none of another organization', async () => {
    const { world, browser, page } = await connected()
    await world.post('/organizations', { slug: 'fabrikam', name: 'Fabrikam' })
    const empty = await browser.get('/console/o/fabrikam/settings/connections')
    expect(empty.text).toContain('No connection yet')
    expect((await browser.get(page.replace('contoso', 'fabrikam'))).status).toBe(404)
    const certificates = await browser.get('/console/o/fabrikam/settings/certificates')
    expect(certificates.text).toContain('No connection yet')
  })

  it('have their options changed', async () => {
    const { browser, page, read } = await connected()
    const fields = {
      ...options,
      name: 'Entra ID',
      allowIdpInitiated: 'true',
      signRequests: 'true',
      extraSkewSeconds: '60',
      identityClaim: 'urn:id',
      claimNames: 'department = urn:dept\n',
    }
    expect((await browser.post(page, fields, page)).location).toBe(`${page}?done=saved`)
    expect(await read()).toMatchObject({
      name: 'Entra ID',
      allowIdpInitiated: true,
      acceptUnsolicited: false,
      signRequests: true,
      extraSkewSeconds: 60,
      identityClaim: 'urn:id',
      claimNames: { department: ['urn:dept'] },
    })
    await browser.post(page, { ...options, identityClaim: '' }, page)
    expect(await read()).toMatchObject({
      name: 'Entra',
      allowIdpInitiated: false,
      identityClaim: null,
      claimNames: {},
    })
  })

  it('come back with what is wrong beside its field', async () => {
    const { browser, page, read } = await connected()
    const before = await read()
    const fields = {
      ...options,
      acceptUnsolicited: 'true',
      extraSkewSeconds: '900',
      claimNames: 'nothing = x',
    }
    const bad = await browser.post(page, fields, page)
    expect(bad.status).toBe(400)
    for (const name of ['extraSkewSeconds', 'claimNames']) {
      expect(bad.html).toContain(`id="${name}-error"`)
    }
    expect(bad.html).toContain('nothing = x</textarea>')
    const one = await browser.post(page, { ...options, acceptUnsolicited: 'true' }, page)
    expect(one.html).toContain('id="acceptUnsolicited-error"')
    expect(await read()).toEqual(before)
  })

  it('are deleted after a question', async () => {
    const { world, connection, browser, page } = await connected()
    const asked = await browser.get(`${page}/delete`)
    expect(asked.text).toContain('That cannot be undone')
    const deleted = await browser.post(`${page}/delete`, {}, `${page}/delete`)
    expect(deleted.location).toBe(`${settings}/connections?done=deleted`)
    expect((await world.get(pathOf(connection))).status).toBe(404)
    expect((await browser.post(`${page}/delete`, {}, settings)).status).toBe(404)
  })
})

describe('the metadata of a connection', () => {
  it('is read anew by another address, or not any more', async () => {
    const { browser, page, read } = await connected({ metadataUrl: plainUrl })
    const missing = await browser.post(
      `${page}/metadata`,
      { metadataUrl: 'http://metadata.example' },
      page,
    )
    expect(missing.html).toContain('id="metadataUrl-error"')
    expect(missing.html).toContain('value="http://metadata.example"')
    await browser.post(`${page}/metadata`, { metadataUrl: '' }, page)
    expect((await read())['idp']).toMatchObject({ metadataUrl: null })
    await browser.post(`${page}/metadata`, { metadataUrl: entraMetadataUrl }, page)
    expect((await read())['idp']).toMatchObject({ metadataUrl: entraMetadataUrl })
  })

  it('is refreshed, and what nobody vouches for waits for a word', async () => {
    const { world, browser, page, read } = await connected({ metadataUrl: plainUrl })
    await serveMetadata(world.api, { signing: ['K', 'Knext'] }, plainUrl)
    await browser.post(`${page}/refresh`, {}, page)
    const shown = await browser.get(page)
    expect(shown.text).toContain('Trust another certificate')
    const hash = /name="hash" value="([0-9a-f]+)"/.exec(shown.html)?.[1] ?? ''
    expect((await browser.post(`${page}/approve`, { hash: '0'.repeat(64) }, page)).status).toBe(409)
    await browser.post(`${page}/dismiss`, { hash }, page)
    expect((await browser.get(page)).text).toContain('Changes were left out')
    await browser.post(`${page}/approve`, { hash }, page)
    const { certificates } = (await read())['idp'] as { readonly certificates: readonly unknown[] }
    expect(certificates).toHaveLength(2)
  })

  it('that cannot be used is said with the reason', async () => {
    const { world, browser, page } = await connected({ metadataUrl: plainUrl })
    world.network.set(plainUrl, () => new Response('', { status: 404 }))
    const refused = await browser.post(`${page}/refresh`, {}, page)
    expect([refused.status, refused.text]).toEqual([
      422,
      expect.stringContaining('saml.metadata_fetch'),
    ])
    expect((await browser.get(page)).text).toContain('The last document could not be used.')
  })
})

describe('the keys of a connection', () => {
  it('are replaced in steps', async () => {
    const { browser, page, read } = await connected()
    const states = async () =>
      listOf(await read(), 'keys').map(({ purpose, state }) => `${purpose} ${state}`)
    const before = await states()
    await browser.post(`${page}/keys`, { step: 'prepare' }, page)
    expect(await states()).toContain('signing next')
    await browser.post(`${page}/keys`, { step: 'switch' }, page)
    expect(await states()).toContain('signing previous')
    await browser.post(`${page}/keys`, { step: 'retire' }, page)
    expect(await states()).toEqual(before)
    const early = await browser.post(`${page}/keys`, { step: 'switch' }, page)
    expect([early.status, early.text]).toEqual([409, expect.stringContaining('admin.no_next_key')])
  })
})

describe('the certificates', () => {
  const page = `${settings}/certificates`

  it('stand on a timeline, and are retired and trusted again, but for the last', async () => {
    const { world, connection, browser } = await connected()
    await world.patch(pathOf(connection), { addCertificates: [certificatePem('Knext')] })
    const shown = await browser.get(page)
    expect(shown.html).toContain('aria-label="Validity of 2 certificates: 2 trusted."')
    const [first, second] = [...shown.html.matchAll(/action="([^"]+)\/retire"/g)].map(
      ([, action = '']) => action,
    )
    const retired = await browser.post(`${first}/retire`, {}, page)
    expect(retired.location).toBe(`${page}?done=distrusted`)
    expect((await browser.get(page)).html).toContain('1 retired, 1 trusted')
    const last = await browser.post(`${second}/retire`, {}, page)
    expect([last.status, last.text]).toEqual([409, expect.stringContaining('last_certificate')])
    expect((await browser.post(`${first}/restore`, {}, page)).location).toBe(`${page}?done=trusted`)
  })
})
