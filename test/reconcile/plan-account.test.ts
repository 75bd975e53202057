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
  noon,
  settingsWith,
  statement,
  view,
} from './support.ts'

const dayMs = 24 * 60 * 60 * 1000
const graph = view('graph', hours(-5), { userPrincipalName: 'user1@contoso.example' })
const denied = { deniedByGraph: true }

function judged(held: HeldPerson, one: GraphStatement, rest: Partial<PlanInput> = {}) {
  const input = inputOf([held], [one], rest)
  const outcome = plan(input)
  const person = applied(input, outcome).people[0]
  return { outcome, person: person?.person, known: person?.known, drift: outcome.drift }
}

describe('Graph denies', () => {
  it.each([
    ['person_disabled', { state: 'disabled' }],
    ['person_deleted', { state: 'deleted' }],
    ['person_deleted', { state: 'gone', isLacked: true }],
    ['person_unassigned', { assigned: false }],
  ] as const)('%s: %j', (kind, said) => {
    const { outcome, person, drift } = judged(heldPerson(1, [graph]), mention(1, said))
    expect(person).toMatchObject({ deniedByGraph: true, active: false })
    expect(outcome.writes[0]).toMatchObject({ isDeactivated: true, isReactivated: false })
    expect(outcome.brakeUse).toEqual({ deactivated: 1 })
    expect(drift).toMatchObject([{ kind, action: 'repaired', held: { denied: false } }])
  })

  it.each(['report', 'ignore'] as const)('nobody where the policy is to %s', (policy) => {
    const settings = settingsWith({
      person_disabled: policy,
      person_deleted: policy,
      person_unassigned: policy,
    })
    for (const said of [
      { state: 'disabled' },
      { state: 'deleted' },
      { assigned: false },
    ] as const) {
      const { outcome, person, drift } = judged(heldPerson(1, [graph]), mention(1, said), {
        settings,
      })
      expect(outcome.writes).toEqual([])
      expect(person).toMatchObject({ active: true, eraseAt: null })
      expect(drift).toMatchObject([{ action: policy === 'report' ? 'reported' : 'ignored' }])
    }
  })

  it('nobody for not being assigned where the application does not require it, and tells once', () => {
    const input = { requiresAssignment: false }
    const held = heldPerson(1, [graph])
    const first = judged(held, mention(1, { assigned: false }), input)
    expect(first.outcome.writes).toEqual([])
    expect(first.drift).toMatchObject([{ kind: 'person_unassigned', action: 'reported' }])
    const known = {
      assigned: false,
      appRoles: [],
      state: 'enabled',
      changedAt: noon,
    } as const
    expect(first.known).toEqual(known)
    expect(judged({ ...held, known }, mention(1, { assigned: false }), input).drift).toEqual([])
  })

  it('nobody of whom it says nothing', () => {
    const unknown = heldPerson(1, [graph], { known: null })
    for (const said of [{ state: 'enabled' }, { assigned: true }, {}] as const) {
      const { outcome } = judged(unknown, mention(1, said))
      expect(outcome).toMatchObject({ writes: [], users: [], drift: [] })
    }
  })
})

describe('what SCIM said after the read began', () => {
  const fresh = heldPerson(1, [graph], { scimSaidAt: hours(1) })

  it('beats what the read lacks', () => {
    for (const said of [{ assigned: false }, { state: 'gone', isLacked: true }] as const) {
      expect(judged(fresh, mention(1, said)).outcome.writes).toEqual([])
    }
    // Nor is it remembered, so that the next read decides anew.
    expect(judged(fresh, mention(1, { assigned: false })).known?.assigned).toBe(true)
  })

  it('does not beat what the read states', () => {
    for (const state of ['disabled', 'deleted', 'gone'] as const) {
      expect(judged(fresh, mention(1, { state })).person?.active).toBe(false)
    }
  })

  it('beats nothing when it was that the person is inactive', () => {
    const inactive = { ...fresh, person: { ...fresh.person, deniedByScim: true, active: false } }
    expect(judged(inactive, mention(1, { assigned: false })).person?.deniedByGraph).toBe(true)
  })

  it('is counted from the start of the read, not of the page', () => {
    const said = mention(1, { assigned: false, at: hours(2), startedAt: noon })
    expect(judged(fresh, said).outcome.writes).toEqual([])
    expect(judged(fresh, { ...said, startedAt: hours(1.5) }).person?.active).toBe(false)
  })
})

