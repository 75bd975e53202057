import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/db/index.ts'
import { answer, context, createContoso, doorWorld, tables } from './support/door-world.ts'

const { events, identities, people, sessions, sourceViews } = tables

/** A warm isolate: it has started and finished a sign-in before. */
async function warmWorld() {
  const { db, organization } = await createContoso()
  const world = doorWorld()
  const browser = world.browser()
  await browser.signIn()
  await browser.go('/session')
  world.counting.restart()
  return { db, organization, world, browser }
}

describe('what D1 is asked', () => {
  it('nothing to start a sign-in', async () => {
    const { world } = await warmWorld()
    await world.browser().start()
    expect(world.counting.calls).toEqual([])
  })

  it('two calls to finish one, of which one is a batch at the primary, whoever it is', async () => {
    const { world } = await warmWorld()
    const browser = world.browser()
    const { form } = await answer(await browser.start())
    expect((await browser.post(form)).status).toBe(303)
    expect(world.counting.calls.map((call) => [call.kind, call.consistency])).toEqual([
      ['batch', 'first-unconstrained'],
      ['batch', 'first-primary'],
    ])
    const { read, written } = world.counting.rows()
    expect(read).toBeLessThanOrEqual(60)
    expect(written).toBeLessThanOrEqual(40)
  })

  it('one batch that writes, also where the isolate remembers an older connection', async () => {
    const { db, world } = await warmWorld()
    await db.update(tables.connections).set({ version: 2 })
    world.counting.restart()
    expect((await world.browser().signIn()).status).toBe(303)
    const writes = world.counting.calls.filter(({ sql }) =>
      sql.some((text) => /^(?:insert|update|delete)\b/i.test(text)),
    )
    expect(writes).toHaveLength(1)
  })

  it('two calls to create or bind somebody', async () => {
    const { db, organization, world } = await warmWorld()
    await db.delete(people)
    world.counting.restart()
    expect((await world.browser().signIn()).status).toBe(303)
    expect(world.counting.calls).toHaveLength(2)
    await db.delete(people)
    await db.insert(people).values({
      id: 'usr_scim',
      organizationId: organization.id,
      connectionId: context.connectionId,
      userName: 'ann@contoso.example',
      userNameKey: 'ann@contoso.example',
      createdBy: 'scim',
      scimAt: 1,
      profile: {},
      provenance: {},
      mappingVersion: 1,
      createdAt: 1,
      updatedAt: 1,
    })
    world.counting.restart()
    expect((await world.browser().signIn()).status).toBe(303)
    expect(world.counting.calls).toHaveLength(2)
  })

  it('one call for GET /session', async () => {
    const { world, browser } = await warmWorld()
    expect((await browser.go('/session')).status).toBe(200)
    expect(world.counting.calls).toHaveLength(1)
    expect(world.counting.rows().read).toBeLessThanOrEqual(12)
  })

  it('the same rows among 100 and 5,000 people', async () => {
    const { db, organization, world } = await warmWorld()
    const fill = async (from: number, count: number) => {
      const rows = Array.from(
        { length: count },
        (_, i) => `usr_${String(from + i).padStart(26, '0')}`,
      )
      await env.DB.prepare(
        `insert into people (id, organization_id, user_name, user_name_key, created_by, profile, provenance, mapping_version, created_at, updated_at)
         select value, ?, value, value, 'scim', '{}', '{}', 1, 1, 1 from json_each(?)`,
      )
        .bind(organization.id, JSON.stringify(rows))
        .run()
    }
    const cost = async () => {
      const browser = world.browser()
      const { form } = await answer(await browser.start())
      world.counting.restart()
      expect((await browser.post(form)).status).toBe(303)
      return world.counting.rows()
    }
    await fill(0, 100)
    const few = await cost()
    await fill(100, 4900)
    const many = await cost()
    expect(many.read).toBeLessThanOrEqual(few.read + 2)
    expect(await db.$count(people)).toBe(5001)
  })
})

