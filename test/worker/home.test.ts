import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { runScheduled } from '../../src/scheduled.ts'
import { context, createContoso, dayMs, doorWorld, pin, tables } from './support/door-world.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }

async function withDomain(change: { verifiedAt: number | null; status?: 'active' | 'draft' }) {
  const { db, organization } = await createContoso({
    connection: { status: change.status ?? 'active' },
  })
  await db.insert(tables.domains).values({
    organizationId: organization.id,
    domain: 'contoso.example',
    challenge: 'x',
    verifiedAt: change.verifiedAt,
    createdAt: 1,
  })
  return { db, world: doorWorld() }
}

describe('GET /', () => {
  it('asks for an email and leads to the sign-in of the organization that proved its domain', async () => {
    const { world } = await withDomain({ verifiedAt: 1 })
    expect(await (await world.request('/')).text()).toContain('Work email')
    const body = 'email=Ann%40CONTOSO.example'
    const response = await world.request('/', { method: 'POST', headers: form, body })
    const page = await response.text()
    expect(response.status).toBe(200)
    expect(page).toContain(`${context.loginUrl}?login_hint=Ann%40CONTOSO.example`)
  })

  it.each([
    ['an unknown domain', 'ann@unknown.example', 404],
    ['no address at all', 'nonsense', 404],
    ['an address without a domain', 'ann@', 404],
    ['a domain that is none', 'ann@[contoso.example', 404],
    ['a domain with a path', 'a@contoso.example/../x', 404],
  ])('says so for %s', async (_, email, status) => {
    const { world } = await withDomain({ verifiedAt: 1 })
    const body = new URLSearchParams({ email }).toString()
    const response = await world.request('/', { method: 'POST', headers: form, body })
    expect(response.status).toBe(status)
    expect(await response.text()).toContain('role="alert"')
  })

  it('asks the database nothing about what is no address', async () => {
    const { world } = await withDomain({ verifiedAt: 1 })
    world.counting.restart()
    await world.request('/', { method: 'POST', headers: form, body: 'email=nonsense' })
    expect(world.counting.calls).toEqual([])
    await world.request('/', { method: 'POST', headers: form, body: 'email=ann%40unknown.example' })
    expect(world.counting.calls).toHaveLength(1)
  })

  it('does not count a domain that nobody proved, or a connection that is not active', async () => {
    const { db, world } = await withDomain({ verifiedAt: null })
    const body = 'email=ann%40contoso.example'
    const post = () => world.request('/', { method: 'POST', headers: form, body })
    expect((await post()).status).toBe(404)
    await db.update(tables.domains).set({ verifiedAt: 1 })
    await db.update(tables.connections).set({ status: 'draft' })
    expect((await post()).status).toBe(409)
  })

  it('shows who is signed in and where each value came from, with nothing of it as markup', async () => {
    await createContoso()
    const browser = doorWorld().browser()
    await browser.signIn({ assertion: { nameId: 'ann@contoso.example' } })
    const response = await browser.go('/')
    const page = await response.text()
    expect(page).toContain('Ann Example')
    expect(page).toMatch(/Sign-in, claim “givenname”, <span[^>]*>since 2026-11-24/)
    expect(response.headers.get('content-security-policy')).toContain("form-action 'self';")
  })

  it('is behind the limit for strangers', async () => {
    const { world } = await withDomain({ verifiedAt: 1 })
    world.limits.door = false
    const response = await world.request('/', { method: 'POST', headers: form, body: 'email=a' })
    expect(response.status).toBe(429)
  })
})

describe('our metadata', () => {
  it('is served for each connection with its own addresses', async () => {
    await createContoso()
    const response = await doorWorld().request(`/saml/${context.connectionId}/metadata`)
    expect(response.headers.get('content-type')).toContain('application/samlmetadata+xml')
    const xml = await response.text()
    expect(xml).toContain(`entityID="${context.spEntityId}"`)
    expect(xml).toContain(`Location="${context.acsUrl}"`)
    expect(xml).toContain(`Location="${context.sloUrl}"`)
  })
})

describe('the POST binding', () => {
  it('sends the request in a form whose policy names the identity provider', async () => {
    await createContoso({ connection: { ssoBinding: 'post' } })
    const response = await doorWorld().request(`/saml/${context.connectionId}/login`)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("form-action 'self' https://login.microsoftonline.com")
    const page = await response.text()
    expect(page).toContain(`action="${context.ssoUrl}"`)
    expect(page).toContain('name="SAMLRequest"')
  })
})

describe('housekeeping', () => {
  const quarter = 15 * 60 * 1000

  it('prunes what is past its time, and nothing else', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn()
    await runScheduled(world.deps, quarter)
    expect(await db.$count(tables.sessions)).toBe(1)
    expect(await db.$count(tables.consumed)).toBe(2)
    expect(await db.$count(tables.eventDetails)).toBe(1)
    world.clock.ms += 31 * dayMs
    await runScheduled(world.deps, quarter)
    expect(await db.$count(tables.sessions)).toBe(0)
    expect(await db.$count(tables.consumed)).toBe(0)
    expect(await db.$count(tables.eventDetails)).toBe(0)
    expect(await db.$count(tables.events)).toBe(1)
    world.clock.ms += 400 * dayMs
    await runScheduled(world.deps, quarter)
    expect(await db.select({ type: tables.events.type }).from(tables.events)).not.toContainEqual({
      type: 'sign_in',
    })
  })

  it('warns of an expiring certificate once at each step from 60 days before', async () => {
    const { db } = await createContoso({ keys: [] })
    await pin(context.connectionId, ['K'])
    await db.update(tables.connectionCertificates).set({ notAfter: context.nowMs + 61 * dayMs })
    const world = doorWorld()
    const warnings = async () => {
      await runScheduled(world.deps, quarter)
      await runScheduled(world.deps, quarter)
      const rows = await db.select().from(tables.events)
      return rows.filter((row) => row.type === 'certificate.expiring').map((row) => row.facts)
    }
    expect(await warnings()).toEqual([])
    world.clock.ms += 2 * dayMs
    expect(await warnings()).toMatchObject([{ daysLeft: 59 }])
    world.clock.ms += 30 * dayMs
    expect(await warnings()).toMatchObject([{ daysLeft: 59 }, { daysLeft: 29 }])
  })

  it('only prunes between quarters of an hour, and looks for people to make findable, metadata and runs that are due, in four calls', async () => {
    const world = doorWorld()
    await runScheduled(world.deps, 60_000)
    const [pruned, ...looked] = world.counting.calls
    expect(pruned?.sql.every((sql) => sql.startsWith('delete'))).toBe(true)
    expect(looked).toHaveLength(3)
    expect(looked.every(({ rowsRead, rowsWritten }) => rowsRead <= 2 && rowsWritten === 0)).toBe(
      true,
    )
  })

  it('rotates the keys of session tokens, and keeps the old one published for a while', async () => {
    await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    await browser.signIn()
    await browser.go('/session')
    world.clock.ms += 31 * dayMs
    await runScheduled(world.deps, quarter)
    const count = () =>
      env.DB.prepare('select count(*) as n from signing_keys').first<{ n: number }>()
    expect((await count())?.n).toBe(2)
    const fresh = doorWorld()
    fresh.clock.ms = world.clock.ms
    const published = async () =>
      ((await (await fresh.request('/.well-known/jwks.json')).json()) as { keys: unknown[] }).keys
    expect(await published()).toHaveLength(2)
    fresh.clock.ms += 2 * dayMs
    expect(await published()).toHaveLength(1)
  })
})
