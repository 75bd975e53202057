import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readOperations } from '../../../src/scim/patch/operations.ts'
import { patchGroup } from '../../../src/scim/patch/patch-group.ts'
import { patchUser } from '../../../src/scim/patch/patch-user.ts'
import { parseGroup } from '../../../src/scim/resource/parse-group.ts'
import { parseUser } from '../../../src/scim/resource/parse-user.ts'
import { groupStatement, userStatement } from '../../../src/scim/resource/statement.ts'
import { cases } from '../../support/cases.ts'
import { enterprise, type Json, operationsOf, unwrap } from './patching.ts'

const custom = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

/** Names that a request may hold, good and bad. */
const name = fc.oneof(
  fc.constantFrom(
    'userName',
    'title',
    'active',
    'NAME',
    'name.givenName',
    'emails',
    'emails.value',
    'roles',
    'manager',
    'id',
    'members',
    'displayName',
    '__proto__',
    'constructor.x',
    enterprise,
    `${enterprise}:manager`,
    `${enterprise}.department`,
    `${custom}:floor`,
    'urn:x:y',
    'urn:x:2.0:User:z',
  ),
  fc.string(),
)

const path = fc.oneof(
  name,
  fc
    .tuple(
      fc.constantFrom('emails', 'roles', 'addresses', 'members', 'title', 'other'),
      fc.constantFrom('type eq "work"', 'primary eq "True"', 'value eq "a"', 'value pr', 'x'),
      fc.constantFrom('', '.value', '.type', '.streetAddress', '.x'),
    )
    .map(([list, filter, part]) => `${list}[${filter}]${part}`),
)

const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('', null, 'True', 'a', '{"value":"Admin"}', 0, true),
    fc.string(),
    fc.double(),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(name, fc.constantFrom('value', 'type', 'primary', '$ref')),
      tie('json'),
      {
        maxKeys: 4,
      },
    ),
  ),
}))

const operation = fc.record(
  {
    op: fc.oneof(fc.constantFrom('add', 'Replace', 'REMOVE'), json),
    path: fc.oneof(path, json),
    value: json,
  },
  { requiredKeys: [] },
)

const person = { userName: 'ann', externalId: 'ann', active: true }
const startView: Json = {
  title: 'VP',
  emails: [{ type: 'work', value: 'a', primary: true }, { value: 'b' }],
  [enterprise]: { department: 'Ops', manager: { value: 'usr_2' } },
}

describe('whatever a client sends', () => {
  it('is read or refused, and never throws', () => {
    fc.assert(
      fc.property(json, fc.array(operation, { maxLength: 5 }), (body, operations) => {
        const user = parseUser(body)
        if (user.ok) userStatement(user.value)
        const group = parseGroup(body)
        if (group.ok) groupStatement(group.value)
        readOperations(body)
        const read = readOperations({ Operations: operations })
        if (!read.ok) return
        const patched = patchUser({ ...person, view: startView }, read.value)
        if (patched.ok) userStatement(patched.value)
        patchGroup({ displayName: 'Ops', externalId: null, view: {} }, read.value)
      }),
      { numRuns: cases(2000) },
    )
  })

  it('reads the same once it has been read', () => {
    fc.assert(
      fc.property(fc.dictionary(name, json), (body) => {
        const first = parseUser({ ...body, userName: 'ann' })
        if (!first.ok) return
        const { userName, externalId, active, view } = first.value
        const again = unwrap(parseUser({ ...view, userName, externalId, active }))
        expect(again).toMatchObject({ userName, externalId, active })
        expect(again.view).toEqual(view)
      }),
      { numRuns: cases(2000) },
    )
  })
})

/** Attributes as a client that keeps to the schema sends them. */
const text = fc.constantFrom('a', 'b', 'C', '')
const element = fc.record(
  {
    type: fc.constantFrom('work', 'home', 'other'),
    value: fc.constantFrom('x', 'Y', 'z'),
    primary: fc.constantFrom(true, false, 'True'),
    display: text,
  },
  { requiredKeys: ['value'] },
)
const attributes = fc.record(
  {
    title: text,
    active: fc.constantFrom(true, false, 'False'),
    name: fc.record({ givenName: text, familyName: text }, { requiredKeys: [] }),
    emails: fc.array(element, { maxLength: 3 }),
    roles: fc.array(element, { maxLength: 3 }),
    [enterprise]: fc.record({ department: text, manager: text }, { requiredKeys: [] }),
    [custom]: fc.record({ floor: text }, { requiredKeys: [] }),
    other: fc.oneof(text, fc.array(text, { maxLength: 2 })),
  },
  { requiredKeys: [] },
)

