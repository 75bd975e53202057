import fc from 'fast-check'
import { coreGroup, coreUser, enterprise, type Json } from './rfc/rfc-world.ts'
import {
  distinct,
  type GroupWish,
  type Mail,
  type ModelGroup,
  type ModelUser,
  type UserWish,
} from './scim-model.ts'

const userName = fc.constantFrom(
  'ann@x.example',
  'bob@x.example',
  'ANN@x.example',
  'cleo@x.example',
)
const externalId = fc.constantFrom(
  null,
  'nick',
  '0b1ec700-1111-4111-8111-00000000000a',
  '0B1EC700-1111-4111-8111-00000000000A',
  '0b1ec700-1111-4111-8111-00000000000b',
)
const textNames = [
  'title',
  'displayName',
  'name.givenName',
  'name.familyName',
  `${enterprise}:department`,
] as const
const textName = fc.constantFrom(...textNames)
const word = fc.constantFrom('A', 'b "c" \\', 'ÄÖ', ' x ')
const type = fc.constantFrom('work', 'home')
const address = fc.constantFrom('a@x.example', 'B@x.example')
const mail: fc.Arbitrary<Mail> = fc.record({ type, value: address })
const mails = fc.array(mail, { maxLength: 3 })
const managerId = fc.constantFrom('usr_boss', 'usr_chief')
/** How a request says that there is nothing. */
const blank = fc.constantFrom('', null)
/** How a request says true or false. */
const spell = fc.constantFrom(
  (on: boolean): unknown => on,
  (on: boolean) => (on ? 'True' : 'False'),
  (on: boolean) => String(on),
)

/** An operation of a PATCH, and what it does to the model. */
export type Operation<T> = { readonly json: Json; readonly apply: (before: T) => T }
type UserState = Omit<ModelUser, 'boundTo'>
type UserOperation = Operation<UserState>

const op = (name: 'add' | 'replace' | 'remove') =>
  fc.constantFrom(name, `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`)
const opToSet = fc.oneof(op('add'), op('replace'))

/** Sets an attribute by its path, or in a map without one. */
const setter = fc.oneof(
  opToSet.map(
    (name) =>
      (path: string, value: unknown): Json => ({ op: name, path, value }),
  ),
  opToSet.map(
    (name) =>
      (path: string, value: unknown): Json => ({ op: name, value: { [path]: value } }),
  ),
)
const toRemove = op('remove').map(
  (name) =>
    (path: string): Json => ({ op: name, path }),
)

function without(texts: ModelUser['texts'], name: string): ModelUser['texts'] {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key !== name))
}

const userOperation: fc.Arbitrary<UserOperation> = fc.oneof(
  fc.tuple(setter, textName, word).map(
    ([set, name, value]): UserOperation => ({
      json: set(name, value),
      apply: (user) => ({ ...user, texts: { ...user.texts, [name]: value } }),
    }),
  ),
  fc.tuple(setter, textName, blank).map(
    ([set, name, value]): UserOperation => ({
      json: set(name, value),
      apply: (user) => ({ ...user, texts: without(user.texts, name) }),
    }),
  ),
  fc.tuple(toRemove, textName).map(
    ([remove, name]): UserOperation => ({
      json: remove(name),
      apply: (user) => ({ ...user, texts: without(user.texts, name) }),
    }),
  ),
  fc.tuple(setter, fc.boolean(), spell).map(
    ([set, active, say]): UserOperation => ({
      json: set('active', say(active)),
      apply: (user) => ({ ...user, active }),
    }),
  ),
  fc.tuple(setter, userName).map(
    ([set, value]): UserOperation => ({
      json: set('userName', value),
      apply: (user) => ({ ...user, userName: value }),
    }),
  ),
  fc.tuple(setter, externalId).map(
    ([set, value]): UserOperation => ({
      json: set('externalId', value),
      apply: (user) => ({ ...user, externalId: value }),
    }),
  ),
  fc.tuple(setter, managerId, fc.boolean()).map(
    ([set, value, isObject]): UserOperation => ({
      json: set(`${enterprise}:manager`, isObject ? { value } : value),
      apply: (user) => ({ ...user, manager: value }),
    }),
  ),
  fc.tuple(setter, blank).map(
    ([set, value]): UserOperation => ({
      json: set(`${enterprise}:manager`, value),
      apply: (user) => ({ ...user, manager: null }),
    }),
  ),
  fc.tuple(opToSet, type, address).map(
    ([name, kind, value]): UserOperation => ({
      json: { op: name, path: `emails[type eq "${kind}"].value`, value },
      apply: (user) => {
        const isThere = user.emails.some((one) => one.type === kind)
        const emails = isThere
          ? user.emails.map((one) => (one.type === kind ? { ...one, value } : one))
          : [...user.emails, { type: kind, value }]
        return { ...user, emails }
      },
    }),
  ),
  fc.tuple(op('replace'), type, blank).map(
    ([name, kind, value]): UserOperation => ({
      json: { op: name, path: `emails[type eq "${kind}"].value`, value },
      apply: (user) => ({ ...user, emails: user.emails.filter((one) => one.type !== kind) }),
    }),
  ),
  fc.tuple(op('remove'), type).map(
    ([name, kind]): UserOperation => ({
      json: { op: name, path: `emails[type eq "${kind}"]` },
      apply: (user) => ({ ...user, emails: user.emails.filter((one) => one.type !== kind) }),
    }),
  ),
  fc.tuple(op('add'), mails).map(
    ([name, value]): UserOperation => ({
      json: { op: name, path: 'emails', value },
      apply: (user) => ({ ...user, emails: addTo(user.emails, value) }),
    }),
  ),
  fc.tuple(op('replace'), mails).map(
    ([name, value]): UserOperation => ({
      json: { op: name, path: 'emails', value },
      apply: (user) => ({ ...user, emails: addTo([], value) }),
    }),
  ),
)

