import { describe, expect, it } from 'vitest'
import {
  type GraphUser,
  graphStatements,
  isDisabled,
  isGuest,
  selectOf,
  statedText,
} from '../../src/graph/index.ts'
import { readUser } from '../../src/graph/user.ts'
import { ids } from './graph-stub.ts'

function user(members: Record<string, unknown>): GraphUser {
  const read = readUser({ id: ids.ann, ...members })
  if (read === null) throw new Error('no user')
  return read
}

const extension = 'extension_2d4d3d8e2be34bef9f877875a61c29de_costCenter'
const names = [
  'jobTitle',
  'businessPhones',
  'manager',
  'onPremisesExtensionAttributes.extensionAttribute1',
  'employeeOrgData.division',
  extension,
]

function stated(members: Record<string, unknown>, isWhole: boolean) {
  return Object.fromEntries(graphStatements(user(members), { names, isWhole }))
}

describe('the selection', () => {
  it('has what is always needed, each property once, and extensions by their exact name', () => {
    const mapped = [...names, 'onPremisesExtensionAttributes.extensionAttribute2', 'jobTitle']
    expect(selectOf(mapped)).toEqual([
      'id',
      'userPrincipalName',
      'mail',
      'accountEnabled',
      'userType',
      'manager',
      'jobTitle',
      'businessPhones',
      'onPremisesExtensionAttributes',
      'employeeOrgData',
      extension,
    ])
  })

  it('cannot become another part of the address', () => {
    const bad = ['', 'a&$filter=x', 'a,b', "a'b", 'a b', '$top', 'a.b.c', 'a/b', '_a', 'é']
    expect(selectOf(bad)).toEqual(selectOf([]))
    expect(selectOf(Array.from({ length: 500 }, (_, i) => `a${i}`))).toHaveLength(100)
  })
})

describe('what a user states', () => {
  it('is flattened, with null and the empty text as blanks', () => {
    const members = {
      userPrincipalName: 'ann@contoso.com',
      jobTitle: null,
      businessPhones: ['+1', ''],
      onPremisesExtensionAttributes: { extensionAttribute1: 'x', extensionAttribute2: null },
      employeeOrgData: null,
      [extension]: 12,
      'manager@delta': [{ '@odata.type': '#microsoft.graph.user', id: ids.bob }],
    }
    expect(stated(members, false)).toEqual({
      jobTitle: [],
      businessPhones: ['+1'],
      'onPremisesExtensionAttributes.extensionAttribute1': ['x'],
      'employeeOrgData.division': [],
      [extension]: ['12'],
      manager: [ids.bob],
    })
    expect(stated({ jobTitle: '' }, false)).toEqual({ jobTitle: [] })
  })

  it('is nothing of what a delta lacks, and a blank of what a whole read lacks', () => {
    const members = { userPrincipalName: 'ann@contoso.com', jobTitle: 'Clerk' }
    expect(stated(members, false)).toEqual({ jobTitle: ['Clerk'] })
    expect(stated(members, true)).toEqual({
      ...Object.fromEntries(names.map((name) => [name, []])),
      jobTitle: ['Clerk'],
    })
  })

  it('blanks nothing when only a part of the user came, however whole the read', () => {
    const members = { 'manager@delta': [{ id: ids.bob }] }
    expect(stated(members, true)).toEqual({ manager: [ids.bob] })
  })

  it.each([
    [
      'a new one beside the former',
      [{ id: ids.bob, '@removed': {} }, { id: ids.cleo }],
      [ids.cleo],
    ],
    ['the other way round', [{ id: ids.cleo }, { id: ids.bob, '@removed': {} }], [ids.cleo]],
    ['none any more', [{ id: ids.bob, '@removed': { reason: 'deleted' } }], []],
    ['nothing said', [], undefined],
  ])('has a manager: %s', (_what, changes, manager) => {
    expect(stated({ 'manager@delta': changes }, false)['manager']).toEqual(manager)
  })

  it('takes a manager who is expanded, and null', () => {
    expect(stated({ manager: { id: ids.bob.toUpperCase() } }, false)).toEqual({
      manager: [ids.bob],
    })
    expect(stated({ manager: null }, false)).toEqual({ manager: [] })
    expect(stated({ manager: 'Bob' }, false)).toEqual({})
  })

  it('leaves out what it does not understand', () => {
    const { stated: all } = user({
      '@odata.type': 'x',
      'jobTitle@odata.context': 'y',
      identities: [{ issuer: 'a' }],
      deep: { deeper: { deepest: 1 } },
      constructor: 'a',
      ...JSON.parse('{"__proto__": { "polluted": [] }}'),
    })
    expect([...all.keys()]).toEqual(['id', 'constructor', '__proto__.polluted'])
    expect(readUser({ id: 'ann' })).toBeNull()
    expect(readUser({})).toBeNull()
    expect(readUser(null)).toBeNull()
  })

  it('says who is a guest, and who is disabled', () => {
    expect(isGuest(user({ userType: 'Guest' }))).toBe(true)
    expect(isGuest(user({ userPrincipalName: 'ann_x.com#ext#@contoso.com' }))).toBe(true)
    expect(isGuest(user({ userType: 'Member', userPrincipalName: 'ann@contoso.com' }))).toBe(false)
    expect(isDisabled(user({ accountEnabled: false }))).toBe(true)
    expect(isDisabled(user({ accountEnabled: true }))).toBe(false)
    expect(isDisabled(user({}))).toBeNull()
    expect(statedText(user({ jobTitle: 'Clerk' }), 'jobTitle')).toBe('Clerk')
  })
})
