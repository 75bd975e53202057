import { describe, expect, it } from 'vitest'
import { context } from '../../support/saml-context.ts'
import { createContoso } from '../admin/admin-client.ts'
import { openConsole } from './console-world.ts'

const page = '/console/o/contoso/settings/graph'
const { tenantId } = context
const clientId = '2d4d3d8e-2be3-4bef-9f87-7875a61c29de'
const tokenUrl = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`

async function contoso() {
  const world = openConsole()
  await createContoso(world.api)
  world.network.set(tokenUrl, () =>
    Response.json({ error: 'invalid_client', error_description: 'AADSTS7000222' }, { status: 401 }),
  )
  return { world, browser: await world.operator() }
}

describe('the credential for Microsoft Graph', () => {
  it('is set with a secret, checked, with what is wrong in words, and removed', async () => {
    const { world, browser } = await contoso()
    expect((await browser.get(page)).text).toContain('Microsoft Graph is not read yet')
    const fields = { tenantId, clientId, kind: 'secret', clientSecret: 's3cr3t~value' }
    const set = await browser.post(`${page}/set`, fields, `${page}/set`)
    expect(set.location).toBe(`${page}?done=saved`)
    const shown = await browser.get(page)
    expect(shown.text).toContain('Client secret')
    expect(shown.text).toContain('AADSTS7000222')
    expect(shown.html).not.toContain('s3cr3t~value')
    expect((await browser.get(`${page}/set`)).html).not.toContain('s3cr3t~value')
    const checked = await browser.post(`${page}/check`, {}, page)
    expect(checked.location).toBe(`${page}?done=checked`)
    const removed = await browser.post(`${page}/remove`, {}, page)
    expect(removed.location).toBe(`${page}?done=deleted`)
    expect((await world.get('/organizations/contoso/graph')).status).toBe(404)
  })

  it('may be a certificate that is made here, to be uploaded', async () => {
    const { browser } = await contoso()
    const fields = { tenantId, clientId, kind: 'generate' }
    await browser.post(`${page}/set`, fields, `${page}/set`)
    const shown = await browser.get(page)
    expect(shown.text).toContain('-----BEGIN CERTIFICATE-----')
    expect(shown.text).toContain('Not checked yet')
  })

  it('comes back with what is wrong, but without the secret', async () => {
    const { world, browser } = await contoso()
    const fields = { tenantId: 'contoso.com', clientId, kind: 'secret', clientSecret: 's3cr3t' }
    const bad = await browser.post(`${page}/set`, fields, `${page}/set`)
    expect([bad.status, bad.html]).toEqual([400, expect.stringContaining('id="tenantId-error"')])
    expect(bad.html).toContain('value="contoso.com"')
    expect(bad.html).not.toContain('s3cr3t')
    expect((await world.get('/organizations/contoso/graph')).status).toBe(404)
  })

  it('is set and checked, but not removed, by a setup link for attributes', async () => {
    const { world } = await contoso()
    const visitor = await world.visitor('contoso', ['attributes'])
    const fields = { tenantId, clientId, kind: 'generate' }
    expect((await visitor.post(`${page}/set`, fields, page)).location).toBe(`${page}?done=saved`)
    const shown = await visitor.get(page)
    expect(shown.html).not.toContain('settings/sessions')
    expect(shown.html).not.toContain(`${page}/remove`)
    expect((await visitor.post(`${page}/remove`, {}, page)).status).toBe(404)
    const scim = await world.visitor('contoso', ['scim'])
    expect((await scim.get(page)).status).toBe(404)
  })
})
