import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { pages } from '../../../src/console/pages.ts'
import type { ConsoleRoute } from '../../../src/console/route.ts'
import { newId, systemRandom } from '../../../src/kernel/index.ts'
import { createSessionToken } from '../../../src/session/index.ts'
import { createContoso, listOf, textOf } from '../admin/admin-client.ts'
import { addPerson, manual } from '../admin/connection-world.ts'
import { type Browser, type ConsoleWorld, openConsole } from './console-world.ts'

/** Fills every parameter of a path: the organization, and ids that another organization has. */
function fill({ path }: ConsoleRoute, org: string, ids: Readonly<Record<string, string>>): string {
  return `/console${path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    name === 'org' ? org : (ids[name] ?? 'nothing'),
  )}`
}

let world: ConsoleWorld
let ids: Record<string, string>

beforeEach(async () => {
  world = openConsole()
  await createContoso(world.api)
  await world.api.post('/organizations', { slug: 'fabrikam', name: 'Fabrikam Secret Name' })
  const made = await world.api.post('/organizations/fabrikam/connections', {
    name: 'Fabrikam Secret Connection',
    manual,
    status: 'testing',
  })
  const user = await addPerson(newId('usr'), {
    organization: 'fabrikam',
    userName: 'secret@fabrikam.example',
  })
  const token = await world.api.post('/organizations/fabrikam/scim-tokens', {
    name: 'Fabrikam Secret Token',
  })
  const events = await world.api.get('/organizations/fabrikam/events')
  ids = {
    connection: textOf(made.body, 'id'),
    user,
    person: user,
    token: textOf(token.body, 'id'),
    event: textOf(listOf(events.body, 'items')[0], 'id'),
    key: 'email',
    part: 'saml',
    code: 'saml.audience',
  }
})

/** Somebody with the role admin of Contoso, signed in as the app's people are. */
async function adminOfContoso(): Promise<Browser> {
  await world.api.patch('/organizations/contoso', {
    roleRules: [{ group: 'admins', role: 'admin' }],
  })
  const personId = await addPerson(newId('usr'), { userName: 'ada@contoso.example' })
  await env.DB.prepare(`update people set groups = '["admins"]' where id = ?`).bind(personId).run()
  const session = await createSessionToken(systemRandom)
  await env.DB.prepare(
    `insert into sessions (id, token_sha256, organization_id, person_id, created_at, expires_at)
      select ?, ?, organization_id, id, ?, ? from people where id = ?`,
  )
    .bind(session.id, session.tokenSha256, world.clock.ms, Date.UTC(2030, 0), personId)
    .run()
  const browser = world.browser()
  browser.cookies.set('__Host-portico_session', session.token)
  return browser
}

const told = [/Fabrikam Secret/, /secret@fabrikam/]

describe('whoever is of one organization', () => {
  it.each([
    ['a setup link', () => world.visitor('contoso')],
    ['an admin', adminOfContoso],
  ] as const)('%s sees nothing of another on any page, by any method', async (_who, enter) => {
    const browser = await enter()
    const home = await browser.get('/console')
    expect(home.location).toMatch(/^\/console\/o\/org_/)
    for (const page of pages) {
      for (const org of ['fabrikam', 'contoso']) {
        // Fabrikam's page, and Contoso's page with Fabrikam's ids.
        const path = fill(page, org, ids)
        const answer =
          page.method === 'get'
            ? await browser.get(path)
            : await browser.post(path, { name: 'x' }, home.location)
        for (const secret of told) expect([path, secret.test(answer.html)]).toEqual([path, false])
        if (org === 'fabrikam' && page.path.startsWith('/o/{org}')) {
          expect([page.method, path, answer.status]).toEqual([page.method, path, 404])
        }
      }
    }
    // Nothing of what was sent had an effect there.
    const after = await world.api.get('/organizations/fabrikam')
    expect(after.body['name']).toBe('Fabrikam Secret Name')
    const connection = await world.api.get(
      `/organizations/fabrikam/connections/${ids['connection']}`,
    )
    expect(connection.body).toMatchObject({ name: 'Fabrikam Secret Connection', status: 'testing' })
  })

  it('opens no page of operators', async () => {
    for (const browser of [await world.visitor('contoso'), await adminOfContoso()]) {
      for (const page of pages.filter(({ path }) => !path.startsWith('/o/{org}') && path !== '/')) {
        const path = fill(page, 'contoso', ids)
        const answer =
          page.method === 'get' ? await browser.get(path) : await browser.post(path, {})
        expect([path, answer.status]).toEqual([path, answer.status === 403 ? 403 : 404])
      }
    }
  })

  it('a setup link opens only the pages of its parts', async () => {
    const browser = await world.visitor('contoso', ['scim'])
    for (const page of pages.filter(({ path }) => path.startsWith('/o/{org}'))) {
      if (page.part === 'any' || page.part === 'scim') continue
      const path = fill(page, 'contoso', ids)
      const answer = page.method === 'get' ? await browser.get(path) : await browser.post(path, {})
      expect([page.method, path, answer.status]).toEqual([page.method, path, 404])
    }
  })
})

