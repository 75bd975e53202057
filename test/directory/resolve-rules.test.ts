import { describe, expect, it } from 'vitest'
import {
  type AttributeDefinition,
  type AttributeRule,
  attributeProblems,
  builtInAttributes,
  defaultMapping,
  defineAttribute,
  resolve,
  type SourceName,
  type SourceView,
} from '../../src/directory/index.ts'

type Values = Readonly<Record<string, readonly string[]>>

function view(source: SourceName, at: number, values: Values): SourceView {
  const attributes = Object.fromEntries(
    Object.entries(values).map(([name, list]) => [name, { values: list, changedAt: at }]),
  )
  return { source, at, attributes }
}

const badge = defineAttribute({ key: 'badge', label: 'Badge' })

function given(rule: AttributeRule, said: Partial<AttributeDefinition> = {}) {
  return [[{ ...badge, ...said }], { version: 1, rules: { badge: rule } }] as const
}

const everywhere: AttributeRule = { manual: ['b'], scim: ['b'], graph: ['b'], saml: ['b'] }

describe('tiers', () => {
  it('leave out sources that may not set the attribute', () => {
    const [definitions, mapping] = given({ ...everywhere, tiers: [['graph']] })
    const saml = view('saml', 9, { b: ['claim'] })
    expect(resolve(definitions, mapping, [saml]).profile).toEqual({})
    const graph = view('graph', 1, { b: ['property'] })
    expect(resolve(definitions, mapping, [saml, graph]).profile).toEqual({ badge: 'property' })
  })

  it('let the sign-in lead where an admin says so', () => {
    const [definitions, mapping] = given({ ...everywhere, tiers: [['saml'], ['scim']] })
    const views = [view('scim', 9, { b: ['scim'] }), view('saml', 1, { b: ['claim'] })]
    expect(resolve(definitions, mapping, views).profile).toEqual({ badge: 'claim' })
  })

  it('decide a tie inside a tier by the source named first', () => {
    const views = [view('graph', 5, { b: ['graph'] }), view('scim', 5, { b: ['scim'] })]
    const first = (tier: readonly SourceName[]) =>
      resolve(...given({ ...everywhere, tiers: [tier] }), views).profile['badge']
    expect([first(['scim', 'graph']), first(['graph', 'scim'])]).toEqual(['scim', 'graph'])
  })
})

describe('several names of a source', () => {
  const rule = { scim: ['b', 'c'], graph: ['b'] }
  const scim = (b: string, c: string): SourceView => ({
    source: 'scim',
    at: 9,
    attributes: { b: { values: [b], changedAt: 1 }, c: { values: [c], changedAt: 9 } },
  })

  it('give the first that has a value', () => {
    expect(resolve(...given(rule), [scim('', 'second')]).profile).toEqual({ badge: 'second' })
    expect(resolve(...given(rule), [scim('first', 'second')]).profile).toEqual({ badge: 'first' })
  })

  it('state a blank as of the first of them where none has a value', () => {
    const views = [scim('', ''), view('graph', 5, { b: ['graph'] })]
    expect(resolve(...given(rule), views).profile).toEqual({ badge: 'graph' })
  })
})

describe('several values', () => {
  const numbers = { type: 'number', multiValued: true } as const

  it('are a list, or nothing where one of them does not fit', () => {
    const of = (...values: string[]) =>
      resolve(...given(everywhere, numbers), [view('scim', 1, { b: values })]).profile
    expect([of('1', '2'), of('1', 'two'), of('1', '')]).toEqual([{ badge: [1, 2] }, {}, {}])
  })

  it('that do not fit a list are of the wrong type, not too many', () => {
    const views = [view('scim', 1, { b: ['1', 'two'] })]
    expect(attributeProblems(...given(everywhere, numbers), views)).toMatchObject([
      { kind: 'wrong_type' },
    ])
  })
})

describe('the display name', () => {
  const nameOf = (values: Values) =>
    resolve(builtInAttributes, defaultMapping, [view('graph', 1, values)])

  it('is what is stated, else made of first and last name, or of the one there is', () => {
    const both = { givenName: ['Ann'], surname: ['Lee'] }
    expect(nameOf({ ...both, displayName: ['Ms Lee'] }).profile['displayName']).toBe('Ms Lee')
    expect(nameOf(both).provenance['displayName']).toMatchObject({
      source: 'graph',
      rule: 'Join(" ", givenName, familyName)',
    })
    expect(nameOf({ surname: ['Lee'] }).profile['displayName']).toBe('Lee')
    expect(nameOf({ jobTitle: ['Engineer'] }).profile).toEqual({ title: 'Engineer' })
  })
})

