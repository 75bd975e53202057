import { limits } from '../kernel/index.ts'
import type { AttributeDefinition, ProfileValue } from './attributes.ts'
import { type CompiledExpression, compileExpression, type Work } from './expression/index.ts'
import { type AttributeRule, defaultTiers, type Mapping, type SourceRule } from './mapping.ts'
import type { SourceName, SourceView, Statement } from './source-view.ts'
import { defaultOf, isBlank } from './typed-value.ts'

/** What one source states for one attribute: under its own name, or as an expression over its names. */
export type Reading = {
  readonly source: SourceName
  /** The source's name as it spelt it, or the expression. */
  readonly rule: string
  readonly statement: Statement
  /** What went wrong in an expression, which then states a blank. */
  readonly fault: string | null
}

/** A person's views by the places of the names that the rules read. */
export type Slots = Readonly<Record<SourceName, readonly (Reading | undefined)[]>>

/** Reads what a source states; expressions take from the work that one person may cost. */
type Reader = (slots: Slots, work: Work) => Reading | null

export type CompiledAttribute = {
  readonly definition: AttributeDefinition
  /** From the strongest tier to the weakest. */
  readonly tiers: readonly (readonly Reader[])[]
  readonly blankClears: boolean
  /** The value where nobody states one. */
  readonly fallback: ProfileValue | null
}

/** The rules of all attributes, ready for many people. */
export type CompiledRules = {
  readonly attributes: readonly CompiledAttribute[]
  readonly slotsOf: (views: readonly SourceView[]) => Slots
}

type Cached = {
  readonly definitions: readonly AttributeDefinition[]
  readonly rules: CompiledRules
}
const cache = new WeakMap<Mapping['rules'], Cached>()

/** Compiles the rules of a mapping, once for each of them and list of definitions. */
export function compileRules(
  definitions: readonly AttributeDefinition[],
  mapping: Mapping,
): CompiledRules {
  const cached = cache.get(mapping.rules)
  if (cached?.definitions === definitions) return cached.rules
  const names: Readonly<Record<SourceName, NameTable>> = {
    scim: new NameTable(),
    saml: new NameTable(),
    graph: new NameTable(),
    manual: new NameTable(),
  }
  const rules: CompiledRules = {
    attributes: definitions.map((definition) => {
      const rule = Object.hasOwn(mapping.rules, definition.key) ? mapping.rules[definition.key] : {}
      return compileAttribute(definition, rule ?? {}, names)
    }),
    slotsOf: (views) => slotsOf(views, names),
  }
  cache.set(mapping.rules, { definitions, rules })
  return rules
}

function compileAttribute(
  definition: AttributeDefinition,
  rule: AttributeRule,
  names: Readonly<Record<SourceName, NameTable>>,
): CompiledAttribute {
  const tiers = (rule.tiers ?? defaultTiers).map((tier) =>
    tier.flatMap((source) => {
      const own = rule[source] ?? []
      const reader = compileSource(source, own, names[source])
      return reader === null ? [] : [reader]
    }),
  )
  return {
    definition,
    tiers: tiers.filter((tier) => tier.length > 0),
    blankClears: rule.blankClears ?? true,
    fallback: defaultOf(definition),
  }
}

function compileSource(source: SourceName, rule: SourceRule, names: NameTable): Reader | null {
  if ('expression' in rule) {
    const expression = compileExpression(rule.expression)
    // What an admin sends is parsed before it is stored; what cannot be read states nothing.
    if (!expression.ok) return null
    const places = expression.value.names.map((name) => names.placeOf(name))
    const reads = { source, places, expression: expression.value }
    return (slots, work) => readExpression(slots[source], reads, work)
  }
  const places = rule.map((name) => names.placeOf(name))
  return places.length === 0 ? null : (slots) => readNames(slots[source], places)
}

/** The first of a source's names that has a value; where all that is stated is blank, the first blank. */
function readNames(
  slots: readonly (Reading | undefined)[],
  places: readonly number[],
): Reading | null {
  let blank: Reading | null = null
  for (const place of places) {
    const found = slots[place]
    if (found === undefined) continue
    if (!isBlank(found.statement.values)) return found
    blank ??= found
  }
  return blank
}

/** What an expression makes of what is stated, as of the newest of its names; nothing where none of them is. */
function readExpression(
  slots: readonly (Reading | undefined)[],
  {
    source,
    places,
    expression,
  }: { source: SourceName; places: readonly number[]; expression: CompiledExpression },
  work: Work,
): Reading | null {
  let changedAt: number | null = null
  const stated: (readonly string[] | undefined)[] = []
  for (const place of places) {
    const found = slots[place]?.statement
    stated.push(found?.values)
    if (found === undefined) continue
    if (changedAt === null || found.changedAt > changedAt) changedAt = found.changedAt
  }
  if (changedAt === null) return null
  const outcome = expression.evaluate(stated, work)
  if (outcome.kind === 'ignored') return null
  const rule = expression.text
  if (outcome.kind === 'values') {
    return { source, rule, statement: { values: outcome.values, changedAt }, fault: null }
  }
  const { position, message } = outcome.problem
  const fault = `At character ${position}: ${message}`
  return { source, rule, statement: { values: [], changedAt }, fault }
}

/** Spellings that a table remembers: a hostile provider may invent names without end. */
const spellingsKept = 1000

/** Places of the names that are read of one source. They are compared without case: admins type them by hand. */
class NameTable {
  readonly #places = new Map<string, number>()
  readonly #spellings = new Map<string, number>()

  /** The place of a name that a rule reads. */
  placeOf(name: string): number {
    const folded = name.toLowerCase()
    const place = this.#places.get(folded) ?? this.#places.size
    this.#places.set(folded, place)
    return place
  }

  /** The place of a name as a source spells it, or -1 when nothing reads it. */
  find(spelling: string): number {
    if (spelling.length > limits.mappingNameLength) return -1
    const known = this.#spellings.get(spelling)
    if (known !== undefined) return known
    const place = this.#places.get(spelling.toLowerCase()) ?? -1
    if (this.#spellings.size < spellingsKept) this.#spellings.set(spelling, place)
    return place
  }
}

function slotsOf(
  views: readonly SourceView[],
  names: Readonly<Record<SourceName, NameTable>>,
): Slots {
  const slots: Record<SourceName, (Reading | undefined)[]> = {
    scim: [],
    saml: [],
    graph: [],
    manual: [],
  }
  for (const { source, attributes } of views) {
    const table = names[source]
    const places = slots[source]
    for (const name in attributes) {
      const place = table.find(name)
      if (place < 0 || !Object.hasOwn(attributes, name)) continue
      const statement = attributes[name]
      if (statement === undefined) continue
      const held = places[place]
      const reading: Reading = { source, rule: name, statement, fault: null }
      if (held === undefined || isNewer(reading, held)) places[place] = reading
    }
  }
  return slots
}

/** Of two spellings of one name the one that changed last counts, whatever the order of the names. */
function isNewer(a: Reading, b: Reading): boolean {
  const difference = a.statement.changedAt - b.statement.changedAt
  return difference === 0 ? a.rule > b.rule : difference > 0
}
