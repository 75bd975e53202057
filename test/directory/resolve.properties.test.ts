import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AttributeDefinition,
  type AttributeRule,
  attributeProblems,
  builtInAttributes,
  compileExpression,
  defaultMapping,
  defaultTiers,
  defineAttribute,
  resolve,
  type SourceName,
  type SourceView,
  type Tiers,
} from '../../src/directory/index.ts'
import { cases } from '../support/cases.ts'

const sources: readonly SourceName[] = ['manual', 'scim', 'graph', 'saml']

/** A value, a blank of either form, or nothing said. */
type Said = 'value' | 'empty text' | 'empty list' | 'nothing'

const valuesOf: Readonly<Record<Said, ((source: SourceName) => readonly string[]) | null>> = {
  value: (source) => [`of ${source}`],
  'empty text': () => [''],
  'empty list': () => [],
  nothing: null,
}
const says = Object.keys(valuesOf) as readonly Said[]

type Saying = { readonly source: SourceName; readonly said: Said; readonly at: number }

function viewsOf(sayings: readonly Saying[]): readonly SourceView[] {
  return sayings.map(({ source, said, at }) => {
    const values = valuesOf[said]?.(source)
    return {
      source,
      at,
      attributes: values === undefined ? {} : { x: { values, changedAt: at } },
    }
  })
}

const badge = defineAttribute({ key: 'badge', label: 'Badge' })
const names: AttributeRule = { manual: ['x'], scim: ['x'], graph: ['x'], saml: ['x'] }

function valueBy(rule: AttributeRule, sayings: readonly Saying[]) {
  return resolve([badge], { version: 1, rules: { badge: { ...names, ...rule } } }, viewsOf(sayings))
}

/** The rule of DESIGN 2.1 as it is written: tier by tier, inside one who changed last, a blank being a statement. */
function expected(tiers: Tiers, blankClears: boolean, sayings: readonly Saying[]) {
  for (const tier of tiers) {
    const stated = tier
      .flatMap((source) => sayings.filter((one) => one.source === source))
      .filter(({ said }) => said !== 'nothing' && (blankClears || said === 'value'))
    const newest = Math.max(...stated.map(({ at }) => at))
    const winner = stated.find(({ at }) => at === newest)
    if (winner === undefined) continue
    return winner.said === 'value' ? `of ${winner.source}` : undefined
  }
  return undefined
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items]
  return items.flatMap((item, i) =>
    permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]),
  )
}

describe('precedence', () => {
  const allSaid = says.flatMap((a) =>
    says.flatMap((b) => says.flatMap((c) => says.map((d) => [a, b, c, d] as const))),
  )

  it('holds in every order of the four sources as tiers, whatever each says', () => {
    let tried = 0
    for (const order of permutations(sources)) {
      const tiers = order.map((source) => [source])
      for (const said of allSaid) {
        // The weaker the later: time decides nothing between tiers.
        const sayings = order.map((source, i) => ({ source, said: said[i] ?? 'nothing', at: i }))
        for (const blankClears of [true, false]) {
          const { profile } = valueBy({ tiers, blankClears }, sayings)
          expect(profile['badge']).toBe(expected(tiers, blankClears, sayings))
          tried++
        }
      }
    }
    expect(tried).toBe(24 * 256 * 2)
  })

  it('holds in the default tiers in every order of time, whatever each says', () => {
    for (const order of permutations(sources)) {
      for (const said of allSaid) {
        const sayings = sources.map((source, i) => ({
          source,
          said: said[i] ?? 'nothing',
          at: order.indexOf(source),
        }))
        const { profile } = valueBy({}, sayings)
        expect(profile['badge']).toBe(expected(defaultTiers, true, sayings))
      }
    }
  })

  it('holds for any tiers, ties of time included, and does not depend on the order of views', () => {
    const saying = (source: SourceName) =>
      fc.record({
        source: fc.constant(source),
        said: fc.constantFrom(...says),
        at: fc.integer({ min: 0, max: 3 }),
      })
    const sayings = fc.tuple(...sources.map(saying))
    fc.assert(
      fc.property(anyTiers, fc.boolean(), sayings, anyOrder, (tiers, blankClears, said, order) => {
        const resolved = valueBy({ tiers, blankClears }, said)
        expect(resolved.profile['badge']).toBe(expected(tiers, blankClears, said))
        const other = order.flatMap((i) => said.slice(i, i + 1))
        expect(valueBy({ tiers, blankClears }, other)).toEqual(resolved)
      }),
      { numRuns: cases(2000) },
    )
  })
})

/** Some of the sources, in any order, cut into tiers anywhere. */
const anyTiers: fc.Arbitrary<Tiers> = fc
  .tuple(fc.shuffledSubarray([...sources]), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
  .map(([order, cuts]) => {
    const tiers: SourceName[][] = []
    for (const [i, source] of order.entries()) {
      if (i === 0 || cuts[i] === true) tiers.push([source])
      else tiers.at(-1)?.push(source)
    }
    return tiers
  })

const anyOrder = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 })

const anyName = fc.oneof(
  fc.constantFrom('a', 'A', 'b', 'title', 'jobTitle', '__proto__', 'constructor', 'emails.value'),
  fc.string({ maxLength: 8 }),
)
const anyValue = fc.oneof(
  fc.constantFrom('', 'x', '7', 'true', 'constructor', '2026-01-02T03:04:05Z', '\ud800'),
  fc.string({ maxLength: 12 }),
)
const anyStatement = fc.record({
  values: fc.array(anyValue, { maxLength: 3 }),
  changedAt: fc.integer({ min: 0, max: 5 }),
})
const anyView = (source: SourceName): fc.Arbitrary<SourceView> =>
  fc.record({
    source: fc.constant(source),
    at: fc.nat(9),
    attributes: fc
      .array(fc.tuple(anyName, anyStatement), { maxLength: 6 })
      .map((entries) => Object.fromEntries(entries)),
  })