describe('a denial', () => {
  it('is lifted when Entra no longer denies, and told', () => {
    const states = { disabled: 'person_disabled', deleted: 'person_deleted' } as const
    for (const state of ['disabled', 'deleted'] as const) {
      const held = heldPerson(1, [graph], {
        person: denied,
        known: { assigned: true, appRoles: [], state, changedAt: hours(-50) },
      })
      const { outcome, person, drift } = judged(held, mention(1, { state: 'enabled' }))
      expect(person).toMatchObject({ deniedByGraph: false, active: true })
      expect(outcome.writes[0]?.isReactivated).toBe(true)
      expect(drift).toMatchObject([{ kind: states[state], held: { denied: true } }])
    }
  })

  it('stays while another reason is there', () => {
    const held = heldPerson(1, [graph], {
      person: denied,
      known: { assigned: false, appRoles: [], state: 'disabled', changedAt: hours(-50) },
    })
    expect(judged(held, mention(1, { state: 'enabled' })).outcome.writes).toEqual([])
    expect(judged(held, mention(1, { assigned: true })).outcome.writes).toEqual([])
    expect(judged(held, statement(1)).person?.active).toBe(true)
  })

  it('stays although the policy would only report it by now', () => {
    const held = heldPerson(1, [graph], {
      person: denied,
      known: { assigned: true, appRoles: [], state: 'disabled', changedAt: hours(-50) },
    })
    const settings = settingsWith({ person_disabled: 'report' })
    expect(judged(held, mention(1, { state: 'disabled' }), { settings }).outcome.writes).toEqual([])
  })

  it.each(['deniedByScim', 'deniedByManual'] as const)('of another source stays: %s', (column) => {
    const held = heldPerson(1, [graph], {
      person: { ...denied, [column]: true },
      known: { assigned: true, appRoles: [], state: 'disabled', changedAt: hours(-50) },
    })
    const { outcome, person } = judged(held, statement(1))
    expect(person).toMatchObject({ deniedByGraph: false, [column]: true, active: false })
    expect(outcome.writes[0]?.isReactivated).toBe(false)
  })

  it('of somebody who is inactive already is no deactivation', () => {
    const held = heldPerson(1, [graph], { person: { deniedByScim: true } })
    const { outcome } = judged(held, mention(1, { state: 'disabled' }))
    expect(outcome.writes[0]).toMatchObject({ deniedByGraph: true, isDeactivated: false })
    expect(outcome.brakeUse).toEqual({})
  })
})

describe('retention', () => {
  it('begins with the deletion and not again', () => {
    const { person } = judged(heldPerson(1, [graph]), mention(1, { state: 'deleted' }))
    expect(person?.eraseAt).toBe(noon + 30 * dayMs)
    const held = heldPerson(1, [graph], {
      person: { ...denied, eraseAt: noon + 3 },
      known: { assigned: false, appRoles: [], state: 'deleted', changedAt: hours(-50) },
    })
    const again = judged(held, mention(1, { state: 'gone', at: hours(9) }))
    expect([again.person?.eraseAt, again.outcome.writes, again.drift]).toEqual([noon + 3, [], []])
  })

  it('begins for somebody who was denied before they were deleted', () => {
    const held = heldPerson(1, [graph], {
      person: denied,
      known: { assigned: false, appRoles: [], state: 'enabled', changedAt: hours(-50) },
    })
    const { person, drift } = judged(held, mention(1, { state: 'deleted' }))
    expect(person?.eraseAt).toBe(noon + 30 * dayMs)
    expect(drift).toMatchObject([{ kind: 'person_deleted', action: 'repaired' }])
  })

  it('ends when the user is restored, also when they stay denied', () => {
    const held = heldPerson(1, [graph], {
      person: { ...denied, eraseAt: noon + 3 },
      known: { assigned: true, appRoles: [], state: 'deleted', changedAt: hours(-50) },
    })
    expect(judged(held, mention(1, { state: 'disabled' })).person).toMatchObject({
      eraseAt: null,
      deniedByGraph: true,
    })
    expect(judged(held, mention(1, { state: 'enabled' })).person).toMatchObject({
      eraseAt: null,
      active: true,
    })
  })

  it('is called off when an admin no longer wants it', () => {
    const held = heldPerson(1, [graph], {
      person: { ...denied, eraseAt: noon + 3 },
      known: { assigned: true, appRoles: [], state: 'deleted', changedAt: hours(-50) },
    })
    const settings = settingsWith({ person_deleted: 'report' })
    expect(judged(held, mention(1, { state: 'deleted' }), { settings }).person?.eraseAt).toBeNull()
  })
})

describe('a statement older than what is known', () => {
  it('denies and lifts nothing', () => {
    const held = heldPerson(1, [graph], {
      known: { assigned: true, appRoles: [], state: 'enabled', changedAt: hours(2) },
    })
    expect(judged(held, mention(1, { state: 'disabled', at: hours(1) })).outcome.writes).toEqual([])
    expect(judged(held, mention(1, { state: 'disabled', at: hours(3) })).person?.active).toBe(false)
  })
})

describe('whoever is retired', () => {
  it('is not written', () => {
    const held = heldPerson(1, [graph], { person: { retiredAt: hours(-1) } })
    const { outcome } = judged(held, statement(1, { jobTitle: 'Chief' }, { state: 'disabled' }))
    expect(outcome).toMatchObject({ writes: [], users: [], drift: [] })
  })
})
