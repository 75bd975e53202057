import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { isOutage } from '../../../src/db/index.ts'
import type { Result } from '../../../src/kernel/index.ts'
import {
  ann,
  annObjectId,
  broken,
  dump,
  outcomeOf,
  type PeopleWorld,
  peopleWorld,
  rows,
  statement,
} from './people-world.ts'

type Answer = Result<{ readonly outcome: string } | object | null, { readonly code: string }>

type Case = {
  /** What was there before; returns the id that the request is about. */
  readonly before: (world: PeopleWorld) => Promise<string>
  readonly request: (world: PeopleWorld, id: string) => Promise<Answer>
  /** Every write that the request makes. */
  readonly writes: readonly string[]
  readonly calls: number
  readonly outcome: string
  /** What a repeat comes to when the first answer was lost. */
  readonly repeated: string
}

const wish = { externalId: annObjectId, stated: { displayName: ['Ann Lee'] } }

function keeping({ by }: PeopleWorld) {
  return { ...by, keepsValues: true }
}

async function signedIn({ signIn }: PeopleWorld): Promise<string> {
  await signIn()
  return String((await rows('select id from people'))[0]?.['id'])
}

async function provisioned(world: PeopleWorld): Promise<string> {
  const id = await world.made(ann, { ...wish, externalId: 'ann' }, keeping(world))
  await rows(
    "insert into sessions (id, token_sha256, organization_id, person_id, created_at, expires_at) values ('ses_1', 'x', ?, ?, 1, 9e15) returning id",
    world.by.organizationId,
    id,
  )
  return id
}

async function erased(world: PeopleWorld): Promise<string> {
  const id = await world.made(ann, { externalId: annObjectId })
  await world.erase(id)
  return id
}

const makes = [
  'insert on people',
  'insert on scim_users',
  'insert on source_views',
  'insert on person_keys',
  'insert on identities',
  'insert on events',
  'insert on event_details',
]

const cases: Readonly<Record<string, Case>> = {
  create: {
    before: async () => '',
    request: (world) => world.create(ann, wish, keeping(world)),
    writes: makes,
    calls: 1,
    outcome: 'created',
    repeated: 'directory.provisioned_already',
  },
  adoption: {
    before: signedIn,
    request: (world) => world.create(ann, { ...wish, active: false }, keeping(world)),
    writes: [
      ...makes.filter((one) => one !== 'insert on people' && one !== 'insert on identities'),
      'update on people',
      'delete on sessions',
    ],
    calls: 2,
    outcome: 'adopted',
    repeated: 'directory.provisioned_already',
  },
  revival: {
    before: erased,
    request: (world) => world.create(ann, wish, keeping(world)),
    writes: [...makes, 'delete on tombstones'],
    calls: 2,
    outcome: 'revived',
    repeated: 'directory.provisioned_already',
  },
  change: {
    before: provisioned,
    request: (world, id) =>
      world.change(
        id,
        statement('fox@contoso.example', {
          externalId: annObjectId,
          active: false,
          stated: { displayName: ['Ann Fox'] },
        }),
        keeping(world),
      ),
    writes: [
      'update on people',
      'update on scim_users',
      'update on source_views',
      'delete on person_keys',
      'insert on person_keys',
      'insert on identities',
      'delete on sessions',
      'insert on events',
      'insert on event_details',
    ],
    calls: 2,
    outcome: 'done',
    repeated: 'done',
  },
  erasure: {
    before: provisioned,
    request: (world, id) => world.erase(id),
    writes: [
      'delete on people',
      'delete on scim_users',
      'delete on source_views',
      'delete on person_keys',
      'delete on sessions',
      'delete on event_details',
      'insert on tombstones',
      'insert on events',
    ],
    calls: 2,
    outcome: 'done',
    repeated: 'directory.resource_not_found',
  },
}

/** How a request ended: an error of the database is an outage, which Entra repeats. */
function ended(answer: Promise<Answer>): Promise<string> {
  return answer.then(outcomeOf, (error) => (isOutage(error) ? 'outage' : String(error)))
}

describe.each(Object.entries(cases))('when D1 fails: %s', (_, one) => {
  it('at any of its writes, nothing of it is stored, and a repeat succeeds', async () => {
    const world = await peopleWorld()
    const id = await one.before(world)
    const before = await dump()
    for (const write of one.writes) {
      await env.DB.prepare(
        `create trigger fault before ${write} begin select raise(abort, 'D1 test fault'); end`,
      ).run()
      expect([write, await ended(one.request(world, id))]).toEqual([write, 'outage'])
      expect(await dump()).toBe(before)
      await env.DB.prepare('drop trigger fault').run()
    }
    expect(await ended(one.request(world, id))).toBe(one.outcome)
    expect(await broken()).toEqual([])
  })

  it('before any of its calls, nothing of it is stored', async () => {
    const world = await peopleWorld()
    const id = await one.before(world)
    const before = await dump()
    for (let call = 0; call < one.calls; call++) {
      world.counting.restart()
      world.counting.failAt([{ call, when: 'before' }])
      expect(await ended(one.request(world, id))).toBe('outage')
      expect(await dump()).toBe(before)
    }
    world.counting.failAt([])
    expect(await ended(one.request(world, id))).toBe(one.outcome)
  })

  it('after its commit, the answer lost, a repeat changes nothing twice', async () => {
    const world = await peopleWorld()
    const id = await one.before(world)
    world.counting.restart()
    world.counting.failAt([{ call: one.calls - 1, when: 'after' }])
    expect(await ended(one.request(world, id))).toBe('outage')
    world.counting.failAt([])
    const stored = await dump()
    expect(await broken()).toEqual([])
    world.counting.restart()
    expect(await ended(one.request(world, id))).toBe(one.repeated)
    expect(world.counting.rows().written).toBe(0)
    expect(await dump()).toBe(stored)
  })
})
