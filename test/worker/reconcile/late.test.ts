import { describe, expect, it } from 'vitest'
import { keepReconciliation } from '../../../src/reconcile/index.ts'
import { listOf } from '../admin/admin-client.ts'
import { rows, runWorld } from './run-world.ts'

const settings = '/organizations/contoso/reconcile-settings'
/** Adele in the simulator's tenant. */
const adeleId = 'a0000000-0000-4000-8000-000000000001'

describe('what comes late', () => {
  it('SCIM makes somebody after Graph was read: the next run joins what is known of them', async () => {
    const world = await runWorld()
    await world.start()
    expect(await rows('select person_id from graph_users where object_id = ?', adeleId)).toEqual([
      { person_id: null },
    ])
    world.clock.ms += 60_000
    const adele = await world.provision('AdeleV@contoso.com')
    world.clock.ms += 60_000
    await world.start()
    expect(await rows('select person_id from graph_users where object_id = ?', adeleId)).toEqual([
      { person_id: adele },
    ])
    expect(
      await rows(
        "select count(*) n from source_views where person_id = ? and source = 'graph'",
        adele,
      ),
    ).toEqual([{ n: 1 }])
    world.counting.restart()
    const again = await world.start()
    expect(again).toMatchObject({ counts: { people: 0 } })
  })

  it('SCIM makes somebody while a run reads: the next one reads them, though this one could not', async () => {
    const world = await runWorld()
    await world.start()
    world.clock.ms += 60_000
    await world.tenant.api('PUT', '/graph/faults', [{ kind: 'delta', status: 429, retryAfter: 60 }])
    expect(await world.start()).toMatchObject({ status: 'paused', step: 'users' })
    const adele = await world.provision('AdeleV@contoso.com')
    await world.tenant.api('PUT', '/graph/faults', [])
    world.clock.ms += 5 * 60_000
    await world.tick()
    world.clock.ms += 60_000
    await world.start()
    expect(
      await rows(
        "select count(*) n from source_views where person_id = ? and source = 'graph'",
        adele,
      ),
    ).toEqual([{ n: 1 }])
  })

  it('a difference about a disabled account is accepted after it was enabled: nobody is denied', async () => {
    const world = await runWorld()
    const adele = await world.provision('AdeleV@contoso.com')
    await world.api.patch(settings, { policies: { person_disabled: 'report' } })
    await world.start()
    await world.tenant.api('PATCH', '/users/AdeleV@contoso.com', { accountEnabled: false })
    await world.start()
    const drift = await world.api.get('/organizations/contoso/drift?state=open')
    const item = listOf(drift.body, 'items').find(({ kind }) => kind === 'person_disabled')
    await world.tenant.api('PATCH', '/users/AdeleV@contoso.com', { accountEnabled: true })
    await world.start()
    const path = `/organizations/contoso/drift/${item?.['id']}/accept`
    expect(await world.api.post(path)).toMatchObject({ status: 200, body: { state: 'accepted' } })
    expect(await rows('select active, denied_by_graph from people where id = ?', adele)).toEqual([
      { active: 1, denied_by_graph: 0 },
    ])
  })

  it('whom a run left to the next one is told of again: it starts from where that one did', async () => {
    const world = await runWorld()
    await world.provision('AdeleV@contoso.com')
    await world.start()
    const link = 'select delta_link from reconcilers'
    const before = await rows(link)
    world.clock.ms += 60_000
    await world.tenant.api('PUT', '/graph/faults', [{ kind: 'delta', status: 429, retryAfter: 60 }])
    await world.tenant.api('PATCH', '/users/AdeleV@contoso.com', { jobTitle: 'Chief' })
    const run = await world.start()
    expect(run).toMatchObject({ status: 'paused' })
    await rows(
      "update reconcile_runs set counts = json_set(counts, '$.left', 1) where status = 'paused'",
    )
    await world.tenant.api('PUT', '/graph/faults', [])
    world.clock.ms += 5 * 60_000
    await world.tick()
    expect(await world.run(String(run['id']))).toMatchObject({
      status: 'done',
      counts: { left: 1 },
    })
    expect(await rows(link)).toEqual(before)
  })

  it('nobody is erased of whom SCIM said since that they are back, though Graph was not read', async () => {
    const world = await runWorld()
    const adele = await world.provision('AdeleV@contoso.com')
    await world.api.patch(settings, { brake: { shareOfFew: 1 } })
    await world.start()
    await world.tenant.api('DELETE', '/users/AdeleV@contoso.com')
    expect(await world.start()).toMatchObject({ counts: { deactivated: 1 } })
    await world.api.patch(settings, { isScheduled: false })
    world.clock.ms += 24 * 60 * 60_000
    await world.scim('PATCH', `/Users/${adele}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: 'title', value: 'Back again' }],
    })
    world.clock.ms += 40 * 24 * 60 * 60_000
    await keepReconciliation(world.api.deps)
    expect(await rows('select id from people where id = ?', adele)).toEqual([{ id: adele }])
  })

  it('a held run keeps nothing of somebody who is erased meanwhile', async () => {
    const world = await runWorld()
    const adele = await world.provision('AdeleV@contoso.com')
    await world.provision('LynneR@contoso.com')
    await world.start()
    await world.api.patch(settings, { brake: { shareOfFew: 0, people: 0, share: 0 } })
    await world.tenant.api('PATCH', '/users/AdeleV@contoso.com', {
      accountEnabled: false,
      jobTitle: 'Secret title',
    })
    world.clock.ms += 60_000
    const run = await world.start()
    expect(run).toMatchObject({ status: 'held' })
    const kept = `select count(*) n from reconcile_pages where kind in ('waiting', 'leaving') and ids glob '*${adeleId}*'`
    expect(await rows(kept)).not.toEqual([{ n: 0 }])
    await world.scim('DELETE', `/Users/${adele}`)
    expect(await rows(kept)).toEqual([{ n: 0 }])
    expect(
      await world.api.post(`/organizations/contoso/reconcile-runs/${run['id']}/release`),
    ).toMatchObject({ status: 200 })
    expect(await world.run(String(run['id']))).toMatchObject({ status: 'done' })
  })
})
