import { describe, expect, it } from 'vitest'
import {
  type GraphStatement,
  type HeldPerson,
  type PlanInput,
  plan,
} from '../../src/reconcile/index.ts'
import {
  applied,
  heldPerson,
  hours,
  inputOf,
  mention,
  objectId,
  settingsWith,
  statement,
  tenantId,
  view,
} from './support.ts'

const unbound = { identityKey: null, known: null }
const strangers = (
  n: number,
  known: { assigned: boolean; state?: 'enabled' | 'deleted' },
): Pick<PlanInput, 'strangers'> => ({
  strangers: new Map([
    [objectId(n), { appRoles: [], state: 'enabled' as const, changedAt: hours(-50), ...known }],
  ]),
})

function planned(
  people: readonly HeldPerson[],
  statements: readonly GraphStatement[],
  rest: Partial<PlanInput> = {},
) {
  return plan(inputOf(people, statements, rest))
}

describe('a person whom SCIM made and nobody is bound to', () => {
  it('is bound by userPrincipalName, in any case', () => {
    const outcome = planned(
      [heldPerson(1, [], unbound)],
      [statement(1, { userPrincipalName: 'USER1@Contoso.example', jobTitle: 'Clerk' })],
    )
    expect(outcome.writes).toMatchObject([
      { personId: 'usr_1', bindTo: `entra:${tenantId}:${objectId(1)}` },
    ])
    expect(outcome.users).toMatchObject([{ objectId: objectId(1), personId: 'usr_1' }])
    expect(outcome.writes[0]?.resolved?.profile).toMatchObject({ title: 'Clerk' })
  })

  it('is bound when externalId is the very object id', () => {
    const person = { externalId: objectId(1).toUpperCase() }
    const outcome = planned([heldPerson(1, [], { ...unbound, person })], [statement(1)])
    expect(outcome.writes[0]?.bindTo).toBe(`entra:${tenantId}:${objectId(1)}`)
  })

  it.each([
    ['guest', {}, { isGuest: true }],
    ['external_id_is_another_object_id', { externalId: objectId(9) }, {}],
    ['other_connection', { connectionId: 'con_other' }, {}],
    ['made_by_sign_in', { scimAt: null }, {}],
    ['inactive', { deniedByScim: true }, {}],
    ['inactive', { deniedByManual: true }, {}],
  ] as const)('is not bound: %s', (reason, person, said) => {
    const outcome = planned([heldPerson(1, [], { ...unbound, person })], [statement(1, {}, said)])
    expect(outcome.writes).toEqual([])
    expect(outcome.drift).toMatchObject([
      { kind: 'duplicate_unlinked', personId: 'usr_1', held: { reason }, action: 'reported' },
    ])
  })

  it('is not bound to an account that is younger: the name was given to somebody new', () => {
    const person = { createdAt: Date.UTC(2026, 0, 2) }
    const bindTo = (createdDateTime: string) =>
      planned([heldPerson(1, [], { ...unbound, person })], [statement(1, { createdDateTime })])
        .writes[0]?.bindTo
    expect(bindTo('2026-01-01T00:00:00Z')).toBeDefined()
    expect(bindTo('2026-01-03T00:00:00Z')).toBeUndefined()
  })

  it('is not bound by what only tells of a new name: the account may be a guest’s, or younger', () => {
    const outcome = planned([heldPerson(1, [], unbound)], [statement(1, {}, { isWhole: false })])
    expect(outcome.writes).toEqual([])
    expect(outcome.drift).toEqual([])
  })

  it('is not bound to an account that was erased here', () => {
    const outcome = planned([heldPerson(1, [], unbound)], [statement(1)], {
      erased: new Set([objectId(1)]),
    })
    expect(outcome.drift).toMatchObject([{ held: { reason: 'object_id_was_erased' } }])
    expect(outcome.writes).toEqual([])
  })

  it('is bound to neither of two accounts', () => {
    const reused = statement(2, { userPrincipalName: 'user1@contoso.example' })
    const outcome = planned([heldPerson(1, [], unbound)], [statement(1), reused])
    expect(outcome.writes).toEqual([])
    expect(outcome.drift.map(({ kind }) => kind)).toEqual([
      'duplicate_unlinked',
      'duplicate_unlinked',
    ])
  })

  it('is not bound by email', () => {
    const named = { person: { userName: 'other@contoso.example' }, ...unbound }
    const outcome = planned(
      [heldPerson(1, [], named)],
      [statement(1, { mail: 'other@contoso.example' })],
    )
    expect(outcome.writes).toEqual([])
  })
})

