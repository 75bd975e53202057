import { describe, expect, it } from 'vitest'
import { plan } from '../../src/reconcile/index.ts'
import { applied, heldPerson, hours, inputOf, mention } from './support.ts'

const appRoleRules = [
  { appRole: 'Admins', role: 'admin' },
  { appRole: 'Owners', role: 'admin' },
]
const known = { assigned: true, state: 'enabled' as const, changedAt: hours(-50) }

describe('an app role that a rule gives a role for', () => {
  it.each([
    [['Admins'], [], ['role:admin']],
    [['Admins'], ['Owners'], []],
    [[], ['Admins'], []],
    [['Readers'], [], []],
  ])('from %j to %j: the brake counts %j', (before, appRoles, uses) => {
    const input = inputOf(
      [heldPerson(1, [], { known: { ...known, appRoles: before } })],
      [mention(1, { assigned: true, appRoles })],
      { appRoleRules },
    )
    const planned = plan(input)
    expect(planned.writes.flatMap((one) => one.uses)).toEqual(uses)
    expect(planned.users).toMatchObject([{ appRoles }])
    const again = plan({ ...input, ...applied(input, planned) })
    expect([again.writes, again.users]).toEqual([[], []])
  })
})
