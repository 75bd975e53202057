import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { createContoso } from '../admin/admin-client.ts'
import { addPerson } from '../admin/connection-world.ts'
import { type Browser, type ConsoleWorld, openConsole } from './console-world.ts'

const home = '/console/o/contoso/attributes'

let world: ConsoleWorld
let browser: Browser

/** Ann, whose sign-in states a title and a level. */
beforeEach(async () => {
  world = openConsole()
  await createContoso(world.api)
  browser = await world.operator()
  await addPerson('usr_ann', { userName: 'ann@contoso.example' })
  const said = (text: string) => ({ values: [text], changedAt: 1 })
  await env.DB.prepare(
    `insert into source_views (person_id, source, organization_id, attributes, sha256, at)
     select id, 'saml', organization_id, ?, 'x', 1 from people where id = 'usr_ann'`,
  )
    .bind(JSON.stringify({ jobTitle: said('engineer'), level: said('three') }))
    .run()
})

const rule = {
  ...{ order: 'manual scim graph saml', blankClears: 'true', person: 'ann' },
  ...{ 'tier-manual': '1', 'tier-scim': '2', 'tier-graph': '2', 'tier-saml': '3' },
  ...{ 'mode-manual': 'names', 'from-manual': 'title', 'mode-scim': 'names' },
  ...{ 'from-scim': 'title', 'mode-graph': 'names', 'from-graph': 'jobTitle' },
  ...{ 'mode-saml': 'expression', 'from-saml': 'ToUpper([jobTitle])' },
}

async function version(): Promise<string> {
  const { body } = await world.api.get('/organizations/contoso/mapping')
  return String(body['version'])
}

async function titleRule(): Promise<unknown> {
  const { body } = await world.api.get('/organizations/contoso/mapping')
  return (body['rules'] as Record<string, unknown>)['title']
}

describe('attributes', () => {
  it('are listed, and what is missing says what to do', async () => {
    const page = await browser.get(home)
    expect(page.text).toContain('No attribute of your own')
    expect(page.text).toContain('Job title title')
  })

  it('are made, with the name to paste into Entra', async () => {
    const wrong = await browser.post(home, { key: 'cost center', label: 'Cost center' }, home)
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('must be a letter')])
    expect(wrong.html).toContain('value="cost center"')
    const fields = { key: 'costCenter', label: 'Cost center', type: 'number', default: '7' }
    const made = await browser.post(home, fields, home)
    expect([made.status, made.location]).toEqual([303, `${home}/costCenter?done=created`])
    const page = await browser.get(made.location)
    expect(page.text).toContain('Created.')
    expect(page.html).toContain(
      'data-copy="urn:ietf:params:scim:schemas:extension:portico:2.0:User:costCenter"',
    )
    const { body } = await world.api.get('/organizations/contoso/attributes/costCenter')
    expect(body).toMatchObject({ type: 'number', default: 7, required: false })
  })

  it('are not put back as they were by a form that was opened before another’s change', async () => {
    await world.api.post('/organizations/contoso/attributes', { key: 'level', label: 'Level' })
    const path = `${home}/level`
    const shown = /name="updatedAt" value="([^"]+)"/.exec((await browser.get(path)).html)?.[1] ?? ''
    world.clock.ms += 1000
    await world.api.patch('/organizations/contoso/attributes/level', { label: 'Grade' })
    const fields = { label: 'Level', description: 'Mine', type: 'string', updatedAt: shown }
    const late = await browser.post(path, fields, path)
    expect([late.status, late.text]).toEqual([
      409,
      expect.stringContaining('admin.changed_since') as string,
    ])
    const { body } = await world.api.get('/organizations/contoso/attributes/level')
    expect(body).toMatchObject({ label: 'Grade', description: null })
    // What was typed is kept, and sent once more it is about what there is now.
    expect(late.html).toContain('value="Mine"')
    const now = /name="updatedAt" value="([^"]+)"/.exec(late.html)?.[1] ?? ''
    expect((await browser.post(path, { ...fields, updatedAt: now }, path)).status).toBe(303)
  })

  it('lose nobody’s value before the consequences were counted and confirmed', async () => {
    await world.api.post('/organizations/contoso/attributes', { key: 'level', label: 'Level' })
    const fields = { label: 'Level', type: 'number' }
    const asked = await browser.post(`${home}/level`, fields, `${home}/level`)
    expect(asked.status).toBe(200)
    expect(asked.text).toContain('1 of 1 people have a value (1 Sign-in).')
    expect(asked.text).toContain('1 would lose their value')
    const before = await world.api.get('/organizations/contoso/attributes/level')
    expect(before.body['type']).toBe('string')
    const sent = { ...fields, confirmed: 'true' }
    const changed = await browser.post(`${home}/level`, sent, `${home}/level`)
    expect(changed.location).toBe(`${home}/level?done=saved`)
    const after = await world.api.get('/organizations/contoso/attributes/level')
    expect(after.body['type']).toBe('number')
    const ask = await browser.get(`${home}/level/delete`)
    expect(ask.text).toContain('0 of 1 people have a value.')
    const gone = await browser.post(`${home}/level/delete`, {}, `${home}/level/delete`)
    expect(gone.location).toBe(`${home}?done=deleted`)
    expect((await browser.get(`${home}/level`)).status).toBe(404)
  })
})

