import { describe, expect, it } from 'vitest'
import { accessOf, type Provisioned } from '../../src/session/access.ts'

const guid = 'AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE'
const grp = `grp_${'0'.repeat(26)}`
const appRoles = { signIn: null, graph: null }
const nobody: Provisioned = { decides: false, groups: [], appRoles }

function rolesBy(rule: string, provisioned: Provisioned, listed: readonly string[] = []) {
  const organization = { defaultRole: 'member', roleRules: [{ group: rule, role: 'admin' }] }
  return accessOf(organization, { groups: listed }, provisioned).roles
}

function inGroup(values: { id?: string; externalId?: string | null; nameKey?: string }) {
  const group = { id: 'grp_a', externalId: null, nameKey: 'ops', ...values }
  return { decides: true, groups: [group], appRoles }
}

describe('a rule for roles', () => {
  it.each([
    ['an id', 'grp_a', inGroup({}), true],
    ['an id beside an externalId', 'grp_a', inGroup({ externalId: 'x' }), true],
    ['an id in another case', 'GRP_A', inGroup({}), false],
    ['a name in any case', 'OPS', inGroup({}), true],
    ['a name that is part of another', 'op', inGroup({}), false],
    ['a name in another composition', 'O\u0308PS', inGroup({ nameKey: 'öps' }), true],
    ['an externalId', 'x', inGroup({ externalId: 'x' }), true],
    ['an externalId in another case', 'X', inGroup({ externalId: 'x' }), false],
    ['an object id', guid, inGroup({ externalId: guid.toLowerCase() }), true],
    ['an object id in another case', guid.toLowerCase(), inGroup({ externalId: guid }), true],
    [
      'an object id that is another group’s name',
      guid,
      inGroup({ nameKey: guid.toLowerCase() }),
      false,
    ],
    ['an id that is another group’s name', grp, inGroup({ nameKey: grp }), false],
    ['an id that another group has as its externalId', grp, inGroup({ externalId: grp }), false],
    ['a group the person is not in', 'Sales', inGroup({}), false],
  ])('that names %s', (_what, rule, provisioned, applies) => {
    expect(rolesBy(rule, provisioned)).toEqual(applies ? ['member', 'admin'] : ['member'])
  })

  it('names what stands in a sign-in’s list only while provisioning knows no group', () => {
    expect(rolesBy(guid, nobody, [guid.toLowerCase()])).toEqual(['member', 'admin'])
    expect(rolesBy('Ops', nobody, ['Ops'])).toEqual(['member', 'admin'])
    expect(rolesBy('OPS', nobody, ['Ops'])).toEqual(['member'])
    expect(rolesBy('Ops', { ...nobody, decides: true }, ['Ops'])).toEqual(['member'])
  })

  it('or an app is never told another group’s id, whatever provisioning calls a group', () => {
    const none = { defaultRole: 'member', roleRules: [] }
    const groupsOf = (externalId: string) =>
      accessOf(none, { groups: [] }, inGroup({ externalId })).groups
    expect([groupsOf('x'), groupsOf(grp)]).toEqual([['x'], ['grp_a']])
  })

  it('gives each role once, in the order of the rules', () => {
    const roleRules = ['b', 'a', 'member', 'b'].map((role) => ({ group: 'ops', role }))
    const access = accessOf({ defaultRole: 'member', roleRules }, { groups: ['g'] }, inGroup({}))
    expect(access).toEqual({ groups: ['grp_a'], groupsFrom: 'scim', roles: ['member', 'b', 'a'] })
  })
})

describe('a rule for an app role', () => {
  const value = 'Task.Write'
  const said = (names: readonly string[], at: number) => ({ names, at })

  function rolesOf(appRole: string, stated: Provisioned['appRoles']) {
    const organization = { defaultRole: 'member', roleRules: [{ appRole, role: 'writer' }] }
    return accessOf(organization, { groups: [value] }, { ...nobody, appRoles: stated }).roles
  }

  it.each([
    ['that the sign-in names', value, { signIn: said([value], 5), graph: null }, true],
    ['in another case', 'task.write', { signIn: said([value], 5), graph: null }, false],
    ['that only a group is called', value, { signIn: null, graph: null }, false],
    ['that Graph has', value, { signIn: null, graph: said([value], 5) }, true],
    [
      'without a value, by its id',
      guid,
      { signIn: null, graph: said([guid.toLowerCase()], 5) },
      true,
    ],
    [
      'that Graph no longer has since',
      value,
      { signIn: said([value], 5), graph: said(['x'], 9) },
      false,
    ],
    ['that Graph has since', value, { signIn: said(['x'], 5), graph: said([value], 9) }, true],
    [
      'that a later sign-in is without',
      value,
      { signIn: said(['x'], 9), graph: said([value], 5) },
      false,
    ],
    [
      'whose assignment is gone since',
      value,
      { signIn: said([value], 5), graph: said([], 9) },
      false,
    ],
    ['signed in with since', value, { signIn: said([value], 9), graph: said([], 5) }, true],
    ['that is gone', value, { signIn: said([], 9), graph: null }, false],
  ])('%s', (_what, appRole, stated, applies) => {
    expect(rolesOf(appRole, stated)).toEqual(applies ? ['member', 'writer'] : ['member'])
  })
})
