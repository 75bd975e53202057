import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { eraseGroup } from '../../../src/directory/index.ts'
import {
  add,
  addGroupRow,
  addPeople,
  countOf,
  type GroupsWorld,
  groupsWorld,
  membersOf,
  remove,
  userIds,
  versionOf,
  wrongCounts,
} from './groups-world.ts'

/** Lets somebody else write between the read and the batch of a change, as often as told. */
function between({ counting }: GroupsWorld, times: number, write: () => Promise<unknown>): void {
  let left = times
  counting.beforeEachCall(async (call) => {
    if (call.kind !== 'batch' || left === 0) return
    left--
    await write()
  })
}

const bump = () => env.DB.prepare('update groups set version = version + 1').run()

describe('overlapping changes of members', () => {
  it('all take place, fifty at once, each in two calls', async () => {
    const { counting, made, change } = await groupsWorld()
    const joining = userIds(50)
    const leaving = userIds(50, 50)
    await addPeople([...joining, ...leaving])
    const id = await made('Ops', leaving)
    counting.restart()
    const answers = await Promise.all(
      joining.map((user, i) => change(id, { steps: [add(user), remove(leaving[i] ?? '')] })),
    )
    expect(answers.every((one) => one.ok)).toBe(true)
    expect(counting.calls).toHaveLength(100)
    expect(await membersOf(id)).toEqual(joining)
    expect([await versionOf(id), await countOf('events')]).toEqual([51, 51])
    expect(await wrongCounts()).toEqual([])
  })

  it('of the same members change them once', async () => {
    const { made, change } = await groupsWorld()
    const users = userIds(5)
    await addPeople(users)
    const id = await made('Ops')
    await Promise.all(users.map(() => change(id, { steps: [add(...users)] })))
    expect(await membersOf(id)).toEqual(users)
    expect([await versionOf(id), await countOf('events')]).toEqual([2, 2])
  })

  it('are not judged anew because the version moved, unless If-Match asked for it', async () => {
    const world = await groupsWorld()
    await addPeople(userIds(2))
    const [first = '', second = ''] = userIds(2)
    const id = await world.made('Ops')
    between(world, 1, bump)
    world.counting.restart()
    await world.change(id, { steps: [add(first)] })
    expect(world.counting.calls).toHaveLength(2)
    between(world, 1, bump)
    world.counting.restart()
    await world.change(id, { steps: [add(second)], onlyThisVersion: true })
    expect(world.counting.calls).toHaveLength(4)
    expect([await membersOf(id), await versionOf(id)]).toEqual([[first, second], 5])
  })
})

describe('a change of members that states attributes as they are already', () => {
  const rename = () =>
    env.DB.prepare("update groups set display_name = 'Theirs', version = version + 1").run()

  it('is judged anew when they became others between, so that its name for the group is not lost', async () => {
    const world = await groupsWorld()
    await addPeople(userIds(1))
    const id = await world.made('Ops')
    between(world, 1, rename)
    const changed = await world.change(id, { displayName: 'Ops', steps: [add(...userIds(1))] })
    expect(changed).toMatchObject({ value: { group: { displayName: 'Ops', version: 3 } } })
    expect([await membersOf(id), await versionOf(id)]).toEqual([userIds(1), 3])
  })

  it('is not held up by others who change members only', async () => {
    const world = await groupsWorld()
    await addPeople(userIds(1))
    const id = await world.made('Ops')
    between(world, 9, bump)
    world.counting.restart()
    await world.change(id, { displayName: 'Ops', steps: [add(...userIds(1))] })
    expect(world.counting.calls).toHaveLength(2)
    expect(await membersOf(id)).toEqual(userIds(1))
  })
})

