import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createContoso } from '../admin/admin-client.ts'
import { addPerson, addSession } from '../admin/connection-world.ts'
import { openConsole } from './console-world.ts'

const settings = '/console/o/contoso/settings'
const organization = '/organizations/contoso'

async function contoso() {
  const world = openConsole()
  await createContoso(world.api)
  await addPerson('usr_ann', { userName: 'ann@contoso.com' })
  return { world, browser: await world.operator() }
}

describe('role rules', () => {
  const page = `${settings}/admins`

  it('are shown in words, changed row by row, and removed by clearing a row', async () => {
    const { world, browser } = await contoso()
    expect((await browser.get(page)).text).toContain('Nobody of the organization is an admin')
    const rows = {
      ...{ 'kind.0': 'group', 'value.0': 'IT team', 'role.0': 'admin' },
      ...{ 'kind.1': 'group', 'value.1': '', 'role.1': '' },
      ...{ 'kind.2': 'appRole', 'value.2': 'Reader', 'role.2': 'reader' },
    }
    expect((await browser.post(page, rows, page)).location).toBe(`${page}?done=saved`)
    expect((await world.get(organization)).body['roleRules']).toEqual([
      { group: 'IT team', role: 'admin' },
      { appRole: 'Reader', role: 'reader' },
    ])
    expect((await browser.get(page)).text).toContain('Whoever is in the group IT team.')
    await browser.post(page, { ...rows, 'value.0': '', 'role.0': '' }, page)
    expect((await world.get(organization)).body['roleRules']).toEqual([
      { appRole: 'Reader', role: 'reader' },
    ])
  })

  it('come back with what is wrong beside its row', async () => {
    const { world, browser } = await contoso()
    const rows = {
      ...{ 'kind.0': 'group', 'value.0': 'Staff', 'role.0': 'reader' },
      ...{ 'kind.1': 'group', 'value.1': 'IT', 'role.1': 'no role' },
    }
    const bad = await browser.post(page, rows, page)
    expect([bad.status, bad.html]).toEqual([400, expect.stringContaining('id="role.1-error"')])
    expect(bad.html).toContain('value="no role"')
    expect((await world.get(organization)).body['roleRules']).toEqual([])
  })

  it('stay when something else than their form is sent', async () => {
    const { world, browser } = await contoso()
    await world.patch(organization, { roleRules: [{ group: 'IT', role: 'admin' }] })
    expect((await browser.post(page, {}, page)).location).toBe(`${page}?done=unchanged`)
    expect((await world.get(organization)).body['roleRules']).toHaveLength(1)
  })

  it('name the people of a group that makes admins', async () => {
    const { world, browser } = await contoso()
    await env.DB.batch([
      env.DB.prepare(
        `insert into groups (id, organization_id, display_name, display_name_key, view, folded, created_at, modified_at)
          select 'grp_it', id, 'IT Team', 'it team', '{}', '{}', 1, 1 from organizations`,
      ),
      env.DB.prepare(
        `insert into group_members (organization_id, group_id, member_id, source, at)
          select id, 'grp_it', 'usr_ann', 'scim', 1 from organizations`,
      ),
    ])
    await world.patch(organization, { roleRules: [{ group: 'it team', role: 'admin' }] })
    const shown = await browser.get(page)
    expect(shown.html).toContain('href="/console/o/contoso/people/usr_ann"')
    expect(shown.text).toContain('IT Team ann@contoso.com')
    await world.patch(organization, { provisioning: { defaultRole: 'admin' } })
    expect((await browser.get(page)).text).toContain('Everybody is an admin')
  })
})

describe('sessions', () => {
  const page = `${settings}/sessions`

  it('are listed with their people, and ended', async () => {
    const { browser } = await contoso()
    expect((await browser.get(page)).text).toContain('Nobody is signed in')
    await addSession('ses_1', { personId: 'usr_ann' })
    const shown = await browser.get(page)
    expect(shown.html).toContain('href="/console/o/contoso/people/usr_ann"')
    const ended = await browser.post(`${page}/ses_1/end`, {}, page)
    expect(ended.location).toBe(`${page}?done=sessions_ended`)
    expect((await browser.get(page)).text).toContain('Nobody is signed in')
    expect((await browser.post(`${page}/ses_1/end`, {}, page)).status).toBe(404)
  })

  it('go on on the next page', async () => {
    const { browser } = await contoso()
    for (let n = 10; n < 61; n += 1) await addSession(`ses_${n}`, { personId: 'usr_ann' })
    const first = await browser.get(page)
    const [, next = ''] = /href="([^"]+cursor=[^"]+)"/.exec(first.html) ?? []
    const second = await browser.get(next)
    expect(second.html.match(/\/end"/g)).toHaveLength(1)
    expect((await browser.get(`${page}?cursor=x`)).status).toBe(400)
  })
})

describe('erased people', () => {
  const page = `${settings}/erased`

  it('are let in again', async () => {
    const { browser } = await contoso()
    expect((await browser.get(page)).text).toContain('Nobody was erased')
    await env.DB.prepare(
      `insert into tombstones (organization_id, person_id, key, at)
        select id, 'usr_gone', 'k', 1 from organizations`,
    ).run()
    expect((await browser.get(page)).text).toContain('usr_gone')
    const lifted = await browser.post(`${page}/usr_gone/lift`, {}, page)
    expect(lifted.location).toBe(`${page}?done=saved`)
    expect((await browser.get(page)).text).toContain('Nobody was erased')
    expect((await browser.post(`${page}/usr_gone/lift`, {}, page)).status).toBe(404)
  })
})
