import { describe, expect, it } from 'vitest'
import { includes, type Projection, project, readProjection } from '../../src/scim/projection.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const user = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
  id: 'usr_1',
  userName: 'ann@contoso.example',
  name: { givenName: 'Ann', familyName: 'Lee' },
  emails: [{ value: 'ann@contoso.example', type: 'work' }, { type: 'home' }],
  [enterprise]: { department: 'Ops', employeeNumber: '42', manager: { value: 'usr_2' } },
  meta: { resourceType: 'User', version: 'W/"1"' },
}

const cases: readonly (readonly [string, string[], string[], object])[] = [
  ['nothing asked for: everything', [], [], user],
  ['one attribute', ['userName'], [], { userName: user.userName }],
  ['without case', ['USERNAME'], [], { userName: user.userName }],
  ['a comma-separated list', ['userName,meta'], [], { userName: user.userName, meta: user.meta }],
  ['a whole complex attribute', ['name'], [], { name: user.name }],
  ['a sub-attribute', ['name.givenName'], [], { name: { givenName: 'Ann' } }],
  [
    'a sub-attribute of every value, without values that lack it',
    ['emails.value'],
    [],
    { emails: [{ value: 'ann@contoso.example' }] },
  ],
  [
    'qualified by the core schema',
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName'],
    [],
    { userName: user.userName },
  ],
  ['of an extension', [`${enterprise}:department`], [], { [enterprise]: { department: 'Ops' } }],
  [
    'a sub-attribute of an extension',
    [`${enterprise}:manager.value`],
    [],
    { [enterprise]: { manager: { value: 'usr_2' } } },
  ],
  ['an attribute that there is not', ['nickName'], [], {}],
]

/** A projection that must be readable. */
function read(attributes: string[], excluded: string[]): Projection {
  const projection = readProjection(attributes, excluded)
  if (!projection.ok) throw new Error(projection.failure.detail)
  return projection.value
}

describe('attributes and excludedAttributes [S7644-3.9-a S7644-3.9-b S7644-3.9-c]', () => {
  it.each(cases)('%s', (_name, attributes, excluded, expected) => {
    const cut = project(user, read(attributes, excluded))
    expect(cut).toEqual({ schemas: user.schemas, id: user.id, ...expected })
  })

  it('leaves out what is excluded, but never id and schemas', () => {
    const cut = project(user, read([], [`id,schemas,emails,name.familyName,${enterprise}`]))
    const { emails: _, [enterprise]: __, ...rest } = user
    expect(cut).toEqual({ ...rest, name: { givenName: 'Ann' } })
  })

  it('knows before reading whether members are wanted', () => {
    const wants = (attributes: string[], excluded: string[]) =>
      includes(read(attributes, excluded), 'members')
    expect([wants([], []), wants(['members'], []), wants(['members.value'], [])]).toEqual([
      true,
      true,
      true,
    ])
    expect(wants([], ['Members'])).toBe(false)
    expect(wants([], ['urn:ietf:params:scim:schemas:core:2.0:Group:members'])).toBe(false)
    expect(wants(['displayName'], [])).toBe(false)
  })
})