describe('blanks', () => {
  const views = [
    view('saml', 1, { b: ['claim'] }),
    view('scim', 2, { b: ['old'] }),
    view('graph', 3, { b: [] }),
  ]

  it('clear the value, since a later statement of the tier is one', () => {
    expect(resolve(...given(everywhere), views).profile).toEqual({})
  })

  it('are passed over where they may not clear, inside the tier and to the next one', () => {
    const rule = { ...everywhere, blankClears: false }
    expect(resolve(...given(rule), views).profile).toEqual({ badge: 'old' })
    const blanks = [view('scim', 2, { b: [''] }), view('graph', 3, { b: [] }), ...views.slice(0, 1)]
    expect(resolve(...given(rule), blanks)).toEqual({
      profile: { badge: 'claim' },
      provenance: { badge: { source: 'saml', at: 1, rule: 'b' } },
    })
  })
})

describe('defaults', () => {
  it('stand where nobody states a value, and say that by having no provenance', () => {
    const [definitions, mapping] = given(everywhere, { defaultValue: 'none' })
    expect(resolve(definitions, mapping, [])).toEqual({
      profile: { badge: 'none' },
      provenance: {},
    })
  })

  it('never stand for a blank, nor for a value of the wrong type', () => {
    const blank = [view('scim', 1, { b: [] })]
    expect(resolve(...given(everywhere, { defaultValue: 'none' }), blank).profile).toEqual({})
    const number = { type: 'number', defaultValue: 7 } as const
    const text = [view('scim', 1, { b: ['seven'] })]
    expect(resolve(...given(everywhere, number), text).profile).toEqual({})
  })

  it('stand for a blank that is passed over', () => {
    const [definitions, mapping] = given(
      { ...everywhere, blankClears: false },
      { defaultValue: 'x' },
    )
    expect(resolve(definitions, mapping, [view('scim', 1, { b: [] })]).profile).toEqual({
      badge: 'x',
    })
  })

  it.each([
    [{ type: 'number', defaultValue: 7 }, 7],
    [{ type: 'number', defaultValue: '7' }, undefined],
    [{ type: 'number', defaultValue: 1e21 }, 1e21],
    [{ type: 'number', defaultValue: Number.NaN }, undefined],
    [{ type: 'number', multiValued: true, defaultValue: [1, 'x'] }, undefined],
    [{ type: 'string', multiValued: true, defaultValue: [] }, undefined],
    [{ type: 'boolean', defaultValue: false }, false],
    [{ type: 'dateTime', defaultValue: '2027-01-31T00:00:00Z' }, '2027-01-31T00:00:00Z'],
    [{ type: 'dateTime', defaultValue: 'soon' }, undefined],
    [{ type: 'string', defaultValue: '' }, undefined],
    [{ type: 'string', multiValued: true, defaultValue: ['a', 'b'] }, ['a', 'b']],
    [{ type: 'string', multiValued: true, defaultValue: 'a' }, undefined],
    [{ type: 'string', defaultValue: ['a'] }, undefined],
  ] as const)('count only when they are of the type: %j', (said, value) => {
    const [definitions, mapping] = given(everywhere, said)
    expect(resolve(definitions, mapping, []).profile['badge']).toEqual(value)
  })
})

