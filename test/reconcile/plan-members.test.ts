import { describe, expect, it } from 'vitest'
import {
  type HeldMember,
  judgeSilence,
  type MembershipInput,
  planMembers,
} from '../../src/reconcile/index.ts'
import { hours, noon, objectId, settingsWith } from './support.ts'

function member(n: number, rest: Partial<HeldMember> = {}): HeldMember {
  return { personId: `usr_${n}`, objectId: objectId(n), source: 'scim', at: hours(-9), ...rest }
}

function planFor(
  held: readonly HeldMember[],
  stated: readonly number[],
  rest: Partial<MembershipInput> = {},
) {
  return planMembers({
    settings: settingsWith({}),
    group: { id: 'grp_1', objectId: objectId(100), scimAt: hours(-9), roles: ['admin'] },
    held,
    stated: stated.map(objectId),
    personOf: new Map([1, 2, 3].map((n) => [objectId(n), `usr_${n}`])),
    readStartedAt: noon,
    ...rest,
  })
}

describe('members of a group', () => {
  it('that are the same cost no write', () => {
    expect(planFor([member(1), member(2)], [2, 1])).toEqual({
      add: [],
      remove: [],
      drift: [],
      brakeUse: {},
    })
  })

  it('are as the complete read has them', () => {
    const outcome = planFor([member(1), member(2, { source: 'graph', at: hours(1) })], [1, 3])
    expect(outcome).toMatchObject({
      add: ['usr_3'],
      remove: ['usr_2'],
      brakeUse: { 'role:admin': 1 },
    })
    expect(outcome.drift.map(({ kind, personId, action }) => [kind, personId, action])).toEqual([
      ['membership_missing', 'usr_3', 'repaired'],
      ['membership_extra', 'usr_2', 'repaired'],
    ])
  })

  it('whom SCIM put in after the read began stay', () => {
    expect(planFor([member(1, { at: hours(1) })], []).remove).toEqual([])
    expect(planFor([member(1, { at: noon })], []).remove).toEqual(['usr_1'])
  })

  it('are not put back while SCIM changed the group after the read began', () => {
    const group = { id: 'grp_1', objectId: objectId(100), scimAt: hours(1), roles: [] }
    const outcome = planFor([], [1], { group })
    expect(outcome.add).toEqual([])
    expect(outcome.drift).toMatchObject([{ kind: 'membership_missing', action: 'reported' }])
  })

  it('of whom nobody knows who they are in the tenant stay, and who is nobody here is not put in', () => {
    expect(planFor([member(1, { objectId: null })], [9])).toMatchObject({ add: [], remove: [] })
  })

  it.each([
    ['report', 'reported'],
    ['ignore', 'ignored'],
  ] as const)('are left alone where the policy is to %s', (policy, action) => {
    const settings = settingsWith({ membership_missing: policy, membership_extra: policy })
    const outcome = planFor([member(1)], [2], { settings })
    expect(outcome).toMatchObject({ add: [], remove: [], brakeUse: {} })
    expect(outcome.drift.map((one) => one.action)).toEqual([action, action])
  })
})

describe('silence of SCIM', () => {
  const settings = settingsWith({})

  it('is told after the days that an admin set', () => {
    const usedAt = hours(-7 * 24)
    expect(judgeSilence(usedAt + 1, { settings, nowMs: noon })).toBeNull()
    expect(judgeSilence(usedAt, { settings, nowMs: noon })).toMatchObject({
      kind: 'scim_silent',
      stated: { silentSince: usedAt },
      held: { days: 7 },
      action: 'reported',
    })
  })

  it('is none where SCIM was never used', () => {
    expect(judgeSilence(null, { settings, nowMs: noon })).toBeNull()
  })
})
