import { describe, expect, it } from 'vitest'
import {
  builtInAttributes,
  defaultMapping,
  type Mapping,
  mappedNames,
  namesRead,
  namingClaims,
} from '../../src/directory/index.ts'

const mapping: Mapping = {
  version: 1,
  rules: {
    userName: { saml: { expression: 'ToLower(Coalesce([upn], [mail], [UPN]))' } },
    email: { saml: ['mail'] },
    title: { graph: ['jobTitle'] },
    department: { graph: { expression: 'Append([department], [jobTitle])' } },
    country: { graph: { expression: 'Append([country]' } },
  },
}

describe('names that a mapping reads', () => {
  it('are those of lists and of expressions, each once', () => {
    expect(mappedNames(mapping, 'graph')).toEqual(['jobTitle', 'department'])
    expect(namesRead(mapping.rules['userName'], 'saml')).toEqual(['upn', 'mail'])
    expect(namesRead(mapping.rules['userName'], 'scim')).toEqual([])
    expect(namesRead(undefined, 'scim')).toEqual([])
  })

  it('name a person from within an expression too: stated twice, they refuse a sign-in', () => {
    expect(namingClaims(mapping)).toEqual(['upn', 'mail', 'mail'])
  })
})

describe('the default mapping', () => {
  it('has names of every source for every built-in attribute', () => {
    for (const { key } of builtInAttributes) {
      for (const source of ['scim', 'graph', 'saml', 'manual'] as const) {
        expect(namesRead(defaultMapping.rules[key], source), `${key} ${source}`).not.toEqual([])
      }
    }
  })

  it('asks Graph for the counterparts of what provisioning sends', () => {
    expect(mappedNames(defaultMapping, 'graph').toSorted()).toEqual([
      'businessPhones',
      'companyName',
      'country',
      'department',
      'displayName',
      'employeeId',
      'givenName',
      'jobTitle',
      'mail',
      'manager',
      'mobilePhone',
      'officeLocation',
      'preferredLanguage',
      'surname',
      'userPrincipalName',
    ])
  })
})
