import { describe, expect, it } from 'vitest'
import { resolve, type SourceView } from '../../src/directory/index.ts'
import { acceptAttribute } from '../../src/reconcile/accept-drift.ts'
import { plan, reportedNames } from '../../src/reconcile/index.ts'
import {
  applied,
  heldPerson,
  hours,
  inputOf,
  mention,
  ruleset,
  settingsWith,
  statement,
  view,
} from './support.ts'

const settings = settingsWith({ attribute_different: 'report', attribute_cleared: 'report' })
const resolveAll = (views: readonly SourceView[]) =>
  resolve(ruleset.definitions, ruleset.mapping, views)

/** A person of whom everything that Graph states is only reported. */
function reported() {
  const scim = view('scim', hours(-9), {
    userName: 'user1@contoso.example',
    title: 'Clerk',
    department: 'Ops',
  })
  const input = inputOf(
    [heldPerson(1, [scim])],
    [statement(1, { jobTitle: 'Chief', department: null })],
    { settings },
  )
  const [held] = applied(input, plan(input)).people
  if (held === undefined) throw new Error('nobody')
  return held
}

describe('a drift item that an admin accepts', () => {
  it.each([
    ['title', { title: 'Chief', department: 'Ops' }],
    ['department', { title: 'Clerk' }],
  ])('takes over what was reported of %s and nothing else', (key, expected) => {
    const { views } = reported()
    const accepted = acceptAttribute(views, key, resolveAll)
    if (accepted === null) throw new Error('nothing accepted')
    const { profile } = resolveAll([...views.filter(({ source }) => source !== 'graph'), accepted])
    expect(profile).toEqual({ userName: 'user1@contoso.example', ...expected })
    expect(reportedNames(accepted)).toHaveLength(1)
  })

  it('stays taken over when the policy still is to report', () => {
    const held = reported()
    const accepted = acceptAttribute(held.views, 'title', resolveAll)
    if (accepted === null) throw new Error('nothing accepted')
    const views = [...held.views.filter(({ source }) => source !== 'graph'), accepted]
    const next = heldPerson(1, views)
    const input = inputOf([next], [mention(1, { at: hours(1) })], { settings })
    expect(plan(input).drift.map(({ attribute }) => attribute)).toEqual(['department'])
    expect(plan(input).writes).toEqual([])
  })

  it('takes nothing over where the difference is gone', () => {
    expect(acceptAttribute(reported().views, 'manager', resolveAll)).toBeNull()
    expect(
      acceptAttribute([view('scim', hours(1), { title: 'a' })], 'title', resolveAll),
    ).toBeNull()
  })
})
