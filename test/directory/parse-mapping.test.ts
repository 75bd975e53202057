import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  builtInAttributes,
  defineAttribute,
  parseMapping,
  presentMapping,
} from '../../src/directory/index.ts'
import { limits } from '../../src/kernel/index.ts'
import { cases } from '../support/cases.ts'

const definitions = [...builtInAttributes, defineAttribute({ key: 'badge', label: 'Badge' })]

function problemsOf(rules: unknown) {
  const read = parseMapping(rules, definitions)
  return read.ok ? [] : read.failure.map(({ field, message }) => `${field} ${message}`)
}

function changesOf(rules: unknown) {
  const read = parseMapping(rules, definitions)
  return read.ok ? read.value : null
}

describe('parseMapping', () => {
  it('keeps only what differs from the default', () => {
    expect(
      changesOf({
        title: { graph: ['jobTitle'], blankClears: true },
        department: { blankClears: false, tiers: [['manual'], ['scim', 'graph'], ['saml']] },
        badge: { saml: ['badge'], graph: { expression: 'ToUpper([employeeId])' } },
      }),
    ).toEqual({
      department: { blankClears: false },
      badge: { graph: { expression: 'ToUpper([employeeId])' } },
    })
  })

  it('takes back what was shown, and nothing changes', () => {
    const changes = { badge: { saml: ['card'], tiers: [['graph']] as const } }
    expect(changesOf(presentMapping(definitions, {}))).toEqual({})
    expect(changesOf(presentMapping(definitions, changes))).toEqual(changes)
  })

  it('lets an attribute be set by nobody, and a source have no names', () => {
    expect(changesOf({ country: { tiers: [] }, title: { saml: [] } })).toEqual({
      country: { tiers: [] },
      title: { saml: [] },
    })
  })

  it('names an expression’s character at which it cannot be read', () => {
    expect(problemsOf({ title: { saml: { expression: 'ToUpper([jobTitle]' } } })[0]).toMatch(
      /^rules\.title\.saml\.expression cannot be read at character 19: /,
    )
    expect(problemsOf({ title: { saml: { expression: 'Now()' } } })[0]).toContain('Now')
  })

  it('refuses more properties of Graph than are read, whichever attributes read them', () => {
    const names = (start: string) => Array.from({ length: 20 }, (_, i) => `${start}${i}`)
    const keys = ['title', 'department', 'country', 'phone', 'badge'] as const
    const rules = Object.fromEntries(keys.map((key) => [key, { graph: names(key) }]))
    expect(problemsOf(rules)).toEqual([
      'rules must read 100 properties of Graph at most in all, with those that are always read',
    ])
    expect(problemsOf({ ...rules, badge: { graph: [] } })).toEqual([])
  })

  it.each([
    [null, 'rules must be an object'],
    [[], 'rules must be an object'],
    [{ salary: {} }, 'rules.salary is no attribute'],
    [JSON.parse('{"__proto__":{}}'), 'rules.__proto__ is no attribute'],
    [{ title: [] }, 'rules.title must be an object'],
    [{ title: { ldap: [] } }, 'rules.title.ldap is none of'],
    [{ title: { tiers: ['manual'] } }, 'rules.title.tiers must be a list of lists'],
    [{ title: { tiers: [['ldap']] } }, 'rules.title.tiers must be a list of lists'],
    [{ title: { tiers: [[]] } }, 'rules.title.tiers must be a list of lists'],
    [{ title: { tiers: [['scim'], ['scim']] } }, 'rules.title.tiers must name each source once'],
    [{ title: { blankClears: 'no' } }, 'rules.title.blankClears must be true or false'],
    [{ title: { saml: 'jobTitle' } }, 'rules.title.saml must be a list of names, or'],
    [{ title: { saml: { expression: 7 } } }, 'rules.title.saml.expression must be text'],
    [{ title: { saml: { expression: '[a]', x: 1 } } }, 'rules.title.saml must be a list of names'],
    [{ title: { saml: ['ok', ''] } }, 'rules.title.saml.1 must have 1 to'],
    [{ title: { saml: [7] } }, 'rules.title.saml.0 must be text'],
    [{ title: { saml: [' a'] } }, 'rules.title.saml.0 must have no control characters'],
    [{ title: { saml: ['a\u0007b'] } }, 'rules.title.saml.0 must have no control characters'],
    [{ title: { saml: ['x'.repeat(257)] } }, 'rules.title.saml.0 must have 1 to 256'],
    [{ title: { saml: ['#NameId2'] } }, 'rules.title.saml.0 begins with #'],
    [{ title: { saml: ['a', 'A'] } }, 'rules.title.saml.1 is there twice'],
    [{ title: { graph: ['#reported:jobTitle'] } }, 'rules.title.graph.0 begins with #'],
    [{ title: { graph: ['ok', 'job title'] } }, 'rules.title.graph.1 is no property of a user'],
    [
      { title: { graph: ['a.b.c'] } },
      'rules.title.graph.0 is no property of a user in Graph: write',
    ],
    [{ title: { graph: ['manager.displayName'] } }, 'rules.title.graph.0 is no property of a user'],
    [
      { title: { graph: { expression: 'Trim([job-title])' } } },
      'rules.title.graph.expression reads a name that is no property of a user in Graph',
    ],
    [
      { title: { graph: { expression: 'ToUpper([#reported:jobTitle])' } } },
      'rules.title.graph.expression reads a name that begins with #',
    ],
    [
      { title: { saml: Array.from({ length: limits.mappingNames + 1 }, (_, n) => `n${n}`) } },
      'rules.title.saml must have',
    ],
  ])('refuses %j', (rules, problem) => {
    expect(problemsOf(rules)[0]).toContain(problem)
  })

  it('allows the parts of a sign-in by their own names', () => {
    expect(problemsOf({ title: { saml: ['#NameID', '#roles'] } })).toEqual([])
    expect(problemsOf({ title: { scim: ['#NameID'] } })).toHaveLength(1)
  })

  it('tells of everything that is wrong at once, within bounds', () => {
    expect(problemsOf({ title: { saml: [''], blankClears: 1 }, nobody: {} })).toHaveLength(3)
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`no${n}`, {}]))
    expect(problemsOf(many)).toHaveLength(limits.mappingProblems)
  })

  it('refuses a mapping that is too long in all', () => {
    const name = (n: number) => `${n}`.padEnd(limits.mappingNameLength, 'x')
    const names = Array.from({ length: limits.mappingNames }, (_, n) => name(n))
    const rule = { saml: names, scim: names, manual: names }
    expect(problemsOf(Object.fromEntries(definitions.map(({ key }) => [key, rule])))[0]).toMatch(
      /^rules must be \d+ characters at most/,
    )
  })

  it('has an answer to any JSON, and what it took is taken again unchanged', () => {
    const part = fc.oneof(
      fc.jsonValue(),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.record({ expression: fc.constantFrom('[a]', 'Join(" ", [a], [b])', 'Left([a]', '') }),
      fc.constantFrom(true, false, [['scim']], [['saml', 'graph'], ['manual']]),
    )
    const name = fc.constantFrom('tiers', 'blankClears', 'scim', 'saml', 'graph', 'manual')
    const key = fc.constantFrom('title', 'badge', 'userName')
    const rules = fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.dictionary(name, part)))
    fc.assert(
      fc.property(rules, (given) => {
        const changes = changesOf(given)
        if (changes !== null)
          expect(changesOf(JSON.parse(JSON.stringify(changes)))).toEqual(changes)
      }),
      { numRuns: cases(1000) },
    )
  })
})
