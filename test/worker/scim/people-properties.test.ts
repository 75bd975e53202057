import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import '../support/search-keys-hold.ts'
import { context } from '../support/door-world.ts'
import {
  ann,
  annObjectId,
  block,
  bobObjectId,
  broken,
  outcomeOf,
  type PeopleWorld,
  peopleWorld,
  personRow,
  retire,
  rows,
  statement,
} from './people-world.ts'

const name = fc.constantFrom(ann, 'bob@contoso.example', 'ANN@contoso.example')
const objectId = fc.constantFrom(annObjectId, bobObjectId)
const externalId = fc.option(
  fc.constantFrom(annObjectId, bobObjectId, annObjectId.toUpperCase(), 'nick'),
)
const target = fc.nat({ max: 3 })
const active = fc.boolean()

const step = fc.oneof(
  fc.record({ kind: fc.constant('create'), name, externalId, active }),
  fc.record({ kind: fc.constant('change'), target, name, externalId, active }),
  fc.record({ kind: fc.constant('erase'), target }),
  fc.record({ kind: fc.constant('sign in'), name, objectId }),
  fc.record({ kind: fc.constantFrom('block', 'retire'), target }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

async function idAt(target: number): Promise<string> {
  const ids = await rows('select id from people order by rowid')
  return String(ids[target % Math.max(1, ids.length)]?.['id'] ?? 'usr_nobody')
}

/** Takes a step; what a sign-in or a create came to is checked at once. */
async function take(world: PeopleWorld, one: Step): Promise<void> {
  if ('objectId' in one) return signIn(world, one)
  if (one.kind === 'create' && 'name' in one) {
    const erased = await rows('select key, person_id from tombstones')
    const created = await world.create(one.name, one)
    if (created.ok && created.value.outcome === 'revived') {
      const key = `entra:${context.tenantId}:${one.externalId?.toLowerCase()}`
      expect(erased).toContainEqual({ key, person_id: created.value.user.id })
    }
    return
  }
  if (!('target' in one)) return
  const id = await idAt(one.target)
  if ('name' in one) await world.change(id, statement(one.name, one))
  else if (one.kind === 'erase') await world.erase(id)
  else if (one.kind === 'block') await block(id)
  else await retire(id)
}

/** Whoever is let in is the person with that very object id, whom nothing denies. */
async function signIn(
  world: PeopleWorld,
  one: { readonly name: string; readonly objectId: string },
): Promise<void> {
  await rows('delete from sessions')
  const status = await world.signIn({ nameId: one.name, objectId: one.objectId })
  const [session] = await rows(
    'select i.key, p.active, p.retired_at from sessions s join people p on p.id = s.person_id left join identities i on i.person_id = p.id',
  )
  if (status !== 303) return expect(session).toBeUndefined()
  expect(session).toEqual({
    key: `entra:${context.tenantId}:${one.objectId}`,
    active: 1,
    retired_at: null,
  })
}

/** Bindings as they are: identity to person. */
async function bindings(): Promise<ReadonlyMap<unknown, unknown>> {
  const found = await rows('select key, person_id from identities')
  return new Map(found.map((row) => [row['key'], row['person_id']]))
}

describe('any steps of provisioning, sign-ins and operators', () => {
  it('leave nothing broken, and no identity passes from a living person to another', async () => {
    const world = await peopleWorld()
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
        for (const table of ['people', 'tombstones', 'sessions', 'events', 'event_details']) {
          await rows(`delete from ${table}`)
        }
        for (const one of steps) {
          const before = await bindings()
          await take(world, one)
          expect(await broken()).toEqual([])
          for (const [key, personId] of await bindings()) {
            const held = before.get(key)
            if (held === undefined || held === personId) continue
            expect(await personRow(String(held))).toBeUndefined()
          }
          for (const [key, personId] of before) {
            const stays = (await bindings()).get(key) === personId
            expect(stays || (await personRow(String(personId))) === undefined).toBe(true)
          }
        }
      }),
      { numRuns: 40 },
    )
  }, 120_000)

  it('two of them at once leave nothing broken', async () => {
    const world = await peopleWorld()
    const pair = fc.tuple(fc.array(step, { maxLength: 4 }), step, step)
    await fc.assert(
      fc.asyncProperty(pair, async ([before, one, other]) => {
        for (const table of ['people', 'tombstones', 'sessions', 'events', 'event_details']) {
          await rows(`delete from ${table}`)
        }
        for (const earlier of before) await take(world, earlier)
        await Promise.all([quietly(world, one), quietly(world, other)])
        expect(await broken()).toEqual([])
      }),
      { numRuns: 40 },
    )
  }, 120_000)
})

/** Takes a step whose outcome the other one of two decides too. */
async function quietly(world: PeopleWorld, one: Step): Promise<void> {
  if ('objectId' in one) {
    const status = await world.signIn({ nameId: one.name, objectId: one.objectId })
    // With the log beside it, a fault says what it was.
    expect([status, status === 500 ? world.door.logged : []]).toEqual([
      expect.toSatisfy((got) => [303, 403, 503].includes(got)),
      [],
    ])
  } else if (one.kind === 'create' && 'name' in one) {
    expect(outcomeOf(await world.create(one.name, one))).toMatch(
      /^(created|adopted|revived|directory\.)/,
    )
  } else {
    await take(world, one)
  }
}
