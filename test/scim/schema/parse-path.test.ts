import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePath } from '../../../src/scim/schema/parse-path.ts'
import { cases } from '../../support/cases.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** A path in short: schema, name, whether it is known, filter, sub-attribute. */
function short(text: string, resource: 'User' | 'Group' = 'User') {
  const path = parsePath(text, resource)
  if (!path.ok) return path.failure.code
  if (path.value.kind === 'schema') return path.value.schema ?? 'core'
  const { schema, name, attribute, filter, sub } = path.value
  return [schema, name, attribute !== null, filter?.kind ?? null, sub?.name ?? null]
}

describe('the path of a PATCH operation', () => {
  it.each([
    ['displayName', [null, 'displayName', true, null, null]],
    ['DISPLAYNAME ', [null, 'displayName', true, null, null]],
    ['name.givenname', [null, 'name', true, null, 'givenName']],
    ['emails[type eq "work"]', [null, 'emails', true, 'compare', null]],
    ['emails[type eq "work"].value', [null, 'emails', true, 'compare', 'value']],
    ['emails[type eq "work" and primary eq true].VALUE', [null, 'emails', true, 'and', 'value']],
    ['roles[primary eq "True"].value', [null, 'roles', true, 'compare', 'value']],
    ['addresses[type eq "a]b\\"[c"].locality', [null, 'addresses', true, 'compare', 'locality']],
    [`${enterprise}:department`, [enterprise, 'department', true, null, null]],
    [`${enterprise}.department`, [enterprise, 'department', true, null, null]],
    [`${enterprise}:manager.value`, [enterprise, 'manager', true, null, 'value']],
    ['manager', [enterprise, 'manager', true, null, null]],
    ['urn:ietf:params:scim:schemas:core:2.0:User:title', [null, 'title', true, null, null]],
    [
      'urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"].value',
      [null, 'emails', true, 'compare', 'value'],
    ],
    ['shoe', [null, 'shoe', false, null, null]],
    ['shoe.size', [null, 'shoe', false, null, 'size']],
    ['shoes[size eq "44"].color', [null, 'shoes', false, 'compare', 'color']],
    ['emails[color eq "red"].shade', [null, 'emails', true, 'compare', 'shade']],
    ['urn:x:y:2.0:User:ids', ['urn:x:y:2.0:User', 'ids', false, null, null]],
    ['urn:x:y:2.0:User.ids.value', ['urn:x:y:2.0:User', 'ids', false, null, 'value']],
    [`${enterprise.toLowerCase()}:shoe`, [enterprise, 'shoe', false, null, null]],
    [
      'urn:x:y:2.0:User:ids[value eq "1"].display',
      ['urn:x:y:2.0:User', 'ids', false, 'compare', 'display'],
    ],
    ['urn:ietf:params:scim:schemas:core:2.0:User:shoe', [null, 'shoe', false, null, null]],
    [enterprise.toUpperCase(), enterprise],
    ['urn:ietf:params:scim:schemas:core:2.0:User', 'core'],
    ['urn:x:y:2.0:User', 'urn:x:y:2.0:User'],
  ])('%s', (text, expected) => {
    expect(short(text)).toEqual(expected)
  })

  it.each([
    '',
    ' ',
    '.',
    'a.b.c',
    'emails[',
    'emails]',
    'emails[]',
    'emails[type eq "work"',
    'emails[type eq "work"].',
    'emails[type eq "work"].value.x',
    'emails[type eq "work"]value',
    'emails[type]',
    'emails[type gt]',
    'emails[primary gt true]',
    'emails[primary eq "perhaps"]',
    'name.givenName[value eq "x"]',
    'emails[emails[type eq "work"]]',
    'emails[name.x eq "work"]',
    `${enterprise}[type eq "work"]`,
    '[type eq "work"]',
    '"',
    `${'a'.repeat(5000)}`,
    `emails[${'('.repeat(30)}type pr${')'.repeat(30)}]`,
    `emails[${Array.from({ length: 60 }, () => 'type pr').join(' or ')}]`,
  ])('is refused: %s', (text) => {
    expect(short(text)).toBe('scim.invalid_path')
  })

  it('of a group', () => {
    expect(short('members[value eq "usr_1"]', 'Group')).toEqual([
      null,
      'members',
      true,
      'compare',
      null,
    ])
    expect(short('members.value', 'Group')).toEqual([null, 'members', true, null, 'value'])
    expect(short('department', 'Group')).toEqual([null, 'department', false, null, null])
  })

  it('never throws', () => {
    const piece = fc.constantFrom(
      'emails',
      '[',
      ']',
      '.',
      'type',
      ' eq ',
      '"a"',
      '"',
      'urn:',
      ':2.0:User',
      '(',
      'not ',
      ' and ',
      '$',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, (path) => {
        const parsed = parsePath(path, 'User')
        expect(parsed.ok || parsed.failure.code).toBe(parsed.ok ? true : 'scim.invalid_path')
      }),
      { numRuns: cases(500) },
    )
  })
})
