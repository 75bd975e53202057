import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { cases } from '../../support/cases.ts'
import { bigTenant, usersPerPage } from './big-tenant.ts'

/** Ten times as many each: the largest takes two minutes. */
const sizes = [1000, 10_000, 100_000].slice(0, cases(3))
const changed = 100

describe('what a run costs', () => {
  it.each(sizes)(
    'at %i people: rows by who changed, round trips by pages, never more than the plan allows',
    async (size) => {
      const world = await bigTenant(size)
      const pages = Math.ceil(size / usersPerPage)
      const first = await world.run('paid')
      expect(first).toMatchObject({
        status: 'done',
        counts: { people: size, changed: 0, drift: 0 },
      })
      // A view, a profile with its new provenance, and a row of graph_users, each with its index.
      expect(first.written / size).toBeLessThan(6.2)
      expect(first.written / size).toBeGreaterThan(5.8)
      expect(first.mostStatements).toBeLessThan(1000)
      // Beside two for each page: assignments in one each, and the steps that have no page.
      expect(first.calls).toBeLessThan(2 * pages + size / 999 + 10 * first.invocations + 40)
      // One for each page, the application and, once an hour, a token.
      expect(first.subrequests).toBeLessThanOrEqual((first.counts?.pages ?? 0) + 2)

      world.change(changed, 'Sales')
      const second = await world.run('paid')
      expect(second).toMatchObject({ status: 'done', counts: { people: changed, changed } })
      // What the pages of assignments cost is by pages; the rest by who changed.
      const assignmentPages = Math.ceil(size / 999)
      expect(second.written).toBeLessThan(15 * changed + 6 * assignmentPages + 60)
      expect(second.calls).toBeLessThan(assignmentPages + 45)

      const idle = await world.run('paid')
      expect(idle.counts).toMatchObject({ changed: 0, drift: 0 })
      expect(idle.written).toBeLessThan(6 * assignmentPages + 150)
    },
    400_000,
  )

  it('does not grow with the directory where everybody is bound by name', async () => {
    const read: number[] = []
    for (const size of [200, 2000]) {
      await reset()
      await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
      const world = await bigTenant(size)
      await env.DB.prepare('delete from identities').run()
      const first = await world.run('paid')
      expect(first).toMatchObject({ status: 'done', counts: { people: size } })
      expect(await env.DB.prepare('select count(*) n from identities').first('n')).toBe(size)
      read.push(first.read / size)
    }
    expect(read[1]).toBeLessThan(Number(read[0]) + 5)
  })

  it('stays inside the free plan: a page or two for each tick', async () => {
    const world = await bigTenant(1000)
    const first = await world.run('free')
    expect(first).toMatchObject({ status: 'done', counts: { people: 1000 } })
    expect(first.mostStatements).toBeLessThan(50)
    expect(first.invocations).toBeLessThan(15)
  })

  it('finds people by the ids of a page, and never by going through everybody', async () => {
    const world = await bigTenant(2000)
    await world.run('paid')
    world.change(changed, 'Sales')
    await world.run('paid')
    const asked = new Set(world.counting.calls.flatMap(({ sql }) => sql))
    const scans: string[] = []
    for (const sql of asked) {
      const plan = await env.DB.prepare(`explain query plan ${sql}`)
        .bind(...Array(sql.split('?').length - 1).fill('[]'))
        .all<{ detail: string }>()
      for (const { detail } of plan.results) {
        const whole =
          /^SCAN (people|p|o|identities|i|source_views|v|scim_users|group_members|m)\b(?!.*VIRTUAL)/
        if (whole.test(detail)) scans.push(`${detail}: ${sql.slice(0, 200)}`)
      }
    }
    expect(scans).toEqual([])
  })
})