describe('when D1 fails', () => {
  const cases = [
    { name: 'before the look', fault: { call: 0, when: 'before' as const }, stored: false },
    { name: 'before the batch', fault: { call: 1, when: 'before' as const }, stored: false },
    {
      name: 'after the commit, its answer lost',
      fault: { call: 1, when: 'after' as const },
      stored: true,
    },
  ]

  it.each(cases)(
    'P11 $name (saml.store_unavailable): 503 that says to try again, nothing half-written',
    async ({ fault, stored }) => {
      const { db } = await createContoso()
      const world = doorWorld()
      await world.browser().start()
      const browser = world.browser()
      const { form } = await answer(await browser.start())
      world.counting.restart()
      world.counting.failAt([fault])
      const response = await browser.post(form)
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).not.toBeNull()
      expect(await response.text()).toContain('signing in again is safe')
      expect(browser.jar.has('__Host-portico_session')).toBe(false)
      const count = stored ? 1 : 0
      for (const table of [people, identities, sourceViews, sessions, events]) {
        expect(await db.$count(table)).toBe(count)
      }
      world.counting.failAt([])
      expect((await world.browser().signIn()).status).toBe(303)
      expect(await db.$count(people)).toBe(1)
      expect(await db.$count(identities)).toBe(1)
    },
  )

  it('P11 at each statement of the batch, nothing of it is stored', async () => {
    const { db } = await createContoso()
    const names = ['people', 'identities', 'source_views', 'sessions', 'events', 'event_details']
    for (const table of names) {
      const trigger = `create trigger fail_${table} before insert on ${table} begin select raise(abort, 'D1 test fault'); end`
      await env.DB.prepare(trigger).run()
      const world = doorWorld()
      const response = await world.browser().signIn()
      expect([table, response.status]).toEqual([table, 503])
      for (const stored of [people, identities, sourceViews, sessions, events, tables.consumed]) {
        expect(await db.$count(stored)).toBe(0)
      }
      await env.DB.prepare(`drop trigger fail_${table}`).run()
    }
    expect((await doorWorld().browser().signIn()).status).toBe(303)
  })
})

describe('a replica that lags behind', () => {
  async function lagging(change: { firstLogin: boolean }) {
    await applyD1Migrations(env.DB_STALE, env.TEST_MIGRATIONS)
    const { db, organization, connection } = await createContoso({ organization: change })
    const stale = openDatabase(env.DB_STALE, 'primary')
    await stale.insert(tables.organizations).values(organization)
    await stale.insert(tables.connections).values(connection)
    const certificates = await db.select().from(tables.connectionCertificates)
    await stale.insert(tables.connectionCertificates).values(certificates)
    return { db, stale, world: doorWorld({ stale: env.DB_STALE }) }
  }

  it('does not make a second person of somebody it has not heard of', async () => {
    const { db, world } = await lagging({ firstLogin: true })
    expect((await world.browser().signIn()).status).toBe(303)
    expect((await world.browser().signIn()).status).toBe(303)
    expect(await db.$count(people)).toBe(1)
    expect(await db.$count(sessions)).toBe(2)
  })

  it('does not refuse somebody it has not heard of', async () => {
    const { db, world } = await lagging({ firstLogin: true })
    await world.browser().signIn()
    await db.update(tables.organizations).set({ firstLogin: false })
    await openDatabase(env.DB_STALE, 'primary')
      .update(tables.organizations)
      .set({ firstLogin: false })
    expect((await doorWorld({ stale: env.DB_STALE }).browser().signIn()).status).toBe(303)
  })

  it('does not let somebody in who was blocked at the primary', async () => {
    const { db, stale, world } = await lagging({ firstLogin: true })
    await world.browser().signIn()
    await stale.insert(people).values(await db.select().from(people))
    await stale.insert(identities).values(await db.select().from(identities))
    await db.update(people).set({ active: false, deniedByManual: true, version: 2 })
    expect((await world.browser().signIn()).status).toBe(403)
    expect(await db.$count(sessions)).toBe(1)
  })

  it('does not refuse a connection that it has not heard of', async () => {
    await applyD1Migrations(env.DB_STALE, env.TEST_MIGRATIONS)
    await createContoso()
    const world = doorWorld({ stale: env.DB_STALE })
    expect((await world.browser().signIn()).status).toBe(303)
  })
})
