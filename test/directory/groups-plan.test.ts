import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isEmptyPlan, type MemberPlan, planMembers } from '../../src/directory/groups-plan.ts'
import type { MemberStep } from '../../src/directory/index.ts'

const ids = fc.subarray(['usr_a', 'usr_b', 'usr_c', 'grp_a', 'grp_b'])
const step: fc.Arbitrary<MemberStep> = fc.oneof(
  fc.record({ kind: fc.constantFrom('add', 'remove', 'keep'), ids }),
  fc.record({ kind: fc.constant('removeType'), type: fc.constantFrom('User', 'Group') }),
)

const typeOf = (id: string) => (id.startsWith('grp_') ? 'Group' : 'User')

/** One step after the other. */
function inOrder(members: readonly string[], one: MemberStep): readonly string[] {
  if (one.kind === 'add') return [...new Set([...members, ...one.ids])]
  if (one.kind === 'removeType') return members.filter((id) => typeOf(id) !== one.type)
  return members.filter((id) => one.ids.includes(id) === (one.kind === 'keep'))
}

function carryOut(members: readonly string[], { adds, removes, spared }: MemberPlan) {
  const stays = (id: string) => {
    const kept = spared[typeOf(id)]
    return !removes.includes(id) && (kept === null || kept.includes(id))
  }
  return [...new Set([...members.filter(stays), ...adds.User, ...adds.Group])]
}

describe('what steps come to', () => {
  it('is what they do one after the other, and nobody who stays leaves in between', () => {
    fc.assert(
      fc.property(ids, fc.array(step, { maxLength: 6 }), (before, steps) => {
        const plan = planMembers('grp_self', steps)
        const after = steps.reduce(inOrder, before)
        expect([...carryOut(before, plan)].sort()).toEqual([...after].sort())
        const left = before.filter((id) => !after.includes(id))
        const gone = before.filter((id) => !carryOut(before, { ...plan, adds: none }).includes(id))
        expect(gone).toEqual(left)
      }),
    )
  })

  it('leaves out what can be no member, and says so of what was to be added', () => {
    const odd = ['', 'x', 'usr_', `usr_${'a'.repeat(61)}`, "usr_'", 'con_a', 'grp_self']
    const plan = planMembers('grp_self', [
      { kind: 'remove', ids: ['x', 'usr_a'] },
      { kind: 'keep', ids: [...odd, 'usr_b'] },
      { kind: 'add', ids: [...odd, 'usr_b', `usr_${'a'.repeat(60)}`] },
    ])
    expect(plan).toEqual({
      groupId: 'grp_self',
      adds: { User: ['usr_b', `usr_${'a'.repeat(60)}`], Group: [] },
      removes: ['usr_a'],
      spared: { User: ['usr_b', `usr_${'a'.repeat(60)}`], Group: ['grp_self'] },
      impossible: odd,
    })
  })

  it('is nothing only when no member could be touched', () => {
    const empty = (steps: readonly MemberStep[]) => isEmptyPlan(planMembers('grp_self', steps))
    expect(empty([])).toBe(true)
    expect(empty([{ kind: 'add', ids: ['grp_self', 'x'] }])).toBe(true)
    expect(empty([{ kind: 'remove', ids: ['x'] }])).toBe(true)
    expect(empty([{ kind: 'add', ids: ['usr_a'] }])).toBe(false)
    expect(empty([{ kind: 'remove', ids: ['usr_a'] }])).toBe(false)
    expect(empty([{ kind: 'keep', ids: ['usr_a'] }])).toBe(false)
    expect(empty([{ kind: 'removeType', type: 'Group' }])).toBe(false)
  })
})

const none = { User: [], Group: [] }
