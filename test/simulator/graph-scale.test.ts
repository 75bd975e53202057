import { describe, expect, it } from 'vitest'
import { startGraph } from './graph-world.ts'
import { adele, appId } from './simulator.ts'

const crowd = 'd1000000-0000-4000-8000-000000000000'
const select = 'id,userPrincipalName,manager,onPremisesExtensionAttributes'

describe('a large tenant', () => {
  it('is served without reading through it for a page', async () => {
    const { call, get, post, round, simulator } = await startGraph()
    await call('POST', '/crowd', { people: 1000, groups: 5 })
    await call('POST', `/apps/${appId}/assignments`, { principal: 'Crowd' })
    const { deltaLink } = await round(`/users/delta?$select=${select}`)
    await call('PATCH', `/users/${adele}`, { managerId: null })

    const { sql } = simulator.world
    const all = sql.all.bind(sql)
    const statements = new Map<string, readonly (string | number | null)[]>()
    sql.all = (statement, ...values) => {
      if (statement.startsWith('SELECT')) statements.set(statement, values)
      return all(statement, ...values)
    }
    const ids = encodeURIComponent(`id eq '${adele}'`)
    const reads = [
      await get(`/users/delta?$select=${select}`),
      await get(`/users/delta?$filter=${ids}`),
      await get(deltaLink),
      await get(`/servicePrincipals(appId='${appId}')/appRoleAssignedTo`),
      await get(`/groups/${crowd}/members/microsoft.graph.user?$select=id`),
      await get(`/groups/${crowd}`),
      await get(`/users/${adele}/manager`),
      await get(`/users/${adele}?$expand=manager`),
      await post(`/users/${adele}/getMemberGroups`, { securityEnabledOnly: false }),
    ]
    expect(reads.filter(({ status }) => status >= 500)).toEqual([])
    expect(statements.size).toBeGreaterThan(10)
    const scans = [...statements].flatMap(([statement, values]) =>
      all(`EXPLAIN QUERY PLAN ${statement}`, ...values)
        .map(({ detail }) => String(detail))
        // What is to go wrong is a short list; json_each and inside are what the statement itself brings.
        .filter((detail) => /^SCAN (?!graph_faults|json_each|inside|[ij]\b)/.test(detail))
        .map((detail) => `${detail}: ${statement}`),
    )
    expect(scans).toEqual([])
  })

  it('has everybody of a crowd in a full read, and the few that changed after it', async () => {
    const { call, round, set } = await startGraph()
    await call('POST', '/crowd', { people: 2000, groups: 1 })
    await set({ deltaPageSize: 999 })
    const { objects, pages, deltaLink } = await round(`/users/delta?$select=${select}`)
    expect([new Set(objects.map(({ id }) => id)).size, pages]).toEqual([2021, 3])
    // The same numbers make the same people: nothing changed.
    await call('POST', '/crowd', { people: 2000, groups: 1 })
    expect((await round(deltaLink)).objects).toEqual([])
    await call('PATCH', '/users/c1000000-0000-4000-8000-000000000057', { managerId: null })
    expect((await round(deltaLink)).objects).toHaveLength(1)
  })
})
