import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { wrongCounts } from './groups-world.ts'
import { groupPatch, groupWish, userPatch, userWish } from './model-requests.ts'
import { broken, rows } from './people-world.ts'
import {
  type Answer,
  addFabrikam,
  baseUrl,
  type Json,
  list,
  type Resource,
} from './rfc/rfc-world.ts'
import { type Outcome, ScimModel } from './scim-model.ts'
import { stampOf, type Wire, wireOf, wireWorld } from './wire-world.ts'

/** Somebody who is there; the highest, whoever was, or is another customer's. */
const target = fc.nat({ max: 9 })
/** Whether the answer is lost and the same request sent once more. */
const isRepeated = fc.boolean()
const { constant, record } = fc

const createUser = record({ kind: constant('create user'), user: userWish, isRepeated })
const createGroup = record({ kind: constant('create group'), group: groupWish, isRepeated })
const step = fc.oneof(
  { weight: 3, arbitrary: createUser },
  {
    weight: 2,
    arbitrary: record({ kind: constant('put user'), target, user: userWish, isRepeated }),
  },
  {
    weight: 5,
    arbitrary: record({ kind: constant('patch user'), target, patch: userPatch, isRepeated }),
  },
  { weight: 2, arbitrary: record({ kind: constant('delete user'), target, isRepeated }) },
  { weight: 2, arbitrary: createGroup },
  {
    weight: 2,
    arbitrary: record({ kind: constant('put group'), target, group: groupWish, isRepeated }),
  },
  {
    weight: 5,
    arbitrary: record({ kind: constant('patch group'), target, patch: groupPatch, isRepeated }),
  },
  { weight: 1, arbitrary: record({ kind: constant('delete group'), target, isRepeated }) },
)
/** Twelve requests, the first of which make somebody. */
const sequence = fc
  .tuple(createUser, createGroup, createUser, fc.array(step, { minLength: 9, maxLength: 9 }))
  .map(([ann, ops, bob, more]): readonly Step[] => [ann, ops, bob, ...more])
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Contoso and the model of it, with the ids of all who are or were there, and of another customer's. */
class Run {
  readonly model = new ScimModel()
  readonly userIds: string[]
  readonly groupIds: string[]
  readonly scim: Wire

  constructor(scim: Wire, foreign: { userId: string; groupId: string }) {
    this.scim = scim
    this.userIds = [foreign.userId]
    this.groupIds = [foreign.groupId]
  }

  /** The newest at place 0; what nobody has, and another customer's, at the end. */
  readonly idAt = (place: number): string =>
    [...[...this.userIds, ...this.groupIds].reverse(), 'usr_none'][place] ?? 'grp_none'

  userAt(place: number): string {
    return pick(place, [...this.model.users.keys()], this.userIds)
  }

  groupAt(place: number): string {
    return pick(place, [...this.model.groups.keys()], this.groupIds)
  }

  /** Sends a request, and does the same to the model. */
  async take(one: Step): Promise<void> {
    const request = this.#requestOf(one)
    await this.#compare(request)
    if (one.isRepeated) await this.#compare(request)
  }

  async #compare({ ask, path, apply, insert }: Request): Promise<void> {
    const before = path === null ? null : (await this.scim.get(path)).body
    const was = path === null ? null : this.#shown(path)
    const wanted = apply()
    const answer = await ask()
    expect([answer.status, answer.status === wanted.status ? '' : answer.text]).toEqual([
      wanted.status,
      '',
    ])
    if (wanted.status === 201) {
      const { id } = answer.body as Resource
      if (wanted.id !== null) expect(id).toBe(wanted.id)
      insert?.(id)
      this.#remember(id)
    }
    if (path === null || before === null || wanted.status === 404) return
    // A version is another one when, and only when, the resource is.
    const after = (await this.scim.get(path)).body
    const isSame = JSON.stringify(this.#shown(path)) === JSON.stringify(was)
    if (isSame) expect(after).toEqual(before)
    else expect(stampOf(after)['version']).not.toBe(stampOf(before)['version'])
    if (answer.status === 200) expect(answer.body).toEqual(after)
  }

