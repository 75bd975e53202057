import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { countingD1, type Fault } from '../support/counting-d1.ts'
import { type AdminApi, createContoso, openAdminApi } from './admin-client.ts'
import { addPerson } from './connection-world.ts'

const org = '/organizations/contoso'

async function count(sql: string): Promise<number> {
  return (await env.DB.prepare(sql).first<number>('n')) ?? 0
}

/** What a change of the mapping writes: all of it, or nothing. */
async function written(type: string) {
  return {
    version: (await count('select mapping_version as n from organizations')) - 1,
    events: await count(`select count(*) as n from events where type = '${type}'`),
    runs: await count('select count(*) as n from reconcile_runs'),
  }
}

const changes: readonly (readonly [string, string, string, (api: AdminApi) => Promise<unknown>])[] =
  [
    [
      'the mapping',
      'mapping.updated',
      'mappings',
      (api) => api.put(`${org}/mapping`, { version: 1, rules: { title: { saml: ['rang'] } } }),
    ],
    [
      'an attribute',
      'attribute.created',
      'attribute_definitions',
      (api) => api.post(`${org}/attributes`, { key: 'costCenter', label: 'CC' }),
    ],
  ]

it.each(changes)(
  'a change of %s is stored whole or not at all, whichever call of D1 fails',
  async (_, type, table, change) => {
    const counting = countingD1(env.DB)
    const api = openAdminApi({ d1: counting.d1 })
    await createContoso(api)
    await addPerson('usr_ann')
    counting.restart()
    await change(api)
    const calls = counting.calls.length
    expect(await written(type)).toEqual({ version: 1, events: 1, runs: 1 })
    const faults: Fault[] = Array.from({ length: calls }, (_, call) => call).flatMap((call) => [
      { call, when: 'before' },
      { call, when: 'after' },
    ])
    const outcomes = new Set<number>()
    for (const fault of faults) {
      for (const one of [table, 'events', 'reconcile_runs', 'reconcile_leases']) {
        await env.DB.prepare(`delete from ${one}`).run()
      }
      await env.DB.prepare('update organizations set mapping_version = 1').run()
      counting.restart()
      counting.failAt([fault])
      await change(api)
      counting.failAt([])
      const after = await written(type)
      const stored = await count(`select count(*) as n from ${table}`)
      expect([fault, after, stored]).toEqual([
        fault,
        { version: after.version, events: after.version, runs: after.version },
        after.version,
      ])
      outcomes.add(after.version)
    }
    expect(outcomes).toEqual(new Set([0, 1]))
  },
)
