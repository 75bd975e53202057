import { beforeEach, describe, expect, it } from 'vitest'
import { certificatePem } from '../../support/keys.ts'
import { buildResponse, claims, defaultAttributes } from '../../support/saml-builder.ts'
import { createContoso, listOf, textOf } from '../admin/admin-client.ts'
import { requestIdOf } from '../support/door-world.ts'
import { type Browser, type ConsoleWorld, openConsole, type Page } from './console-world.ts'

const tab = '/console/o/contoso/test'
const tenantId = 'a1a1a1a1-0000-4000-8000-00000000000a'
const idpEntityId = `https://sts.windows.net/${tenantId}/`

let world: ConsoleWorld
let id: string
let urls: { acsUrl: string; entityId: string }

beforeEach(async () => {
  world = openConsole()
  await createContoso(world.api)
  const made = await world.api.post('/organizations/contoso/connections', {
    name: 'Entra',
    manual: {
      entityId: idpEntityId,
      ssoUrl: `https://login.microsoftonline.com/${tenantId}/saml2`,
      certificates: [certificatePem('K')],
    },
  })
  id = textOf(made.body, 'id')
  urls = { acsUrl: textOf(made.body, 'acsUrl'), entityId: textOf(made.body, 'entityId') }
})

function linkOn(page: Page): URL {
  const [, link = ''] = /data-copy="([^"]+)"/.exec(page.html) ?? []
  return new URL(link)
}

/** What the tester's browser does with the link: begins, and brings the provider's answer. */
async function take(link: URL, audience = urls.entityId): Promise<Page> {
  const tester = world.browser()
  const begun = await tester.send(link.pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: link.hash.slice(1) }).toString(),
  })
  const [, to = ''] = /content="0;url=([^"]*)"/.exec(begun.html) ?? []
  const inResponseTo = await requestIdOf(new URL(to.replaceAll('&amp;', '&')))
  const { form } = await buildResponse({
    response: { inResponseTo, destination: urls.acsUrl },
    assertion: {
      audiences: [audience],
      confirmations: [{ inResponseTo, recipient: urls.acsUrl }],
      attributes: { ...defaultAttributes, [claims.tenantId]: tenantId },
    },
  })
  const answered = await tester.send(new URL(urls.acsUrl).pathname, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'cross-site',
    },
    body: form,
  })
  expect(answered.status).toBe(303)
  return tester.get(answered.location)
}

async function makeLink(browser: Browser): Promise<Page> {
  const page = await browser.post(`${tab}/${id}`, {}, tab)
  expect(page.status).toBe(200)
  return page
}

describe('the page of test sign-ins', () => {
  it('leads to the guide while there is nothing to test', async () => {
    await world.api.delete(`/organizations/contoso/connections/${id}`)
    const page = await (await world.operator()).get(tab)
    expect(page.text).toContain('Nothing to test yet')
  })

  it('makes a link once, with a QR code, and shows how far the test is', async () => {
    const browser = await world.operator()
    expect((await browser.get(tab)).text).toContain('No tests yet')
    const page = await makeLink(browser)
    expect(linkOn(page).href).toMatch(/\/saml\/con_\w+\/test#[\w-]{43}$/)
    expect(page.html).toContain('<svg class="qr"')
    expect(page.text).toContain('Waiting for the tester')
    const [, live = ''] = /hx-get="([^"]+)"/.exec(page.html) ?? []
    expect((await browser.get(live)).text).toContain('Waiting for the tester')
    await take(linkOn(page))
    const over = await browser.get(live)
    expect(over.text).toContain('Passed')
    expect(over.html).not.toContain('hx-get')
    const list = await browser.get(tab)
    expect(list.text).toContain('Passed')
    expect(list.html).not.toContain(linkOn(page).hash)
  })

  it('tells in its report what passed, who it would be and what arrived', async () => {
    const browser = await world.operator()
    const shown = await take(linkOn(await makeLink(browser)))
    expect(shown.text).toContain('The test passed')
    const [, report = ''] =
      new RegExp(`href="(${tab}/${id}/tst_\\w+)"`).exec((await browser.get(tab)).html) ?? []
    const page = await browser.get(report)
    expect(page.text).toContain('The test passed.')
    expect(page.text).toContain('Would be new')
    expect(page.text).toContain('ann@contoso.example')
    expect(page.text).toContain('Audience The assertion was made for this Entity ID.')
    expect(page.text).toContain(claims.givenName)
    expect(page.text).not.toContain('Not reached')
  })

  it('tells in its report which check failed, why, and what to do', async () => {
    const browser = await world.operator()
    const shown = await take(linkOn(await makeLink(browser)), 'https://wrong.example')
    expect(shown.text).toContain('The test failed')
    expect(shown.text).toContain('saml.audience')
    const [, report = ''] =
      new RegExp(`href="(${tab}/${id}/tst_\\w+)"`).exec((await browser.get(tab)).html) ?? []
    const page = await browser.get(report)
    expect(page.text).toContain('The test failed at “Audience”.')
    expect(page.text).toContain(
      'Copy the exact Entity ID of the connection into Identifier (Entity ID)',
    )
    expect(page.text).toContain('https://wrong.example')
    expect(page.text).toContain('Not reached')
  })

  it('names testers and takes them off', async () => {
    const browser = await world.operator()
    const testers = `${tab}/${id}/testers`
    const added = await browser.post(testers, { kind: 'objectId', value: 'no-guid' }, tab)
    expect(added.status).toBe(400)
    expect(added.html).toContain('value="no-guid"')
    const tester = { kind: 'userPrincipalName', value: 'ann@contoso.example' }
    const done = await browser.post(testers, tester, tab)
    expect([done.status, done.location]).toEqual([303, `${tab}?connection=${id}&done=saved`])
    expect((await browser.get(tab)).text).toContain('ann@contoso.example')
    await browser.post(`${testers}/remove`, tester, tab)
    expect((await browser.get(tab)).text).not.toContain('ann@contoso.example')
  })

  it('is for setup links with single sign-on, which make nobody', async () => {
    const link = await world.visitor('contoso', ['saml'])
    expect((await link.get(tab.replace('contoso', textOf(await org(), 'id')))).text).not.toContain(
      'Make the person',
    )
    const other = await world.visitor('contoso', ['scim'])
    expect((await other.get(tab)).status).toBe(404)
  })

  it('says that a disabled connection cannot be tested', async () => {
    const path = `/organizations/contoso/connections/${id}`
    await world.api.patch(path, { status: 'active' })
    await world.api.patch(path, { status: 'disabled' })
    const page = await (await world.operator()).get(tab)
    expect(page.text).toContain('The connection is disabled')
  })

  it('writes an event of who asked', async () => {
    await makeLink(await world.operator())
    const { body } = await world.api.get('/organizations/contoso/events?type=test_sign_in.created')
    expect(listOf(body, 'items')).toMatchObject([{ actor: 'operator', connection: id }])
  })
})

async function org() {
  return (await world.api.get('/organizations/contoso')).body
}
