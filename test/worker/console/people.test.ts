import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/db/index.ts'
import { backfillSearchKeys } from '../../../src/directory/index.ts'
import { createContoso, listOf, textOf } from '../admin/admin-client.ts'
import { addPerson, addSession } from '../admin/connection-world.ts'
import { addGroupRow, addMemberRows } from '../scim/groups-world.ts'
import { openConsole } from './console-world.ts'

const base = '/console/o/contoso'

async function contoso() {
  const world = openConsole()
  const organizationId = textOf(await createContoso(world.api), 'id')
  await addPerson('usr_ann', { userName: 'ann@contoso.com' })
  await addPerson('usr_bob', { userName: 'bob@contoso.com' })
  await env.DB.batch([
    env.DB.prepare(
      `update people set profile = '{"displayName":"Ann <b>Example</b>","title":"Chief"}',
        provenance = '{"title":{"source":"scim","at":1000,"rule":"title"}}' where id = 'usr_ann'`,
    ),
    env.DB.prepare("update people set profile = '{}' where id = 'usr_bob'"),
    env.DB.prepare(
      `insert into source_views (person_id, source, organization_id, attributes, sha256, at)
        select id, 'scim', organization_id, '{"title":{"values":["Chief"],"changedAt":5},"nickName":{"values":["Annie"],"changedAt":5}}', 'x', 1000 from people where id = 'usr_ann'`,
    ),
  ])
  await backfillSearchKeys(openDatabase(env.DB, 'primary'))
  return { world, organizationId, browser: await world.operator() }
}

describe('the page of people', () => {
  it('says what to do while nobody is there', async () => {
    const world = openConsole()
    await createContoso(world.api)
    const page = await (await world.operator()).get(`${base}/people`)
    expect(page.text).toContain('Nobody is here yet')
    expect(page.html).toContain(`href="${base}/setup"`)
  })

  it('lists everybody by name, escaped, and searches by how a name begins', async () => {
    const { browser } = await contoso()
    const all = await browser.get(`${base}/people`)
    expect(all.html).toContain('Ann &lt;b&gt;Example&lt;/b&gt;')
    expect(all.text).toContain('bob@contoso.com')
    const found = await browser.get(`${base}/people?search=ANN&status=active`)
    expect(found.html).toContain(`href="${base}/people/usr_ann"`)
    expect(found.html).not.toContain('usr_bob')
    expect(found.html).toContain('value="ANN"')
    const none = await browser.get(`${base}/people?search=example`)
    expect(none.text).toContain('Nobody found')
  })

  it('says what is wrong with an address that nobody made', async () => {
    const { browser } = await contoso()
    const page = await browser.get(`${base}/people?status=strange`)
    expect(page.status).toBe(400)
    expect(page.text).toContain('status')
  })
})

describe('the page of a person', () => {
  it('shows the profile with where each value came from, beside what sources say', async () => {
    const { browser } = await contoso()
    await addSession('ses_1', { personId: 'usr_ann' })
    const page = await browser.get(`${base}/people/usr_ann`)
    expect(page.status).toBe(200)
    expect(page.text).toMatch(/title Chief SCIM/)
    expect(page.text).toContain('What is said and not used (1)')
    expect(page.html).toContain('/people/usr_ann/sessions/ses_1/end')
    expect((await browser.get(`${base}/people/usr_none`)).status).toBe(404)
  })

  it('blocks and unblocks after saying what that means, and tells who did it', async () => {
    const { world, browser } = await contoso()
    await addSession('ses_1', { personId: 'usr_ann' })
    const asked = await browser.get(`${base}/people/usr_ann/block`)
    expect(asked.text).toContain('signed out everywhere at once')
    const blocked = await browser.post(
      `${base}/people/usr_ann/block`,
      {},
      `${base}/people/usr_ann/block`,
    )
    expect([blocked.status, blocked.location]).toEqual([303, `${base}/people/usr_ann?done=blocked`])
    const page = await browser.get(blocked.location)
    expect(page.text).toContain('They are blocked by hand here.')
    expect(page.text).toContain('Not signed in anywhere')
    expect(page.text).toContain('User blocked')
    world.clock.ms += 1000
    await browser.post(`${base}/people/usr_ann/unblock`, {}, `${base}/people/usr_ann/unblock`)
    const events = await world.get('/organizations/contoso/events?person=usr_ann')
    expect(listOf(events.body, 'items').map(({ type }) => type)).toEqual([
      'user.unblocked',
      'user.blocked',
    ])
  })

  it('ends one session, or all, and retires for good', async () => {
    const { browser } = await contoso()
    for (const id of ['ses_1', 'ses_2', 'ses_3']) await addSession(id, { personId: 'usr_ann' })
    const page = `${base}/people/usr_ann`
    const one = await browser.post(`${page}/sessions/ses_1/end`, {}, page)
    expect(one.location).toBe(`${page}?done=sessions_ended`)
    const left = async () => await env.DB.prepare('select count(*) n from sessions').first('n')
    expect(await left()).toBe(2)
    await browser.post(`${page}/sign-out`, {}, `${page}/sign-out`)
    expect(await left()).toBe(0)
    await browser.post(`${page}/retire`, {}, `${page}/retire`)
    const after = await browser.get(page)
    expect(after.text).toContain('retired')
    expect(after.html).not.toContain(`${page}/block`)
    const late = await browser.post(`${page}/block`, {}, page)
    expect(late.status).toBe(409)
    expect((await browser.get(`${page}/promote`)).status).toBe(404)
  })

  it('is nothing that a setup link shows', async () => {
    const { world } = await contoso()
    const visitor = await world.visitor('contoso')
    for (const path of ['/people', '/people/usr_ann', '/groups', '/events', '/events/export']) {
      const page = await visitor.get(`${base}${path}`)
      expect([path, page.status]).toEqual([path, 404])
      expect(page.html).not.toContain('Example')
    }
  })
})

describe('the pages of groups', () => {
  it('list, search and show members with links to them', async () => {
    const { browser, organizationId } = await contoso()
    const empty = await browser.get(`${base}/groups`)
    expect(empty.text).toContain('No groups yet')
    await addGroupRow('grp_sales', { organizationId, displayName: 'Sales' })
    await addMemberRows('grp_sales', ['usr_ann'])
    const list = await browser.get(`${base}/groups?search=sal`)
    expect(list.html).toContain(`href="${base}/groups/grp_sales"`)
    expect((await browser.get(`${base}/groups?search=x`)).text).toContain('No group begins so')
    const group = await browser.get(`${base}/groups/grp_sales`)
    expect(group.html).toContain(`href="${base}/people/usr_ann"`)
    expect((await browser.get(`${base}/groups/grp_none`)).status).toBe(404)
  })
})
