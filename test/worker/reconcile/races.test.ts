import { describe, expect, it } from 'vitest'
import '../support/search-keys-hold.ts'
import { listOf, textOf } from '../admin/admin-client.ts'
import type { D1Call } from '../support/counting-d1.ts'
import { eventsOf, type RunWorld, rows, runWorld } from './run-world.ts'

const settings = '/organizations/contoso/reconcile-settings'
const runs = '/organizations/contoso/reconcile-runs'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** Adele and two others, read once; then Adele's title and office are others in the tenant. */
async function changedWorld() {
  const world = await runWorld()
  const ids: string[] = []
  for (const name of ['AdeleV', 'LynneR', 'MeganB']) {
    ids.push(await world.provision(`${name}@contoso.com`, { title: 'Before' }))
  }
  const [adele = ''] = ids
  await world.api.patch(settings, { brake: { shareOfFew: 1 } })
  await world.start()
  world.clock.ms += 60_000
  await world.tenant.api('PATCH', '/users/AdeleV@contoso.com', {
    jobTitle: 'Chief',
    officeLocation: '18/2111',
  })
  return { ...world, adele, ids }
}

/** Does something right before a page is written to `people`, so many times at most. */
function beforePages(world: RunWorld, times: number, work: () => Promise<unknown>) {
  const count = { done: 0 }
  let isBusy = false
  world.counting.beforeEachCall(async ({ sql }: D1Call) => {
    const isPage =
      sql.some((one) => one.startsWith('update "reconcile_runs"')) &&
      sql.some((one) => /update "people"/.test(one))
    if (isBusy || !isPage || count.done >= times) return
    count.done++
    isBusy = true
    await work()
    isBusy = false
  })
  return count
}