  #remember(id: string): void {
    const ids = id.startsWith('usr_') ? this.userIds : this.groupIds
    if (!ids.includes(id)) ids.push(id)
  }

  #shown(path: string): Json | undefined {
    const id = path.split('/')[2] ?? ''
    const user = this.model.users.get(id)
    if (user !== undefined) return this.model.showUser(user, baseUrl)
    const group = this.model.groups.get(id)
    return group === undefined ? undefined : this.model.showGroup(group, baseUrl)
  }

  #requestOf(one: Step): Request {
    const { scim, model, idAt } = this
    if (one.kind === 'create user' && 'user' in one) {
      const { wish, body } = one.user
      return {
        path: null,
        ask: () => scim.post('/Users', body),
        apply: () => model.judgeUser(wish),
        insert: (id) => model.insertUser(id, wish),
      }
    }
    if (one.kind === 'create group' && 'group' in one) {
      const { wish, body } = one.group(idAt)
      return {
        path: null,
        ask: () => scim.post('/Groups', body),
        apply: () => model.judgeGroup(wish),
        insert: (id) => model.insertGroup(id, wish),
      }
    }
    if (!('target' in one)) throw new Error('every other request has a target')
    const isUser = one.kind.endsWith('user')
    const id = isUser ? this.userAt(one.target) : this.groupAt(one.target)
    const path = `/${isUser ? 'Users' : 'Groups'}/${id}`
    if ('user' in one) {
      const { wish, body } = one.user
      return {
        path,
        ask: () => scim.put(path, body),
        apply: () =>
          model.changeUser(id, (user) => ({ ...wish, id, active: wish.active ?? user.active })),
      }
    }
    if ('group' in one) {
      const { wish, body } = one.group(idAt)
      return {
        path,
        ask: () => scim.put(path, body),
        apply: () =>
          model.changeGroup(id, 200, () => ({ ...wish, id, members: new Set(wish.members) })),
      }
    }
    if (one.kind === 'patch user' && 'patch' in one && !Array.isArray(one.patch)) {
      const { patch } = one
      return {
        path,
        ask: () => scim.patch(path, patch.json),
        apply: () => model.changeUser(id, patch.apply),
      }
    }
    if ('patch' in one && Array.isArray(one.patch)) {
      const all = one.patch.map((operation) => operation(idAt))
      return {
        path,
        ask: () =>
          scim.patch(
            path,
            all.map(({ json }) => json),
          ),
        apply: () =>
          model.changeGroup(id, 204, (group) => all.reduce((at, next) => next.apply(at), group)),
      }
    }
    return {
      path,
      ask: () => scim.delete(path),
      apply: () => (isUser ? model.deleteUser(id) : model.deleteGroup(id)),
    }
  }

  /** Everything as it reads is everything as the model has it. */
  async check(): Promise<void> {
    const { scim, model } = this
    const users = [...model.users.values()].map((user) => model.showUser(user, baseUrl))
    const groups = [...model.groups.values()].map((group) => model.showGroup(group, baseUrl))
    await this.#checkList('Users', users)
    await this.#checkList('Groups', groups)
    for (const { userName, id } of model.users.values()) {
      expect(await scim.find('Users', `userName eq "${userName.toUpperCase()}"`)).toEqual([id])
    }
    for (const id of [...this.userIds, ...this.groupIds]) {
      const path = `/${id.startsWith('usr_') ? 'Users' : 'Groups'}/${id}`
      const { status } = await scim.get(path)
      expect([path, status]).toEqual([path, this.#shown(path) === undefined ? 404 : 200])
    }
    for (const value of ['a@x.example', 'b@X.example']) {
      const having = [...model.users.values()].filter(({ emails }) =>
        emails.some((one) => one.value.toLowerCase() === value.toLowerCase()),
      )
      const found = await scim.find('Users', `emails.value eq "${value}"`)
      expect([...found].sort()).toEqual(having.map(({ id }) => id).sort())
    }
    const members = [...model.groups.values()].reduce((sum, one) => sum + one.members.size, 0)
    const [counts] = await rows(
      `select (select count(*) from people where organization_id = ?1) users,
        (select count(*) from "groups" where organization_id = ?1) as "groups",
        (select count(*) from group_members where organization_id = ?1) members`,
      contosoId,
    )
    expect(counts).toEqual({ users: users.length, groups: groups.length, members })
    expect([await broken(), await wrongCounts()]).toEqual([[], []])
  }

  async #checkList(kind: 'Users' | 'Groups', wanted: readonly Json[]): Promise<void> {
    const { scim } = this
    const { body } = await scim.must(200, scim.get(`/${kind}`))
    expect(body).toMatchObject({ totalResults: wanted.length, itemsPerPage: wanted.length })
    const found = list(body, 'Resources')
    for (const one of found) expect(await scim.read(`/${kind}/${one['id']}`)).toEqual(one)
    const byId = (all: readonly Json[]) => new Map(all.map((one) => [one['id'], one]))
    expect(byId(found.map(withoutNames))).toEqual(byId(wanted))
  }
}