/** Adds those that are not there; one that is, is written as it was sent last. */
function addTo(emails: readonly Mail[], more: readonly Mail[]): readonly Mail[] {
  return distinct([...emails, ...more])
}

/** The operations of a PATCH, and what all of them come to. */
export const userPatch = fc.array(userOperation, { minLength: 1, maxLength: 4 }).map((all) => ({
  json: all.map(({ json }) => json),
  apply(user: UserState): UserState {
    const next = all.reduce((at, one) => one.apply(at), user)
    return { ...next, emails: distinct(next.emails) }
  },
}))

/** The user of a POST or PUT, and the body that says it. */
export const userWish = fc
  .record({
    userName,
    externalId,
    active: fc.constantFrom(undefined, true, false),
    texts: fc.dictionary(textName, word, { maxKeys: 3 }),
    emails: mails.map((all) => addTo([], all)),
    manager: fc.option(managerId),
    say: spell,
  })
  .map(({ say, ...wish }) => ({ wish: wish satisfies UserWish, body: bodyOf(wish, say) }))

function bodyOf(wish: UserWish, say: (on: boolean) => unknown): Json {
  const { texts, emails, manager, active } = wish
  const name = { givenName: texts['name.givenName'], familyName: texts['name.familyName'] }
  return {
    schemas: [coreUser, enterprise],
    userName: wish.userName,
    externalId: wish.externalId,
    ...(active === undefined ? {} : { active: say(active) }),
    title: texts['title'],
    displayName: texts['displayName'],
    name,
    emails,
    roles: [],
    meta: { resourceType: 'User' },
    [enterprise]: { department: texts[`${enterprise}:department`], manager },
  }
}

const displayName = fc.constantFrom('Ops', 'ops', 'R&D "x"', 'Everybody')
/** Places in the list of everybody there is, or was. */
const places = fc.array(fc.nat({ max: 7 }), { maxLength: 3 })
type IdAt = (place: number) => string
type GroupOperation = (idAt: IdAt) => Operation<ModelGroup>

const groupOperation: fc.Arbitrary<GroupOperation> = fc.oneof(
  fc.tuple(setter, displayName).map(([set, value]) => () => ({
    json: set('displayName', value),
    apply: (group: ModelGroup) => ({ ...group, displayName: value }),
  })),
  fc.tuple(opToSet, places, fc.boolean()).map(([name, all, hasRef]) => (idAt: IdAt) => {
    const ids = all.map(idAt)
    const value = ids.map((id) => ({ ...(hasRef ? { $ref: null } : {}), value: id }))
    const keeps = name.toLowerCase() === 'add'
    return {
      json: { op: name, path: 'members', value },
      apply: (group: ModelGroup) => ({
        ...group,
        members: new Set([...(keeps ? group.members : []), ...ids]),
      }),
    }
  }),
  fc.tuple(op('remove'), places, fc.boolean()).map(([name, all, isListed]) => (idAt: IdAt) => {
    const ids = (isListed ? all : all.slice(0, 1)).map(idAt)
    const isEverybody = !isListed && ids.length === 0
    const path = isListed || isEverybody ? 'members' : `members[value eq "${ids[0]}"]`
    const value = isListed ? { value: ids.map((id) => ({ $ref: null, value: id })) } : {}
    return {
      json: { op: name, path, ...value },
      apply: (group: ModelGroup) => ({
        ...group,
        members: new Set(isEverybody ? [] : [...group.members].filter((id) => !ids.includes(id))),
      }),
    }
  }),
)

export const groupPatch = fc.array(groupOperation, { minLength: 1, maxLength: 4 })

/** The group of a POST or PUT, and the body that says it. */
export const groupWish = fc
  .record({ displayName, externalId: fc.constantFrom(null, 'ops'), members: places })
  .map((all) => (idAt: IdAt): { wish: GroupWish; body: Json } => {
    const members = all.members.map(idAt)
    return {
      wish: { ...all, members },
      body: { ...all, schemas: [coreGroup], members: members.map((value) => ({ value })) },
    }
  })
