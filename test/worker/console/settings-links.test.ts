import { describe, expect, it } from 'vitest'
import { createContoso, listOf, textOf } from '../admin/admin-client.ts'
import { addPerson } from '../admin/connection-world.ts'
import { openConsole } from './console-world.ts'

const settings = '/console/o/contoso/settings'

async function contoso() {
  const world = openConsole()
  await createContoso(world.api)
  await addPerson('usr_ann', { userName: 'ann@contoso.com' })
  return { world, browser: await world.operator() }
}

describe('setup links', () => {
  const page = `${settings}/links`
  const form = `${page}/new`

  it('are made for chosen parts, shown once, let in, and are revoked', async () => {
    const { world, browser } = await contoso()
    expect((await browser.get(page)).text).toContain('No link yet')
    const fields = { name: 'IT', parts: ['saml', 'scim'], expiresInDays: '7' }
    const made = await browser.post(form, fields, form)
    const [, token = ''] = /enter#([\w-]{43})/.exec(made.text) ?? []
    expect([made.status, made.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const guest = world.browser()
    expect((await guest.post('/console/enter', { token })).location).toBe('/console')
    const listed = await browser.get(page)
    expect(listed.html).not.toContain(token)
    expect(listed.text).toContain('IT saml, scim usable')
    const [link] = listOf((await world.get('/organizations/contoso/setup-links')).body, 'items')
    const revoked = await browser.post(`${page}/${link?.['id']}/revoke`, {}, page)
    expect(revoked.location).toBe(`${page}?done=revoked`)
    expect((await guest.get('/console/o/contoso/setup')).status).toBe(303)
  })

  it('are made as the form comes, once a name is typed', async () => {
    const { browser } = await contoso()
    const { html } = await browser.get(form)
    const [, expiresInDays = ''] = /name="expiresInDays"[^>]*value="(\d+)"/.exec(html) ?? []
    const parts = [...html.matchAll(/value="(\w+)" checked/g)].map(([, part = '']) => part)
    expect(parts).toEqual(['saml', 'scim', 'attributes'])
    const made = await browser.post(form, { name: 'IT', parts, expiresInDays }, form)
    expect([made.status, made.text]).toEqual([200, expect.stringContaining('/console/enter#')])
  })

  it('are not made for nothing', async () => {
    const { world, browser } = await contoso()
    const bad = await browser.post(form, { name: 'IT', expiresInDays: 'x' }, form)
    expect(bad.status).toBe(400)
    expect(bad.html).toContain('id="expiresInDays-error"')
    expect(bad.html).toContain('<p class="error">')
    expect(bad.html).not.toContain('checked')
    expect(listOf((await world.get('/organizations/contoso/setup-links')).body, 'items')).toEqual(
      [],
    )
  })

  it('are behind a question who it is, and for operators alone', async () => {
    const { world, browser } = await contoso()
    const visitor = await world.visitor('contoso')
    for (const path of [page, form]) expect((await visitor.get(path)).status).toBe(404)
    world.clock.ms += 16 * 60_000
    expect((await browser.get(form)).location).toContain('/console/confirm')
    expect((await browser.post(form, { name: 'IT' }, page)).location).toContain('/console/confirm')
  })
})

describe('recovery links', () => {
  const page = `${settings}/recovery`
  const form = `${page}/new`

  it('are made by user name or id, shown once, and revoked', async () => {
    const { world, browser } = await contoso()
    expect((await browser.get(page)).text).toContain('No link of the last weeks')
    const fields = { user: 'ANN@contoso.com', expiresInMinutes: '30' }
    const made = await browser.post(form, fields, form)
    const [, token = ''] = /recover#([\w-]{43})/.exec(made.text) ?? []
    expect(token).not.toBe('')
    await browser.post(form, { user: 'usr_ann', expiresInMinutes: '30' }, form)
    const { body } = await world.get('/organizations/contoso/recovery-links')
    expect(listOf(body, 'items')).toMatchObject([{ user: 'usr_ann' }, { user: 'usr_ann' }])
    expect((await browser.get(page)).html).not.toContain(token)
    const [link] = listOf(body, 'items')
    await browser.post(`${page}/${link === undefined ? '' : textOf(link, 'id')}/revoke`, {}, page)
    const left = (await world.get('/organizations/contoso/recovery-links')).body
    expect(listOf(left, 'items')).toHaveLength(1)
  })

  it('are not made for nobody', async () => {
    const { browser } = await contoso()
    const bad = await browser.post(form, { user: 'bob@contoso.com', expiresInMinutes: '30' }, form)
    expect([bad.status, bad.html]).toEqual([404, expect.stringContaining('id="user-error"')])
    expect(bad.html).toContain('value="bob@contoso.com"')
  })
})

describe('the operator’s page', () => {
  it('shows which encryption keys are needed, to operators alone', async () => {
    const { world, browser } = await contoso()
    const shown = await browser.get('/console/operator')
    expect([shown.status, shown.text]).toEqual([200, expect.stringContaining('k1 in use')])
    const visitor = await world.visitor('contoso')
    expect((await visitor.get('/console/operator')).status).toBe(404)
  })
})
