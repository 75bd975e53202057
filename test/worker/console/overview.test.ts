import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createContoso, startMs } from '../admin/admin-client.ts'
import { createConnection, pathOf } from '../admin/connection-world.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { openConsole } from './console-world.ts'

/** Sign-ins of today, of which one was refused. */
async function addSignIns(organizationId: unknown): Promise<void> {
  await env.DB.prepare(
    `insert into events (id, at, organization_id, type, outcome, code, actor, request_id)
      select 'evt_0' || value, ?, ?, 'sign_in', iif(value = 1, 'refused', 'success'), iif(value = 1, 'saml.audience', null), 'person', 'r'
      from json_each('[1,2,3]')`,
  )
    .bind(startMs, organizationId)
    .run()
}

describe('the overview of operators', () => {
  it('says what to do while there is no organization', async () => {
    const world = openConsole()
    const browser = await world.operator()
    const page = await browser.get('/console')
    expect(page.status).toBe(200)
    expect(page.text).toContain('No organization yet')
    expect(page.html).toContain('href="/console/new"')
    expect(page.text).toContain('Nothing happened in this time')
  })

  it('creates an organization and leads on to its guide', async () => {
    const world = openConsole()
    const browser = await world.operator()
    const made = await browser.post(
      '/console/new',
      { name: ' Contoso ', slug: 'contoso' },
      '/console/new',
    )
    expect([made.status, made.location]).toEqual([303, '/console/o/contoso/setup?done=created'])
    const { body } = await world.get('/organizations/contoso')
    expect(body).toMatchObject({ name: 'Contoso' })
  })

  it('keeps what was entered and says what is wrong with it', async () => {
    const world = openConsole()
    const browser = await world.operator()
    const fields = { name: 'Con <b>toso', slug: 'No Slug' }
    const refused = await browser.post('/console/new', fields, '/console/new')
    expect(refused.status).toBe(400)
    expect(refused.html).toContain('value="Con &lt;b&gt;toso"')
    expect(refused.html).toMatch(/id="slug-error"/)
    await createContoso(world.api)
    const taken = await browser.post('/console/new', { name: 'B', slug: 'contoso' }, '/console/new')
    expect([taken.status, taken.text]).toEqual([409, expect.stringContaining('admin.slug_taken')])
  })

  it('leads from a reason of refusals to what it means', async () => {
    const world = openConsole()
    const contoso = await createContoso(world.api)
    await addSignIns(contoso['id'])
    const browser = await world.operator()
    const { html } = await browser.get('/console')
    const [, place = ''] = /href="([^"]*saml\.audience)"/.exec(html) ?? []
    expect((await browser.get(place)).status).toBe(200)
  })

  it('lists organizations with their health, and finds one by name', async () => {
    const world = openConsole()
    await createContoso(world.api)
    await world.post('/organizations', { slug: 'fabrikam', name: 'Fabrikam <x>' })
    await createConnection(world.api, { status: 'active' })
    const browser = await world.operator()
    const page = await browser.get('/console')
    expect(page.html).toContain('href="/console/o/contoso"')
    expect(page.html).toContain('Fabrikam &lt;x&gt;')
    expect(page.text).toContain('Being set up')
    const found = await browser.get('/console?q=FABRI')
    expect(found.html).not.toContain('/console/o/contoso')
    const none = await browser.get('/console?q=nobody')
    expect(none.text).toContain('No organization is called so')
  })

  it('pages, keeping what was searched', async () => {
    const world = openConsole()
    await env.DB.prepare(
      `insert into organizations (id, slug, name, created_at, updated_at)
        select printf('org_%026d', value), 'o' || value, 'Same', 1, 1 from json_each(?)`,
    )
      .bind(JSON.stringify(Array.from({ length: 60 }, (_, i) => i)))
      .run()
    const browser = await world.operator()
    let place = '/console?q=same'
    let rows = 0
    for (let i = 0; i < 5 && place !== ''; i++) {
      const page = await browser.get(place)
      rows += page.html.match(/<th scope="row"><a /g)?.length ?? 0
      place = (/href="([^"]+)">Next page/.exec(page.html)?.[1] ?? '').replaceAll('&amp;', '&')
      if (place !== '') expect(place).toContain('q=same')
    }
    expect(rows).toBe(60)
  })

  it('is for operators only', async () => {
    const world = openConsole()
    await createContoso(world.api)
    const link = await world.visitor('contoso')
    expect((await link.get('/console')).status).toBe(303)
    expect((await link.get('/console/new')).status).toBe(404)
    const made = await link.post(
      '/console/new',
      { name: 'Mine', slug: 'mine' },
      '/console/o/contoso/setup',
    )
    expect(made.status).toBe(404)
    expect((await world.get('/organizations/mine')).status).toBe(404)
    expect((await world.browser().get('/console')).location).toContain('/console/login')
  })
})

