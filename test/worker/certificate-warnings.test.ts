import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/db/index.ts'
import { runScheduled } from '../../src/scheduled.ts'
import { context, createContoso, dayMs, doorWorld, tables } from './support/door-world.ts'

const { connectionCertificates, connections, events } = tables
const tickMs = 15 * 60 * 1000
/** A moment at which housekeeping does everything. */
const quarter = Math.floor(context.nowMs / tickMs) * tickMs

/** Certificates of a connection, the first of which ends first: an hour apart from `fromMs` on. */
async function addCertificates(
  prefix: string,
  count: number,
  fromMs: number,
  connectionId: string,
) {
  await env.DB.prepare(
    `insert into connection_certificates (connection_id, organization_id, sha256, der, not_before, not_after, origin, added_at)
      with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ?)
      select ?, 'org_00000000000000000000000001', ? || printf('%04d', i), '', 0, ? + i * 3600000, 'manual', 0 from n`,
  )
    .bind(count, connectionId, prefix, fromMs)
    .run()
}

async function addConnection(id: string, status: 'draft' | 'disabled' | 'testing') {
  await openDatabase(env.DB, 'primary')
    .insert(connections)
    .values({
      id,
      organizationId: 'org_00000000000000000000000001',
      name: id,
      status,
      idpEntityId: `https://idp.example/${id}`,
      ssoUrl: 'https://idp.example/sso',
      createdAt: 0,
      updatedAt: 0,
    })
}

async function told() {
  const rows = await openDatabase(env.DB, 'primary').select().from(events).orderBy(events.id)
  return rows.map(({ facts }) => String(facts?.['sha256']))
}

describe('warnings of certificates that end', () => {
  beforeEach(async () => {
    await createContoso()
  })

  it('tell of 250 within two ticks, the soonest end first, each once', async () => {
    const world = doorWorld()
    await addConnection('con_draft', 'draft')
    await addConnection('con_disabled', 'disabled')
    await addCertificates('never', 200, context.nowMs - 10 * dayMs, 'con_draft')
    await addCertificates('never', 200, context.nowMs - 10 * dayMs, 'con_disabled')
    // Inserted last first, so that no order comes by itself.
    await addCertificates('later', 50, context.nowMs + 20 * dayMs, context.connectionId)
    await addCertificates('first', 200, context.nowMs + dayMs, context.connectionId)
    world.counting.restart()
    await runScheduled(world.deps, quarter)
    const first = await told()
    expect([first.length, first.filter((one) => one.startsWith('first')).length]).toEqual([
      200, 200,
    ])
    // At most 50 statements a batch: the counting D1 would have thrown.
    await runScheduled(world.deps, quarter + tickMs)
    const all = await told()
    expect([all.length, new Set(all).size]).toEqual([250, 250])
    await runScheduled(world.deps, quarter + 2 * tickMs)
    expect(await told()).toHaveLength(250)
  })

  it('come at each step, of connections that people sign in by', async () => {
    const world = doorWorld()
    await addConnection('con_testing', 'testing')
    await addCertificates('one', 1, context.nowMs + 61 * dayMs, 'con_testing')
    const seen: number[] = []
    for (let day = 0; day <= 95; day++) {
      world.clock.ms = context.nowMs + day * dayMs
      await runScheduled(world.deps, quarter)
      seen.push((await told()).length)
    }
    const steps = seen.flatMap((count, day) => (count > (seen[day - 1] ?? 0) ? [61 - day] : []))
    expect(steps).toEqual([60, 30, 14, 7, 3, 1, 0])
    const [last] = (await openDatabase(env.DB, 'primary').select().from(events)).slice(-1)
    expect(last).toMatchObject({
      type: 'certificate.expiring',
      outcome: 'warning',
      actor: 'system',
      connectionId: 'con_testing',
      organizationId: 'org_00000000000000000000000001',
      code: null,
      personId: null,
      facts: { sha256: 'one0000', daysLeft: 0, notAfter: '2027-01-24T09:00:00.000Z' },
    })
  })

  it('come once from two ticks that overlap', async () => {
    const world = doorWorld()
    await addCertificates('one', 3, context.nowMs + dayMs, context.connectionId)
    await Promise.all([1, 2, 3].map(() => runScheduled(world.deps, quarter)))
    expect(await told()).toHaveLength(3)
    const rows = await openDatabase(env.DB, 'primary').select().from(connectionCertificates)
    expect(rows.map((row) => row.warnedDays).sort()).toEqual([1, 3, 3, null])
  })

  it('are found by an index', async () => {
    const plan = await env.DB.prepare(
      `explain query plan select * from connection_certificates join connections on connections.id = connection_id
        where not_after < ? and not_after > ? and connections.status in ('testing', 'active') order by not_after limit 200`,
    )
      .bind(2, 1)
      .all<{ detail: string }>()
    expect(plan.results[0]?.detail).toContain('connection_certificates_expiry')
  })
})
