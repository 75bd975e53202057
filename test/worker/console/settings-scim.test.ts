import { describe, expect, it } from 'vitest'
import { createContoso, listOf } from '../admin/admin-client.ts'
import { openConsole } from './console-world.ts'

const page = '/console/o/contoso/settings/scim'
const api = '/organizations/contoso'
const tenant = 'c0470500-0000-4000-8000-000000000001'
const principal = 'c0470500-0000-4000-8000-00000000000a'

async function contoso() {
  const world = openConsole()
  await createContoso(world.api)
  return { world, browser: await world.operator() }
}

describe('SCIM tokens', () => {
  it('are made, shown once, disabled, enabled and revoked', async () => {
    const { world, browser } = await contoso()
    expect((await browser.get(page)).text).toContain('No token yet')
    const form = `${page}/tokens/new`
    const fields = { name: 'Entra', expiresAt: '2030-01-31' }
    const made = await browser.post(form, fields, form)
    expect(made.status).toBe(200)
    expect(made.headers.get('cache-control')).toBe('no-store')
    const [, token = ''] = /Secret token (\S+)/.exec(made.text) ?? []
    expect(token.length).toBeGreaterThan(20)
    const [stored] = listOf((await world.get(`${api}/scim-tokens`)).body, 'items')
    expect(stored).toMatchObject({ name: 'Entra', expiresAt: '2030-01-31T23:59:59.000Z' })
    const listed = await browser.get(page)
    expect(listed.text).not.toContain(token)
    expect(listed.text).toContain('Entra active')
    const path = `${page}/tokens/${stored?.['id']}`
    await browser.post(path, { disabled: 'true' }, page)
    expect((await browser.get(page)).text).toContain('Entra disabled')
    await browser.post(path, { disabled: '' }, page)
    expect((await browser.get(page)).text).toContain('Entra active')
    const revoked = await browser.post(`${path}/revoke`, {}, page)
    expect(revoked.location).toBe(`${page}?done=revoked`)
    expect((await browser.get(page)).text).toContain('No token yet')
    expect((await browser.post(`${path}/revoke`, {}, page)).status).toBe(404)
  })

  it('are not made with a bad name or an end that is over', async () => {
    const { world, browser } = await contoso()
    const form = `${page}/tokens/new`
    const bad = await browser.post(form, { name: '', expiresAt: '2001-01-01' }, form)
    expect([bad.status, bad.html]).toEqual([400, expect.stringContaining('id="name-error"')])
    const past = await browser.post(form, { name: 'Old', expiresAt: '2001-01-01' }, form)
    expect(past.html).toContain('id="expiresAt-error"')
    expect(past.html).toContain('value="2001-01-01"')
    expect(listOf((await world.get(`${api}/scim-tokens`)).body, 'items')).toEqual([])
  })

  it('are behind a question who it is', async () => {
    const { world, browser } = await contoso()
    world.clock.ms += 16 * 60_000
    const asked = await browser.get(`${page}/tokens/new`)
    expect(asked.location).toContain('/console/confirm?next=')
    const sent = await browser.post(`${page}/tokens/new`, { name: 'Entra' }, page)
    expect(sent.location).toContain('/console/confirm?next=')
    expect(listOf((await world.get(`${api}/scim-tokens`)).body, 'items')).toEqual([])
  })
})

describe('SCIM clients', () => {
  it('have secrets, which are shown once', async () => {
    const { world, browser } = await contoso()
    const form = `${page}/clients/new`
    const made = await browser.post(form, { name: 'Gallery', kind: 'secret' }, form)
    const [client] = listOf((await world.get(`${api}/scim-clients`)).body, 'items')
    expect(made.text).toContain(`Client ID ${client?.['id']}`)
    const [, secret = ''] = /Client secret (\S+)/.exec(made.text) ?? []
    expect(secret.length).toBeGreaterThan(20)
    const path = `${page}/clients/${client?.['id']}`
    const second = await browser.post(`${path}/secrets/new`, {}, `${path}/secrets/new`)
    expect(second.text).toContain('Client secret')
    const listed = await browser.get(page)
    expect(listed.text).not.toContain(secret)
    const ids = [...listed.html.matchAll(/secrets\/(\w+)\/delete/g)].map(([, id]) => id)
    expect(ids).toHaveLength(2)
    await browser.post(`${path}/secrets/${ids[0]}/delete`, {}, page)
    expect((await browser.get(page)).html).not.toContain(`${ids[0]}/delete`)
    await browser.post(path, { disabled: 'true' }, page)
    expect((await browser.get(page)).text).toContain('Gallery disabled')
    await browser.post(`${path}/delete`, {}, page)
    expect((await browser.get(page)).text).toContain('No client yet')
  })

  it('prove themselves by an assertion of the tenant', async () => {
    const { browser } = await contoso()
    const form = `${page}/clients/new`
    const fields = { name: 'Federated', kind: 'federation', tenantId: 'x', subject: principal }
    const bad = await browser.post(form, { ...fields, audience: `api://${tenant}` }, form)
    expect([bad.status, bad.html]).toEqual([400, expect.stringContaining('id="tenantId-error"')])
    expect(bad.html).toContain('value="federation" selected')
    const good = { ...fields, tenantId: tenant, audience: `api://${tenant}` }
    expect((await browser.post(form, good, form)).location).toBe(`${page}?done=created`)
    expect((await browser.get(page)).text).toContain('Federated federated')
  })
})