describe('expressions', () => {
  const graph = { expression: 'Join(" ", [givenName], ToUpper([surname]))' }

  it('make a value of one source’s names, as of the newest of them, and say themselves as the rule', () => {
    const ann: SourceView = {
      source: 'graph',
      at: 9,
      attributes: {
        givenname: { values: ['Ann'], changedAt: 3 },
        surname: { values: ['Lee'], changedAt: 7 },
        other: { values: ['x'], changedAt: 9 },
      },
    }
    expect(resolve(...given({ graph }), [ann])).toEqual({
      profile: { badge: 'Ann LEE' },
      provenance: { badge: { source: 'graph', at: 7, rule: graph.expression } },
    })
  })

  it('state nothing where none of their names is stated', () => {
    const rule = { graph, saml: ['b'] }
    const views = [view('graph', 9, { jobTitle: ['x'] }), view('saml', 1, { b: ['claim'] })]
    expect(resolve(...given(rule), views).profile).toEqual({ badge: 'claim' })
  })

  it('state a blank where what they make is blank', () => {
    const views = [view('graph', 9, { givenName: [] }), view('saml', 1, { b: ['claim'] })]
    expect(resolve(...given({ graph, saml: ['b'] }), views).profile).toEqual({})
  })

  it.each([[[]], [['']]])('add nothing to a value that was cleared: %j', (blank) => {
    const rule = { graph: { expression: 'Append([alias], "@contoso.com")' } }
    const views = [view('graph', 9, { alias: blank })]
    expect(resolve(...given(rule), views).profile).toEqual({})
  })

  it('say nothing by IgnoreFlowIfNullOrEmpty', () => {
    const rule = { graph: { expression: 'IgnoreFlowIfNullOrEmpty([jobTitle])' }, saml: ['b'] }
    const views = [view('graph', 9, { jobTitle: [] }), view('saml', 1, { b: ['claim'] })]
    expect(resolve(...given(rule), views).profile).toEqual({ badge: 'claim' })
  })

  it('never read what another source states', () => {
    const views = [view('scim', 9, { givenName: ['Ann'], surname: ['Lee'] })]
    expect(resolve(...given({ graph }), views).profile).toEqual({})
  })

  it('make values of every type', () => {
    const made = (expression: string, said: Partial<AttributeDefinition>) =>
      resolve(...given({ graph: { expression } }, said), [
        view('graph', 1, { hired: ['2021-06-30+08:00'], tags: ['a;b;;a'], on: ['true'] }),
      ]).profile['badge']
    expect(made('CDate([hired])', { type: 'dateTime' })).toBe('2021-06-29T16:00:00Z')
    expect(made('Split([tags], ";")', { multiValued: true })).toEqual(['a', 'b', 'a'])
    expect(made('Count(Split([tags], ";"))', { type: 'number' })).toBe(3)
    expect(made('Not([on])', { type: 'boolean' })).toBe(false)
  })

  it('that cannot be read state nothing: what an admin sends is read before it is stored', () => {
    const rule = { graph: { expression: 'ToUpper([b]' }, saml: ['b'] }
    const views = [view('graph', 9, { b: ['x'] }), view('saml', 1, { b: ['claim'] })]
    expect(resolve(...given(rule), views).profile).toEqual({ badge: 'claim' })
  })
})

describe('the default mapping', () => {
  it('reads Graph by its own names', () => {
    const { profile } = resolve(builtInAttributes, defaultMapping, [
      view('graph', 1, {
        userPrincipalName: ['ann@contoso.com'],
        mail: ['ann.lee@contoso.com'],
        jobTitle: ['Engineer'],
        businessPhones: ['+41 44 000'],
        manager: ['11111111-1111-4111-8111-111111111111'],
        accountEnabled: ['true'],
      }),
    ])
    expect(profile).toEqual({
      userName: 'ann@contoso.com',
      email: 'ann.lee@contoso.com',
      title: 'Engineer',
      phone: '+41 44 000',
      manager: '11111111-1111-4111-8111-111111111111',
    })
  })

  it('finds names in any case, after a provider invented thousands and some without end', () => {
    const invented = Array.from({ length: 3000 }, (_, n) => [`claim ${n}`, ['x']] as const)
    const mapping = structuredClone(defaultMapping)
    resolve(builtInAttributes, mapping, [
      view('saml', 1, { ...Object.fromEntries(invented), ['x'.repeat(60_000)]: ['x'] }),
    ])
    const saml = view('saml', 2, { dePartMent: ['Sales'] })
    expect(resolve(builtInAttributes, mapping, [saml]).profile).toEqual({ department: 'Sales' })
  })

  it('takes the spelling of a claim that changed last, whatever the order of names', () => {
    const spellings = [
      ['department', { values: ['old'], changedAt: 1 }],
      ['Department', { values: ['new'], changedAt: 2 }],
    ] as const
    for (const entries of [spellings, spellings.toReversed()]) {
      const saml: SourceView = { source: 'saml', at: 2, attributes: Object.fromEntries(entries) }
      const { profile } = resolve(builtInAttributes, defaultMapping, [saml])
      expect(profile).toEqual({ department: 'new' })
    }
  })

  it('takes one of two spellings of the same moment, whatever the order of names', () => {
    const spellings = [
      ['department', { values: ['a'], changedAt: 1 }],
      ['Department', { values: ['b'], changedAt: 1 }],
    ] as const
    const [one, other] = [spellings, spellings.toReversed()].map((entries) =>
      resolve(builtInAttributes, defaultMapping, [
        { source: 'saml', at: 2, attributes: Object.fromEntries(entries) },
      ]),
    )
    expect(one).toEqual(other)
  })
})

