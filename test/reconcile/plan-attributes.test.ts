import { describe, expect, it } from 'vitest'
import type { SourceView } from '../../src/directory/index.ts'
import { acceptReported, plan, reportedNames } from '../../src/reconcile/index.ts'
import {
  applied,
  heldPerson,
  hours,
  inputOf,
  mention,
  noon,
  objectId,
  settingsWith,
  statement,
  type Values,
  view,
} from './support.ts'

const names: Values = { userName: 'user1@contoso.example' }
const graphNames: Values = { userPrincipalName: 'user1@contoso.example' }

function planFor(
  views: readonly SourceView[],
  values: Values,
  rest: Parameters<typeof inputOf>[2] & { readonly at?: number } = {},
) {
  const { at = noon, ...more } = rest
  const input = inputOf([heldPerson(1, views)], [statement(1, values, { at, startedAt: at })], more)
  const outcome = plan(input)
  const after = applied(input, outcome).people[0]
  return { outcome, after, profile: after?.person.profile ?? {} }
}

describe('an attribute', () => {
  const scim = view('scim', hours(-9), { ...names, title: 'Clerk', department: 'Ops' })
  const graph = view('graph', hours(-5), { ...graphNames, jobTitle: 'Clerk', department: 'Ops' })
  const same = { jobTitle: 'Clerk', department: 'Ops' }

  it('that is as it was costs no write', () => {
    expect(planFor([scim, graph], same).outcome).toEqual({
      writes: [],
      creates: [],
      users: [],
      drift: [],
      brakeUse: {},
    })
  })

  it('that was cleared goes, with a reason', () => {
    const { outcome, profile } = planFor([scim, graph], { ...same, department: null })
    expect(profile).toEqual({ userName: 'user1@contoso.example', title: 'Clerk' })
    expect(outcome.drift).toEqual([
      expect.objectContaining({
        kind: 'attribute_cleared',
        personId: 'usr_1',
        attribute: 'department',
        stated: null,
        held: 'Ops',
        rule: 'Microsoft Graph states it blank, and of its tier changed it last.',
        action: 'repaired',
      }),
    ])
    expect(outcome.writes[0]).toMatchObject({ changed: ['department'], personVersion: 7 })
  })

  it('that SCIM stated and Graph replaces is what the brake counts', () => {
    expect(planFor([scim], { ...same, department: 'Sales' }).outcome.brakeUse).toEqual({
      'attribute:department': 1,
    })
    // What Graph itself stated before is replaced by nobody else's word.
    expect(planFor([scim, graph], { ...same, department: null }).outcome.brakeUse).toEqual({})
  })

  it('that a mention does not name says nothing', () => {
    const input = inputOf(
      [heldPerson(1, [scim, graph])],
      [mention(1, { stated: new Map([['jobTitle', ['Chief']]]) })],
    )
    const { profile } = applied(input, plan(input)).people[0]?.person ?? {}
    expect(profile).toMatchObject({ title: 'Chief', department: 'Ops' })
  })

  it('that a manual statement decides stays', () => {
    const manual = view('manual', hours(-50), { department: 'Board' })
    const { outcome, profile } = planFor([scim, graph, manual], { ...same, department: null })
    expect(profile).toMatchObject({ department: 'Board' })
    expect(outcome.drift).toEqual([])
  })

  it('is not filled by a sign-in once Graph stated it blank', () => {
    const saml = view('saml', hours(-1), { department: 'Claims' })
    const { profile } = planFor([scim, graph, saml], { ...same, department: null })
    expect(profile).not.toHaveProperty('department')
  })
})

describe('a manager', () => {
  const scim = view('scim', hours(-9), { ...names, manager: 'usr_2' })
  const personOf = new Map([[objectId(2), 'usr_2']])

  it('is the same person by the id here and by the object id', () => {
    const { outcome, profile } = planFor([scim], { manager: objectId(2) }, { personOf })
    expect([profile['manager'], outcome.drift]).toEqual(['usr_2', []])
  })

  it('who is nobody here keeps the object id, and none is none', () => {
    const { profile } = planFor([scim], { manager: objectId(3) }, { personOf })
    expect(profile['manager']).toBe(objectId(3))
    expect(planFor([scim], { manager: null }, { personOf }).profile).not.toHaveProperty('manager')
  })
})

