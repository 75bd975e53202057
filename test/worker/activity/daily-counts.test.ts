import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { countNewEvents } from '../../../src/activity/index.ts'
import { openDatabase, runBatch } from '../../../src/db/index.ts'
import { limits, newTimedId } from '../../../src/kernel/index.ts'
import { runScheduled } from '../../../src/scheduled.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { createContoso, doorWorld } from '../support/door-world.ts'

const nowMs = Date.UTC(2026, 10, 24, 9)
const today = Math.floor(nowMs / 86_400_000)
const dayMs = 86_400_000
const contoso = 'org_00000000000000000000000001'

type Row = {
  readonly at: number
  readonly type?: string
  readonly outcome?: string
  readonly code?: string | null
  readonly actor?: string
  readonly organization?: string | null
}

async function log(rows: readonly Row[]): Promise<void> {
  const values = rows.map(({ at, type, outcome, code, actor, organization }) => [
    newTimedId('evt', at),
    at,
    organization === undefined ? contoso : organization,
    type ?? 'sign_in',
    outcome ?? 'success',
    code ?? null,
    actor ?? 'person',
  ])
  await env.DB.prepare(
    `insert into events (id, at, organization_id, type, outcome, code, actor, request_id)
      select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, 'req_x' from json_each(?)`,
  )
    .bind(JSON.stringify(values))
    .run()
}

async function sums(organization = contoso) {
  const { results } = await env.DB.prepare(
    'select day, type, outcome, code, count from daily_counts where organization_id = ? order by day, type, outcome, code',
  )
    .bind(organization)
    .all<Record<string, unknown>>()
  return results.map((row) => Object.values(row).join(' '))
}

async function count(atMs = nowMs): Promise<void> {
  const db = openDatabase(env.DB, 'primary')
  await runBatch(db, countNewEvents(db, atMs))
}

describe('sums of events by day', () => {
  beforeEach(async () => {
    await createContoso()
  })

  it('grow by what is new, each event once', async () => {
    await log([
      { at: nowMs - dayMs },
      { at: nowMs - 120_000 },
      { at: nowMs - 120_000 },
      { at: nowMs - 110_000, outcome: 'refused', code: 'saml.audience' },
    ])
    await count()
    await count()
    const first = [
      `${today - 1} sign_in success  1`,
      `${today} sign_in refused saml.audience 1`,
      `${today} sign_in success  2`,
    ]
    expect(await sums()).toEqual(first)
    await log([{ at: nowMs - 100_000 }])
    await count()
    expect(await sums()).toEqual([...first.slice(0, 2), `${today} sign_in success  3`])
    expect(await sums('')).toEqual(await sums())
  })

  it('leave out what is younger than a minute until it is older: a late commit has an older id', async () => {
    await log([{ at: nowMs - 50_000 }])
    await count()
    expect(await sums()).toEqual([])
    // Committed later, with the id of a request that began before.
    await log([{ at: nowMs - 55_000 }])
    await count(nowMs + 60_000)
    expect(await sums()).toEqual([`${today} sign_in success  2`])
  })

  it('count nothing twice when two ticks run at once, or a tick is repeated after its answer was lost', async () => {
    await log(Array.from({ length: 500 }, (_, i) => ({ at: nowMs - 100_000 - i })))
    await Promise.all(Array.from({ length: 5 }, () => count()))
    expect(await sums()).toEqual([`${today} sign_in success  500`])
    await log([{ at: nowMs - 90_000 }])
    const faulty = countingD1(env.DB)
    faulty.failAt([{ call: 0, when: 'after' }])
    const db = openDatabase(faulty.d1, 'primary')
    await expect(runBatch(db, countNewEvents(db, nowMs))).rejects.toThrow('Network')
    await count()
    expect(await sums()).toEqual([`${today} sign_in success  501`])
  })

  it('take a bounded number of events a tick, and go on with the next', async () => {
    const at = (i: number) => nowMs - 2_000_000 + i
    await log(Array.from({ length: 6000 }, (_, i) => ({ at: at(i) })))
    const counting = countingD1(env.DB)
    const db = openDatabase(counting.d1, 'primary')
    await runBatch(db, countNewEvents(db, nowMs))
    expect(await sums()).toEqual([`${today} sign_in success  5000`])
    expect(counting.calls).toHaveLength(1)
    expect(counting.rows().read).toBeLessThan(25_000)
    expect(counting.rows().written).toBeLessThan(20)
    await runBatch(db, countNewEvents(db, nowMs))
    expect(await sums()).toEqual([`${today} sign_in success  6000`])
  })

  it('read only what is new, however long the log is', async () => {
    const at = (i: number) => nowMs - 2_000_000 + i
    await log(Array.from({ length: 5000 }, (_, i) => ({ at: at(i) })))
    await count()
    await log([{ at: nowMs - 70_000 }])
    const counting = countingD1(env.DB)
    const db = openDatabase(counting.d1, 'primary')
    await runBatch(db, countNewEvents(db, nowMs))
    expect(counting.rows().read).toBeLessThan(40)
    counting.restart()
    await runBatch(db, countNewEvents(db, nowMs))
    expect(counting.rows()).toMatchObject({ written: 0 })
  })

  it('take whatever SCIM did as one kind, and nobody’s events and those of a deleted organization for no organization', async () => {
    await log([
      { at: nowMs - 100_000, type: 'user.updated', actor: 'provisioning' },
      { at: nowMs - 100_000, type: 'group.updated', actor: 'provisioning' },
      { at: nowMs - 100_000, type: 'user.updated', actor: 'reconciliation' },
      { at: nowMs - 100_000, organization: null },
      { at: nowMs - 100_000, organization: 'org_gone' },
    ])
    await count()
    expect(await sums()).toEqual([
      `${today} scim.write success  2`,
      `${today} user.updated success  1`,
    ])
    expect(await sums('org_gone')).toEqual([])
    expect(await sums('')).toContain(`${today} sign_in success  1`)
  })

  it('leave room for reconciliation on the free plan: a tick makes them every quarter of an hour only', async () => {
    const world = doorWorld()
    world.clock.ms = nowMs
    const deps = { ...world.deps, config: { ...world.deps.config, workersPlan: 'free' as const } }
    await log([{ at: nowMs - 100_000 }])
    const quarter = Math.floor(nowMs / 900_000) * 900_000
    await runScheduled(deps, quarter + 60_000)
    expect(await sums()).toEqual([])
    const most = 50 - limits.reconcileBudget.free.statements
    const statements = world.counting.calls.reduce((sum, { sql }) => sum + sql.length, 0)
    // Two of them are reconciliation's own look for what is due.
    expect(statements - 2).toBeLessThanOrEqual(most)
    await runScheduled(deps, quarter)
    expect(await sums()).toEqual([`${today} sign_in success  1`])
  })

  it('are made by the schedule, and go when their events would', async () => {
    const world = doorWorld()
    world.clock.ms = nowMs
    await log([{ at: nowMs - 100_000 }])
    const old = today - 401
    await env.DB.batch([
      env.DB.prepare(`insert into daily_counts values (?, ?, 'sign_in', 'success', '', 1)`).bind(
        contoso,
        old,
      ),
      env.DB.prepare('insert into sign_in_times values (?, ?, 5, 1)').bind(contoso, old),
    ])
    await runScheduled(world.deps, nowMs)
    expect(await sums()).toEqual([`${today} sign_in success  1`])
    expect(await env.DB.prepare('select count(*) as n from sign_in_times').first('n')).toBe(0)
  })
})
