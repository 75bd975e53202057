import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { changeGroup, createGroup, eraseGroup } from '../../../src/directory/index.ts'
import { err, ok } from '../../../src/kernel/index.ts'
import {
  add,
  addGroupRow,
  addMemberRows,
  addPeople,
  countOf,
  groupStatement,
  groupsWorld,
  membersOf,
  remove,
  userIds,
  versionOf,
  wrongCounts,
} from './groups-world.ts'

const [ann, bob, cyd] = ['usr_ann', 'usr_bob', 'usr_cyd'] as const

describe('creating a group', () => {
  it('stores it with its members and an event in one call', async () => {
    const { counting, create } = await groupsWorld()
    await addPeople([ann, bob])
    counting.restart()
    const created = await create('Ops', [ann, bob])
    expect(created).toMatchObject({
      ok: true,
      value: { group: { displayName: 'Ops', memberCount: 2, version: 1 }, unknown: [] },
    })
    expect(counting.calls).toHaveLength(1)
    expect(await countOf('events')).toBe(1)
    expect(await countOf('event_details')).toBe(1)
    expect(await wrongCounts()).toEqual([])
  })

  it('of a name that another group has, in any case, is refused (directory.group_name_taken)', async () => {
    const { create } = await groupsWorld()
    await addGroupRow('grp_elsewhere', { connection: 'con_2', displayName: 'Öps' })
    const answers = await Promise.all([create('Öps'), create('öPS'), create('ÖPS')])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.flatMap((one) => (one.ok ? [] : [one.failure.code]))).toEqual([
      'directory.group_name_taken',
      'directory.group_name_taken',
    ])
    expect(await countOf('groups')).toBe(2)
    expect(await countOf('events')).toBe(1)
  })

  it('skips ids that name nobody of the credential, and says which', async () => {
    const { create } = await groupsWorld()
    await addPeople([ann])
    await env.DB.prepare(
      "insert into organizations (id, slug, name, created_at, updated_at) values ('org_2', 'fabrikam', 'Fabrikam', 1, 1)",
    ).run()
    await addPeople(['usr_other'], { organizationId: 'org_2' })
    await addPeople(['usr_elsewhere'], { connection: 'con_2' })
    await addPeople(['usr_nowhere'], { connection: null })
    await addPeople(['usr_retired'])
    await env.DB.prepare("update people set retired_at = 5 where id = 'usr_retired'").run()
    await addGroupRow('grp_nested')
    await addGroupRow('grp_other', { organizationId: 'org_2' })
    await addGroupRow('grp_elsewhere', { connection: 'con_2' })
    const strangers = ['usr_other', 'usr_elsewhere', 'usr_nowhere', 'usr_retired', 'usr_none']
    const others = ['grp_other', 'grp_elsewhere', 'grp_none', 'x', '', `usr_${'x'.repeat(2000)}`]
    const asked = [ann, 'grp_nested', ...strangers, ...others]
    const created = await create('Ops', asked)
    if (!created.ok) throw new Error(created.failure.code)
    expect(await membersOf(created.value.group.id)).toEqual(['grp_nested', ann])
    expect([...created.value.unknown].sort()).toEqual([...strangers, ...others].sort())
    expect(created.value.group.memberCount).toBe(2)
  })

  it('waits while the connection of the credential comes or goes (directory.busy)', async () => {
    const { db, by, also, made } = await groupsWorld()
    const input = { statement: groupStatement('Ops'), memberIds: [] }
    for (const connection of [null, 'con_deleted']) {
      const created = await createGroup(db, { ...by, connectionId: connection }, input, also)
      expect(created).toEqual({ ok: false, failure: { code: 'directory.busy' } })
    }
    await env.DB.prepare('delete from connections').run()
    expect((await createGroup(db, { ...by, connectionId: null }, input, also)).ok).toBe(true)
    await expect(made('Ops')).rejects.toThrow('directory.busy')
    expect(await countOf('groups')).toBe(1)
  })
})

