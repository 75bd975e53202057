import { describe, expect, it } from 'vitest'
import { context } from '../support/door-world.ts'
import { wrongCounts } from './groups-world.ts'
import { broken, rows } from './people-world.ts'
import { type Answer, coreUser, type Json } from './rfc/rfc-world.ts'
import { wireWorld } from './wire-world.ts'

const ann = {
  schemas: [coreUser],
  userName: 'ann@contoso.example',
  externalId: context.objectId,
  displayName: 'Ann',
}

/** Contoso with Ann, Bob, and the group Ops in which Bob is; Ann has a session. */
async function outageWorld() {
  const scim = await wireWorld()
  const { id: annId } = await scim.made('/Users', ann)
  const { id: bobId } = await scim.made('/Users', { userName: 'bob@contoso.example' })
  const { id: opsId } = await scim.made('/Groups', {
    displayName: 'Ops',
    externalId: 'ops',
    members: [{ value: bobId }],
  })
  expect((await scim.browser().signIn()).status).toBe(303)
  return { ...scim, annId, bobId, opsId }
}

type World = Awaited<ReturnType<typeof outageWorld>>

type Case = {
  readonly ask: (world: World) => Promise<Answer>
  readonly status: number
  /** What the same request comes to when the first one was done and its answer lost. */
  readonly repeated: number
}

const cleo = { ...ann, userName: 'cleo@contoso.example', externalId: 'cleo' }

const cases: Readonly<Record<string, Case>> = {
  'create of a user': { ask: ({ post }) => post('/Users', cleo), status: 201, repeated: 409 },
  'create of a group': {
    ask: ({ post }) => post('/Groups', { displayName: 'New', externalId: 'new' }),
    status: 201,
    repeated: 409,
  },
  'PATCH of a user': {
    ask: ({ patch, annId }) =>
      patch(`/Users/${annId}`, [
        { op: 'Replace', path: 'displayName', value: 'Ann B' },
        { op: 'Add', path: 'emails[type eq "work"].value', value: 'annb@contoso.example' },
        { op: 'Replace', path: 'active', value: 'False' },
      ]),
    status: 200,
    repeated: 200,
  },
  'PUT of a user': {
    ask: ({ put, annId }) => put(`/Users/${annId}`, { ...ann, title: 'Boss', active: false }),
    status: 200,
    repeated: 200,
  },
  'PATCH of a group': {
    ask: ({ patch, annId, bobId, opsId }) =>
      patch(`/Groups/${opsId}`, [
        { op: 'Replace', path: 'displayName', value: 'Operations' },
        { op: 'Add', path: 'members', value: [{ value: annId }] },
        { op: 'Remove', path: 'members', value: [{ value: bobId }] },
      ]),
    status: 204,
    repeated: 204,
  },
  'DELETE of a user': {
    ask: (world) => world.delete(`/Users/${world.annId}`),
    status: 204,
    repeated: 404,
  },
  'DELETE of a group': {
    ask: (world) => world.delete(`/Groups/${world.opsId}`),
    status: 204,
    repeated: 404,
  },
}

const tables = [
  'people',
  'identities',
  'source_views',
  'scim_users',
  'person_keys',
  'tombstones',
  'sessions',
  '"groups"',
  'group_members',
  'resource_counts',
  'events',
  'event_details',
]

/** Everything that provisioning writes but the events of refusals, since every refusal is one. */
async function dump(): Promise<string> {
  const all = await Promise.all(
    tables.map((table) =>
      rows(`select * from ${table}${table === 'events' ? " where outcome = 'success'" : ''}`),
    ),
  )
  return JSON.stringify(all)
}

/** What a client sees of everything. */
async function shown(scim: World): Promise<readonly Json[]> {
  const users = await scim.must(200, scim.get('/Users'))
  const groups = await scim.must(200, scim.get('/Groups'))
  return [users.body, groups.body]
}

/** An outage as Entra sees it: try again later, in a form that it can show. */
function expectOutage(answer: Answer): void {
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  expect(answer.body).toMatchObject({ status: '503' })
  expect(answer.text).not.toContain('D1_ERROR')
}

/** Fails one call after the other until none is left to fail; the last answer, and how many failed. */
async function failEach(
  world: World,
  { ask }: Case,
  when: 'before' | 'after',
  afterEach: () => Promise<boolean>,
): Promise<{ answer: Answer; failed: number }> {
  for (let call = 0; ; call++) {
    // The credential is known, so that the calls are those of the request itself.
    await world.get('/Users?count=0')
    world.counting.restart()
    world.counting.failAt([{ call, when }])
    const answer = await ask(world)
    world.counting.failAt([])
    if (answer.status !== 503) return { answer, failed: call }
    expectOutage(answer)
    if (!(await afterEach())) return { answer, failed: call + 1 }
  }
}