describe('a person in the console', () => {
  it('is out with the role, with the session, and when a source denies them', async () => {
    const browser = await adminOfContoso()
    const inside = async () => (await browser.get('/console')).location.startsWith('/console/o/')
    expect(await inside()).toBe(true)
    await world.api.patch('/organizations/contoso', { roleRules: [] })
    expect(await inside()).toBe(false)
    await world.api.patch('/organizations/contoso', {
      roleRules: [{ group: 'admins', role: 'admin' }],
    })
    expect(await inside()).toBe(true)
    const users = await world.api.get('/organizations/contoso/users?userName=ada@contoso.example')
    const id = textOf(listOf(users.body, 'items')[0], 'id')
    await world.api.post(`/organizations/contoso/users/${id}/block`)
    expect(await inside()).toBe(false)
  })

  it('is asked again before secrets, when the provider last asked a while ago', async () => {
    const browser = await adminOfContoso()
    const secret = '/console/o/contoso/settings/scim/tokens/new'
    expect((await browser.get(secret)).status).toBe(200)
    // Signed in a moment ago, silently: the provider asked seven hours before.
    await env.DB.prepare('update sessions set authn_at = created_at - 25200000').run()
    expect((await browser.get(secret)).location).toContain('/console/confirm')
  })

  it('has no role by a connection that is only being tested', async () => {
    const browser = await adminOfContoso()
    const made = await world.api.post('/organizations/contoso/connections', {
      name: 'Entra',
      manual,
      status: 'testing',
    })
    const connection = textOf(made.body, 'id')
    await env.DB.prepare('update sessions set connection_id = ?').bind(connection).run()
    expect((await browser.get('/console')).location).toContain('/console/login')
    await world.api.patch(`/organizations/contoso/connections/${connection}`, { status: 'active' })
    expect((await browser.get('/console')).location).toMatch(/^\/console\/o\//)
  })

  it('signs in again after eight hours', async () => {
    const browser = await adminOfContoso()
    world.clock.ms += 8 * 60 * 60 * 1000
    const page = await browser.get('/console/login')
    expect(page.text).toContain('You cannot open the console')
    expect([page.status, 'console.not_admitted']).toEqual([403, 'console.not_admitted'])
  })

  it('is an operator only by the role operator of the operators’ own organization', async () => {
    const browser = await adminOfContoso()
    await world.api.patch('/organizations/contoso', {
      roleRules: [{ group: 'admins', role: 'operator' }],
    })
    // Another organization's role of that name is worth nothing.
    expect((await browser.get('/console')).location).toContain('/console/login')
    const contoso = await world.api.get('/organizations/contoso')
    const operators = openConsole({
      ...world.deps,
      config: { ...world.deps.config, operatorOrg: textOf(contoso.body, 'id') },
    })
    const person = operators.browser()
    for (const [name, value] of browser.cookies) person.cookies.set(name, value)
    const page = await person.get('/console')
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Fabrikam Secret Name')])
  })
})
