import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import '../support/search-keys-hold.ts'
import { cases } from '../../support/cases.ts'
import { broken, rows } from '../scim/people-world.ts'
import { type EngineWorld, openEngineWorld } from './engine-world.ts'

const names = ['AdeleV', 'AlexW', 'MeganB', 'LynneR', 'DiegoS', 'GradyA', 'HenriettaM'] as const
const everybody = '/groups/All%20Contoso/members'
/** Marketing: of the people here Alex and Megan. */
const marketing = 'b0000000-0000-4000-8000-000000000004'

type Edit = (world: EngineWorld) => Promise<unknown>

const edit =
  (name: string, values: object): Edit =>
  (world) =>
    world.call('PATCH', `/users/${name}@contoso.com`, values)

/** One of each kind of change; one person stays as they are. */
const edits: readonly Edit[] = [
  edit('AdeleV', { department: null }),
  edit('AlexW', { userPrincipalName: 'Alex.Wilber@contoso.com' }),
  edit('MeganB', { accountEnabled: false }),
  (world) => world.call('DELETE', `${everybody}/LynneR@contoso.com`),
  (world) => world.call('DELETE', '/users/DiegoS@contoso.com'),
  edit('GradyA', { managerId: null, jobTitle: 'Chief Designer' }),
  // By its id, since a user principal name may have changed.
  (world) => world.call('DELETE', '/groups/Marketing/members/a0000000-0000-4000-8000-000000000002'),
  (world) => world.call('POST', '/groups/Marketing/members', { member: 'HenriettaM@contoso.com' }),
]

/** People of SCIM who were read once, and then the tenant changes. */
async function changedTenant(changes: readonly Edit[] = edits): Promise<EngineWorld> {
  const world = await openEngineWorld()
  const ids: string[] = []
  for (const name of names) {
    const user = (await world.call('GET', `/users/${name}@contoso.com`)) as Record<string, unknown>
    const values = { title: String(user['jobTitle']), department: String(user['department']) }
    ids.push(await world.provision(`${name}@contoso.com`, { values }))
  }
  await world.provisionGroup(marketing, [ids[1] ?? '', ids[2] ?? ''])
  world.later(40)
  await world.reconcile()
  for (const change of changes) await change(world)
  world.later(15)
  return world
}

/** All that a run leaves behind, without ids and times, which no two runs share. */
async function leftBehind() {
  const people = await rows(
    `select p.user_name, p.profile, p.active, p.denied_by_graph, p.erase_at is not null as erased, i.key
     from people p left join identities i on i.person_id = p.id order by p.user_name`,
  )
  const views = await rows(
    `select p.user_name, (select json_group_object(a.key, json_extract(a.value, '$.values')) from (select key, value from json_each(v.attributes) order by key) a) as said
     from source_views v join people p on p.id = v.person_id where v.source = 'graph' order by p.user_name`,
  )
  const drift = await rows(
    `select d.kind, d.attribute, d.stated, d.held, d.action, d.state, coalesce(p.user_name, d.object_id) as who
     from drift_items d left join people p on p.id = d.person_id order by who, d.kind, d.attribute, d.state`,
  )
  const events = await rows(
    `select e.type, p.user_name as who, count(*) as n from events e left join people p on p.id = e.person_id
     where e.actor = 'reconciliation' group by e.type, who order by e.type, who`,
  )
  const users = await rows('select object_id, assigned, state from graph_users order by object_id')
  const counts = await rows(
    'select what, sum(count) as n from brake_counts group by what order by what',
  )
  const rest = await rows('select count(*) as n from reconcile_pages')
  const members = await rows(
    'select p.user_name, m.source from group_members m join people p on p.id = m.member_id order by 1',
  )
  return { people, views, drift, events, users, counts, rest, members }
}

type Left = Awaited<ReturnType<typeof leftBehind>>

async function fresh(): Promise<void> {
  await reset()
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
}

/** What a run leaves behind that nothing disturbs. */
let calm: Promise<{ readonly left: Left; readonly calls: number }> | null = null

async function calmRun() {
  const world = await changedTenant()
  world.counting.restart()
  await world.finish(await world.start({ full: false }))
  const calls = world.counting.calls.length
  const left = await leftBehind()
  // What all others are compared with is no empty run.
  expect(left.members).toEqual([
    { user_name: 'HenriettaM@contoso.com', source: 'graph' },
    { user_name: 'MeganB@contoso.com', source: 'scim' },
  ])
  expect(new Set(left.drift.map(({ kind }) => kind))).toEqual(
    new Set([
      'attribute_cleared',
      'attribute_different',
      'membership_extra',
      'membership_missing',
      'person_deleted',
      'person_disabled',
      'person_missing',
      'person_unassigned',
    ]),
  )
  await fresh()
  return { left, calls }
}

/** Whatever happened: the end is that of a calm run, and whoever runs again writes nobody. */
async function expectCalm(world: EngineWorld, left: Left): Promise<void> {
  expect(await rows('select distinct status, failure from reconcile_runs')).toEqual([
    { status: 'done', failure: null },
  ])
  expect(await leftBehind()).toEqual(left)
  expect(await broken()).toEqual([])
  world.later(15)
  expect(await world.reconcile()).toMatchObject({ changed: 0 })
}

