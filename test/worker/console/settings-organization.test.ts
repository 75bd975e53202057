import { describe, expect, it } from 'vitest'
import { createContoso } from '../admin/admin-client.ts'
import { openConsole } from './console-world.ts'

const page = '/console/o/contoso/settings'

async function contoso(...given: Parameters<typeof openConsole>) {
  const world = openConsole(...given)
  await createContoso(world.api)
  return { world, browser: await world.operator() }
}

describe('the organization’s settings', () => {
  it('are shown and changed', async () => {
    const { world, browser } = await contoso()
    const shown = await browser.get(page)
    expect([shown.status, shown.html]).toEqual([200, expect.stringContaining('value="Contoso"')])
    const saved = await browser.post(
      page,
      { name: 'Contoso Ltd', sessionHours: '8', signIn: 'required', defaultRole: 'reader' },
      page,
    )
    expect([saved.status, saved.location]).toEqual([303, `${page}?done=saved`])
    expect((await browser.get(saved.location)).text).toContain('Saved.')
    expect((await world.get('/organizations/contoso')).body).toMatchObject({
      name: 'Contoso Ltd',
      sessionHours: 8,
      signIn: 'required',
      provisioning: { defaultRole: 'reader', keepValues: false },
    })
  })

  it('come back with what was typed and what is wrong with it', async () => {
    const { world, browser } = await contoso()
    const before = (await world.get('/organizations/contoso')).body
    const fields = { name: 'New', sessionHours: 'many', signIn: 'optional', defaultRole: 'a b' }
    const refused = await browser.post(page, fields, page)
    expect(refused.status).toBe(400)
    for (const value of ['New', 'many', 'a b']) expect(refused.html).toContain(`value="${value}"`)
    expect(refused.html).toContain('id="sessionHours-error"')
    expect(refused.html).toContain('id="defaultRole-error"')
    expect((await world.get('/organizations/contoso')).body).toEqual(before)
  })

  it('name the app’s origins, which operators alone set', async () => {
    const { world, browser } = await contoso()
    const good = { origins: ' https://app.example.com \n\nhttps://b.example.com\n' }
    expect((await browser.post(`${page}/origins`, good, page)).status).toBe(303)
    expect((await world.get('/organizations/contoso')).body).toMatchObject({
      appOrigins: ['https://app.example.com', 'https://b.example.com'],
    })
    const bad = await browser.post(`${page}/origins`, { origins: 'http://x/path' }, page)
    expect([bad.status, bad.text]).toEqual([400, expect.stringContaining('without a path')])
    expect(bad.html).toContain('http://x/path</textarea>')
  })
})

describe('domains', () => {
  const challenge = '_portico'

  it('are added with the record that proves them, verified, and removed', async () => {
    const records = new Set<string>()
    const fetch: typeof globalThis.fetch = async () =>
      Response.json({ Status: 0, Answer: [...records].map((data) => ({ type: 16, data })) })
    const { browser } = await contoso({ fetch })
    const added = await browser.post(`${page}/domains`, { domain: 'Contoso.example' }, page)
    expect(added.location).toBe(`${page}?done=created`)
    const shown = await browser.get(page)
    expect(shown.text).toContain('Not proved')
    expect(shown.html).toContain(challenge)
    const path = `${page}/domains/contoso.example`
    const early = await browser.post(`${path}/verify`, {}, page)
    expect([early.status, early.text]).toEqual([422, expect.stringContaining('set a TXT record')])
    records.add(`"${/portico-verification=[\w-]+/.exec(shown.text)?.[0]}"`)
    expect((await browser.post(`${path}/verify`, {}, page)).location).toBe(`${page}?done=verified`)
    expect((await browser.get(page)).text).toContain('Proved by DNS')
    await browser.post(`${path}/remove`, {}, page)
    expect((await browser.get(page)).text).toContain('No domain yet')
  })

  it('are proved on an operator’s word, and refused where they are none', async () => {
    const { browser } = await contoso()
    const fields = { domain: 'contoso.example', verified: 'true' }
    await browser.post(`${page}/domains`, fields, page)
    expect((await browser.get(page)).text).toContain('Proved by an operator')
    const bad = await browser.post(`${page}/domains`, { domain: 'no domain' }, page)
    expect([bad.status, bad.html]).toEqual([400, expect.stringContaining('id="domain-error"')])
    expect(bad.html).toContain('value="no domain"')
  })
})