describe('the overview of an organization', () => {
  it('begins with what to do', async () => {
    const world = openConsole()
    await createContoso(world.api)
    const browser = await world.operator()
    const page = await browser.get('/console/o/contoso')
    expect(page.status).toBe(200)
    expect(page.text).toContain('There is no connection yet, so nobody can sign in.')
    expect(page.html).toContain('href="/console/o/contoso/setup"')
    expect(page.html).toContain('aria-current="page"')
  })

  it('names the connection whose certificate has expired, and where to look in Entra', async () => {
    const world = openConsole()
    await createContoso(world.api)
    const connection = await createConnection(world.api)
    await world.patch(pathOf(connection), { status: 'active' })
    await env.DB.prepare('update connection_certificates set not_after = ?')
      .bind(startMs - 86_400_000)
      .run()
    const page = await (await world.operator()).get('/console/o/contoso')
    expect(page.text).toContain('The last signing certificate has expired')
    expect(page.text).toContain('Connection Entra. Expired 1 day ago.')
    expect(page.text).toContain('SAML Certificates')
    expect(page.text).toContain('Not working')
  })

  it('draws what happened, with the same in words and numbers, without scripts and inline styles', async () => {
    const world = openConsole()
    const contoso = await createContoso(world.api)
    await addSignIns(contoso['id'])
    await env.DB.prepare('insert into sign_in_times values (?, ?, 20, 2)')
      .bind(contoso['id'], Math.floor(startMs / 86_400_000))
      .run()
    const page = await (await world.operator()).get('/console/o/contoso?days=7')
    expect(page.text).toContain('2 succeeded and 1 refused in 7 days; most on 24 Nov (2).')
    expect(page.html).toContain('role="img" aria-label="2 succeeded')
    expect(page.html).toMatch(/<rect class="good"/)
    expect(page.html).toContain('href="/console/o/contoso/events?code=saml.audience"')
    expect(page.text).toContain('Median 15 ms')
    expect(page.html).not.toMatch(/ style=|<style|onclick|<script(?! src="\/)/)
  })

  it('is an organization’s own, and not for setup links', async () => {
    const world = openConsole()
    await createContoso(world.api)
    await createContoso(world.api, 'fabrikam')
    const link = await world.visitor('contoso')
    expect((await link.get('/console/o/fabrikam')).status).toBe(404)
    expect((await link.get('/console/o/contoso')).status).toBe(404)
  })

  it('asks the database a fixed number of times, and is small, at 100,000 events', async () => {
    const counting = countingD1(env.DB)
    const world = openConsole({ d1: counting.d1 })
    const { id } = await createContoso(world.api)
    await env.DB.batch([
      env.DB.prepare(
        `with recursive n(i) as (select 0 union all select i + 1 from n where i < 99999)
          insert into events (id, at, organization_id, type, outcome, actor, request_id)
          select printf('evt_0%025d', i), ?1 - i, ?2, 'sign_in', 'success', 'person', 'r' from n`,
      ).bind(startMs, id),
      env.DB.prepare(`insert into counted_events values (1, 'evt_0${'9'.repeat(25)}')`),
      env.DB.prepare(
        `insert into daily_counts select ?2, ?1 - value, 'sign_in', 'success', '', 1000 from json_each(?3)`,
      ).bind(
        Math.floor(startMs / 86_400_000),
        id,
        JSON.stringify(Array.from({ length: 90 }, (_, i) => i)),
      ),
    ])
    const browser = await world.operator()
    counting.restart()
    const page = await browser.get('/console/o/contoso?days=90')
    expect(page.text).toContain('90,000 succeeded')
    expect(counting.calls.length).toBeLessThanOrEqual(6)
    expect(counting.rows().read).toBeLessThan(400)
    expect(page.html.length).toBeLessThan(100_000)
  })
})
