import { describe, expect, it } from 'vitest'
import { findAttribute, splitPath } from '../../../src/scim/schema/find-attribute.ts'
import { coreSchema, findSchema, schemasOf } from '../../../src/scim/schema/schemas.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const custom = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

/** What a path names: schema, attribute, sub-attribute. */
function named(resource: 'User' | 'Group', path: string) {
  const found = findAttribute(resource, path)
  return found && [found.schema, found.attribute.name, found.sub?.name ?? null]
}

describe('an attribute is found', () => {
  it.each([
    ['userName', null, 'userName', null],
    ['USERNAME', null, 'userName', null],
    ['name.GIVENNAME', null, 'name', 'givenName'],
    ['emails.value', null, 'emails', 'value'],
    ['groups.$ref', null, 'groups', '$ref'],
    ['meta.created', null, 'meta', 'created'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName', null, 'userName', null],
    ['URN:IETF:params:scim:schemas:CORE:2.0:user:name.familyName', null, 'name', 'familyName'],
    [`${enterprise}:department`, enterprise, 'department', null],
    [`${enterprise}.department`, enterprise, 'department', null],
    [`${enterprise.toLowerCase()}:Manager.Value`, enterprise, 'manager', 'value'],
    [`${enterprise}.manager.value`, enterprise, 'manager', 'value'],
    // One of Microsoft's samples forgets the colon.
    [`${enterprise.replace('2.0:', '2.0')}:department`, enterprise, 'department', null],
    // Microsoft's examples write enterprise attributes without their URN.
    ['manager', enterprise, 'manager', null],
    ['employeeNumber', enterprise, 'employeeNumber', null],
    [`${custom}:shoeSize`, custom, 'shoeSize', null],
    [`${custom}.shoeSize`, custom, 'shoeSize', null],
  ])('%s', (path, schema, attribute, sub) => {
    expect(named('User', path)).toEqual([schema, attribute, sub])
  })

  it.each([
    '',
    'shoe',
    'name.shoe',
    'userName.value',
    'name.givenName.x',
    'emails[type eq "work"]',
    'user name',
    enterprise,
    `${enterprise}:`,
    `${enterprise}:shoe`,
    'urn:x:y:2.0:User:department',
    'urn:x',
    'urn:ietf:params:scim:schemas:core:2.0:Group:displayName',
    `${custom}:shoeSize.value`,
    'members',
  ])('not for %s', (path) => {
    expect(named('User', path)).toBeNull()
  })

  it('of a group only among those of groups', () => {
    expect(named('Group', 'members.value')).toEqual([null, 'members', 'value'])
    expect(named('Group', 'displayName')).toEqual([null, 'displayName', null])
    expect(named('Group', 'userName')).toBeNull()
    expect(named('Group', 'manager')).toBeNull()
    expect(named('Group', `${custom}:shoeSize`)).toBeNull()
  })

  it('with the type that the organization gave it', () => {
    const own = [
      { key: 'shoeSize', label: 'Shoe size', type: 'number', multiValued: false } as const,
    ]
    const found = findAttribute('User', `${custom}:SHOESIZE`, own)
    expect(found?.attribute).toMatchObject({ name: 'shoeSize', type: 'decimal' })
    expect(findAttribute('User', `${custom}:other`, own)?.attribute.type).toBe('string')
  })
})

describe('a path', () => {
  it('is split at the schema, also at one that nobody knows', () => {
    expect(splitPath('urn:x:y:2.0:User:dept_ids')).toEqual({
      urn: 'urn:x:y:2.0:User',
      name: 'dept_ids',
      sub: null,
    })
    expect(splitPath('urn:x:y:2.0:User.tag.value')).toEqual({
      urn: 'urn:x:y:2.0:User',
      name: 'tag',
      sub: 'value',
    })
    expect(splitPath('urn:x:tag')).toEqual({ urn: 'urn:x', name: 'tag', sub: null })
    expect(splitPath('urn:x:y:2.0:User')).toEqual({
      urn: 'urn:x:y:2.0:User',
      name: null,
      sub: null,
    })
    expect(splitPath('urn:')).toBeNull()
  })
})

describe('schemas', () => {
  it('are found by their URN in any case', () => {
    expect(findSchema('User', enterprise.toUpperCase())?.id).toBe(enterprise)
    expect(findSchema('Group', enterprise)).toBeNull()
    expect(findSchema('User', 'urn:x')).toBeNull()
    expect(findSchema('User', custom)?.attributes).toEqual([])
  })

  it('include the custom one only once it has attributes', () => {
    const own = [{ key: 'a', label: 'A', type: 'string', multiValued: true } as const]
    expect(schemasOf([])).toHaveLength(3)
    expect(schemasOf(own).at(-1)?.attributes[0]).toMatchObject({ name: 'a', multiValued: true })
    expect(schemasOf(own).map(({ id }) => id)).toContain(coreSchema('Group').id)
  })

  it('have names that SQL can hold, since filters put them into paths', () => {
    const names = schemasOf([]).flatMap(({ id, attributes }) => [
      id,
      ...attributes.flatMap(({ name, subAttributes = [] }) => [
        name,
        ...subAttributes.map((sub) => sub.name),
      ]),
    ])
    expect(names.filter((name) => !/^[\w$:.]+$/.test(name))).toEqual([])
  })
})
