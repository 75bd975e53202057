import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createRefusalCounter, pruneActivity } from '../../src/activity/index.ts'
import { openDatabase, runBatch } from '../../src/db/index.ts'
import { limits } from '../../src/kernel/index.ts'
import { countingD1 } from './support/counting-d1.ts'
import { context, createContoso, dayMs, doorWorld, tables } from './support/door-world.ts'

const { events, refusalCounts } = tables
const hourMs = 60 * 60 * 1000
const garbage = new URLSearchParams({ SAMLResponse: btoa('<x/>') }).toString()

function refusal(i: number, code = 'saml.schema') {
  return { organizationId: 'org_1', connectionId: `con_${i}`, code }
}

describe('sums of refusals', () => {
  it('of a flood over 2,000 connections are one statement', async () => {
    const counting = countingD1(env.DB)
    const db = openDatabase(counting.d1, 'primary')
    const counter = createRefusalCounter()
    for (const _ of [1, 2]) {
      for (let i = 0; i < 2000; i++) counter.add(refusal(i), context.nowMs)
    }
    expect(await counter.flush(db, context.nowMs)).toBe(0)
    counter.add(refusal(7), context.nowMs)
    await counter.flush(db, context.nowMs)
    expect(counting.calls.map((call) => call.sql.length)).toEqual([1, 1])
    const rows = await db.select().from(refusalCounts)
    expect(rows).toHaveLength(2000)
    const hour = Math.floor(context.nowMs / hourMs)
    expect(rows.filter(({ count }) => count !== 2)).toEqual([{ ...refusal(7), hour, count: 3 }])
  })

  it('go to the database in values that it takes', async () => {
    const counting = countingD1(env.DB)
    const db = openDatabase(counting.d1, 'primary')
    const counter = createRefusalCounter()
    for (let i = 0; i < 1000; i++) {
      counter.add(refusal(i, `saml.${'ö'.repeat(1000)}`), context.nowMs)
    }
    await counter.flush(db, context.nowMs)
    expect(counting.calls.map((call) => call.sql.length)).toEqual([2])
    expect(await db.$count(refusalCounts)).toBe(1000)
  })

  it('are held for so many different ones, the others only as a number', async () => {
    const db = openDatabase(env.DB, 'primary')
    const counter = createRefusalCounter(2)
    for (const i of [1, 2, 3, 4, 1, 3]) counter.add(refusal(i), context.nowMs)
    expect(await counter.flush(db, context.nowMs)).toBe(3)
    expect((await db.select().from(refusalCounts)).map((row) => row.count).sort()).toEqual([1, 2])
    expect(await counter.flush(db, context.nowMs)).toBe(0)
  })

  it('wait for the next time when the database does not answer, within the same bounds', async () => {
    const counting = countingD1(env.DB)
    const db = openDatabase(counting.d1, 'primary')
    const counter = createRefusalCounter(2)
    for (const i of [1, 2]) counter.add(refusal(i), context.nowMs)
    counting.failAt([{ call: 0, when: 'before' }])
    await expect(counter.flush(db, context.nowMs)).rejects.toThrow('connection lost')
    counter.add(refusal(1), context.nowMs)
    counter.add(refusal(3), context.nowMs)
    expect([counter.isDue(context.nowMs), counter.isDue(context.nowMs + 60_000)]).toEqual([
      false,
      true,
    ])
    expect(await counter.flush(db, context.nowMs + 60_000)).toBe(1)
    expect((await db.select().from(refusalCounts)).map((row) => row.count).sort()).toEqual([1, 2])
  })

  it('lose no evidence when they cannot be written', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    world.limits.evidence = false
    await world.browser().post(garbage)
    await world.browser().post(garbage)
    world.clock.ms += 61_000
    world.limits.evidence = true
    await env.DB.prepare(
      `create trigger fail before update on refusal_counts begin select raise(abort, 'D1 test fault'); end`,
    ).run()
    await world.browser().post(garbage)
    expect(await db.select().from(events)).toMatchObject([{ code: 'saml.schema' }])
    await env.DB.prepare('drop trigger fail').run()
    world.clock.ms += 61_000
    await world.browser().post(garbage)
    expect(await db.select().from(refusalCounts)).toMatchObject([{ count: 2 }])
  })

  it('go when events of their age go', async () => {
    const db = openDatabase(env.DB, 'primary')
    const counter = createRefusalCounter()
    const oldest = context.nowMs - limits.eventDays * dayMs
    for (const atMs of [oldest - hourMs, oldest, context.nowMs]) counter.add(refusal(1), atMs)
    await counter.flush(db, context.nowMs)
    await runBatch(db, pruneActivity(db, context.nowMs))
    expect((await db.select().from(refusalCounts)).map(({ hour }) => hour * hourMs)).toEqual([
      Math.floor(oldest / hourMs) * hourMs,
      Math.floor(context.nowMs / hourMs) * hourMs,
    ])
  })
})
