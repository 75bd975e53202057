import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { enterprise, fill, filledId, listWorld, value } from './list-world.ts'

const ann = filledId(7)

/** Every way to one user by an index. */
const lookups: readonly string[] = [
  'userName eq "U7@contoso.example"',
  'externalId eq "x7"',
  `id eq "${ann}"`,
  'displayName eq "NAME 7"',
  'emails.value eq "M7@contoso.example"',
  'emails eq "M7@contoso.example"',
  'emails[type eq "work"].value eq "m7@contoso.example"',
  'emails[type eq "work" and value eq "m7@contoso.example"]',
  `${enterprise}:employeeNumber eq "7"`,
  'employeeNumber eq "7"',
  'title sw "t" and (active eq true and userName eq "u7@contoso.example")',
  `id eq "${ann}" and not (manager eq "${filledId(8)}")`,
  'groups.value eq "grp_small"',
]

const groupLookups: readonly string[] = [
  'displayName eq "EVERYBODY"',
  'externalId eq "g1"',
  'id eq "grp_all"',
  `id eq "grp_all" and members eq "${ann}"`,
  `id eq "grp_all" and members.value eq "${ann}"`,
  `id eq "grp_all" and members[value eq "${ann}"]`,
  `members eq "${filledId(8)}"`,
  `members[value eq "${filledId(8)}"]`,
]

describe('what a list costs', () => {
  it('is one call and the same at 1,000 and at 100,000 people', async () => {
    const world = await listWorld()
    const { counting, addGroup, users, groups } = world
    const sqlOf = new Map<string, readonly string[]>()
    const measure = async () => {
      const costs: Record<string, number> = {}
      const count = async (name: string, work: () => Promise<unknown>) => {
        counting.restart()
        await work()
        expect(counting.calls).toHaveLength(1)
        costs[name] = counting.rows().read
        sqlOf.set(name, counting.calls[0]?.sql ?? [])
      }
      for (const filter of lookups) {
        await count(filter, async () => {
          const page = value(await users({ filter }))
          const found = page.users.map(({ id }) => id)
          expect([filter, page.totalResults, found]).toEqual([filter, 1, [ann]])
        })
      }
      for (const filter of groupLookups) {
        await count(filter, async () => {
          const page = value(await groups({ filter }))
          const found = page.groups.map(({ id }) => id)
          expect([filter, page.totalResults, found]).toEqual([filter, 1, ['grp_all']])
        })
      }
      await count('nobody', () => users({ filter: 'userName eq "nobody"' }))
      await count('first page', () => users({ count: 100 }))
      await count('later page', () => users({ startIndex: 801, count: 100 }))
      await count('by cursor', () => users({ count: 100, cursor: '' }))
      await count('by userName', () => users({ count: 100, sortBy: 'userName' }))
      await count('only the total', () => users({ count: 0 }))
      await count('groups', () => groups({}))
      return costs
    }
    const join = (group: string, condition: string) =>
      env.DB.prepare(
        `insert or ignore into group_members (group_id, member_id, organization_id, source, at) select '${group}', id, 'org_1', 'scim', 1 from people where ${condition}`,
      ).run()

    await fill(0, 1000)
    await addGroup({ id: 'grp_all', displayName: 'Everybody', externalId: 'g1' })
    await addGroup({ id: 'grp_small', displayName: 'Few', members: [ann] })
    await join('grp_all', 'true')
    const small = await measure()
    await fill(1000, 100_000)
    await join('grp_all', 'true')
    expect(await measure()).toEqual(small)

    const lookedUp = [...lookups, ...groupLookups, 'nobody'].map((name) => small[name] ?? 99)
    expect(Math.max(...lookedUp)).toBeLessThanOrEqual(20)
    // Each user of a page costs an index row, the person, the document, and two rows for each group; a page
    // by index an index row more for each user before it.
    expect(small['only the total']).toBe(1)
    for (const name of ['first page', 'by cursor', 'by userName']) {
      expect(small[name]).toBeLessThanOrEqual(720)
    }
    expect(small['later page']).toBeLessThanOrEqual((small['first page'] ?? 0) + 800)
    const plans = await Promise.all([...sqlOf.values()].flat().map(planOf))
    expect(plans.filter((plan) => /SCAN (p|g|s|m|k|d|x)\b/.test(plan))).toEqual([])
  })

  it('uses no LIKE, and few parameters, with the largest filter there may be', async () => {
    const { counting, users } = await listWorld()
    const terms = Array.from({ length: 50 }, (_, i) => `emails[type eq "work"].value co "${i}"`)
    const filter = terms.slice(0, 25).join(' or ')
    expect(value(await users({ filter, sortBy: 'emails', cursor: '' })).users).toEqual([])
    const sql = counting.calls.flatMap((call) => call.sql).join('\n')
    expect(sql).not.toMatch(/\b(?:like|glob)\b/i)
    const other = Array.from({ length: 50 }, (_, i) => `groups.display co "${i}"`).join(' or ')
    expect(value(await users({ filter: other, sortBy: 'title' })).users).toEqual([])
    const long = 'ä'.repeat(2000)
    expect(value(await users({ filter: `title co "${long}"` })).users).toEqual([])
  })
})

/** The plan of a statement; the index names stand in the statement, so it does not depend on the values. */
async function planOf(sql: string): Promise<string> {
  const parameters = Array.from({ length: sql.split('?').length - 1 }, () => null)
  const { results } = await env.DB.prepare(`explain query plan ${sql}`)
    .bind(...parameters)
    .all<{ detail: string }>()
  return `${sql}\n${results.map(({ detail }) => detail).join('\n')}`
}
