import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { context } from '../support/door-world.ts'
import {
  ann,
  annObjectId,
  bobObjectId,
  contosoId,
  countOf,
  type PeopleWorld,
  peopleWorld,
  rows,
  statement,
} from './people-world.ts'

/** People whom SCIM made, with views, lookup values, bindings and tombstones beside them. */
async function fill(from: number, count: number): Promise<void> {
  for (let start = from; start < from + count; start += 20_000) {
    const numbers = Array.from({ length: Math.min(20_000, from + count - start) }, (_, i) =>
      String(start + i).padStart(7, '0'),
    )
    const list = JSON.stringify(numbers)
    const run = (sql: string, ...values: unknown[]) =>
      env.DB.prepare(sql)
        .bind(...values, list)
        .run()
    await run(
      `insert into people (id, organization_id, connection_id, user_name, user_name_key, external_id, created_by, scim_at, profile, provenance, mapping_version, created_at, updated_at)
       select 'usr_' || value, ?, ?, value, value, value, 'scim', 1, '{}', '{}', 1, 1, 1 from json_each(?)`,
      contosoId,
      context.connectionId,
    )
    await run(
      `insert into scim_users (person_id, organization_id, view, folded, modified_at) select 'usr_' || value, ?, '{}', '{}', 1 from json_each(?)`,
      contosoId,
    )
    await run(
      `insert into person_keys (organization_id, attribute, value, person_id) select ?, 'displayname', value, 'usr_' || value from json_each(?)`,
      contosoId,
    )
    await run(
      `insert into identities (organization_id, key, person_id, connection_id, bound_by, created_at) select ?, 'entra:x:' || value, 'usr_' || value, 'x', 'scim', 1 from json_each(?)`,
      contosoId,
    )
    await run(
      `insert into tombstones (organization_id, key, person_id, at) select ?, 'entra:y:' || value, 'usr_y' || value, 1 from json_each(?)`,
      contosoId,
    )
  }
}

type Cost = { readonly calls: number; readonly read: number; readonly written: number }

/** What each request costs, with the same people before and after. */
async function costs(world: PeopleWorld): Promise<Record<string, Cost>> {
  const found: Record<string, Cost> = {}
  async function count<T>(name: string, work: () => Promise<T>): Promise<T> {
    world.counting.restart()
    const result = await work()
    expect(result).toMatchObject({ ok: true })
    for (const call of world.counting.calls) expect(call.sql.length).toBeLessThanOrEqual(50)
    const { read, written } = world.counting.rows()
    found[name] = { calls: world.counting.calls.length, read, written }
    return result
  }
  const wish = { externalId: bobObjectId, stated: { displayName: ['Bob'] } }
  const created = await count('create', () => world.create('bob@contoso.example', wish))
  if (!created.ok) throw new Error(created.failure.code)
  const { id } = created.value.user
  const changed = statement('bob@contoso.example', {
    externalId: bobObjectId,
    stated: { displayName: ['Bob'], title: ['CEO'] },
  })
  await count('change', () => world.change(id, changed))
  await count('identical change', () => world.change(id, changed))
  await count('erase', () => world.erase(id))
  await count('revive', () => world.create('bob@contoso.example', wish))
  await world.erase(id)
  await rows('delete from tombstones where person_id = ?', id)
  await world.signIn()
  const adopted = await count('adopt', () => world.create(ann, { externalId: annObjectId }))
  if (!adopted.ok) throw new Error(adopted.failure.code)
  await rows('delete from people where id = ?', adopted.value.user.id)
  return found
}

describe('what D1 is asked for people', () => {
  it('the calls and rows do not grow from 1,000 to 100,000 people', async () => {
    const world = await peopleWorld()
    await fill(0, 1000)
    const few = await costs(world)
    const calls = Object.fromEntries(Object.entries(few).map(([name, cost]) => [name, cost.calls]))
    expect(calls).toEqual({
      create: 1,
      change: 2,
      'identical change': 1,
      erase: 2,
      revive: 2,
      adopt: 2,
    })
    expect(few['identical change']?.written).toBe(0)
    await fill(1000, 99_000)
    expect(await costs(world)).toEqual(few)
    expect(await countOf('people')).toBe(100_000)
  }, 120_000)
})
