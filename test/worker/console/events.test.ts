import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createContoso, textOf } from '../admin/admin-client.ts'
import { openConsole } from './console-world.ts'

const base = '/console/o/contoso/events'

async function contoso() {
  const world = openConsole()
  const organizationId = textOf(await createContoso(world.api), 'id')
  await env.DB.batch([
    env.DB.prepare(
      `insert into events (id, at, organization_id, type, outcome, code, person_id, actor, request_id)
        values ('evt_zz1', ?1, ?2, 'sign_in', 'refused', 'saml.audience', null, 'identity-provider', 'req_shown'),
          ('evt_zz2', ?1, ?2, 'provisioning.refused', 'refused', 'scim.unauthorized', 'usr_ann', 'provisioning', 'req_other')`,
    ).bind(world.clock.ms, organizationId),
    env.DB.prepare(
      `insert into event_details (event_id, organization_id, detail, expires_at)
        values ('evt_zz1', ?, '{"expected":"https://here.example","audiences":"<img src=x>"}', 9999999999999)`,
    ).bind(organizationId),
  ])
  return { world, browser: await world.operator() }
}

describe('the page of events', () => {
  it('explains each failure: what happened, what to do, where in Entra', async () => {
    const { browser } = await contoso()
    const page = await browser.get(base)
    expect(page.text).toContain('The assertion was made for another application.')
    expect(page.text).toContain('In Entra:')
    expect(page.text).toContain('Basic SAML Configuration')
    expect(page.html).toContain('href="/console/errors/saml.audience"')
  })

  it('is small, also where everything was refused', async () => {
    const { browser } = await contoso()
    await env.DB.prepare(
      `insert into events (id, at, organization_id, type, outcome, code, actor, request_id)
        select printf('evt_y%06d', value), 1, organization_id, 'sign_in', 'refused', 'saml.status', 'identity-provider', 'req_x'
        from json_each(?), events where events.id = 'evt_zz1'`,
    )
      .bind(JSON.stringify(Array.from({ length: 200 }, (_, i) => i)))
      .run()
    const { html } = await browser.get(base)
    expect(html.match(/AADSTS50105/g)).toHaveLength(48)
    expect(html.length).toBeLessThan(70_000)
    expect(html).toContain('Next page')
  })

  it('is filtered by kind, outcome, code, person, reference and days', async () => {
    const { browser } = await contoso()
    const has = async (query: string) => {
      const { html } = await browser.get(`${base}?${query}`)
      return ['evt_zz1', 'evt_zz2'].map((id) => html.includes(`${base}/${id}"`))
    }
    expect(await has('')).toEqual([true, true])
    expect(await has('family=sign_in')).toEqual([true, false])
    expect(await has('family=scim&outcome=refused')).toEqual([false, true])
    expect(await has('code=saml.audience')).toEqual([true, false])
    expect(await has('person=usr_ann')).toEqual([false, true])
    expect(await has('request=req_shown')).toEqual([true, false])
    expect(await has('family=groups')).toEqual([false, false])
    expect((await browser.get(`${base}?family=groups`)).text).toContain('No such event')
  })

  it('shows one with what was received and what Portico made of it, escaped', async () => {
    const { browser } = await contoso()
    const page = await browser.get(`${base}/evt_zz1`)
    expect(page.text).toContain('What was received')
    expect(page.html).toContain('&lt;img src=x&gt;')
    expect(page.html).not.toContain('<img src=x>')
    expect(page.text).toContain('https://here.example')
    expect((await browser.get(`${base}/evt_none`)).status).toBe(404)
  })

  it('gives the events as lines, and a support bundle, to keep', async () => {
    const { browser } = await contoso()
    const lines = await browser.get(`${base}/export?family=sign_in`)
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson')
    expect(lines.headers.get('content-disposition')).toMatch(
      /^attachment; filename="portico-contoso-2026-11-24-events.ndjson"$/,
    )
    expect(JSON.parse(lines.html)).toMatchObject({ code: 'saml.audience' })
    expect((await browser.get(`${base}/support-bundle`)).text).toContain('With personal values')
    const bundle = await browser.get(`${base}/support-bundle/download`)
    expect(JSON.parse(bundle.html)).toMatchObject({ personal: false })
    const personal = await browser.get(`${base}/support-bundle/download?personal=true`)
    expect(personal.html).toContain('here.example')
  })
})

describe('the page of a code', () => {
  it('is open to everybody, and says what the registry says', async () => {
    const world = openConsole()
    const page = await world.browser().get('/console/errors/saml.audience')
    expect(page.status).toBe(200)
    expect(page.text).toContain('Identifier (Entity ID)')
    expect(page.text).toContain('SAML Core 2.5.1.4')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it.each(['saml.nothing', 'constructor', '__proto__'])(
    'of no code (%s) is not there',
    async (code) => {
      const page = await openConsole().browser().get(`/console/errors/${code}`)
      expect(page.status).toBe(404)
    },
  )
})