function pick(place: number, there: readonly string[], all: readonly string[]): string {
  const from = place < 9 && there.length > 0 ? there : all
  return from[place % from.length] ?? ''
}

type Request = {
  /** Of the resource that is changed; null for a create. */
  readonly path: string | null
  readonly ask: () => Promise<Answer>
  readonly apply: () => Outcome
  readonly insert?: (id: string) => void
}

/** A resource without meta and what members are called; groups and members in the order of their ids. */
function withoutNames({ meta: _meta, ...resource }: Json): Json {
  const sorted = (name: string) =>
    [...list(resource, name)].sort((a, b) => (String(a['value']) < String(b['value']) ? -1 : 1))
  return {
    ...resource,
    ...('groups' in resource ? { groups: sorted('groups') } : {}),
    ...('members' in resource
      ? { members: sorted('members').map(({ display: _display, ...member }) => member) }
      : {}),
  }
}

const contosoId = 'org_00000000000000000000000001'
const fabrikamId = 'org_00000000000000000000000002'
const owned = [
  'people',
  'scim_users',
  'source_views',
  'person_keys',
  'identities',
  'tombstones',
  '"groups"',
  'group_members',
  'resource_counts',
  'events',
]

async function dumpOf(organizationId: string): Promise<readonly unknown[]> {
  return Promise.all(
    owned.map((table) => rows(`select * from ${table} where organization_id = ?`, organizationId)),
  )
}

/** Makes room for the next sequence. */
async function forget(organizationId: string): Promise<void> {
  for (const table of ['people', '"groups"', 'tombstones', 'resource_counts']) {
    await rows(`delete from ${table} where organization_id = ?`, organizationId)
  }
}

let scim: Wire
let foreign: { userId: string; groupId: string }
beforeEach(async () => {
  scim = await wireWorld()
  await addFabrikam()
  const other = wireOf(scim.world, { token: 'fabrikam' })
  const user = await other.made('/Users', { userName: 'ann@x.example', externalId: 'nick' })
  const group = await other.made('/Groups', { displayName: 'Ops', members: [{ value: user.id }] })
  foreign = { userId: user.id, groupId: group.id }
})

describe('any sequence of requests', () => {
  it('leaves what a plain model of the RFCs has, and nothing of another customer changes', async () => {
    const before = await dumpOf(fabrikamId)
    await fc.assert(
      fc.asyncProperty(sequence, async (steps) => {
        await forget(contosoId)
        const run = new Run(scim, foreign)
        for (const one of steps) await run.take(one)
        await run.check()
        expect(await dumpOf(fabrikamId)).toEqual(before)
      }),
      { numRuns: 25 },
    )
  }, 120_000)
})
