import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { createContoso, type Json, listOf, openAdminApi, textOf } from '../admin/admin-client.ts'
import { eventsOf, type RunWorld, rows, runWorld } from './run-world.ts'

const runs = '/organizations/contoso/reconcile-runs'
const settings = '/organizations/contoso/reconcile-settings'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const names = ['AdeleV', 'LynneR', 'MeganB']

/** Three people of Retail with the department that SCIM sent. */
async function staffed() {
  const world = await runWorld()
  const ids: string[] = []
  for (const name of names) {
    ids.push(
      await world.provision(`${name}@contoso.com`, { [enterprise]: { department: 'Retail' } }),
    )
  }
  world.clock.ms += 60_000
  return { ...world, ids }
}

async function clearDepartments(world: Pick<RunWorld, 'tenant'>): Promise<void> {
  for (const name of names) {
    await world.tenant.api('PATCH', `/users/${name}@contoso.com`, { department: null })
  }
}

async function departments(world: RunWorld, ids: readonly string[]) {
  return Promise.all(ids.map(async (id) => (await world.profile(id))['department'] ?? null))
}

describe('the brake', () => {
  it('holds what too many would lose, until an admin releases it', async () => {
    const world = await staffed()
    await clearDepartments(world)
    const held = await world.start()
    expect(held).toMatchObject({
      status: 'held',
      held: { reasons: [{ what: 'attribute:department', count: 3, people: 3 }] },
    })
    expect(await departments(world, world.ids)).toEqual(['Retail', 'Retail', 'Retail'])
    const planned = listOf(held, 'drift').filter(({ attribute }) => attribute === 'department')
    expect(planned.map(({ action, state }) => [action, state])).toEqual(
      Array(3).fill(['planned', 'open']),
    )
    expect(await eventsOf(world.api, 'reconcile.held')).toMatchObject([
      { outcome: 'warning', detail: { run: held['id'] } },
    ])
    // Nothing else begins meanwhile.
    expect(await world.api.post(runs)).toMatchObject({
      status: 409,
      body: { code: 'reconcile.run_unfinished' },
    })
    await world.tick()
    expect(await departments(world, world.ids)).toEqual(['Retail', 'Retail', 'Retail'])

    const released = await world.api.post(`${runs}/${held['id']}/release`)
    expect(released.status).toBe(200)
    expect(await departments(world, world.ids)).toEqual([null, null, null])
    const done = await world.run(textOf(held, 'id'))
    expect(done).toMatchObject({ status: 'done', held: null, counts: { changed: 3 } })
    expect(listOf(done, 'drift').map(({ action }) => action)).not.toContain('planned')
    expect(await eventsOf(world.api, 'reconcile.released')).toMatchObject([{ actor: 'operator' }])
    // An admin meant it: it does not hold the next run.
    expect(await rows('select * from brake_counts')).toEqual([])
    const again = await world.api.post(`${runs}/${held['id']}/release`)
    expect(again).toMatchObject({ status: 409, body: { code: 'reconcile.run_not_held' } })
  })

  it('counts over a day and across runs', async () => {
    const world = await staffed()
    // Lynne is disabled in the tenant: one of three is not much.
    expect(await world.start()).toMatchObject({ status: 'done', counts: { deactivated: 1 } })
    world.clock.ms += 60_000
    await world.tenant.api('PATCH', '/users/AdeleV@contoso.com', { accountEnabled: false })
    await world.start()
    const [last] = listOf((await world.api.get(runs)).body, 'items')
    expect(last).toMatchObject({
      status: 'held',
      held: { reasons: [{ what: 'deactivated', count: 2, people: 3 }] },
    })
    expect(await rows('select count(*) n from people where active')).toEqual([{ n: 2 }])
  })

  it('holds the members whom a group would lose with their role, and lets in who is missing', async () => {
    const world = await runWorld({ assigned: ['All Contoso'] })
    const [adele, alex, megan] = [
      await world.provision('AdeleV@contoso.com'),
      await world.provision('AlexW@contoso.com'),
      await world.provision('MeganB@contoso.com'),
    ]
    const marketing = 'b0000000-0000-4000-8000-000000000004'
    const group = await world.scim('POST', '/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Marketing',
      externalId: marketing,
      members: [alex, megan].map((value) => ({ value })),
    })
    const roleRules = [{ group: 'marketing', role: 'editor' }]
    const set = await world.api.patch('/organizations/contoso', { roleRules })
    expect(set.status).toBe(200)
    world.clock.ms += 60_000
    for (const name of ['AlexW', 'MeganB']) {
      await world.tenant.api('DELETE', `/groups/Marketing/members/${name}@contoso.com`)
    }
    await world.tenant.api('POST', '/groups/Marketing/members', { member: 'AdeleV@contoso.com' })
    const members = 'select member_id as id, source from group_members order by 2, 1'
    const held = await world.start()
    expect(held).toMatchObject({
      status: 'held',
      held: { reasons: [{ what: 'role:editor', count: 2, people: 3 }] },
    })
    expect(await rows(members)).toEqual([
      { id: adele, source: 'graph' },
      // Made in one millisecond, so their ids are in any order.
      ...[alex, megan].toSorted().map((id) => ({ id, source: 'scim' })),
    ])
    await world.api.post(`${runs}/${held['id']}/release`)
    expect(await rows(members)).toEqual([{ id: adele, source: 'graph' }])
    expect(await world.run(textOf(held, 'id'))).toMatchObject({
      status: 'done',
      counts: { memberships: 3 },
    })
    const told = await eventsOf(world.api, 'group.updated')
    const facts = told.map(({ actor, detail }) => {
      const { added, removed } = detail as { added: number; removed: number }
      return `${actor} added ${added}, removed ${removed}`
    })
    expect(facts.toSorted()).toEqual([
      'reconciliation added 0, removed 2',
      'reconciliation added 1, removed 0',
    ])
    expect((await world.scim('GET', `/Groups/${group['id']}`))['members']).toMatchObject([
      { value: adele },
    ])
    world.clock.ms += 60_000
    expect((await world.start())['counts']).toMatchObject({ memberships: 0, drift: 0 })
  })

  it('lets a run be ended, and the next one finds the same again', async () => {
    const world = await staffed()
    await clearDepartments(world)
    const held = await world.start()
    const ended = await world.api.post(`${runs}/${held['id']}/cancel`)
    expect(ended).toMatchObject({
      status: 200,
      body: { status: 'failed', failure: { code: 'reconcile.cancelled' } },
    })
    expect(await world.api.post(`${runs}/${held['id']}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'reconcile.run_over' },
    })
    expect(await rows('select * from reconcile_pages')).toEqual([])
    const planned =
      "select run_id, state from drift_items where action = 'planned' and attribute = 'department'"
    expect(await rows(planned)).toEqual(Array(3).fill({ run_id: held['id'], state: 'done' }))
    const next = await world.start()
    expect(next).toMatchObject({ status: 'held' })
    expect(await rows(`${planned} and state = 'open'`)).toEqual(
      Array(3).fill({ run_id: next['id'], state: 'open' }),
    )
  })
})

describe('a dry run', () => {
  it('writes nothing but its report, as often as it is asked', async () => {
    const world = await staffed()
    await clearDepartments(world)
    const before = await dump()
    for (let i = 0; i < 2; i++) {
      const run = await world.start({ dryRun: true })
      expect(run).toMatchObject({
        status: 'done',
        dryRun: true,
        held: { reasons: [{ what: 'attribute:department', count: 3 }] },
      })
      const cleared = listOf(run, 'drift').filter(({ attribute }) => attribute === 'department')
      expect(cleared.map(({ action, state }) => [action, state])).toEqual(
        Array(3).fill(['planned', 'done']),
      )
      expect(await dump()).toBe(before)
    }
  })

  async function dump(): Promise<string> {
    const tables = ['people', 'identities', 'source_views', 'graph_users', 'group_members']
    const more = ['scim_users', 'sessions', 'brake_counts', 'reconcile_pages', 'tombstones']
    const all = [...tables, ...more].map((table) => rows(`select * from ${table}`))
    return JSON.stringify([
      ...(await Promise.all(all)),
      await rows('select delta_link from reconcilers'),
    ])
  }
})

describe('a difference', () => {
  async function reported(world: RunWorld) {
    const set = await world.api.patch(settings, {
      policies: {
        attribute_cleared: 'report',
        attribute_different: 'report',
        person_disabled: 'report',
      },
    })
    expect(set).toMatchObject({ status: 200, body: { policies: { attribute_cleared: 'report' } } })
    return world.start()
  }

  async function open(world: RunWorld, kind: string): Promise<readonly Json[]> {
    const { body } = await world.api.get('/organizations/contoso/drift?state=open')
    return listOf(body, 'items').filter((item) => item['kind'] === kind)
  }

  it('that is reported is accepted once, and then it stays', async () => {
    const world = await staffed()
    await clearDepartments(world)
    expect(await reported(world)).toMatchObject({ status: 'done' })
    expect(await departments(world, world.ids)).toEqual(['Retail', 'Retail', 'Retail'])
    const [item] = (await open(world, 'attribute_cleared')).filter(
      ({ attribute, user }) => attribute === 'department' && user === world.ids[0],
    )
    const path = `/organizations/contoso/drift/${item?.['id']}/accept`
    expect(await world.api.post(path)).toMatchObject({ status: 200, body: { state: 'accepted' } })
    expect(await departments(world, world.ids)).toEqual([null, 'Retail', 'Retail'])
    expect(await eventsOf(world.api, 'drift.accepted')).toMatchObject([
      { user: world.ids[0], detail: { changed: ['department'] } },
    ])
    expect(await world.api.post(path)).toMatchObject({
      status: 409,
      body: { code: 'reconcile.drift_decided' },
    })
    world.clock.ms += 60_000
    await world.start({ full: true })
    expect(await departments(world, world.ids)).toEqual([null, 'Retail', 'Retail'])
  })

  it('that is dismissed stays quiet, and what is open is not told again', async () => {
    const world = await staffed()
    await clearDepartments(world)
    await reported(world)
    const before = await open(world, 'attribute_cleared')
    const id = before[0]?.['id']
    expect(await world.api.post(`/organizations/contoso/drift/${id}/dismiss`)).toMatchObject({
      status: 200,
      body: { state: 'dismissed' },
    })
    expect(await world.api.post(`/organizations/contoso/drift/${id}/dismiss`)).toMatchObject({
      status: 409,
    })
    world.clock.ms += 60_000
    await world.start({ full: true })
    expect(await open(world, 'attribute_cleared')).toHaveLength(before.length - 1)
  })

  it('that was settled elsewhere is no longer open after the next full read', async () => {
    const world = await staffed()
    await clearDepartments(world)
    await reported(world)
    const before = await open(world, 'attribute_cleared')
    world.clock.ms += 2 * 24 * 60 * 60 * 1000
    await world.tenant.api('PATCH', '/users/AdeleV@contoso.com', { department: 'Retail' })
    await world.start({ full: true })
    const after = await open(world, 'attribute_cleared')
    expect(after.length).toBe(before.length - 1)
    expect(after.map(({ user }) => user)).not.toContain(world.ids[0])
  })

  it('about a disabled account is accepted by denying the person, with their sessions', async () => {
    const world = await staffed()
    await world.tenant.api('PATCH', '/users/AdeleV@contoso.com', { accountEnabled: false })
    await reported(world)
    const [item] = await open(world, 'person_disabled')
    expect(item).toMatchObject({ user: world.ids[0] })
    await world.api.post(`/organizations/contoso/drift/${item?.['id']}/accept`)
    expect(
      await rows('select active, denied_by_graph from people where id = ?', world.ids[0]),
    ).toEqual([{ active: 0, denied_by_graph: 1 }])
  })

  it('that nothing here can repair is only dismissed', async () => {
    const world = await staffed()
    world.clock.ms += 10 * 24 * 60 * 60 * 1000
    await world.start()
    const [item] = await open(world, 'scim_silent')
    const path = `/organizations/contoso/drift/${item?.['id']}`
    expect(await world.api.post(`${path}/accept`)).toMatchObject({
      status: 409,
      body: { code: 'reconcile.drift_not_repairable' },
    })
    expect(await world.api.post(`${path}/dismiss`)).toMatchObject({ status: 200 })
    expect(await world.api.post('/organizations/contoso/drift/drf_x/accept')).toMatchObject({
      status: 404,
      body: { code: 'admin.drift_not_found' },
    })
  })

  it('of somebody missing is accepted by making them as Graph states them', async () => {
    const world = await runWorld()
    await world.start()
    const missing = await open(world, 'person_missing')
    expect(missing.length).toBeGreaterThan(0)
    const { id, stated } = missing[0] ?? {}
    const made = await world.api.post(`/organizations/contoso/drift/${id}/accept`)
    expect(made).toMatchObject({ status: 200, body: { state: 'accepted' } })
    const { userPrincipalName } = stated as { userPrincipalName: string }
    expect(
      await rows(
        'select user_name, created_by, active from people where user_name = ?',
        userPrincipalName,
      ),
    ).toEqual([{ user_name: userPrincipalName, created_by: 'graph', active: 1 }])
  })
})

describe('settings', () => {
  it('are as by default, changed in part, and refused where they cannot be', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const usual = await api.get(settings)
    expect(usual).toMatchObject({
      status: 200,
      body: { connection: null, retentionDays: 30, everyMinutes: 15, nextRunAt: null },
    })
    const changed = await api.patch(settings, { everyMinutes: 60, brake: { people: 10 } })
    expect(changed).toMatchObject({
      status: 200,
      body: { everyMinutes: 60, brake: { people: 10, share: 0.1 } },
    })
    expect(await rows('select settings from reconcilers')).toEqual([
      { settings: '{"everyMinutes":60,"brake":{"people":10}}' },
    ])
    const off = await api.patch(settings, { isScheduled: false })
    expect(off.body).toMatchObject({ isScheduled: false, everyMinutes: 60, nextRunAt: null })
    for (const body of [
      { everyMinutes: 1 },
      { policies: { duplicate_unlinked: 'repair' } },
      { brake: { share: 2 } },
      { other: 1 },
    ]) {
      expect(await api.patch(settings, body)).toMatchObject({ status: 400 })
    }
  })
})

describe('a run that cannot be', () => {
  it('is refused or fails with what to do', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const made = await api.post(runs, { dryRun: true })
    const failed = await api.get(`${runs}/${made.body['id']}`)
    expect(failed.body).toMatchObject({
      status: 'failed',
      failure: { code: 'reconcile.no_credential', fix: expect.stringContaining('PUT') },
    })
    expect(await api.get(`${runs}/run_x`)).toMatchObject({
      status: 404,
      body: { code: 'admin.run_not_found' },
    })
    const headers = { 'Idempotency-Key': 'once' }
    const first = await api.post(runs, {}, headers)
    const second = await api.post(runs, {}, headers)
    expect([second.status, second.body['id']]).toEqual([201, first.body['id']])
  })

  it('comes to an end when it is interrupted at the same place again and again', async () => {
    const world = await runWorld()
    world.counting.beforeEachCall(async ({ sql }) => {
      if (sql.some((one) => one.includes('secret_sealed'))) throw new Error('D1_ERROR: gone')
    })
    const made = await world.api.post(runs)
    for (let i = 0; i < limits.reconcileTries; i++) {
      world.clock.ms += limits.reconcileLeaseMs
      await world.tick()
    }
    world.counting.beforeEachCall(null)
    world.clock.ms += limits.reconcileLeaseMs
    await world.tick()
    expect(await world.run(textOf(made.body, 'id'))).toMatchObject({
      status: 'failed',
      failure: { code: 'reconcile.no_progress', detail: 'application' },
    })
    expect(await env.DB.prepare('select count(*) n from reconcile_pages').first('n')).toBe(0)
  })
})
