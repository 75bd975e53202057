import { describe, expect, it } from 'vitest'
import { emailKey, indexedAs, indexKeys, keyText } from '../../../src/scim/filter/index-keys.ts'
import { findAttribute } from '../../../src/scim/schema/find-attribute.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const custom = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

describe('the values that a user is looked up by', () => {
  it('are those of the matching attributes, folded, each once', () => {
    const keys = indexKeys({
      displayName: 'ÄNN',
      title: 'Boss',
      emails: [
        { value: 'Ann@Contoso.example', type: 'Work', primary: true },
        { value: 'ann@contoso.example', type: 'work' },
        { value: 'ann@home.example' },
        { type: 'other' },
        'plain@contoso.example',
      ],
      phoneNumbers: [{ value: '1', type: 'work' }],
      [enterprise]: { employeeNumber: 'E42', department: 'Ops' },
      [custom]: { Shoe: 44, vip: true, tags: ['Red', { value: 'Blue' }], deep: { a: 1 }, no: null },
    })
    expect(keys.map(({ attribute, value }) => `${attribute} = ${value}`)).toEqual([
      'displayname = änn',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:employeenumber = e42',
      'emails.value = ann@contoso.example',
      'emails[work].value = ann@contoso.example',
      'emails.value = ann@home.example',
      'emails.value = plain@contoso.example',
      `${custom.toLowerCase()}:shoe = 44`,
      `${custom.toLowerCase()}:vip = true`,
      `${custom.toLowerCase()}:tags = red`,
      `${custom.toLowerCase()}:tags = blue`,
    ])
  })

  it('are none where nothing was stated', () => {
    expect(indexKeys({})).toEqual([])
    expect(indexKeys({ displayName: '', emails: 'x', [enterprise]: 'x', [custom]: 'x' })).toEqual([
      { attribute: 'emails.value', value: 'x' },
    ])
  })

  it('are found under the names that filters use', () => {
    const name = (path: string) => {
      const found = findAttribute('User', path)
      return found === null ? 'unknown' : indexedAs(found)
    }
    expect(name('displayName')).toBe('displayname')
    expect(name('emails.value')).toBe(emailKey(null))
    expect(name('employeeNumber')).toBe(`${enterprise.toLowerCase()}:employeenumber`)
    expect(name(`${custom}:Shoe`)).toBe(`${custom.toLowerCase()}:shoe`)
    for (const path of [
      'title',
      'emails.type',
      'emails',
      'department',
      'manager',
      'meta.created',
    ]) {
      expect([path, name(path)]).toEqual([path, null])
    }
    expect(emailKey('WORK')).toBe('emails[work].value')
    expect([keyText(1), keyText(false), keyText('A'), keyText(''), keyText({})]).toEqual([
      '1',
      'false',
      'a',
      null,
      null,
    ])
  })
})