describe('changing a group', () => {
  it('adds and removes in the order of the steps, with one version and one event', async () => {
    const { counting, made, change } = await groupsWorld()
    await addPeople([ann, bob, cyd])
    const id = await made('Ops', [ann])
    counting.restart()
    const changed = await change(id, {
      steps: [add(bob, cyd, ann), remove(cyd), remove(ann), add(ann), remove('usr_none')],
    })
    expect(changed).toMatchObject({ value: { group: { memberCount: 2, version: 2 }, unknown: [] } })
    expect(counting.calls).toHaveLength(2)
    expect(await membersOf(id)).toEqual([ann, bob])
    expect(await countOf('events')).toBe(2)
  })

  it('writes nothing when everything is so already', async () => {
    const { counting, made, change } = await groupsWorld()
    await addPeople([ann, bob])
    const id = await made('Ops', [ann])
    const idle = [
      { steps: [] },
      { steps: [add(ann)] },
      { steps: [remove(bob, 'usr_none')] },
      { steps: [add(bob), remove(bob)] },
      { steps: [remove(ann), add(ann)] },
      { steps: [{ kind: 'keep' as const, ids: [ann, bob] }] },
      { steps: [{ kind: 'keep' as const, ids: [] }, add(ann)] },
      { steps: [{ kind: 'removeType' as const, type: 'Group' as const }] },
      { steps: [add('usr_none')] },
      { steps: [add(ann)], onlyThisVersion: true },
    ]
    for (const one of idle) {
      counting.restart()
      expect(await change(id, one)).toMatchObject({ ok: true, value: { group: { version: 1 } } })
      expect(counting.rows().written).toBe(0)
    }
    expect(await versionOf(id)).toBe(1)
    expect(await countOf('events')).toBe(1)
    expect(await membersOf(id)).toEqual([ann])
  })

  it('replaces, empties, and removes by type', async () => {
    const { made, change } = await groupsWorld()
    await addPeople([ann, bob, cyd])
    const nested = await made('Nested')
    const id = await made('Ops', [ann, bob, nested])
    await change(id, { steps: [{ kind: 'keep', ids: [bob, cyd] }, add(bob, cyd)] })
    expect(await membersOf(id)).toEqual([bob, cyd])
    await change(id, { steps: [add(nested)] })
    await change(id, { steps: [{ kind: 'removeType', type: 'User' }] })
    expect(await membersOf(id)).toEqual([nested])
    await change(id, { steps: [add(ann), { kind: 'removeType', type: 'Group' }] })
    expect(await membersOf(id)).toEqual([ann])
    await change(id, { steps: [{ kind: 'keep', ids: [] }] })
    expect(await membersOf(id)).toEqual([])
    expect(await wrongCounts()).toEqual([])
  })

  it('takes a new name, unless another group has it', async () => {
    const { made, change } = await groupsWorld()
    await addPeople([ann])
    const id = await made('Ops')
    await made('Sales')
    const refused = await change(id, { displayName: 'SALES', steps: [add(ann)] })
    expect(refused).toEqual({
      ok: false,
      failure: { code: 'directory.group_name_taken', displayName: 'SALES' },
    })
    expect([await membersOf(id), await versionOf(id), await countOf('events')]).toEqual([[], 1, 2])
    const renamed = await change(id, {
      displayName: 'OPS',
      externalId: 'x',
      view: { 'urn:x': 1 },
      steps: [add(ann)],
    })
    expect(renamed).toMatchObject({
      value: {
        group: {
          displayName: 'OPS',
          externalId: 'x',
          view: { 'urn:x': 1 },
          version: 2,
          memberCount: 1,
        },
      },
    })
    const facts = await env.DB.prepare('select facts from events order by rowid desc').first(
      'facts',
    )
    expect(JSON.parse(String(facts))).toMatchObject({
      changed: ['displayName', 'externalId', 'urn:x'],
      added: 1,
      removed: 0,
      replaced: false,
    })
    const view = { b: [{ d: 1, c: 2 }], a: 1 }
    await change(id, { view })
    const sameInAnotherOrder = { a: 1, b: [{ c: 2, d: 1 }] }
    expect(await change(id, { view: sameInAnotherOrder })).toMatchObject({
      value: { group: { version: 3 } },
    })
  })

  it('of another connection or organization, or of none, finds nothing (directory.group_not_found)', async () => {
    const { by, db, also, change, made } = await groupsWorld()
    await addPeople([ann])
    const id = await made('Ops')
    const strangers = [
      { ...by, connectionId: 'con_2' },
      { ...by, connectionId: null },
      { ...by, organizationId: 'org_2' },
    ]
    for (const stranger of strangers) {
      const failure = { code: 'directory.group_not_found', group: id }
      expect(await change(id, { steps: [add(ann)] }, stranger)).toEqual({ ok: false, failure })
      expect(await eraseGroup(db, stranger, id, null, also)).toEqual({ ok: false, failure })
    }
    expect((await change('grp_none', {})).ok).toBe(false)
    expect(await membersOf(id)).toEqual([])
  })

  it('hands back what the caller refuses, and writes nothing', async () => {
    const { db, by, also, made } = await groupsWorld()
    const id = await made('Ops')
    const refused = await changeGroup(db, by, id, () => err({ code: 'mine' as const }), also)
    expect(refused).toEqual({ ok: false, failure: { code: 'mine' } })
    const unchanged = await changeGroup(db, by, id, () => ok(null), also)
    expect(unchanged).toMatchObject({ ok: true, value: { group: { version: 1 } } })
    const kept = await eraseGroup(db, by, id, () => err({ code: 'mine' as const }), also)
    expect(kept).toEqual({ ok: false, failure: { code: 'mine' } })
    expect(await countOf('events')).toBe(1)
  })
})