describe('a PATCH of a user', () => {
  it('that replaces everything reads as the whole does', () => {
    fc.assert(
      fc.property(attributes, (value) => {
        const whole = unwrap(parseUser({ userName: 'ann', ...value }))
        const bare = { userName: 'ann', externalId: null, active: true, view: {} }
        const patched = unwrap(patchUser(bare, operationsOf({ op: 'replace', value })))
        expect(patched.view).toEqual(whole.view)
        expect(patched.active).toBe(whole.active ?? true)
        expect([...patched.blanks].sort()).toEqual([...whole.blanks].sort())
      }),
    )
  })

  it('applied twice changes nothing the second time', () => {
    const part = fc.constantFrom('value', 'display', 'primary')
    const filtered = fc.record({
      op: fc.constantFrom('add', 'replace'),
      path: fc
        .tuple(fc.constantFrom('emails', 'roles'), fc.constantFrom('work', 'home'), part)
        .map(([list, type, one]) => `${list}[type eq "${type}"].${one}`),
      value: fc.constantFrom('x', 'Y', true, ''),
    })
    const one = fc.oneof(
      fc.record({ op: fc.constantFrom('add', 'replace'), value: attributes }),
      fc.record({
        op: fc.constant('remove'),
        path: fc.constantFrom(
          'title',
          'emails',
          'name.givenName',
          'emails[type eq "work"]',
          enterprise,
        ),
      }),
      filtered,
    )
    fc.assert(
      fc.property(attributes, one, (value, operation) => {
        const { view } = unwrap(parseUser({ userName: 'ann', ...value }))
        const first = patchUser({ ...person, view }, operationsOf(operation))
        if (!first.ok) return
        const second = unwrap(patchUser(first.value, operationsOf(operation)))
        expect(second.view).toEqual(first.value.view)
        expect(second.changed).toBe(false)
      }),
      { numRuns: cases(2000) },
    )
  })

  it('leaves at most one primary in a list', () => {
    fc.assert(
      fc.property(fc.array(fc.array(element, { maxLength: 3 }), { maxLength: 4 }), (lists) => {
        const operations = lists.map((value) => ({ op: 'add', path: 'emails', value }))
        const { view } = unwrap(patchUser({ ...person, view: {} }, operationsOf(...operations)))
        const emails = (view['emails'] ?? []) as readonly Json[]
        expect(emails.filter((one) => one['primary'] === true).length).toBeLessThan(2)
      }),
    )
  })
})

const ids = fc.uniqueArray(fc.constantFrom('usr_1', 'usr_2', 'usr_3', 'grp_1', 'grp_2'))

/** An operation on members beside what RFC 7644 3.5.2 makes of a set of them. */
type MemberCase = {
  operation: object
  apply: (members: ReadonlySet<string>) => ReadonlySet<string>
}

function without(members: ReadonlySet<string>, ids: readonly string[]): ReadonlySet<string> {
  return new Set([...members].filter((id) => !ids.includes(id)))
}

const memberCase: fc.Arbitrary<MemberCase> = fc.oneof(
  ids.map((value) => ({
    operation: { op: 'add', path: 'members', value },
    apply: (members: ReadonlySet<string>) => new Set([...members, ...value]),
  })),
  ids.map((value) => ({
    operation: { op: 'Remove', path: 'members', value: value.map((id) => ({ value: id })) },
    apply: (members: ReadonlySet<string>) => without(members, value),
  })),
  ids.map((value) => ({
    operation: { op: 'replace', value: { members: value } },
    apply: () => new Set(value),
  })),
  fc.constant({ operation: { op: 'remove', path: 'members' }, apply: () => new Set<string>() }),
  fc.constantFrom('usr_1', 'grp_1').map((id) => ({
    operation: { op: 'remove', path: `members[value eq "${id}" or value eq "usr_3"]` },
    apply: (members: ReadonlySet<string>) => without(members, [id, 'usr_3']),
  })),
  fc.constant({
    operation: { op: 'remove', path: 'members[type eq "Group"]' },
    apply: (members: ReadonlySet<string>) =>
      new Set([...members].filter((id) => !id.startsWith('grp_'))),
  }),
)

describe('the steps of members', () => {
  it('come to what the operations come to, one by one', () => {
    fc.assert(
      fc.property(ids, fc.array(memberCase, { maxLength: 8 }), (start, cases) => {
        const wanted = cases.reduce<ReadonlySet<string>>(
          (set, one) => one.apply(set),
          new Set(start),
        )
        const group = { displayName: 'Ops', externalId: null, view: {} }
        const operations = operationsOf(...cases.map((one) => one.operation))
        let members: ReadonlySet<string> = new Set(start)
        for (const step of unwrap(patchGroup(group, operations)).memberSteps) {
          if (step.kind === 'add') members = new Set([...members, ...step.ids])
          if (step.kind === 'remove') members = without(members, step.ids)
          if (step.kind === 'keep')
            members = new Set([...members].filter((id) => step.ids.includes(id)))
          if (step.kind === 'removeType') {
            const prefix = step.type === 'User' ? 'usr_' : 'grp_'
            members = new Set([...members].filter((id) => !id.startsWith(prefix)))
          }
        }
        expect([...members].sort()).toEqual([...wanted].sort())
      }),
      { numRuns: cases(2000) },
    )
  })
})