describe('a dateTime', () => {
  it.each([
    ['2027-01-31T00:00:00Z', true],
    ['1961-04-12T06:07:00.123456789Z', true],
    ['2024-02-29T23:59:59Z', true],
    ['2023-02-29T00:00:00Z', false],
    ['2027-01-31T24:00:00Z', false],
    ['2027-01-31T00:00:60Z', false],
    ['2027-13-01T00:00:00Z', false],
    ['2027-01-31T00:00:00+01:00', false],
    ['2027-01-31', false],
  ])('%s: %s', (text, isTime) => {
    const views = [view('graph', 1, { b: [text] })]
    const { profile } = resolve(...given(everywhere, { type: 'dateTime' }), views)
    expect(profile).toEqual(isTime ? { badge: text } : {})
  })
})

describe('attributeProblems', () => {
  const problemsOf = (
    rule: AttributeRule,
    said: Partial<AttributeDefinition>,
    ...views: readonly SourceView[]
  ) => attributeProblems(...given(rule, said), views)

  it('tells of a wrong type, of several values for one, and where they come from', () => {
    const number = { type: 'number' } as const
    expect(problemsOf(everywhere, number, view('scim', 1, { b: ['seven'] }))).toEqual([
      {
        ...{ key: 'badge', kind: 'wrong_type', source: 'scim', rule: 'b', message: null },
        stated: ['seven'],
      },
    ])
    expect(problemsOf(everywhere, {}, view('saml', 1, { b: ['x', 'y'] }))).toEqual([
      {
        ...{ key: 'badge', kind: 'several_values', source: 'saml', rule: 'b', message: null },
        stated: ['x', 'y'],
      },
    ])
  })

  it('tells of a required attribute without a value, stated blank or never', () => {
    const missing = { key: 'badge', kind: 'required_missing', message: null, stated: [] }
    expect(problemsOf(everywhere, { required: true })).toEqual([
      { ...missing, source: null, rule: null },
    ])
    expect(problemsOf(everywhere, { required: true }, view('graph', 1, { b: [] }))).toEqual([
      { ...missing, source: 'graph', rule: 'b' },
    ])
  })

  it('tells of an expression that failed, and what it said', () => {
    const rule = { graph: { expression: 'CDate([b])' } }
    expect(problemsOf(rule, {}, view('graph', 1, { b: ['someday'] }))).toMatchObject([
      { key: 'badge', kind: 'expression_failed', message: expect.stringContaining('someday') },
    ])
  })

  it('tells at which character it failed, also where blanks are passed over', () => {
    const rule = {
      graph: { expression: 'Append(CDate([b]), "x")' },
      saml: ['b'],
      blankClears: false,
    }
    const views = [view('graph', 1, { b: ['someday'] }), view('saml', 1, { b: ['claim'] })]
    expect(resolve(...given(rule), views).profile).toEqual({})
    expect(problemsOf(rule, {}, ...views)).toMatchObject([
      { kind: 'expression_failed', message: expect.stringMatching(/^At character 8: /) },
    ])
  })

  it('has nothing to tell of values, of blanks, nor of a required one with a default', () => {
    expect(problemsOf(everywhere, {}, view('scim', 1, { b: ['x'] }))).toEqual([])
    expect(problemsOf(everywhere, {}, view('scim', 1, { b: [] }))).toEqual([])
    expect(problemsOf(everywhere, { required: true, defaultValue: 'x' })).toEqual([])
  })
})
