import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../../src/kernel/index.ts'
import { createSessionToken } from '../../../src/session/index.ts'
import { createContoso, listOf } from '../admin/admin-client.ts'
import { addPerson } from '../admin/connection-world.ts'
import { openConsole } from './console-world.ts'

const page = '/console/o/contoso/settings'
const organization = '/organizations/contoso'

/** Contoso, and a browser of somebody there who has the role admin. */
async function contoso() {
  const world = openConsole()
  await createContoso(world.api)
  await world.patch(organization, { roleRules: [{ group: 'admins', role: 'admin' }] })
  await addPerson('usr_ada', { userName: 'ada@contoso.com' })
  await env.DB.prepare(`update people set groups = '["admins"]'`).run()
  const session = await createSessionToken(systemRandom)
  await env.DB.prepare(
    `insert into sessions (id, token_sha256, organization_id, person_id, created_at, expires_at)
      select ?, ?, organization_id, id, ?, ? from people`,
  )
    .bind(session.id, session.tokenSha256, world.clock.ms, Date.UTC(2030, 0))
    .run()
  const browser = world.browser()
  browser.cookies.set('__Host-portico_session', session.token)
  return { world, browser }
}

describe('the settings for an organization’s own admin', () => {
  it('have nothing that only operators may', async () => {
    const { browser } = await contoso()
    const shown = await browser.get(page)
    expect(shown.status).toBe(200)
    for (const part of ['/settings/links', '/settings/recovery', 'name="origins"', 'verified']) {
      expect([part, shown.html.includes(part)]).toEqual([part, false])
    }
    for (const path of [`${page}/links`, `${page}/recovery`]) {
      expect([path, (await browser.get(path)).status]).toEqual([path, 403])
    }
    const origins = await browser.post(`${page}/origins`, { origins: 'https://a.example' }, page)
    expect([origins.status, origins.text]).toEqual([403, expect.stringContaining('operator')])
    const word = { domain: 'contoso.example', verified: 'true' }
    expect((await browser.post(`${page}/domains`, word, page)).status).toBe(403)
  })

  it('are theirs to change, and the events say who did it', async () => {
    const { world, browser } = await contoso()
    const fields = { name: 'Contoso', sessionHours: '12', signIn: 'optional' }
    await browser.post(page, { ...fields, defaultRole: 'member' }, page)
    expect((await world.get(organization)).body).toMatchObject({ sessionHours: 12 })
    const form = `${page}/scim/tokens/new`
    expect((await browser.post(form, { name: 'Entra' }, form)).text).toContain('Secret token')
    const { body } = await world.get(`${organization}/events`)
    const actors = listOf(body, 'items').map(({ type, actor }) => [type, actor])
    expect(actors).toContainEqual(['organization.updated', 'admin:usr_ada'])
    expect(actors).toContainEqual(['scim_token.created', 'admin:usr_ada'])
  })

  it('close to them with the rule that let them in, which the page says before', async () => {
    const { browser } = await contoso()
    expect((await browser.get(`${page}/admins`)).text).toContain('these pages close to you at once')
    await browser.post(
      `${page}/admins`,
      { 'kind.0': 'group', 'value.0': '', 'role.0': '' },
      `${page}/admins`,
    )
    expect((await browser.get(page)).status).not.toBe(200)
  })
})