describe('a fresh SCIM PATCH', () => {
  const graph = view('graph', hours(-5), { ...graphNames, jobTitle: 'Clerk' })
  const patched = view('scim', hours(1), { ...names, title: 'Chief' })

  it('beats a stale page of Graph that was asked for before it', () => {
    expect(planFor([patched, graph], { jobTitle: 'Clerk' }).outcome.writes).toEqual([])
    // Even where the page is news to us: it still is older than the PATCH.
    const { profile, outcome } = planFor([patched, graph], { jobTitle: 'Deputy' })
    expect([profile, outcome.drift]).toEqual([expect.objectContaining({ title: 'Chief' }), []])
  })

  it('is beaten by a page of Graph that was asked for after it', () => {
    const { profile } = planFor([patched, graph], { jobTitle: 'Deputy' }, { at: hours(1.1) })
    expect(profile).toMatchObject({ title: 'Deputy' })
  })

  it('stands for a while against a page that only repeats, since copies of Graph lag', () => {
    const { outcome } = planFor([patched, graph], { jobTitle: 'Clerk' }, { at: hours(1.5) })
    expect(outcome.writes).toEqual([])
  })

  it('does not stand for ever against a tenant that goes on saying otherwise', () => {
    const { profile, outcome } = planFor(
      [patched, graph],
      { jobTitle: 'Clerk' },
      { at: hours(2.1) },
    )
    expect(profile).toMatchObject({ title: 'Clerk' })
    expect(outcome.drift).toMatchObject([{ kind: 'attribute_different', held: 'Chief' }])
    expect(outcome.brakeUse).toEqual({ 'attribute:title': 1 })
  })

  it('delivered after Graph told of the clearing does not bring a value back for good', () => {
    const blank = view('graph', hours(-5), { ...graphNames, jobTitle: null })
    const { profile } = planFor([patched, blank], { jobTitle: null }, { at: hours(3) })
    expect(profile).not.toHaveProperty('title')
  })
})

describe('a page that comes late', () => {
  it('changes nothing of what a newer one stated', () => {
    const graph = view('graph', hours(2), { ...graphNames, jobTitle: 'Chief' })
    expect(planFor([graph], { jobTitle: 'Clerk' }).outcome.writes).toEqual([])
  })
})

describe('an attribute whose differences are only reported', () => {
  const scim = view('scim', hours(-9), { ...names, title: 'Clerk', department: 'Ops' })
  const settings = settingsWith({ attribute_different: 'report', attribute_cleared: 'report' })
  const stated = { jobTitle: 'Chief', department: null, manager: 'm1' }

  it('stays in the profile, whoever resolves it later', () => {
    const { outcome, after, profile } = planFor([scim], stated, { settings })
    expect(profile).toMatchObject({ title: 'Clerk', department: 'Ops' })
    expect(outcome.drift.map(({ attribute, action }) => [attribute, action])).toEqual([
      ['department', 'reported'],
      ['manager', 'reported'],
      ['title', 'reported'],
    ])
    expect(outcome.brakeUse).toEqual({})
    const kept = after?.views.find(({ source }) => source === 'graph')
    expect(kept && reportedNames(kept)).toEqual(['department', 'jobTitle', 'manager'])
  })

  it('is reported again but not written again', () => {
    const input = inputOf([heldPerson(1, [scim])], [statement(1, stated)], { settings })
    const first = plan(input)
    const second = plan({ ...input, ...applied(input, first) })
    expect(second).toEqual({ ...first, writes: [], users: [] })
  })

  it('is taken over once an admin accepts it', () => {
    const { after } = planFor([scim], stated, { settings })
    const kept = after?.views.find(({ source }) => source === 'graph')
    if (kept === undefined) throw new Error('no view')
    const accepted = acceptReported(kept, 'jobTitle')
    expect(accepted?.attributes['jobTitle']).toEqual({ values: ['Chief'], changedAt: noon })
    expect(accepted && reportedNames(accepted)).toEqual(['department', 'manager'])
    expect(acceptReported(kept, 'surname')).toBeNull()
  })

  it('is taken over once the policy repairs, though nothing is stated anew', () => {
    const input = inputOf([heldPerson(1, [scim])], [statement(1, stated)], { settings })
    const held = applied(input, plan(input))
    const later = inputOf(held.people, [mention(1, { at: hours(1) })])
    const { profile } = applied(later, plan(later)).people[0]?.person ?? {}
    expect(profile).toMatchObject({ title: 'Chief', manager: 'm1' })
    expect(profile).not.toHaveProperty('department')
  })

  it('is forgotten once Graph states again what is held', () => {
    const graph = view('graph', hours(-8), { ...graphNames, jobTitle: 'Clerk' })
    const input = inputOf([heldPerson(1, [graph])], [statement(1, { jobTitle: 'Chief' })], {
      settings,
    })
    const reported = applied(input, plan(input))
    const later = inputOf(
      reported.people,
      [statement(1, { jobTitle: 'Clerk' }, { at: hours(1) })],
      {
        settings,
      },
    )
    const outcome = plan(later)
    expect(outcome.drift).toEqual([])
    const kept = applied(later, outcome).people[0]?.views[0]
    expect(kept && reportedNames(kept)).toEqual([])
  })

  it('does not keep back what another policy repairs', () => {
    const { outcome, profile } = planFor([scim], stated, {
      settings: settingsWith({ attribute_different: 'report' }),
    })
    expect(profile).toMatchObject({ title: 'Clerk' })
    expect(profile).not.toHaveProperty('department')
    expect(outcome.drift.map(({ attribute, action }) => [attribute, action])).toEqual([
      ['department', 'repaired'],
      ['manager', 'reported'],
      ['title', 'reported'],
    ])
  })

  it('is neither told nor taken over where differences are ignored', () => {
    const { outcome, profile } = planFor(
      [scim],
      { ...stated, manager: null },
      {
        settings: settingsWith({ attribute_different: 'ignore', attribute_cleared: 'ignore' }),
      },
    )
    expect(profile).toMatchObject({ title: 'Clerk', department: 'Ops' })
    expect(outcome.drift.map(({ action }) => action)).toEqual(['ignored', 'ignored'])
  })
})