const anyViews = fc.tuple(...sources.map(anyView))

const anyExpression = fc.oneof(
  fc.constantFrom(
    'Join("-", [a], [b])',
    'IIF([a] = [b], [a], "other")',
    'CDate([a])',
    'Switch([a], , "x", [b])',
    'IgnoreFlowIfNullOrEmpty([a])',
    'Left([a], [b])',
    'Split([a], "x")',
    'Item([a], 9)',
    'ToUpper([a]',
  ),
  fc.string({ maxLength: 30 }),
)
const anySourceRule = fc.oneof(
  fc.array(anyName, { maxLength: 3 }),
  fc.record({ expression: anyExpression }),
)
const anyRule: fc.Arbitrary<AttributeRule> = fc.record(
  {
    manual: anySourceRule,
    scim: anySourceRule,
    graph: anySourceRule,
    saml: anySourceRule,
    tiers: anyTiers,
    blankClears: fc.boolean(),
  },
  { requiredKeys: [] },
)
const anyDefinition = (key: string): fc.Arbitrary<AttributeDefinition> =>
  fc
    .record({
      type: fc.constantFrom('string', 'number', 'boolean', 'dateTime'),
      multiValued: fc.boolean(),
      required: fc.boolean(),
      defaultValue: fc.constantFrom(null, 'x', 7, true, ['x'], [7], '2026-01-02T03:04:05Z'),
    } as const)
    .map((said) => defineAttribute({ key, label: key, ...said }))
const anyRuleset = fc.record({
  definitions: fc.tuple(...['p', 'q', 'displayName', 'givenName'].map(anyDefinition)),
  rules: fc.dictionary(fc.constantFrom('p', 'q', 'displayName', 'givenName'), anyRule),
})

function isOfType({ type, multiValued }: AttributeDefinition, value: unknown): boolean {
  const kind = { string: 'string', number: 'number', boolean: 'boolean', dateTime: 'string' }[type]
  return multiValued
    ? Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === kind)
    : typeof value === kind
}

describe('resolve', () => {
  it('has a profile of the right types for any views, definitions, mapping and expressions', () => {
    fc.assert(
      fc.property(anyRuleset, anyViews, ({ definitions, rules }, views) => {
        const mapping = { version: 1, rules }
        const { profile, provenance } = resolve(definitions, mapping, views)
        for (const definition of definitions) {
          const value = profile[definition.key]
          expect(value).not.toBe('')
          // Put together of first and last name, it is text.
          const isMade = provenance[definition.key]?.rule.startsWith('Join(" ", givenName') ?? false
          if (value !== undefined && !isMade) expect(isOfType(definition, value)).toBe(true)
          if (value !== undefined && provenance[definition.key] === undefined) {
            expect(value).toEqual(definition.defaultValue)
          }
        }
        expect(Object.keys(profile)).toEqual(expect.arrayContaining(Object.keys(provenance)))
        const keys = new Set(definitions.map(({ key }) => key))
        expect(Object.keys(profile).filter((key) => !keys.has(key))).toEqual([])
        for (const { key } of attributeProblems(definitions, mapping, views)) {
          expect(keys.has(key)).toBe(true)
        }
      }),
      { numRuns: cases(3000) },
    )
  })

  it('gives the same for the same views in any order, and names in any order', () => {
    fc.assert(
      fc.property(anyRuleset, anyViews, anyOrder, ({ definitions, rules }, views, order) => {
        const mapping = { version: 1, rules }
        const other = order
          .flatMap((i) => views.slice(i, i + 1))
          .map((view) => ({
            ...view,
            attributes: Object.fromEntries(Object.entries(view.attributes).toReversed()),
          }))
        const resolved = resolve(definitions, mapping, views)
        expect(resolve(definitions, mapping, other)).toEqual(resolved)
        // A mapping that is equal, but was never compiled.
        expect(resolve(definitions, structuredClone(mapping), other)).toEqual(resolved)
      }),
      { numRuns: cases(2000) },
    )
  })

  it('lets a sign-in fill only what no stronger source ever stated', () => {
    fc.assert(
      fc.property(anyViews, ([manual, scim, graph, saml]) => {
        const strong = [manual, scim, graph].filter((view) => view !== undefined)
        const alone = resolve(builtInAttributes, defaultMapping, strong)
        const both = resolve(builtInAttributes, defaultMapping, saml ? [...strong, saml] : strong)
        for (const [key, from] of Object.entries(alone.provenance)) {
          if (from.rule.startsWith('Join(')) continue
          expect(both.provenance[key]).toEqual(from)
        }
      }),
      { numRuns: cases(1000) },
    )
  })

  it('takes an expression’s time from the newest name that it reads', () => {
    const rule = { graph: { expression: 'Join("-", [a], [b])' } }
    const compiled = compileExpression(rule.graph.expression)
    expect(compiled.ok && compiled.value.names).toEqual(['a', 'b'])
    fc.assert(
      fc.property(anyView('graph'), (view) => {
        const { provenance } = resolve([badge], { version: 1, rules: { badge: rule } }, [view])
        const read = Object.entries(view.attributes).filter(([name]) =>
          ['a', 'b'].includes(name.toLowerCase()),
        )
        const newest = Math.max(...read.map(([, { changedAt }]) => changedAt))
        if (provenance['badge'] !== undefined) expect(provenance['badge'].at).toBe(newest)
      }),
      { numRuns: cases(500) },
    )
  })
})