describe('a run that dies', () => {
  it.each(['before', 'after'] as const)(
    'at any call to D1, %s it is done, ends as if it had not',
    async (when) => {
      calm ??= calmRun()
      const { left, calls } = await calm
      for (let call = 0; call < calls; call += Math.ceil(calls / cases(calls))) {
        const world = await changedTenant()
        const runId = await world.start({ full: false })
        world.counting.restart()
        world.counting.failAt([{ call, when }])
        // The tick that dies may be that of the read of what waits.
        await world.advanceOnce().catch(() => null)
        world.counting.failAt([])
        await world.finish(runId)
        await expectCalm(world, left)
        await fresh()
      }
    },
    300_000,
  )

  it('after every page of Graph goes on after it', async () => {
    calm ??= calmRun()
    const { left } = await calm
    const world = await changedTenant()
    const runId = await world.start({ full: false })
    let answers = 0
    world.afterAnswer = async () => {
      answers++
      if (answers % 2 === 1) throw new Error('The invocation ends.')
    }
    await world.finish(runId)
    await expectCalm(world, left)
  })
})

describe('two invocations at once', () => {
  it.each([0, 1, 2, 3, 5, 8])(
    'do the work of one, the second after %i calls of the first',
    async (calls) => {
      calm ??= calmRun()
      const { left } = await calm
      const world = await changedTenant()
      const runId = await world.start({ full: false })
      let second: Promise<unknown> | null = null
      world.counting.restart()
      world.counting.beforeEachCall(async (_call, index) => {
        if (index === calls && second === null) second = world.advanceOnce()
      })
      await world.advanceOnce()
      await second
      world.counting.beforeEachCall(null)
      await world.finish(runId)
      await expectCalm(world, left)
    },
  )

  it('one of whom sleeps past its lease, write nothing twice', async () => {
    calm ??= calmRun()
    const { left } = await calm
    const world = await changedTenant()
    const runId = await world.start({ full: false })
    let hasSlept = false
    world.afterAnswer = async (url) => {
      if (!url.includes('/users/delta') || hasSlept) return
      hasSlept = true
      // While this one waits for its answer, hours pass and another one does all the work.
      world.later(180)
      await world.finish(runId)
    }
    await world.advanceOnce()
    await expectCalm(world, left)
  })
})

describe('Graph at its worst', () => {
  const faults = [
    ['429 for a fifth', [{ kind: 'any', status: 429, retryAfter: 2, share: 0.2, seed: 1 }]],
    ['429 without a time', [{ kind: 'any', status: 429, share: 0.2, seed: 2 }]],
    ['503 for a fifth', [{ kind: 'any', status: 503, share: 0.2, seed: 3 }]],
    [
      '429 inside of batches',
      [{ kind: 'inner', status: 429, retryAfter: 2, share: 0.5, seed: 4, count: 20 }],
    ],
    ['tokens that end', [{ kind: 'any', effect: 'expired-token', share: 0.3, seed: 5, count: 6 }]],
    ['pages again', [{ kind: 'delta', effect: 'replay-page', count: 2 }]],
    [
      'users in parts, and twice',
      [
        { kind: 'delta', effect: 'split-objects' },
        { kind: 'delta', effect: 'repeat-objects' },
      ],
    ],
    ['answers cut off', [{ kind: 'any', effect: 'cut', share: 0.2, seed: 6, count: 20 }]],
  ] as const

  it.each(faults)('%s: the end is the same', async (_what, set) => {
    calm ??= calmRun()
    const { left } = await calm
    const world = await changedTenant()
    await world.call('PUT', '/graph/faults', set)
    await world.finish(await world.start({ full: false }))
    await world.call('PUT', '/graph/faults', [])
    await expectCalm(world, left)
  })
})

describe('random changes, random deaths and a fifth of Graph failing', () => {
  const name = fc.constantFrom(...names)
  const change: fc.Arbitrary<Edit> = fc.oneof(
    fc
      .tuple(
        name,
        fc.constantFrom('department', 'jobTitle', 'mobilePhone'),
        fc.constantFrom('Ops', null),
      )
      .map(([who, attribute, value]) => edit(who, { [attribute]: value })),
    fc.tuple(name, fc.boolean()).map(([who, accountEnabled]) => edit(who, { accountEnabled })),
    name.map(
      (who): Edit =>
        (world) =>
          world.call('DELETE', `${everybody}/${who}@contoso.com`).catch(() => null),
    ),
  )

  it('end as without, and nobody unchanged is written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 8 }),
        fc.array(fc.record({ call: fc.nat(60), when: fc.constantFrom('before', 'after') }), {
          maxLength: 4,
        }),
        fc.nat(1000),
        async (changes, deaths, seed) => {
          await fresh()
          const undisturbed = await changedTenant(changes)
          await undisturbed.finish(await undisturbed.start({ full: false }))
          const left = await leftBehind()
          await fresh()
          const world = await changedTenant(changes)
          const runId = await world.start({ full: false })
          const status = seed % 2 === 0 ? 429 : 503
          await world.call('PUT', '/graph/faults', [
            { kind: 'any', status, share: 0.2, seed, count: 30 },
          ])
          world.counting.restart()
          world.counting.failAt(deaths)
          await world.finish(runId, () => world.advanceOnce().catch(() => null))
          world.counting.failAt([])
          await world.call('PUT', '/graph/faults', [])
          await expectCalm(world, left)
        },
      ),
      { numRuns: cases(10) },
    )
  }, 300_000)
})