describe('nested groups', () => {
  it('are stored as given, circles too, but never a group in itself', async () => {
    const { made, change } = await groupsWorld()
    const inner = await made('Inner')
    const outer = await made('Outer', [inner])
    expect(await change(inner, { steps: [add(outer)] })).toMatchObject({ value: { unknown: [] } })
    const selfish = await change(inner, { steps: [add(inner)] })
    expect(selfish).toMatchObject({ value: { unknown: [inner], group: { version: 2 } } })
    expect([await membersOf(inner), await membersOf(outer)]).toEqual([[outer], [inner]])
  })
})

describe('erasing a group', () => {
  it('takes its members and its own memberships along, with one event', async () => {
    const { db, by, also, made } = await groupsWorld()
    await addPeople([ann])
    const inner = await made('Inner', [ann])
    const outer = await made('Outer', [inner, ann])
    const answers = await Promise.all([1, 2, 3].map(() => eraseGroup(db, by, inner, null, also)))
    expect(answers.filter((one) => one.ok)).toHaveLength(1)
    expect(await membersOf(outer)).toEqual([ann])
    expect([await countOf('group_members'), await countOf('groups')]).toEqual([1, 1])
    expect(await countOf('events')).toBe(3)
    expect(await wrongCounts()).toEqual([])
  })
})

describe('people who leave', () => {
  it('keep their memberships while denied, and lose them when retired or erased', async () => {
    const { made } = await groupsWorld()
    await addPeople([ann, bob, cyd])
    const id = await made('Ops', [ann, bob, cyd])
    await env.DB.prepare(
      "update people set active = 0, denied_by_scim = 1 where id = 'usr_ann'",
    ).run()
    expect(await membersOf(id)).toEqual([ann, bob, cyd])
    await env.DB.prepare("update people set retired_at = 5 where id = 'usr_bob'").run()
    await env.DB.prepare("delete from people where id = 'usr_cyd'").run()
    expect(await membersOf(id)).toEqual([ann])
    expect(await wrongCounts()).toEqual([])
  })

  it('can be put into a group while they are denied', async () => {
    const { create } = await groupsWorld()
    await addPeople([ann])
    await env.DB.prepare('update people set active = 0, denied_by_scim = 1').run()
    expect(await create('Ops', [ann])).toMatchObject({ value: { group: { memberCount: 1 } } })
  })
})

describe('what a change of members costs', () => {
  it('two calls, and rows by the number of changed members, not of members', async () => {
    const { counting, change } = await groupsWorld()
    const members = userIds(100_000)
    const fresh = userIds(3, 100_000)
    await addPeople([...members, ...fresh])
    await addGroupRow('grp_small')
    await addGroupRow('grp_large')
    await addMemberRows('grp_small', members.slice(0, 10))
    await addMemberRows('grp_large', members)
    const cost = async (id: string, steps: Parameters<typeof change>[1]) => {
      counting.restart()
      const changed = await change(id, steps)
      expect(changed.ok).toBe(true)
      expect(counting.calls).toHaveLength(2)
      return counting.rows()
    }
    const changes = [
      { steps: [add(...fresh)] },
      { steps: [add(...fresh)] },
      { steps: [remove(...fresh)] },
      { steps: [remove(...fresh)] },
      { steps: [remove(members[3] ?? ''), add(...fresh)] },
    ]
    for (const one of changes) {
      const small = await cost('grp_small', one)
      const large = await cost('grp_large', one)
      expect(large.written).toBe(small.written)
      // A look for somebody who is not there touches the neighbour in the index, where there is one.
      expect(large.read).toBeLessThanOrEqual(small.read + fresh.length)
      expect(small.read).toBeLessThanOrEqual(90)
    }
    expect(await membersOf('grp_small')).toHaveLength(12)
  }, 120_000)
})
