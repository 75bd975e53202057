import { describe, expect, it } from 'vitest'
import {
  actionsFor,
  denialWords,
  nameOf,
  shortName,
  sourceTable,
  valueText,
} from '../../src/console/people/words.ts'

const at = '2026-11-24T09:00:00.000Z'
const said = (...values: string[]) => ({ values, changedAt: at })

describe('the sources side by side', () => {
  const rules = {
    title: { scim: ['title'], graph: ['jobTitle'], saml: ['claims/title', 'claims/job'] },
    phone: { scim: { expression: 'Trim([phoneNumbers[type eq "work"].value])' } },
    mobile: { scim: ['mobile'] },
  }
  const user = {
    profile: { title: 'Chief' },
    provenance: { title: { source: 'scim' as const, at, rule: 'title' } },
    sources: {
      scim: { at, attributes: { title: said('Chief'), nickName: said('Annie') } },
      saml: {
        at,
        attributes: { 'claims/title': said('Boss', 'Chief'), 'claims/job': said('Boss', 'Chief') },
      },
    },
  }

  it('have a row for each attribute of which anybody says something', () => {
    const { rows } = sourceTable(user, rules)
    expect(rows).toEqual([
      {
        key: 'title',
        value: 'Chief',
        from: 'scim',
        cells: {
          scim: [{ name: 'title', text: 'Chief' }],
          saml: [{ name: 'claims/title', text: 'Boss, Chief' }],
        },
      },
    ])
  })

  it('tell what is said and read by no rule', () => {
    const { unread } = sourceTable(user, rules)
    expect(unread.map(({ key }) => key)).toEqual(['nickName'])
  })

  it('are not fooled by names that objects have of their own', () => {
    const odd = { ...user, profile: {}, provenance: {} }
    expect(sourceTable(odd, { constructor: { scim: ['constructor'] } }).rows).toEqual([])
  })
})

describe('a person', () => {
  it('is called by name, and by userName without one', () => {
    expect(nameOf({ userName: 'ann@x.example', profile: { displayName: 'Ann' } })).toBe('Ann')
    expect(nameOf({ userName: 'ann@x.example', profile: {} })).toBe('ann@x.example')
  })

  it('can be done to only what still makes sense', () => {
    expect(actionsFor({ status: 'active' })).toEqual(['block', 'sign-out', 'retire'])
    expect(actionsFor({ status: 'blocked' })).toEqual(['unblock', 'sign-out', 'retire'])
    expect(actionsFor({ status: 'retired' })).toEqual([])
  })

  it('is said by whom they are denied', () => {
    expect(denialWords({ deniedBy: ['scim', 'manual'] })).toHaveLength(2)
    expect(denialWords({ deniedBy: [] })).toEqual([])
  })

  it('has values from names that may be long', () => {
    const soap = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname'
    expect(shortName(soap)).toBe('surname')
    expect(shortName('urn:ietf:params:scim:schemas:core:2.0:User:title')).toBe('title')
    expect(shortName('Join(" ", [givenName], [surname])')).toBe('Join(" ", [givenName], [surname])')
    expect(shortName('name.familyName')).toBe('name.familyName')
  })

  it('has values of any type', () => {
    expect(valueText(['a', 'b'])).toBe('a, b')
    expect(valueText(false)).toBe('false')
    expect(valueText(undefined)).toBe('')
  })
})