describe.each(Object.entries(cases))('D1 fails during a %s', (_, one) => {
  it('before any of its calls: 503, nothing is stored, and a repeat is done', async () => {
    const world = await outageWorld()
    const before = await dump()
    const { answer, failed } = await failEach(world, one, 'before', async () => {
      expect(await dump()).toBe(before)
      return true
    })
    expect(failed).toBeGreaterThan(0)
    expect(answer.status).toBe(one.status)
    expect(await dump()).not.toBe(before)
    expect([await broken(), await wrongCounts()]).toEqual([[], []])
  })

  it('after its commit, the answer lost: 503, all of it is stored, and a repeat changes nothing', async () => {
    const undisturbed = await outageWorld()
    await undisturbed.must(one.status, one.ask(undisturbed))
    const wanted = JSON.stringify(await shown(undisturbed))
    const ids = [undisturbed.annId, undisturbed.bobId, undisturbed.opsId]
    await clear()

    const world = await outageWorld()
    const before = await dump()
    await failEach(world, one, 'after', async () => (await dump()) === before)
    const stored = await dump()
    expect(stored).not.toBe(before)
    expect([await broken(), await wrongCounts()]).toEqual([[], []])
    const seen = await shown(world)
    const repeat = await one.ask(world)
    expect(repeat.status).toBe(one.repeated)
    expect([await dump(), await shown(world)]).toEqual([stored, seen])
    const own = [world.annId, world.bobId, world.opsId]
    expect(comparable(JSON.stringify(seen), own)).toBe(comparable(wanted, ids))
  })
})

/** Makes room for the same world once more. */
async function clear(): Promise<void> {
  const all = ['sessions', 'people', '"groups"', 'connections', 'scim_tokens', 'organizations']
  for (const table of [...all, 'tombstones', 'resource_counts', 'consumed']) {
    await rows(`delete from ${table}`)
  }
}

/** A text without what differs from one world to the next: ids, versions and times. */
function comparable(text: string, ids: readonly string[]): string {
  return ids
    .reduce((at, id, i) => at.replaceAll(id, `id${i}`), text)
    .replace(/(?:usr|grp)_[0-9a-z]{26}/g, 'new')
    .replace(/"(version|created|lastModified)":"(?:[^"\\]|\\.)*"/g, '"$1":""')
}

/** Answers that show members, which are read once the group is stored. */
const shownMembers: Readonly<Record<string, Case>> = {
  'a create of a group': {
    ask: ({ post, annId }) => post('/Groups', { displayName: 'New', members: [{ value: annId }] }),
    status: 201,
    repeated: 409,
  },
  'a PUT of a group': {
    ask: ({ put, annId, opsId }) =>
      put(`/Groups/${opsId}`, { displayName: 'New', members: [{ value: annId }] }),
    status: 200,
    repeated: 200,
  },
}

describe.each(Object.entries(shownMembers))('D1 fails during %s with members', (_, one) => {
  it('before the commit, and nothing is stored; or after it, and the answer is lost', async () => {
    const world = await outageWorld()
    const before = await dump()
    await failEach(world, one, 'before', async () => (await dump()) === before)
    const stored = await dump()
    expect(stored).not.toBe(before)
    expect([await broken(), await wrongCounts()]).toEqual([[], []])
    expect((await one.ask(world)).status).toBe(one.repeated)
    expect(await dump()).toBe(stored)
    const [id = ''] = await world.find('Groups', 'displayName eq "New"')
    expect(await world.members(id)).toEqual([world.annId])
  })
})

describe('after the answer to a create was lost', () => {
  it('the repeat is 409, and the filter that Entra asks next finds who was made', async () => {
    const world = await outageWorld()
    const create = cases['create of a user']
    if (create === undefined) throw new Error('no such case')
    await failEach(world, create, 'after', async () => false)
    const repeat = await world.must(409, create.ask(world))
    expect(repeat.body['scimType']).toBe('uniqueness')
    const ids = await world.find('Users', `userName eq "${cleo.userName}"`)
    expect(ids).toHaveLength(1)
    expect(repeat.body['detail']).toContain(ids[0])
    expect(await world.find('Users', `externalId eq "${cleo.externalId}"`)).toEqual(ids)
    expect(await world.read(`/Users/${ids[0]}`)).toMatchObject(cleo)
  })
})

describe('an outage while the credential is looked up', () => {
  it.each(['before', 'after'] as const)(
    'is 503 and no 401, which would mean quarantine: %s',
    async (when) => {
      const world = await outageWorld()
      // Longer than a credential is remembered.
      world.clock.ms += 60_000
      world.counting.restart()
      world.counting.failAt([{ call: 0, when }])
      expectOutage(await world.get('/Users?filter=userName+eq+%22ann%40contoso.example%22'))
      world.counting.failAt([])
      expect(await world.find('Users', `userName eq "${ann.userName}"`)).toEqual([world.annId])
    },
  )
})

describe('an outage while something is read', () => {
  it.each([
    '/Users',
    '/Users/{ann}',
    '/Groups',
    '/Groups/{ops}',
    '/Groups/{ops}?excludedAttributes=members',
  ])('is 503 for %s', async (path) => {
    const world = await outageWorld()
    await world.get('/Users?count=0')
    world.counting.restart()
    world.counting.failAt([{ call: 0, when: 'before' }])
    const at = path.replace('{ann}', world.annId).replace('{ops}', world.opsId)
    expectOutage(await world.get(at))
    world.counting.failAt([])
    await world.must(200, world.get(at))
  })
})