describe('a change of attributes', () => {
  it('is judged anew when another came between, and loses nothing', async () => {
    const world = await groupsWorld()
    const id = await world.made('Ops')
    between(world, 1, () =>
      env.DB.prepare("update groups set external_id = 'theirs', version = 2").run(),
    )
    const renamed = await world.change(id, { displayName: 'Operations' })
    expect(renamed).toMatchObject({
      value: { group: { displayName: 'Operations', externalId: 'theirs', version: 3 } },
    })
    expect(await countOf('events')).toBe(2)
  })

  it('gives up after five times, with nothing written (directory.busy)', async () => {
    const world = await groupsWorld()
    await addPeople(userIds(1))
    const id = await world.made('Ops')
    between(world, 5, bump)
    const refused = await world.change(id, {
      displayName: 'Operations',
      steps: [add(...userIds(1))],
    })
    expect(refused).toEqual({ ok: false, failure: { code: 'directory.busy' } })
    expect([await membersOf(id), await versionOf(id), await countOf('events')]).toEqual([[], 6, 1])
  })

  it('to one name by two groups at once is given to one of them', async () => {
    const { made, change } = await groupsWorld()
    const ids = [await made('A'), await made('B'), await made('C')]
    const answers = await Promise.all(ids.map((id) => change(id, { displayName: 'Ops' })))
    expect(answers.flatMap((one) => (one.ok ? [] : [one.failure.code]))).toEqual([
      'directory.group_name_taken',
      'directory.group_name_taken',
    ])
    expect(await wrongCounts()).toEqual([])
  })
})

describe('a change against an erasure', () => {
  it('leaves nothing behind when the group goes between', async () => {
    const world = await groupsWorld()
    await addPeople(userIds(1))
    for (const wanted of [{ steps: [add(...userIds(1))] }, { displayName: 'Renamed' }]) {
      const id = await world.made('Ops')
      const before = await countOf('events')
      between(world, 1, () => env.DB.prepare('delete from groups').run())
      const refused = await world.change(id, wanted)
      const failure = { code: 'directory.group_not_found', group: id }
      expect(refused).toEqual({ ok: false, failure })
      expect([await countOf('groups'), await countOf('group_members')]).toEqual([0, 0])
      expect(await countOf('events')).toBe(before)
    }
  })

  it('ends with no group, no member and right sums in whatever order they come', async () => {
    const { db, by, also, made, change } = await groupsWorld()
    const users = userIds(20)
    await addPeople(users)
    const outer = await made('Outer')
    const id = await made('Ops')
    await change(outer, { steps: [add(id)] })
    const changes = users.map((user) => change(id, { steps: [add(user)] }))
    const erased = eraseGroup(db, by, id, null, also)
    const more = users.map((user) => change(id, { steps: [remove(user)] }))
    await Promise.all([...changes, erased, ...more])
    expect((await erased).ok).toBe(true)
    expect([await countOf('groups'), await countOf('group_members')]).toEqual([1, 0])
    expect(await wrongCounts()).toEqual([])
  })

  it('an erasure of one version spares a later one', async () => {
    const world = await groupsWorld()
    const id = await world.made('Ops')
    let checks = 0
    between(world, 1, bump)
    const { db, by, also } = world
    const kept = await eraseGroup(
      db,
      by,
      id,
      (group) => {
        checks++
        return group.version === 1
          ? { ok: true as const, value: null }
          : { ok: false as const, failure: { code: 'mine' as const } }
      },
      also,
    )
    expect(kept).toEqual({ ok: false, failure: { code: 'mine' } })
    expect([checks, await countOf('groups'), await countOf('events')]).toEqual([2, 1, 1])
    between(world, 5, bump)
    const busy = await eraseGroup(db, by, id, () => ({ ok: true, value: null }), also)
    expect(busy).toEqual({ ok: false, failure: { code: 'directory.busy' } })
  })

  it('a person erased while being added is in no group afterwards', async () => {
    const world = await groupsWorld()
    const [user = ''] = userIds(1)
    await addPeople([user])
    const id = await world.made('Ops')
    between(world, 1, () => env.DB.prepare('delete from people').run())
    expect(await world.change(id, { steps: [add(user)] })).toMatchObject({
      value: { unknown: [user], group: { version: 1, memberCount: 0 } },
    })
    await addGroupRow('grp_x')
    expect(await wrongCounts()).toEqual([])
  })
})
