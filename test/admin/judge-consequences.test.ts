import { describe, expect, it } from 'vitest'
import { statusConsequences, switchConsequences } from '../../src/admin/judge-consequences.ts'

const people = {
  counted: 100,
  active: 90,
  neverSignedIn: 30,
  onlyFirstLogin: 20,
  onlyScim: 25,
  provisioned: 80,
}
const counts = { people, signedIn: { people: 7, sessions: 9 }, otherActive: 0, testedAt: 1 }
const given = { hasValidCertificate: true, testers: 1, isRequired: false }

type Status = Parameters<typeof statusConsequences>[0]['from']

describe('another status of a connection', () => {
  it.each<[Status, Status, boolean, number, number | null]>([
    ['draft', 'testing', true, 0, null],
    ['draft', 'active', true, 0, 90],
    ['draft', 'disabled', false, 7, 0],
    ['testing', 'active', true, 0, 90],
    ['testing', 'draft', true, 7, 0],
    ['active', 'testing', true, 0, null],
    ['active', 'disabled', true, 7, 0],
    ['active', 'draft', false, 7, 0],
    ['disabled', 'active', true, 0, 90],
    ['active', 'active', false, 0, 90],
  ])('from %s to %s', (from, to, possible, signedOut, maySignIn) => {
    const judged = statusConsequences({ from, to }, counts, given)
    expect(judged).toEqual({ from, to, possible, signedOut, maySignIn, warnings: [] })
  })

  it('warns of what would go wrong', () => {
    const warned = (from: Status, to: Status, change: Partial<typeof given> = {}, other = counts) =>
      statusConsequences({ from, to }, other, { ...given, ...change }).warnings
    expect(warned('draft', 'active', { hasValidCertificate: false })).toEqual([
      'no_valid_certificate',
    ])
    expect(warned('active', 'disabled', { hasValidCertificate: false })).toEqual([])
    const untested = { ...counts, testedAt: null as unknown as number }
    expect(warned('testing', 'active', {}, untested)).toEqual(['not_tested'])
    expect(warned('disabled', 'active', {}, untested)).toEqual([])
    expect(warned('draft', 'testing', { testers: 0 })).toEqual(['no_testers'])
    expect(warned('active', 'testing', { isRequired: true })).toEqual(['no_other_way_in'])
    expect(
      warned('active', 'disabled', { isRequired: true }, { ...counts, otherActive: 1 }),
    ).toEqual([])
    expect(warned('testing', 'disabled', { isRequired: true })).toEqual([])
  })
})

describe('other switches of an organization', () => {
  const before = { firstLogin: true, scim: true, signIn: 'optional' as 'optional' | 'required' }
  const organization = { people, activeConnections: 1, scimCredentials: 1 }
  const judge = (change: Partial<typeof before>, from: Partial<typeof before> = {}, other = {}) =>
    switchConsequences(
      { ...before, ...from },
      { ...before, ...from, ...change },
      { ...organization, ...other },
    )

  it('have no consequence where nothing changes', () => {
    expect(judge({})).toEqual({ changes: [], warnings: [] })
  })

  it('touch those whom only a first login knows, whom SCIM writes, or who never signed in', () => {
    expect(judge({ firstLogin: false }).changes).toEqual([
      { setting: 'firstLogin', to: 'false', people: 20 },
    ])
    expect(judge({ firstLogin: true }, { firstLogin: false }).changes[0]?.people).toBe(0)
    expect(judge({ scim: false }).changes).toEqual([{ setting: 'scim', to: 'false', people: 80 }])
    expect(judge({ scim: true }, { scim: false }).changes[0]?.people).toBe(20)
    expect(judge({ signIn: 'required' }).changes).toEqual([
      { setting: 'signIn', to: 'required', people: 30 },
    ])
    expect(judge({ signIn: 'optional' }, { signIn: 'required' }).changes[0]?.people).toBe(0)
  })

  it('warn where nobody new could come in, or nobody at all', () => {
    expect(judge({ firstLogin: false }).warnings).toEqual([])
    expect(judge({ firstLogin: false }, {}, { scimCredentials: 0 }).warnings).toEqual([
      'nobody_new',
    ])
    expect(judge({ scim: false }, { firstLogin: false }).warnings).toEqual(['nobody_new'])
    expect(judge({ signIn: 'required' }, {}, { activeConnections: 0 }).warnings).toEqual([
      'no_active_connection',
    ])
    expect(
      judge({ firstLogin: false }, { signIn: 'required' }, { activeConnections: 0 }).warnings,
    ).toEqual([])
  })
})
