import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { certificatePem } from '../../support/keys.ts'
import { context } from '../../support/saml-context.ts'
import { buildMetadata } from '../../support/saml-messages.ts'
import { createContoso, listOf, textOf } from '../admin/admin-client.ts'
import {
  appId,
  createConnection,
  entraMetadataUrl,
  serveMetadata,
} from '../admin/connection-world.ts'
import { type ConsoleWorld, openConsole } from './console-world.ts'

const setup = '/console/o/contoso/setup'
const metadataUrl = `${entraMetadataUrl}?appid=${appId}`

/** Contoso, in which nothing is set up, and an operator's browser. */
async function fresh() {
  const world = openConsole()
  await createContoso(world.api)
  return { world, browser: await world.operator() }
}

/** The only connection of Contoso. */
async function connectionOf({ api }: ConsoleWorld) {
  const { body } = await api.get('/organizations/contoso/connections')
  const list = listOf(body, 'items')
  expect(list).toHaveLength(1)
  return list[0] ?? {}
}

describe('the set-up guide', () => {
  it('opens at its first step, with where to click and all parts', async () => {
    const { browser } = await fresh()
    const page = await browser.get(setup)
    expect(page.status).toBe(200)
    for (const said of [
      'Microsoft Entra ID',
      'Sign-in (SAML)',
      'Provisioning (SCIM)',
      'Attributes',
      'Entra admin center › Entra ID › Enterprise apps › New application',
      'Mark as done',
      'Application Administrator',
    ]) {
      expect(page.text).toContain(said)
    }
    expect(page.html.match(/<h1/g)).toHaveLength(1)
    expect(page.html).not.toMatch(/ style=| on[a-z]+="/)
  })

  it('makes a draft connection of a metadata address, and shows what to enter', async () => {
    const { world, browser } = await fresh()
    await serveMetadata(world.api)
    const step = `${setup}?step=saml.metadata`
    const sent = await browser.post(
      `${setup}/metadata?step=saml.metadata`,
      { by: 'url', metadataUrl },
      step,
    )
    expect([sent.status, sent.location]).toEqual([303, `${setup}?done=saved`])
    const connection = await connectionOf(world)
    expect(connection).toMatchObject({ name: 'Microsoft Entra ID', status: 'draft' })
    const page = await browser.get(sent.location)
    expect(page.text).toContain('Enter the addresses')
    for (const [field, key] of [
      ['Identifier (Entity ID)', 'entityId'],
      ['Reply URL (Assertion Consumer Service URL)', 'acsUrl'],
      ['Sign on URL', 'loginUrl'],
      ['Logout Url', 'logoutUrl'],
    ] as const) {
      expect(page.text).toContain(field)
      expect(page.html).toContain(`data-copy="${textOf(connection, key)}"`)
    }
    expect((await browser.get(step)).html).toContain(`data-copy="${connection['id']}"`)
  })

  it('takes the metadata as a file, and by hand, and replaces it', async () => {
    const { world, browser } = await fresh()
    const xml = await buildMetadata({ byteOrderMark: true })
    const page = await browser.get(`${setup}?step=saml.metadata`)
    const body = new FormData()
    body.set('csrf', /name="csrf" value="([0-9a-f]+)"/.exec(page.html)?.[1] ?? '')
    body.set('by', 'file')
    body.set('file', new File([xml], 'metadata.xml', { type: 'text/xml' }))
    const sent = await browser.send(`${setup}/metadata`, { method: 'POST', body })
    expect(sent.status).toBe(303)
    expect((await connectionOf(world))['idp']).toMatchObject({
      tenantId: context.tenantId,
      metadataUrl: null,
    })
    const certificate = certificatePem('K')
    const byHand = {
      by: 'manual',
      entityId: 'https://idp.example',
      ssoUrl: 'https://idp.example/sso',
      certificate,
    }
    expect((await browser.post(`${setup}/metadata`, byHand, setup)).status).toBe(303)
    expect((await connectionOf(world))['idp']).toMatchObject({ entityId: 'https://idp.example' })
  })

  it('keeps what was entered and says what is wrong with it', async () => {
    const { browser } = await fresh()
    const step = `${setup}/metadata?step=saml.metadata`
    const refused = await browser.post(
      step,
      { by: 'url', metadataUrl: 'http://a.example/m' },
      setup,
    )
    expect(refused.status).toBe(422)
    expect(refused.html).toContain('value="http://a.example/m"')
    expect(refused.html).toMatch(/role="alert"[^>]*data-focus/)
    expect(refused.html).toContain('aria-invalid="true"')
    const byHand = {
      by: 'manual',
      entityId: 'https://idp.example',
      ssoUrl: 'https://idp.example/sso',
      certificate: 'x',
    }
    const wrong = await browser.post(step, byHand, setup)
    expect(wrong.status).toBe(400)
    expect(wrong.html).toContain('<details open')
  })

  it('marks a step by hand and goes on to the next, and takes the mark away', async () => {
    const { world, browser } = await fresh()
    const sent = await browser.post(
      `${setup}/mark`,
      { step: 'saml.application', done: 'yes' },
      setup,
    )
    expect(sent.location).toBe(`${setup}?done=saved`)
    expect((await browser.get(sent.location)).text).toContain('Bring back')
    const again = await browser.post(`${setup}/mark`, { step: 'saml.application', done: '' }, setup)
    expect(again.location).toBe(`${setup}?step=saml.application&done=saved`)
    const { body } = await world.api.get('/organizations/contoso/setup')
    expect(body['marked']).toEqual([])
    const wrong = await browser.post(`${setup}/mark`, { step: 'saml.rollout', done: 'yes' }, setup)
    expect(wrong.status).toBe(400)
  })

  it('shows the token once, and then waits for the provider’s call', async () => {
    const { world, browser } = await fresh()
    await createConnection(world.api)
    const step = `${setup}?step=scim.token`
    const made = await browser.post(
      `${setup}/token?step=scim.token`,
      { name: 'Entra', expires: '2027-11-24' },
      step,
    )
    expect([made.status, made.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const token = /portico_scim_[\w-]+/.exec(made.text)?.[0] ?? ''
    expect(token).not.toBe('')
    expect(made.html).toContain(`data-copy="${token}"`)
    expect((await browser.get(step)).html).not.toContain(token)
    const tokens = await world.api.get('/organizations/contoso/scim-tokens')
    expect(listOf(tokens.body, 'items')).toMatchObject([
      { name: 'Entra', expiresAt: '2027-11-24T00:00:00.000Z' },
    ])
    const waiting = await browser.get(`${setup}/live?step=scim.connect`)
    expect(waiting.text).toContain('No call with the token yet')
    const past = await browser.post(
      `${setup}/token?step=scim.token`,
      { name: 'Old', expires: '2020-01-01' },
      step,
    )
    expect([past.status, past.text.includes('must be in the future')]).toEqual([400, true])
  })

  it('asks who it is again before it makes a token', async () => {
    const { world, browser } = await fresh()
    world.clock.ms += 20 * 60 * 1000
    const made = await browser.post(`${setup}/token`, { name: 'Entra' }, setup)
    expect(made.location).toMatch(/^\/console\/confirm\?/)
    expect(
      listOf((await world.api.get('/organizations/contoso/scim-tokens')).body, 'items'),
    ).toEqual([])
  })

  it('stores a credential for Graph, offers its certificate, and checks it', async () => {
    const { world, browser } = await fresh()
    await serveMetadata(world.api)
    await createConnection(world.api, { metadataUrl })
    const step = `${setup}?step=attributes.graph-credential`
    const page = await browser.get(step)
    expect(page.html).toContain(`value="${context.tenantId}"`)
    expect(page.html).toContain(`value="${appId}"`)
    const action = `${setup}/graph?step=attributes.graph-credential`
    const wrong = await browser.post(
      action,
      { tenantId: 'x', clientId: appId, proof: 'secret' },
      step,
    )
    expect([wrong.status, wrong.html.includes('aria-invalid')]).toEqual([400, true])
    const sent = await browser.post(
      action,
      { tenantId: context.tenantId, clientId: appId, proof: 'certificate' },
      step,
    )
    expect(sent.status).toBe(303)
    expect((await browser.get(sent.location)).text).toContain('A certificate is in use')
    const file = await browser.get(`${setup}/graph/certificate.pem`)
    expect(file.html).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
    expect(file.html).not.toContain('PRIVATE')
    const checked = await browser.post(`${setup}/graph/check`, {}, setup)
    expect(checked.location).toContain('step=attributes.graph-check')
    expect((await browser.get(checked.location)).text).toContain('Look here')
  })

  it('chooses the guide by the select, and keeps it', async () => {
    const { browser } = await fresh()
    const okta = await browser.get(`${setup}?provider=okta`)
    expect(okta.text).toContain('Okta Admin Console')
    expect(okta.html).toContain(`${setup}?provider=okta&amp;step=saml.metadata`)
    const google = await browser.get(`${setup}?provider=google&step=scim.none`)
    expect(google.text).toContain('there is no SCIM here')
    const nothing = await browser.get(`${setup}?provider=__proto__&step=constructor`)
    expect(nothing.text).toContain('Entra admin center')
  })

  it('shows one connection of several, and none of another organization', async () => {
    const { world, browser } = await fresh()
    const first = await createConnection(world.api, { name: 'First' })
    world.clock.ms += 1000
    await createConnection(world.api, { name: 'Second' })
    const chosen = await browser.get(`${setup}?connection=${first['id']}&step=saml.addresses`)
    expect(chosen.html).toContain(`data-copy="${first['acsUrl']}"`)
    await createContoso(world.api, 'fabrikam')
    const other = await browser.get(`/console/o/fabrikam/setup?connection=${first['id']}`)
    expect([other.status, other.html.includes(textOf(first, 'acsUrl'))]).toEqual([404, false])
  })

  it('turns green by itself: the part that keeps itself up to date says so and stops when all is done', async () => {
    const { world, browser } = await fresh()
    const page = await browser.get(setup)
    expect(page.html).toContain('hx-get="/console/o/contoso/setup/live?step=saml.application"')
    expect(page.html).toContain('hx-trigger="every 3s"')
    await createConnection(world.api)
    const live = await browser.get(`${setup}/live?step=saml.application`)
    expect(live.html).toMatch(/^<div id="checks"/)
    expect(live.html).toContain('<li class="done">')
    expect(live.html).not.toContain('<html')
  })
})

describe('the script for Entra', () => {
  it('is read on a page, and downloaded as text that no browser shows', async () => {
    const { world, browser } = await fresh()
    await serveMetadata(world.api)
    const connection = await createConnection(world.api, { metadataUrl })
    const page = await browser.get(`${setup}/script`)
    expect(page.text).toContain('READ IT BEFORE YOU RUN IT')
    expect(page.text).toContain(`$entityId = '${connection['entityId']}'`)
    expect(page.text).toContain(context.tenantId)
    const file = await browser.get(
      `${setup}/script/file?sent=yes&kind=az&name=My+app&claims=department`,
    )
    expect(file.html).toMatch(/^#!\/usr\/bin\/env bash\n/)
    expect(file.html).toContain('claimsMappingPolicies')
    expect(file.html).not.toContain('synchronization')
    const header = (name: string) => file.headers.get(name)
    expect(header('content-type')).toBe('text/plain; charset=utf-8')
    expect(header('content-disposition')).toBe('attachment; filename="portico-entra.sh"')
    expect(header('x-content-type-options')).toBe('nosniff')
  })

  it.each(['', 'a\u202eb', 'a\nb'])('is not made for the name %j, which is said', async (name) => {
    const { browser } = await fresh()
    const search = new URLSearchParams({ sent: 'yes', name })
    for (const path of ['script', 'script/file']) {
      const page = await browser.get(`${setup}/${path}?${search}`)
      expect([page.status, page.html.includes('aria-invalid="true"')]).toEqual([400, true])
      expect(page.text).not.toContain('READ IT BEFORE')
      expect(page.headers.get('content-type')).toContain('text/html')
    }
  })

  it('escapes what it shows', async () => {
    const { browser } = await fresh()
    const search = new URLSearchParams({ sent: 'yes', name: '</pre><script>alert(1)</script>' })
    const page = await browser.get(`${setup}/script?${search}`)
    expect(page.status).toBe(200)
    expect(page.html).not.toContain('<script>alert')
  })

  it('holds no secret of the organization', async () => {
    const { world, browser } = await fresh()
    const token = await world.api.post('/organizations/contoso/scim-tokens', { name: 'Entra' })
    for (const kind of ['az', 'powershell']) {
      const file = await browser.get(
        `${setup}/script/file?sent=yes&kind=${kind}&name=App&scim=true`,
      )
      expect(file.html).toContain('synchronization')
      expect(file.html).not.toContain(textOf(token.body, 'token'))
    }
  })
})

describe('a setup link', () => {
  it('for provisioning sees its part, and neither metadata nor script', async () => {
    const { world } = await fresh()
    await createConnection(world.api)
    const visitor = await world.visitor('contoso', ['scim'])
    const org = await env.DB.prepare('select id from organizations').first<string>('id')
    const own = `/console/o/${org}/setup`
    const page = await visitor.get(own)
    expect(page.text).toContain('Provisioning (SCIM)')
    expect(page.text).not.toContain('Sign-in (SAML)')
    expect((await visitor.get(`${own}?step=saml.metadata`)).text).not.toContain(
      'Bring the metadata',
    )
    expect((await visitor.get(`${own}/script`)).status).toBe(404)
    const metadata = await visitor.post(`${own}/metadata`, { by: 'url', metadataUrl }, own)
    expect(metadata.status).toBe(404)
    const foreign = await visitor.post(`${own}/mark`, { step: 'saml.claims', done: 'yes' }, own)
    expect(foreign.status).toBe(403)
    const mark = await visitor.post(`${own}/mark`, { step: 'scim.scope', done: 'yes' }, own)
    expect(mark.status).toBe(303)
    const { body } = await world.api.get('/organizations/contoso/setup')
    expect(listOf(body, 'marked')).toMatchObject([
      { step: 'scim.scope', actor: expect.stringMatching(/^setup-link:lnk_/) },
    ])
  })

  it('for sign-in cannot roll out, and is told who does', async () => {
    const { world } = await fresh()
    await createConnection(world.api)
    const visitor = await world.visitor('contoso', ['saml'])
    const org = await env.DB.prepare('select id from organizations').first<string>('id')
    const page = await visitor.get(`/console/o/${org}/setup?step=saml.rollout`)
    expect(page.text).toContain('Tell whoever sent you the link')
    const script = await visitor.get(`/console/o/${org}/setup/script?sent=yes&name=App&scim=true`)
    expect(script.text).not.toContain('synchronization')
  })
})
