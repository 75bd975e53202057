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

describe('a default', () => {
  it('is no longer than what is read with every sign-in', () => {
    const list = { type: 'string', multiValued: true } as const
    const items = Array.from({ length: 20 }, () => 'x'.repeat(1024))
    expect(checkDefault(items, list)).toMatchObject({ field: 'default' })
    expect(checkDefault(items.slice(0, 1), list)).toBeNull()
  })
})