describe('a userPrincipalName that another account has by now', () => {
  it('gives nobody who is bound away', () => {
    const reused = statement(2, { userPrincipalName: 'user1@contoso.example' })
    const outcome = planned([heldPerson(1)], [reused])
    expect(outcome.writes).toEqual([])
    expect(outcome.drift).toMatchObject([
      {
        kind: 'duplicate_unlinked',
        personId: 'usr_1',
        objectId: objectId(2),
        held: { reason: 'bound_to_another_object_id' },
      },
    ])
  })

  it('tells of two people here who are one account', () => {
    const bySignIn = heldPerson(1, [], { person: { userName: 'old@contoso.example' } })
    const byScim = heldPerson(2, [], { ...unbound, person: { userName: 'user1@contoso.example' } })
    const outcome = planned([bySignIn, byScim], [statement(1)])
    expect(outcome.drift.filter(({ kind }) => kind === 'duplicate_unlinked')).toMatchObject([
      { personId: 'usr_2', objectId: objectId(1), held: { reason: 'two_people' } },
    ])
    expect(outcome.writes.map(({ personId }) => personId)).toEqual(['usr_1'])
  })
})

describe('a rename', () => {
  const named = { userPrincipalName: 'new@contoso.example' }

  it('is followed for whom SCIM has not written, unless somebody has the name', () => {
    const held = heldPerson(1, [], { person: { scimAt: null } })
    expect(planned([held], [statement(1, named)]).writes[0]?.rename).toBe('new@contoso.example')
    const other = heldPerson(2, [], { person: { userName: 'New@contoso.example' } })
    const outcome = planned([held, other], [statement(1, named)])
    expect(outcome.writes[0]?.rename).toBeNull()
  })

  it('of somebody whom SCIM wrote is for SCIM to do; the profile follows at once', () => {
    const scim = view('scim', hours(-9), { userName: 'user1@contoso.example' })
    const [write] = planned([heldPerson(1, [scim])], [statement(1, named)]).writes
    expect(write?.rename).toBeNull()
    expect(write?.resolved?.profile).toMatchObject({ userName: 'new@contoso.example' })
  })
})

describe('somebody assigned who is nobody here', () => {
  it('is told, and not made', () => {
    const outcome = planned([], [statement(1)])
    expect(outcome).toMatchObject({
      creates: [],
      users: [{ objectId: objectId(1), personId: null, assigned: true }],
      drift: [{ kind: 'person_missing', personId: null, action: 'reported' }],
    })
  })

  it('is made where the policy says so, and not twice', () => {
    const settings = settingsWith({ person_missing: 'repair' })
    const input = inputOf([], [statement(1, { jobTitle: 'Clerk' })], { settings })
    const outcome = plan(input)
    expect(outcome.creates).toMatchObject([
      { userName: 'user1@contoso.example', resolved: { profile: { title: 'Clerk' } } },
    ])
    expect(outcome.drift).toMatchObject([{ kind: 'person_missing', action: 'repaired' }])
    const held = applied(input, outcome)
    expect(plan({ ...input, ...held })).toMatchObject({ creates: [], writes: [], drift: [] })
  })

  it('is not made over a tombstone', () => {
    const outcome = planned([], [statement(1)], {
      settings: settingsWith({ person_missing: 'repair' }),
      erased: new Set([objectId(1)]),
    })
    expect(outcome.creates).toEqual([])
    expect(outcome.drift).toMatchObject([
      { kind: 'person_missing', action: 'reported', rule: expect.stringContaining('erased') },
    ])
  })

  it.each([
    ['disabled', { state: 'disabled' }],
    ['deleted', { state: 'deleted' }],
    ['not assigned', { assigned: false }],
    ['only mentioned', { isWhole: false }],
  ] as const)('is not missing while %s', (_what, said) => {
    expect(planned([], [statement(1, {}, said)]).drift).toEqual([])
  })

  it('is remembered only while assigned, and written only when that changes', () => {
    expect(planned([], [statement(1, {}, { assigned: false })]).users).toEqual([])
    expect(planned([], [statement(1)], strangers(1, { assigned: true })).users).toEqual([])
    expect(
      planned([], [mention(1, { assigned: false })], strangers(1, { assigned: true })).users,
    ).toMatchObject([{ assigned: false, personId: null }])
    expect(planned([], [mention(1, { state: 'deleted' })]).users).toEqual([])
  })
})
