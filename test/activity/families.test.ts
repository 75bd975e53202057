import { describe, expect, it } from 'vitest'
import { eventFamilies, eventTypes, familyOf, typesOf } from '../../src/activity/index.ts'

describe('a family of events', () => {
  it('is there for every type, and each has some', () => {
    expect(eventTypes.filter((type) => familyOf(type) === null)).toEqual([])
    expect(eventFamilies.filter((family) => typesOf(family).length === 0)).toEqual([])
  })

  it('of SCIM is what provisioning did and what it proves itself by', () => {
    expect(typesOf('scim')).toContain('provisioning.refused')
    expect(typesOf('scim')).toContain('scim_token.expiring')
    expect(familyOf('something.else')).toBe(null)
  })
})
