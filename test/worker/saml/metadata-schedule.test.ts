import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/db/index.ts'
import { limits } from '../../../src/kernel/index.ts'
import { planRefreshes, refreshDueMetadata } from '../../../src/saml/index.ts'
import { context } from '../../support/saml-context.ts'
import { dayMs, tables } from '../support/door-world.ts'
import { entraUrl, metadataWorld, print } from './metadata-world.ts'

const organizationId = 'org_00000000000000000000000001'

/** More connections with the same metadata, due one minute after another. */
async function addConnections(count: number) {
  await env.DB.prepare(
    `insert into connections (id, organization_id, name, idp_entity_id, sso_url, metadata_url, created_at, updated_at)
      with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
      select 'con_' || printf('%03d', i), ?, 'C', ?, ?, ?, 0, 0 from n`,
  )
    .bind(count, organizationId, context.idpEntityId, context.ssoUrl, entraUrl)
    .run()
  await env.DB.prepare(
    `insert into metadata_refreshes (connection_id, organization_id, due_at, updated_at)
      select id, organization_id, ? + rowid, 0 from connections where id like 'con_0__'`,
  )
    .bind(context.nowMs - dayMs)
    .run()
}

describe('the schedule of refreshes', () => {
  it('costs one statement and one row of an index while nothing is due', async () => {
    const world = await metadataWorld()
    await addConnections(50)
    await env.DB.prepare('update metadata_refreshes set due_at = ?')
      .bind(context.nowMs + 1)
      .run()
    world.counting.restart()
    await refreshDueMetadata(world.deps, context.nowMs)
    expect(world.counting.calls).toHaveLength(1)
    expect(world.counting.rows()).toMatchObject({ written: 0 })
    expect(world.counting.rows().read).toBeLessThanOrEqual(1)
    expect(world.asked).toEqual([])
  })

  it('takes a few a tick, the longest due first, and each once', async () => {
    const world = await metadataWorld()
    await world.serve({})
    await addConnections(9)
    await refreshDueMetadata(world.deps, context.nowMs)
    expect(world.asked).toHaveLength(limits.metadataRefreshesPerTick)
    await refreshDueMetadata(world.deps, context.nowMs)
    await refreshDueMetadata(world.deps, context.nowMs)
    expect(world.asked).toHaveLength(10)
    await refreshDueMetadata(world.deps, context.nowMs)
    expect(world.asked).toHaveLength(10)
  })

  it('by two ticks at once is asked, written and told once', async () => {
    const world = await metadataWorld()
    await world.serve({ signing: ['K', 'Knext'] })
    await Promise.all([1, 2, 3].map(() => refreshDueMetadata(world.deps, context.nowMs)))
    expect(world.asked).toHaveLength(1)
    expect((await world.state()).types).toEqual(['metadata.refreshed'])
  })

  it('makes up for a tick that died, and not every minute', async () => {
    const world = await metadataWorld()
    await world.serve({ signing: ['K', 'Knext'] })
    world.counting.restart()
    // The claim is made, and nothing after it.
    world.counting.failAt([1, 2, 3].map((call) => ({ call, when: 'before' as const })))
    await refreshDueMetadata(world.deps, context.nowMs)
    world.counting.failAt([])
    expect(world.logged).toMatchObject([
      {
        level: 'error',
        message: 'metadata was not refreshed',
        fields: { connection: context.connectionId },
      },
    ])
    await refreshDueMetadata(world.deps, context.nowMs + 60_000)
    expect((await world.state()).trusted).toEqual([await print('K')])
    await refreshDueMetadata(world.deps, context.nowMs + limits.metadataClaimMs)
    expect((await world.state()).trusted).toHaveLength(2)
  })

  it.each(['before', 'after'] as const)('loses nothing when D1 fails %s a write', async (when) => {
    const world = await metadataWorld()
    await world.serve({ signing: ['Knext'], ssoUrl: 'https://idp.example/new' })
    world.counting.restart()
    world.counting.failAt([{ call: 2, when }])
    await refreshDueMetadata(world.deps, context.nowMs)
    world.counting.failAt([])
    const between = await world.state()
    expect([between.trusted.length, between.types.length]).toEqual(
      when === 'after' ? [2, 2] : [1, 0],
    )
    await refreshDueMetadata(world.deps, context.nowMs + limits.metadataClaimMs)
    await world.refreshAfter(dayMs)
    const after = await world.state()
    expect(after.trusted).toHaveLength(2)
    expect([...after.types].sort()).toEqual(['metadata.pending', 'metadata.refreshed'])
  })

  it('judges again what another writer changed in between', async () => {
    const world = await metadataWorld()
    await world.serve({ signing: ['K', 'Knext'], ssoUrl: 'https://idp.example/new' })
    let hasChanged = false
    world.counting.beforeEachCall(async ({ sql }) => {
      if (hasChanged || !sql.some((one) => one.includes('insert into "connection_certificates"')))
        return
      hasChanged = true
      await env.DB.prepare(
        `update connections set version = version + 1, sso_url = 'https://idp.example/new'`,
      ).run()
    })
    await refreshDueMetadata(world.deps, context.nowMs)
    expect(hasChanged).toBe(true)
    const after = await world.state()
    expect(after.refresh?.pending).toBe(null)
    expect(after.types).toEqual(['metadata.refreshed'])
    expect(after.trusted).toHaveLength(2)
    expect(after.connection.version).toBe(3)
  })

  it('finds connections that nobody planned, and forgets those without a URL', async () => {
    const world = await metadataWorld()
    await world.db.delete(tables.metadataRefreshes)
    const db = openDatabase(env.DB, 'primary')
    await planRefreshes(db, context.nowMs)
    const planned = (await world.state()).refresh
    expect(planned?.dueAt).toBeGreaterThanOrEqual(context.nowMs)
    expect(planned?.dueAt).toBeLessThan(context.nowMs + dayMs)
    await planRefreshes(db, context.nowMs + dayMs)
    expect((await world.state()).refresh).toEqual(planned)
    await world.db.update(tables.connections).set({ metadataUrl: null })
    await refreshDueMetadata(world.deps, context.nowMs + dayMs)
    expect([world.asked, (await world.state()).refresh]).toEqual([[], null])
    await planRefreshes(db, context.nowMs + dayMs)
    expect((await world.state()).refresh).toBe(null)
  })
})