function patchTitle(world: RunWorld, id: string, value: string) {
  return world.scim('PATCH', `/Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'Replace', path: 'title', value }],
  })
}

describe('a page that others change', () => {
  it('is judged anew: SCIM’s newer word stands, and what Graph states beside it is taken', async () => {
    const world = await changedWorld()
    const hits = beforePages(world, 1, async () => {
      world.clock.ms += 1000
      await patchTitle(world, world.adele, 'By SCIM')
    })
    const run = await world.start()
    expect(hits.done).toBe(1)
    expect(run).toMatchObject({ status: 'done', counts: { left: 0 } })
    expect(await world.profile(world.adele)).toMatchObject({
      title: 'By SCIM',
      officeLocation: '18/2111',
    })
  })

  it('leaves to the next run whoever is changed each time, and counts them', async () => {
    const world = await changedWorld()
    await world.tenant.api('PATCH', '/users/MeganB@contoso.com', { officeLocation: '1' })
    let value = 0
    beforePages(world, 20, async () => {
      value++
      await patchTitle(world, world.adele, `Title ${value}`)
    })
    const run = await world.start()
    world.counting.beforeEachCall(null)
    expect(run).toMatchObject({ status: 'done', counts: { left: 1 } })
    expect(value).toBeGreaterThan(3)
    expect((await world.profile(world.ids[2] ?? ''))['officeLocation']).toBe('1')
    expect((await world.profile(world.adele))['officeLocation']).not.toBe('18/2111')
    world.clock.ms += 60_000
    await world.start({ full: true })
    expect((await world.profile(world.adele))['officeLocation']).toBe('18/2111')
  })

  it('is judged by the mapping as it is when it is written', async () => {
    const world = await changedWorld()
    beforePages(world, 1, async () => {
      const mapping = await world.api.get('/organizations/contoso/mapping')
      const set = await world.api.put('/organizations/contoso/mapping', {
        version: mapping.body['version'],
        rules: { title: { tiers: [['scim'], ['graph']] } },
      })
      expect([set.status, set.body['code']]).toEqual([200, undefined])
    })
    await world.start()
    for (let i = 0; i < 3; i++) await world.tick()
    expect(await world.profile(world.adele)).toMatchObject({ title: 'Before' })
    const versions = await rows(
      'select distinct p.mapping_version = o.mapping_version as current from people p, organizations o',
    )
    expect(versions).toEqual([{ current: 1 }])
  })
})

describe('a run that is no longer its invocation’s', () => {
  it.each(['stolen', 'ended by an admin'] as const)('%s writes nothing any more', async (what) => {
    const world = await changedWorld()
    beforePages(world, 1, async () => {
      const [run] = listOf((await world.api.get(runs)).body, 'items')
      if (what === 'ended by an admin') await world.api.post(`${runs}/${run?.['id']}/cancel`)
      else await rows('update reconcile_leases set generation = generation + 1, until = 0')
    })
    const before = await rows('select id, version, profile from people order by id')
    await world.start()
    expect(await rows('select id, version, profile from people order by id')).toEqual(before)
    await world.tick()
    const now = (await world.profile(world.adele))['officeLocation']
    expect(now === '18/2111').toBe(what !== 'ended by an admin')
  })
})

describe('people whom Graph makes', () => {
  async function creating() {
    const world = await runWorld()
    await world.api.patch(settings, { policies: { person_missing: 'repair' } })
    return world
  }

  it('are bound, have their view and profile, and are found by SCIM and the next run', async () => {
    const world = await creating()
    const run = await world.start()
    const made = await rows('select id, user_name, active, created_by, external_id from people')
    expect(made.length).toBeGreaterThan(1)
    expect(run['counts']).toMatchObject({ created: made.length })
    expect(new Set(made.map(({ created_by }) => created_by))).toEqual(new Set(['graph']))
    const bound = await rows(
      `select count(*) n from people p join identities i on i.person_id = p.id join source_views v on v.person_id = p.id and v.source = 'graph'
       join graph_users g on g.person_id = p.id and i.key like '%' || g.object_id`,
    )
    expect(bound).toEqual([{ n: made.length }])
    expect(await eventsOf(world.api, 'user.created')).toHaveLength(made.length)
    const adele = made.find(({ user_name }) => user_name === 'AdeleV@contoso.com')
    expect(await world.profile(String(adele?.['id']))).toMatchObject({ displayName: 'Adele Vance' })
    // SCIM adopts whom Graph made.
    expect(await world.provision('AdeleV@contoso.com')).toBe(adele?.['id'])
    expect((await world.start({ full: true }))['counts']).toMatchObject({ created: 0 })
    expect(await rows('select count(*) n from people')).toEqual([{ n: made.length }])
  })

  it('are not made beside one whom SCIM makes at that moment', async () => {
    const world = await creating()
    let made = ''
    world.counting.beforeEachCall(async ({ sql }) => {
      if (made !== '' || !sql.some((one) => /^insert into "people"/.test(one))) return
      made = 'on its way'
      made = await world.provision('AdeleV@contoso.com')
    })
    await world.start()
    world.counting.beforeEachCall(null)
    expect(made).toMatch(/^usr_/)
    expect(await rows("select id from people where user_name_key = 'adelev@contoso.com'")).toEqual([
      { id: made },
    ])
    await world.start({ full: true })
    expect(
      await rows('select g.person_id from graph_users g where g.person_id = ?', made),
    ).toHaveLength(1)
  })
})

describe('an organization’s first connection', () => {
  it('takes over what was reconciled before it, while a run is on its way', async () => {
    const world = await runWorld({ isConnected: false })
    const adele = await world.provision('AdeleV@contoso.com', { title: 'Before' })
    await world.api.patch(settings, { brake: { shareOfFew: 1 }, everyMinutes: 60 })
    let connection = ''
    world.counting.beforeEachCall(async ({ sql }) => {
      if (connection !== '' || !sql.some((one) => /insert into "graph_users"/.test(one))) return
      connection = 'on its way'
      connection = await world.connect()
    })
    const run = await world.start()
    world.counting.beforeEachCall(null)
    expect(connection).toMatch(/^con_/)
    for (let i = 0; i < 3; i++) {
      world.clock.ms += 60_000
      await world.tick()
    }
    expect(await world.run(textOf(run, 'id'))).toMatchObject({ status: 'done', connection })
    expect((await world.api.get(settings)).body).toMatchObject({ connection, everyMinutes: 60 })
    expect(await rows('select distinct connection_id from graph_users')).toEqual([
      { connection_id: connection },
    ])
    expect(await world.profile(adele)).toMatchObject({ title: 'Retail Manager' })
    expect(await rows('select person_id from graph_users where person_id = ?', adele)).toHaveLength(
      1,
    )
  })

  it('that goes leaves it for the next one', async () => {
    const world = await runWorld()
    await world.api.patch(settings, { everyMinutes: 60 })
    await world.start()
    await world.api.delete(`/organizations/contoso/connections/${world.connectionId}`)
    expect((await world.api.get(settings)).body).toMatchObject({
      connection: null,
      everyMinutes: 60,
    })
    expect(await world.start()).toMatchObject({ connection: null, status: 'done' })
  })
})

describe('a re-resolve', () => {
  it('goes on by ticks until nobody is left whom an older mapping made', async () => {
    const world = await runWorld({ plan: 'free' })
    const adele = await world.provision('AdeleV@contoso.com', {
      title: 'Clerk',
      [enterprise]: { department: 'Retail' },
    })
    await world.api.patch(settings, { isScheduled: false })
    const mapping = await world.api.get('/organizations/contoso/mapping')
    await world.api.put('/organizations/contoso/mapping', {
      version: mapping.body['version'],
      rules: { title: { scim: [`${enterprise}:department`] } },
    })
    for (let i = 0; i < 5; i++) {
      world.clock.ms += 60_000
      await world.tick()
    }
    expect(await world.profile(adele)).toMatchObject({ title: 'Retail' })
    const [run] = listOf((await world.api.get(runs)).body, 'items')
    expect(run).toMatchObject({
      kind: 'resolve',
      trigger: 'mapping',
      status: 'done',
      counts: { people: 1, changed: 1 },
    })
    expect(textOf(run, 'id')).toMatch(/^run_/)
  })
})
