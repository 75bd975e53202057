import { describe, expect, it } from 'vitest'
import { canonicalValue } from '../../../src/scim/resource/values.ts'
import { attribute } from '../../../src/scim/schema/attribute.ts'

describe('a number', () => {
  it.each([
    [7, 7],
    ['7', 7],
    ['-7.5', -7.5],
    ['007', '007'],
    ['1e3', '1e3'],
    ['Infinity', 'Infinity'],
    ['seven', 'seven'],
    ['', undefined],
    [[{ value: '7' }], 7],
  ])('%j is read as %j', (raw, value) => {
    expect(canonicalValue(attribute('floor', 'Floor.', { type: 'decimal' }), raw)).toBe(value)
  })
})

describe('a list of simple values', () => {
  it('has each once, whatever shape they come in', () => {
    const list = attribute('floors', 'Floors.', { multiValued: true })
    expect(canonicalValue(list, [{ value: '1' }, 2, '', '1', null])).toEqual(['1', '2'])
    expect(canonicalValue(list, '1')).toEqual(['1'])
  })
})
