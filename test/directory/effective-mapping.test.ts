import { describe, expect, it } from 'vitest'
import {
  builtInAttributes,
  changedRule,
  defaultMapping,
  defineAttribute,
  effectiveMapping,
  presentMapping,
} from '../../src/directory/index.ts'

const badge = defineAttribute({ key: 'badge', label: 'Badge' })
const urn = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

function mappingWith(rest: Partial<Parameters<typeof effectiveMapping>[0]>) {
  return effectiveMapping({ version: 7, custom: [badge], changes: {}, claimNames: {}, ...rest })
}

describe('effectiveMapping', () => {
  it('is the default one before anybody changes it', () => {
    expect(mappingWith({ custom: [] })).toEqual({ version: 7, rules: defaultMapping.rules })
  })

  it('reads an attribute of the organization’s own by its SCIM name and the claim called like it', () => {
    expect(mappingWith({}).rules['badge']).toEqual({
      manual: ['badge'],
      scim: [`${urn}:badge`],
      graph: [],
      saml: ['badge'],
    })
  })

  it('takes what the organization changed, and leaves the rest of the rule as it is', () => {
    const graph = ['onPremisesExtensionAttributes.extensionAttribute1']
    const { rules } = mappingWith({ changes: { badge: { graph }, title: { blankClears: false } } })
    expect(rules['badge']).toMatchObject({ graph, saml: ['badge'] })
    expect(rules['title']).toEqual({ ...defaultMapping.rules['title'], blankClears: false })
  })

  it('tries the claim names of a connection first, before those of the organization', () => {
    const claimNames = { badge: ['BadgeNo'] }
    expect(mappingWith({ claimNames }).rules['badge']?.saml).toEqual(['BadgeNo', 'badge'])
    const changes = { badge: { saml: ['card'] } }
    expect(mappingWith({ claimNames, changes }).rules['badge']?.saml).toEqual(['BadgeNo', 'card'])
  })

  it('leaves an expression over claims as it is', () => {
    const saml = { expression: 'ToUpper([badge])' }
    const { rules } = mappingWith({
      claimNames: { badge: ['BadgeNo'] },
      changes: { badge: { saml } },
    })
    expect(rules['badge']?.saml).toEqual(saml)
  })

  it('says nothing of attributes that are gone, or called like what every object has', () => {
    const { rules } = mappingWith({
      changes: { gone: { saml: ['x'] } },
      claimNames: { constructor: ['x'] },
    })
    expect(Object.keys(rules)).toEqual([...builtInAttributes.map(({ key }) => key), 'badge'])
  })
})

describe('an attribute called like what every object has', () => {
  it('has the usual rule', () => {
    const custom = [defineAttribute({ key: 'constructor', label: 'Constructor' }), badge]
    const { rules } = mappingWith({ custom, claimNames: { badge: ['card'] } })
    expect(Object.hasOwn(rules, 'constructor') && rules['constructor']).toEqual({
      manual: ['constructor'],
      scim: [`${urn}:constructor`],
      graph: [],
      saml: ['constructor'],
    })
  })
})

describe('presentMapping', () => {
  it('shows every rule whole, so that what is shown can be sent back and changes nothing', () => {
    const definitions = [...builtInAttributes, badge]
    const shown = presentMapping(definitions, { title: { blankClears: false } })
    expect(shown['title']).toMatchObject({
      tiers: [['manual'], ['scim', 'graph'], ['saml']],
      blankClears: false,
      graph: ['jobTitle'],
    })
    const changes = definitions.map(({ key }) => {
      const rule = shown[key]
      return rule === undefined ? null : changedRule(key, rule)
    })
    expect(changes.filter((one) => one !== null)).toEqual([{ blankClears: false }])
  })
})