describe('a rule of the mapping', () => {
  it('is shown as it is', async () => {
    const page = await browser.get(`${home}/title`)
    expect(page.html).toContain('name="from-graph"')
    expect(page.html).toContain('hx-post="/console/o/contoso/attributes/title/preview"')
  })

  it('is tried on a person, live and without JavaScript, and nothing is saved', async () => {
    const before = await titleRule()
    const live = await browser.post(`${home}/title/preview`, rule, `${home}/title`)
    const whole = await browser.post(
      `${home}/title/mapping`,
      { ...rule, do: 'preview', version: await version() },
      `${home}/title`,
    )
    for (const page of [live, whole]) {
      expect(page.status).toBe(200)
      expect(page.text).toContain('ann@contoso.example')
      expect(page.text).toMatch(/ENGINEER from Sign-in, ToUpper\(\[jobTitle\]\)/)
    }
    expect(live.html).not.toContain('<html')
    expect(whole.html).toContain('ToUpper([jobTitle])</textarea>')
    expect(await titleRule()).toEqual(before)
  })

  it('says at which character an expression is wrong', async () => {
    const wrong = { ...rule, 'from-saml': 'ToUpper([jobTitle]' }
    const live = await browser.post(`${home}/title/preview`, wrong, `${home}/title`)
    expect(live.text).toContain('cannot be read at character 19')
    expect(live.html).toMatch(/ToUpper\(\[jobTitle\]\n {18}\^/)
    const saved = await browser.post(
      `${home}/title/mapping`,
      { ...wrong, do: 'save', version: await version() },
      `${home}/title`,
    )
    expect(saved.status).toBe(400)
    expect(saved.html).toMatch(/<p class="error" id="from-saml-error">cannot be read at/)
    // For somebody only: what Graph states is no date.
    const fails = { ...rule, 'from-saml': 'Append(CDate([jobTitle]), "x")' }
    const failed = await browser.post(`${home}/title/preview`, fails, `${home}/title`)
    expect(failed.text).toContain('The expression failed. At character 8:')
    expect(failed.html).toMatch(/\n {7}\^/)
  })

  it('says when nobody is called so', async () => {
    const nobody = { ...rule, person: '<zoe>' }
    const page = await browser.post(`${home}/title/preview`, nobody, `${home}/title`)
    expect(page.html).toContain('begins with “&lt;zoe&gt;”')
  })

  it('is saved by the version that was read, and by no older one', async () => {
    const read = await version()
    const save = { ...rule, do: 'save', version: read }
    const saved = await browser.post(`${home}/title/mapping`, save, `${home}/title`)
    expect(saved.location).toBe(`${home}/title?done=mapping_saved`)
    expect(await titleRule()).toMatchObject({ saml: { expression: 'ToUpper([jobTitle])' } })
    const late = { ...save, 'from-saml': 'Trim([jobTitle])' }
    const refused = await browser.post(`${home}/title/mapping`, late, `${home}/title`)
    expect([refused.status, refused.text]).toEqual([
      409,
      expect.stringContaining('admin.mapping_changed'),
    ])
    // What was written is not lost, and the difference to what is saved is shown.
    expect(refused.html).toContain('Trim([jobTitle])</textarea>')
    expect(await titleRule()).toMatchObject({ saml: { expression: 'ToUpper([jobTitle])' } })
    // Who has seen that, and saves again, means it.
    expect(refused.html).toContain(`name="version" value="${await version()}"`)
    expect(refused.text).toContain('Sign-in: ToUpper([jobTitle]) → Trim([jobTitle])')
  })

  it('is open to a setup link for attributes, with nothing outside of its organization', async () => {
    const visitor = await world.visitor('contoso', ['attributes'])
    const page = await visitor.get('/console/o/contoso/attributes/title')
    expect(page.status).toBe(200)
    const live = await visitor.post(`${home}/title/preview`, rule, `${home}/title`)
    expect(live.text).toContain('ENGINEER')
  })
})
