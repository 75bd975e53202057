import { describe, expect, it } from 'vitest'
import { checkDefault } from '../../src/admin/attribute-default.ts'
import { defineAttribute, type Mapping, resolve } from '../../src/directory/index.ts'
import { attributeProblems } from '../../src/directory/resolve.ts'
import { limits } from '../../src/kernel/index.ts'

const large = 'x'.repeat(limits.profileLength / 2)
const keys = ['first', 'second', 'third', 'small'] as const
const definitions = keys.map((key) =>
  defineAttribute({ key, label: key, multiValued: key === 'second' }),
)
const mapping: Mapping = {
  version: 1,
  rules: Object.fromEntries(keys.map((key) => [key, { saml: [key] }])),
}

function view(stated: Readonly<Record<string, readonly string[]>>) {
  const attributes = Object.fromEntries(
    Object.entries(stated).map(([key, values]) => [key, { values, changedAt: 1 }]),
  )
  return [{ source: 'saml' as const, at: 1, attributes }]
}

describe('a profile', () => {
  it('leaves out what it has no room for, says so, and takes what still fits', () => {
    const views = view({
      first: [large],
      second: [large, 'x'],
      third: [large.slice(1)],
      small: ['s'],
    })
    const { profile, provenance } = resolve(definitions, mapping, views)
    expect(Object.keys(profile)).toEqual(['first', 'third', 'small'])
    expect(Object.keys(provenance)).toEqual(['first', 'third', 'small'])
    expect(attributeProblems(definitions, mapping, views)).toMatchObject([
      { key: 'second', kind: 'no_room', source: 'saml' },
    ])
  })

  it('has no problem with blanks', () => {
    expect(attributeProblems(definitions, mapping, view({ first: [''], second: [] }))).toEqual([])
  })
})

describe('the expressions of one person', () => {
  const many = Array.from({ length: 200 }, (_, i) => `a${i}`)
  const own = many.map((key) => defineAttribute({ key, label: key }))
  const joined = `Join("-", ${Array.from({ length: 60 }, () => '[list]').join()})`
  const costly: Mapping = {
    version: 1,
    rules: Object.fromEntries(many.map((key) => [key, { saml: { expression: joined } }])),
  }
  const views = view({ list: Array.from({ length: 10 }, () => 'x'.repeat(20)) })

  it('stop at what all of them may cost together: what is over resolves blank, and says so', () => {
    const { profile } = resolve(own, costly, views)
    const problems = attributeProblems(own, costly, views)
    expect(Object.keys(profile).length).toBeGreaterThan(5)
    expect(Object.keys(profile).length + problems.length).toBe(many.length)
    expect(problems.at(-1)).toMatchObject({
      key: 'a199',
      kind: 'expression_failed',
      message: expect.stringContaining('of all attributes together take too much work'),
    })
  })

  it('cost nobody else anything', () => {
    const small = view({ list: ['x'] })
    expect(attributeProblems(own, costly, views).length).toBeGreaterThan(0)
    expect(attributeProblems(own, costly, small)).toEqual([])
  })
})

describe('a default', () => {
  it('is no longer than what is read with every sign-in', () => {
    const list = { type: 'string', multiValued: true } as const
    const items = Array.from({ length: 20 }, () => 'x'.repeat(1024))
    expect(checkDefault(items, list)).toMatchObject({ field: 'default' })
    expect(checkDefault(items.slice(0, 1), list)).toBeNull()
  })
})
