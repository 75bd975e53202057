import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { isOutage } from '../../../src/db/index.ts'
import { eraseGroup } from '../../../src/directory/index.ts'
import {
  add,
  addPeople,
  type GroupsWorld,
  groupsWorld,
  remove,
  wrongCounts,
} from './groups-world.ts'

const [ann, bob] = ['usr_ann', 'usr_bob'] as const

/** Everything that requests write about groups. */
async function dump(): Promise<string> {
  const tables = ['groups', 'group_members', 'events', 'event_details', 'resource_counts']
  const all = await Promise.all(
    tables.map((table) => env.DB.prepare(`select * from ${table}`).all()),
  )
  return JSON.stringify(all.map(({ results }) => results))
}

/** Contoso with Ops, in which Bob is. */
async function withOps(): Promise<GroupsWorld & { id: string }> {
  const world = await groupsWorld()
  await addPeople([ann, bob])
  const id = await world.made('Ops', [bob])
  world.counting.restart()
  return { ...world, id }
}

/** How a request ended: an error of the database is an outage, which the caller may repeat. */
function outcome(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'answered',
    (error) => (isOutage(error) ? 'outage' : String(error)),
  )
}

type Request = (world: GroupsWorld & { id: string }) => Promise<unknown>

const requests: Readonly<Record<string, { request: Request; writes: readonly string[] }>> = {
  create: {
    request: ({ create }) => create('Sales', [ann]),
    writes: ['insert on groups', 'insert on group_members', 'insert on events'],
  },
  'change of members': {
    request: ({ id, change }) => change(id, { steps: [add(ann), remove(bob)] }),
    writes: [
      'update on groups',
      'insert on group_members',
      'delete on group_members',
      'insert on events',
      'insert on event_details',
    ],
  },
  rename: {
    request: ({ id, change }) => change(id, { displayName: 'Operations', steps: [add(ann)] }),
    writes: ['update of display_name on groups', 'insert on group_members', 'insert on events'],
  },
  replace: {
    request: ({ id, change }) => change(id, { steps: [{ kind: 'keep', ids: [ann] }, add(ann)] }),
    writes: ['delete on group_members', 'update of modified_at on groups'],
  },
  erase: {
    request: ({ id, db, by, also }) => eraseGroup(db, by, id, null, also),
    writes: ['delete on groups', 'delete on group_members', 'insert on events'],
  },
}

describe.each(Object.entries(requests))('D1 fails during a %s', (name, { request, writes }) => {
  it('before any of its calls: nothing is stored', async () => {
    const world = await withOps()
    const before = await dump()
    for (const call of name === 'create' ? [0] : [0, 1]) {
      world.counting.restart()
      world.counting.failAt([{ call, when: 'before' }])
      expect(await outcome(request(world))).toBe('outage')
      expect(await dump()).toBe(before)
    }
  })

  it.each(writes)('at an %s: nothing is stored', async (write) => {
    const world = await withOps()
    const before = await dump()
    await env.DB.prepare(
      `create trigger fault before ${write} begin select raise(abort, 'D1 test fault'); end`,
    ).run()
    expect(await outcome(request(world))).toBe('outage')
    await env.DB.prepare('drop trigger fault').run()
    expect(await dump()).toBe(before)
    await request(world)
    expect(await dump()).not.toBe(before)
  })

  it('after it committed: the repeat changes nothing', async () => {
    const world = await withOps()
    world.counting.failAt([{ call: name === 'create' ? 0 : 1, when: 'after' }])
    expect(await outcome(request(world))).toBe('outage')
    world.counting.failAt([])
    const after = await dump()
    await request(world)
    expect(await dump()).toBe(after)
    expect(await wrongCounts()).toEqual([])
  })
})
