import { describe, expect, it } from 'vitest'
import '../support/search-keys-hold.ts'
import { changeUser } from '../../../src/directory/index.ts'
import type { Result } from '../../../src/kernel/index.ts'
import {
  ann,
  annObjectId,
  block,
  bobObjectId,
  broken,
  countOf,
  eventTypes,
  outcomeOf,
  type PeopleWorld,
  peopleWorld,
  personRow,
  profileOf,
  rows,
  statement,
  type Wish,
} from './people-world.ts'

type Answer = Result<{ readonly outcome: string } | object | null, { readonly code: string }>

/** How many answers came to what. */
async function tally(answers: readonly Promise<Answer>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const answer of await Promise.all(answers)) {
    const outcome = outcomeOf(answer)
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

/** Lets somebody else write before the n-th call of SCIM, once. */
function beforeCall({ counting }: PeopleWorld, n: number, write: () => Promise<unknown>): void {
  counting.restart()
  let isDone = false
  counting.beforeEachCall(async (_, index) => {
    if (index !== n || isDone) return
    isDone = true
    await write()
  })
}

/** Makes room for another round in the same test. */
async function forget(): Promise<void> {
  for (const table of [
    'people',
    'connections',
    'connection_certificates',
    'organizations',
    'resource_counts',
  ]) {
    await rows(`delete from ${table}`)
  }
}

async function onlyId(): Promise<string> {
  return String((await rows('select id from people'))[0]?.['id'])
}

describe('creates at once', () => {
  const wishes: readonly (readonly [string, Wish])[] = [
    ['by object id', { externalId: annObjectId }],
    ['by userName', { externalId: 'ann' }],
  ]

  it.each(wishes)('fifty identical ones %s make one person', async (_, wish) => {
    const { create } = await peopleWorld()
    const counts = await tally(Array.from({ length: 50 }, () => create(ann, wish)))
    expect(counts).toEqual({ created: 1, 'directory.provisioned_already': 49 })
    expect([await countOf('people'), await countOf('events')]).toEqual([1, 1])
    expect(await broken()).toEqual([])
  })

  it('of one object id under two names, one is refused', async () => {
    const { create } = await peopleWorld()
    const counts = await tally(
      [ann, 'a@contoso.example'].map((name) => create(name, { externalId: annObjectId })),
    )
    expect(counts).toEqual({ created: 1, 'directory.object_id_taken': 1 })
  })

  it('of one name for two object ids, one is refused', async () => {
    const { create } = await peopleWorld()
    const counts = await tally(
      [annObjectId, bobObjectId].map((externalId) => create(ann, { externalId })),
    )
    expect(counts).toEqual({ created: 1, 'directory.user_name_taken': 1 })
  })

  it('adopt somebody once, and revive somebody once', async () => {
    const { create, signIn, erase } = await peopleWorld()
    await signIn()
    const adopting = () =>
      Array.from({ length: 10 }, () => create(ann, { externalId: annObjectId }))
    expect(await tally(adopting())).toEqual({ adopted: 1, 'directory.provisioned_already': 9 })
    await erase(await onlyId())
    expect(await tally(adopting())).toEqual({ revived: 1, 'directory.provisioned_already': 9 })
    expect(await eventTypes()).toEqual(['user.adopted', 'user.erased', 'user.revived'])
    expect(await broken()).toEqual([])
  })
})

describe('a create against a first sign-in', () => {
  it.each([[{ externalId: annObjectId }], [{ externalId: 'ann' }]])(
    'makes one person, whoever is first: %o',
    async (wish) => {
      for (let round = 0; round < 5; round++) {
        const { create, signIn } = await peopleWorld()
        const [created, status] = await Promise.all([create(ann, wish), signIn()])
        expect(created.ok).toBe(true)
        expect([303, 503]).toContain(status)
        expect(await signIn()).toBe(303)
        expect([await countOf('people'), await countOf('identities')]).toEqual([1, 1])
        expect(await broken()).toEqual([])
        await forget()
      }
    },
  )

  const betweenLookAndBatch: readonly (readonly [string, Wish, number, number])[] = [
    ['is found by its object id', { externalId: annObjectId }, 303, 1],
    ['is bound by its name', { externalId: 'ann' }, 303, 1],
    ['is no way in for another object id', { externalId: bobObjectId }, 403, 1],
    ['is no way in where it is inactive', { externalId: 'ann', active: false }, 403, 0],
  ]

  it.each(betweenLookAndBatch)(
    'a person made while the sign-in is judged %s',
    async (_, wish, status, bound) => {
      const { door, made, signIn } = await peopleWorld()
      await signIn({
        nameId: 'warm@contoso.example',
        objectId: '0b1ec700-1111-4111-8111-000000000009',
      })
      await rows('delete from people')
      door.counting.restart()
      let isMade = false
      // The look has found nobody; the batch that would make the person is about to run.
      door.counting.beforeEachCall(async (call) => {
        if (isMade || !call.sql.some((sql) => sql.startsWith('insert into "people"'))) return
        isMade = true
        await made(ann, wish)
      })
      expect([await signIn(), isMade]).toEqual([status, true])
      expect([await countOf('people'), await countOf('identities')]).toEqual([1, bound])
      expect(await countOf('sessions')).toBe(status === 303 ? 1 : 0)
      expect(await broken()).toEqual([])
    },
  )

  it('adopts whom the sign-in made between its two calls', async () => {
    const world = await peopleWorld()
    await world.signIn()
    const id = await onlyId()
    // The person is renamed by a sign-in just before they are adopted: judged anew.
    beforeCall(world, 1, () => world.signIn({ nameId: 'ann.fox@contoso.example' }))
    const adopted = await world.create('ann.lee@contoso.example', { externalId: annObjectId })
    expect(adopted).toMatchObject({ ok: true, value: { outcome: 'adopted', user: { id } } })
    expect(world.counting.calls).toHaveLength(4)
    expect(await personRow(id)).toMatchObject({ user_name: 'ann.lee@contoso.example' })
    expect(await broken()).toEqual([])
  })

  it('lets a block that came between stand', async () => {
    const world = await peopleWorld()
    await world.signIn()
    const id = await onlyId()
    beforeCall(world, 1, () => block(id))
    expect(outcomeOf(await world.create(ann))).toBe('adopted')
    expect(await personRow(id)).toMatchObject({ active: 0, denied_by_manual: 1 })
  })

  it('makes somebody new when whom it would adopt is gone meanwhile', async () => {
    const world = await peopleWorld()
    await world.signIn()
    const id = await onlyId()
    beforeCall(world, 1, () => rows('delete from people where id = ? returning id', id))
    const created = await world.create(ann, { externalId: annObjectId })
    expect(created).toMatchObject({ ok: true, value: { outcome: 'created' } })
    expect(await broken()).toEqual([])
  })

  it('revives nobody when the name went to a sign-in of somebody else meanwhile', async () => {
    const world = await peopleWorld()
    await world.erase(await world.made(ann, { externalId: annObjectId }))
    beforeCall(world, 1, () => world.signIn({ objectId: bobObjectId }))
    const refused = await world.create(ann, { externalId: annObjectId })
    expect(outcomeOf(refused)).toBe('directory.user_name_taken')
    expect(await countOf('tombstones')).toBe(1)
    expect(await broken()).toEqual([])
  })
})

describe('changes at once', () => {
  it('of different attributes all take place', async () => {
    const { db, by, alsoOf, made } = await peopleWorld()
    const id = await made(ann)
    const names = ['title', 'nickName', 'locale', 'timezone']
    const answers = names.map((name) =>
      changeUser<never>(
        db,
        by,
        id,
        (user) => {
          const view = { ...user.view, [name]: 'x' }
          const stated = Object.fromEntries(Object.keys(view).map((key) => [key, ['x']]))
          return { ok: true, value: statement(ann, { stated }) } as const
        },
        alsoOf(by),
      ),
    )
    expect(await tally(answers)).toEqual({ done: 4 })
    const [row] = await rows('select view, version from scim_users')
    expect(Object.keys(JSON.parse(String(row?.['view']))).sort()).toEqual(names.toSorted())
    expect([row?.['version'], await countOf('events')]).toEqual([5, 5])
  })

  it('under one If-Match, one takes place', async () => {
    const { made, changeIf } = await peopleWorld()
    const id = await made(ann)
    const answers = ['a', 'b', 'c'].map((title) =>
      changeIf(1, id, statement(ann, { stated: { title: [title] } })),
    )
    expect(await tally(answers)).toEqual({ done: 1, stale: 2 })
    expect(await rows('select version from scim_users')).toEqual([{ version: 2 }])
  })

  it('to the same userName, one takes place', async () => {
    const { made, change } = await peopleWorld()
    const ids = [await made('a@contoso.example'), await made('b@contoso.example')]
    expect(await tally(ids.map((id) => change(id, statement(ann))))).toEqual({
      done: 1,
      'directory.user_name_taken': 1,
    })
    expect(await broken()).toEqual([])
  })

  it('to the same object id, one takes place', async () => {
    const { made, change } = await peopleWorld()
    const names = ['a@contoso.example', 'b@contoso.example']
    const ids = [await made('a@contoso.example'), await made('b@contoso.example')]
    const answers = ids.map((id, i) =>
      change(id, statement(names[i] ?? '', { externalId: annObjectId })),
    )
    expect(await tally(answers)).toEqual({ done: 1, 'directory.object_id_taken': 1 })
    expect(await countOf('identities')).toBe(1)
  })

  it('is busy when others are quicker five times', async () => {
    const world = await peopleWorld()
    const id = await world.made(ann)
    world.counting.restart()
    world.counting.beforeEachCall(async (_, index) => {
      if (index % 2 === 1) await rows('update people set version = version + 1 returning id')
    })
    expect(outcomeOf(await world.change(id, statement('x@contoso.example')))).toBe('directory.busy')
    expect(world.counting.calls).toHaveLength(10)
    world.counting.restart()
    expect(outcomeOf(await world.erase(id))).toBe('directory.busy')
    expect(await personRow(id)).toMatchObject({ user_name: ann })
    expect([await countOf('events'), await countOf('tombstones')]).toEqual([1, 0])
  })
})

describe('a change of somebody who leaves the reach of the credential meanwhile', () => {
  it('finds nobody, whether the connection went or the person was retired', async () => {
    const leavings = ['connection_id = null', 'retired_at = 5, active = 0, version = version + 1']
    for (const leaving of leavings) {
      const world = await peopleWorld()
      const id = await world.made(ann)
      beforeCall(world, 1, () => rows(`update people set ${leaving}`))
      const changed = await world.change(id, statement(ann, { stated: { title: ['CEO'] } }))
      expect(outcomeOf(changed)).toBe('directory.resource_not_found')
      expect(await profileOf(id)).not.toHaveProperty('title')
      await forget()
    }
  })
})

describe('a change against an erasure', () => {
  it('leaves the person changed and erased, or erased', async () => {
    for (let round = 0; round < 5; round++) {
      const { made, change, erase } = await peopleWorld()
      const id = await made(ann, { externalId: annObjectId })
      const wanted = statement('x@contoso.example', { externalId: annObjectId, active: false })
      const [changed, erased] = await Promise.all([change(id, wanted), erase(id)])
      expect(['done', 'directory.resource_not_found']).toContain(outcomeOf(changed))
      expect(outcomeOf(erased)).toBe('done')
      expect([await countOf('people'), await countOf('tombstones')]).toEqual([0, 1])
      expect(await broken()).toEqual([])
      await forget()
    }
  })

  it('finds nobody when the erasure came between', async () => {
    const world = await peopleWorld()
    const id = await world.made(ann)
    beforeCall(world, 1, () => rows('delete from people where id = ? returning id', id))
    const changed = await world.change(id, statement('x@contoso.example'))
    expect(outcomeOf(changed)).toBe('directory.resource_not_found')
    expect(await eventTypes()).toEqual(['user.created'])
  })

  it('buries the identity that a sign-in bound between, not the name that was read', async () => {
    const world = await peopleWorld()
    const id = await world.made(ann, { externalId: 'ann' })
    beforeCall(world, 1, () => world.signIn())
    expect(outcomeOf(await world.erase(id))).toBe('done')
    const [tombstone] = await rows('select key from tombstones')
    expect(tombstone?.['key']).toContain(annObjectId)
    expect([await countOf('tombstones'), await countOf('sessions')]).toEqual([1, 0])
  })
})

describe('a deactivation against a sign-in', () => {
  it('never leaves a session', async () => {
    const { made, change, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: annObjectId })
    for (let round = 0; round < 5; round++) {
      const off = statement(ann, { externalId: annObjectId, active: false })
      const [changed] = await Promise.all([change(id, off), signIn(), signIn()])
      expect(outcomeOf(changed)).toBe('done')
      expect([await countOf('sessions'), await broken()]).toEqual([0, []])
      await change(id, statement(ann, { externalId: annObjectId }))
    }
    expect(await profileOf(id)).toMatchObject({ userName: ann })
  })
})
