import { describe, expect, it } from 'vitest'
import { sentNames } from '../../src/scim/sent-names.ts'

describe('what a refused request sent', () => {
  it('is told by the names of its attributes, without any value', () => {
    const body = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'ann@contoso.com',
      name: { givenName: 'Ann' },
      emails: [{ value: 'ann@contoso.com' }],
    }
    expect(sentNames(body)).toEqual(['userName', 'name.givenName', 'emails'])
  })

  it('is told of a PATCH by operation and path, without the values of filters', () => {
    const Operations = [
      {
        op: 'Replace',
        path: 'emails[value eq "ann@contoso.com" and type eq "wo\\"rk"].value',
        value: 'x',
      },
      { op: 'Add', value: { active: 'False', name: { familyName: 'Secret' } } },
      { op: 7, path: 'emails[value eq "unclosed' },
      { op: 'Add', path: 'emails[value eq ann and x].value' },
      { op: 'Add', path: 'ann@contoso.com' },
      'no operation',
    ]
    expect(sentNames({ operations: Operations })).toEqual([
      'Replace emails[value eq "…" and type eq "…"].value',
      'Add active',
      'Add name.familyName',
      '? emails[value eq "…"',
      'Add emails[value eq …].value',
      'Add …',
    ])
  })

  it('is bounded and printable, whatever was sent', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`a${i}`, 1]))
    expect(sentNames(many)).toHaveLength(24)
    const [name] = sentNames({ [`\u202e${'x'.repeat(1000)}`]: 1 })
    expect(name).toMatch(/^\\u\{202e\}x+…$/)
    for (const body of [null, [], 'text', 7, { Operations: 'no list' }]) {
      expect(Array.isArray(sentNames(body))).toBe(true)
    }
  })
})
