import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { runScheduled } from '../../../src/scheduled.ts'
import { listOf } from '../admin/admin-client.ts'
import { addSession } from '../admin/connection-world.ts'
import { eventsOf, type RunWorld, rows, runWorld } from './run-world.ts'

const runs = '/organizations/contoso/reconcile-runs'
const settings = '/organizations/contoso/reconcile-settings'
/** Adele in the simulator's tenant. */
const adeleId = 'a0000000-0000-4000-8000-000000000001'
const dayMs = 24 * 60 * 60 * 1000

async function listed(world: RunWorld) {
  return listOf((await world.api.get(runs)).body, 'items')
}

async function tickAfter(world: RunWorld, minutes: number): Promise<void> {
  world.clock.ms += minutes * 60_000
  await runScheduled(world.api.deps, world.clock.ms)
}

/** A tick on the quarter of an hour. */
function housekeeping(world: RunWorld): Promise<void> {
  const quarterMs = 15 * 60_000
  return runScheduled(world.api.deps, Math.floor(world.clock.ms / quarterMs) * quarterMs)
}

describe('the schedule', () => {
  it('begins with the credential, goes on every quarter of an hour, and reads once when idle', async () => {
    const world = await runWorld()
    await world.provision('AdeleV@contoso.com')
    await tickAfter(world, 0)
    expect(await listed(world)).toMatchObject([
      { trigger: 'schedule', status: 'done', full: true, dryRun: false },
    ])
    expect(await eventsOf(world.api, 'reconcile.started')).toMatchObject([{ actor: 'system' }])
    world.counting.restart()
    world.clock.ms += 14 * 60_000
    expect(await world.tick()).toMatchObject({ steps: 0, roundTrips: 1 })
    expect(world.counting.rows().read).toBeLessThan(4)
    expect(world.counting.rows().written).toBe(0)
    await tickAfter(world, 1)
    expect((await listed(world)).map(({ full, status }) => [full, status])).toEqual([
      [false, 'done'],
      [true, 'done'],
    ])
  })

  it('rests while it is off, and by the pause that an admin sets', async () => {
    const world = await runWorld()
    await world.api.patch(settings, { isScheduled: false })
    await tickAfter(world, 60)
    expect(await listed(world)).toEqual([])
    await world.api.patch(settings, { isScheduled: true, everyMinutes: 120 })
    await tickAfter(world, 1)
    await tickAfter(world, 60)
    expect(await listed(world)).toHaveLength(1)
    await tickAfter(world, 60)
    expect(await listed(world)).toHaveLength(2)
  })

  it('reads everybody again after a week, after a new credential, and when other names are mapped', async () => {
    const world = await runWorld()
    await tickAfter(world, 0)
    await tickAfter(world, 15)
    world.clock.ms += limits.reconcileFullMs
    await tickAfter(world, 0)
    const { body } = await world.api.get('/organizations/contoso/graph')
    const { tenantId, clientId, appId } = body
    await world.api.put('/organizations/contoso/graph', { tenantId, clientId, appId })
    await tickAfter(world, 0)
    await world.api.post('/organizations/contoso/attributes', { key: 'fax', label: 'Fax' })
    const mapping = await world.api.get('/organizations/contoso/mapping')
    const set = await world.api.put('/organizations/contoso/mapping', {
      version: mapping.body['version'],
      rules: { fax: { graph: ['faxNumber'] } },
    })
    expect([set.status, set.text.slice(0, 300)]).toEqual([200, expect.anything()])
    await tickAfter(world, 15)
    const all = (await listed(world)).filter(({ kind }) => kind === 'reconcile')
    expect(all.map(({ full }) => full)).toEqual([true, true, true, false, true])
  })

  it('keeps a paused run for the time that Graph asks for', async () => {
    const world = await runWorld()
    await world.tenant.api('PUT', '/graph/faults', [
      { kind: 'delta', status: 429, retryAfter: 300 },
    ])
    await tickAfter(world, 0)
    expect(await listed(world)).toMatchObject([{ status: 'paused', step: 'users' }])
    await world.tenant.api('PUT', '/graph/faults', [])
    await tickAfter(world, 4)
    expect(await listed(world)).toMatchObject([{ status: 'paused' }])
    await tickAfter(world, 6)
    expect(await listed(world)).toMatchObject([{ status: 'done', failure: null }])
  })
})

describe('whoever is deleted in the tenant', () => {
  it('is denied at once, and erased with a tombstone when retention is over', async () => {
    const world = await runWorld()
    for (const name of ['LynneR', 'MeganB']) await world.provision(`${name}@contoso.com`)
    const adele = await world.provision('AdeleV@contoso.com')
    await world.start()
    world.clock.ms += 60_000
    await world.tenant.api('DELETE', '/users/AdeleV@contoso.com')
    await world.api.patch(settings, { brake: { shareOfFew: 1 } })
    await addSession('ses_adele', { personId: adele, connectionId: world.connectionId })
    const state = 'select active, erase_at is not null as dated from people where id = ?'
    expect(await world.start()).toMatchObject({ status: 'done', counts: { deactivated: 1 } })
    expect(await rows('select id from sessions')).toEqual([])
    expect(await rows(state, adele)).toEqual([{ active: 0, dated: 1 }])
    await world.api.patch(settings, { isScheduled: false })
    world.clock.ms += 29 * dayMs
    await housekeeping(world)
    expect(await rows(state, adele)).toHaveLength(1)
    world.clock.ms += 2 * dayMs
    await housekeeping(world)
    expect(await rows(state, adele)).toEqual([])
    expect(await rows('select key from tombstones where person_id = ?', adele)).toHaveLength(1)
    expect(await rows('select * from drift_items where person_id = ?', adele)).toEqual([])
    expect(await eventsOf(world.api, 'user.erased')).toMatchObject([
      { actor: 'reconciliation', user: adele, detail: { reason: 'retention_over' } },
    ])
  })

  it('is not erased who was restored in time', async () => {
    const world = await runWorld()
    for (const name of ['LynneR', 'MeganB']) await world.provision(`${name}@contoso.com`)
    const adele = await world.provision('AdeleV@contoso.com')
    await world.api.patch(settings, { brake: { shareOfFew: 1 } })
    await world.start()
    await world.tenant.api('DELETE', '/users/AdeleV@contoso.com')
    await world.start()
    await world.tenant.api('POST', `/deleted-users/${adeleId}/restore`)
    await world.start()
    expect(await rows('select active, erase_at from people where id = ?', adele)).toEqual([
      { active: 1, erase_at: null },
    ])
  })
})

describe('what is past its time', () => {
  it('goes: runs with what they found after 90 days, values in it after 30', async () => {
    const world = await runWorld()
    await world.start()
    const found = await rows('select count(*) n from drift_items')
    expect(found).not.toEqual([{ n: 0 }])
    await world.api.patch(settings, { isScheduled: false })
    world.clock.ms += 31 * dayMs
    await housekeeping(world)
    expect(await rows("select count(*) n from drift_items where stated <> 'null'")).toEqual([
      { n: 0 },
    ])
    world.clock.ms += 60 * dayMs
    await housekeeping(world)
    expect(await rows('select * from reconcile_runs')).toEqual([])
    expect(await rows('select * from drift_items')).toEqual([])
  })
})
