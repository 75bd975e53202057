import fc from 'fast-check'
import { expect } from 'vitest'
import { wrongCounts } from './groups-world.ts'
import { groupPatch, groupWish, userPatch, userWish } from './model-requests.ts'
import { broken, rows } from './people-world.ts'
import { type Answer, baseUrl, type Json, list, type Resource } from './rfc/rfc-world.ts'
import { inOneOrder, type Outcome, ScimModel } from './scim-model.ts'
import { stampOf, type Wire } from './wire-world.ts'

/** Somebody who is there; the highest, whoever was, or is another customer's. */
const target = fc.nat({ max: 9 })
/** Whether the answer is lost and the same request sent once more. */
const isRepeated = fc.boolean()
const { constant, record } = fc

export const createUser = record({ kind: constant('create user'), user: userWish, isRepeated })
export const createGroup = record({ kind: constant('create group'), group: groupWish, isRepeated })
export const step = fc.oneof(
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
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Contoso and the model of it, with the ids of all who are or were there, and of another customer's. */
export class Run {
  model = new ScimModel()
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
    const wanted = apply(this.model)
    const answer = await ask()
    expect([answer.status, answer.status === wanted.status ? '' : answer.text]).toEqual([
      wanted.status,
      '',
    ])
    if (wanted.status === 201) {
      const { id } = answer.body as Resource
      if (wanted.id !== null) expect(id).toBe(wanted.id)
      insert?.(this.model, id)
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
    const { scim, idAt } = this
    if (one.kind === 'create user' && 'user' in one) {
      const { wish, body } = one.user
      return {
        path: null,
        ask: () => scim.post('/Users', body),
        apply: (model) => model.judgeUser(wish),
        insert: (model, id) => model.insertUser(id, wish),
      }
    }
    if (one.kind === 'create group' && 'group' in one) {
      const { wish, body } = one.group(idAt)
      return {
        path: null,
        ask: () => scim.post('/Groups', body),
        apply: (model) => model.judgeGroup(wish),
        insert: (model, id) => model.insertGroup(id, wish),
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
        apply: (model) =>
          model.changeUser(id, (user) => ({ ...wish, id, active: wish.active ?? user.active })),
      }
    }
    if ('group' in one) {
      const { wish, body } = one.group(idAt)
      return {
        path,
        ask: () => scim.put(path, body),
        apply: (model) =>
          model.changeGroup(id, 200, () => ({ ...wish, id, members: new Set(wish.members) })),
      }
    }
    if (one.kind === 'patch user' && 'patch' in one && !Array.isArray(one.patch)) {
      const { patch } = one
      return {
        path,
        ask: () => scim.patch(path, patch.json),
        apply: (model) => model.changeUser(id, patch.apply),
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
        apply: (model) =>
          model.changeGroup(id, 204, (group) => all.reduce((at, next) => next.apply(at), group)),
      }
    }
    return {
      path,
      ask: () => scim.delete(path),
      apply: (model) => (isUser ? model.deleteUser(id) : model.deleteGroup(id)),
    }
  }

  /**
   * Sends two requests at once. What they come to, and what is left, must be what the one and then the other
   * comes to, in this order or in that.
   */
  async takeBoth(one: Step, other: Step): Promise<void> {
    const requests = [this.#requestOf(one), this.#requestOf(other)]
    const answers = await Promise.all(requests.map(({ ask }) => ask()))
    const ends = [requests, requests.toReversed()].map((order) => {
      const model = this.model.copy()
      const isSo = order.every((request) => {
        const { status, body } = answers[requests.indexOf(request)] ?? nothing
        const wanted = request.apply(model)
        if (wanted.status !== status) return false
        if (wanted.status !== 201) return true
        request.insert?.(model, String(body['id']))
        return wanted.id === null || wanted.id === body['id']
      })
      return isSo ? model : null
    })
    for (const { status, body } of answers) if (status === 201) this.#remember(String(body['id']))
    const found = await this.#everything()
    const model = ends.find((end) => end !== null && everythingOf(end) === found)
    if (model === undefined || model === null) {
      const told = answers.map(({ status, text }) => `${status} ${text}`).join('\n')
      const wanted = ends.map((end) => (end === null ? 'other answers' : everythingOf(end)))
      throw new Error(`no order comes to\n${told}\n${found}\nbut to\n${wanted.join('\nor\n')}`)
    }
    this.model = model
  }

  /** Everything as it reads, as a text. */
  async #everything(): Promise<string> {
    const { scim } = this
    const lists = [await scim.get('/Users'), await scim.get('/Groups')]
    return textOf(lists.flatMap(({ body }) => list(body, 'Resources')).map(withoutNames))
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

/** No answer at all. */
const nothing: Pick<Answer, 'status' | 'body'> = { status: 0, body: {} }

function pick(place: number, there: readonly string[], all: readonly string[]): string {
  const from = place < 9 && there.length > 0 ? there : all
  return from[place % from.length] ?? ''
}

type Request = {
  /** Of the resource that is changed; null for a create. */
  readonly path: string | null
  readonly ask: () => Promise<Answer>
  readonly apply: (model: ScimModel) => Outcome
  readonly insert?: (model: ScimModel, id: string) => void
}

function everythingOf(model: ScimModel): string {
  return textOf([
    ...[...model.users.values()].map((user) => model.showUser(user, baseUrl)),
    ...[...model.groups.values()].map((group) => model.showGroup(group, baseUrl)),
  ])
}

/** A text that is the same for the same resources, whatever the order of them and of their attributes. */
function textOf(resources: readonly Json[]): string {
  const sorted = (_key: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value
  return resources
    .map((one) => JSON.stringify(one, sorted))
    .sort()
    .join('\n')
}

/** A resource without meta and what members are called; emails in one order, groups and members by id. */
function withoutNames({ meta: _meta, ...resource }: Json): Json {
  const sorted = (name: string) =>
    [...list(resource, name)].sort((a, b) => (String(a['value']) < String(b['value']) ? -1 : 1))
  return {
    ...resource,
    ...('emails' in resource ? { emails: inOneOrder(list(resource, 'emails')) } : {}),
    ...('groups' in resource ? { groups: sorted('groups') } : {}),
    ...('members' in resource
      ? { members: sorted('members').map(({ display: _display, ...member }) => member) }
      : {}),
  }
}

export const contosoId = 'org_00000000000000000000000001'
export const fabrikamId = 'org_00000000000000000000000002'
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

export async function dumpOf(organizationId: string): Promise<readonly unknown[]> {
  return Promise.all(
    owned.map((table) => rows(`select * from ${table} where organization_id = ?`, organizationId)),
  )
}

/** Makes room for the next sequence. */
export async function forget(organizationId: string): Promise<void> {
  for (const table of ['people', '"groups"', 'tombstones', 'resource_counts']) {
    await rows(`delete from ${table} where organization_id = ?`, organizationId)
  }
}
