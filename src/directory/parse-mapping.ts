import { err, limits, ok, type Result } from '../kernel/index.ts'
import type { AttributeDefinition } from './attributes.ts'
import { groupsClaim, nameIdClaim, nameIdEmailClaim, rolesClaim } from './default-names.ts'
import {
  changedRule,
  defaultRule,
  type MappingChanges,
  presentMapping,
  wholeRule,
} from './effective-mapping.ts'
import { compileExpression } from './expression/index.ts'
import { graphProperties, isGraphName } from './graph-names.ts'
import { type AttributeRule, namesRead, type SourceRule, type Tiers } from './mapping.ts'
import type { SourceName } from './source-view.ts'

/** What is wrong with a mapping that an admin sends: where, and as the rest of a sentence. */
export type MappingProblem = { readonly field: string; readonly message: string }

type Read<T> = Result<T, readonly MappingProblem[]>

const sources = ['manual', 'scim', 'graph', 'saml'] as const satisfies readonly SourceName[]
const allowed: readonly string[] = ['tiers', 'blankClears', ...sources]

/** Names that begin with # are ours: statements that are only reported stand under such names (`reconcile`). */
const ownNames = new Set([nameIdClaim, nameIdEmailClaim, groupsClaim, rolesClaim])

/**
 * Reads the rules that an admin sends, by key of the attribute. An attribute, or a part of its rule, that is left
 * out is as the default has it, so the answer of a read can be sent back.
 * @param given any JSON
 * @param definitions the built-in attributes and the organization's own
 * @returns what differs from the default, to be stored; or all that is wrong, each with its place
 */
export function parseMapping(
  given: unknown,
  definitions: readonly AttributeDefinition[],
): Read<MappingChanges> {
  if (!isRecord(given)) return problem('rules', 'must be an object, with keys of attributes')
  const keys = new Set(definitions.map(({ key }) => key))
  const problems: MappingProblem[] = []
  const changes: [string, AttributeRule][] = []
  for (const [key, rule] of Object.entries(given)) {
    const read = keys.has(key)
      ? parseRule(rule, `rules.${key}`)
      : problem(`rules.${key.slice(0, 64)}`, 'is no attribute of the organization')
    if (!read.ok) problems.push(...read.failure)
    else {
      const changed = changedRule(key, wholeRule({ ...defaultRule(key), ...read.value }))
      if (changed !== null) changes.push([key, changed])
    }
  }
  if (problems.length > 0) return err(problems.slice(0, limits.mappingProblems))
  const all = Object.fromEntries(changes)
  if (JSON.stringify(all).length > limits.mappingLength) {
    return problem('rules', `must be ${limits.mappingLength} characters at most in all`)
  }
  const tooMany = tooManyOfGraph(definitions, all)
  return tooMany === null ? ok(all) : err([tooMany])
}

function parseRule(given: unknown, field: string): Read<AttributeRule> {
  if (!isRecord(given)) return problem(field, 'must be an object')
  const unknown = Object.keys(given).find((name) => !allowed.includes(name))
  if (unknown !== undefined) {
    return problem(`${field}.${unknown.slice(0, 64)}`, `is none of ${allowed.join(', ')}`)
  }
  const problems: MappingProblem[] = []
  const parts: [string, unknown][] = []
  const take = (name: string, read: (value: unknown, at: string) => Read<unknown>) => {
    if (given[name] === undefined) return
    const part = read(given[name], `${field}.${name}`)
    if (part.ok) parts.push([name, part.value])
    else problems.push(...part.failure)
  }
  take('tiers', parseTiers)
  take('blankClears', parseFlag)
  for (const source of sources) take(source, (value, at) => parseSource(value, { at, source }))
  return problems.length > 0 ? err(problems) : ok(Object.fromEntries(parts))
}

function parseTiers(given: unknown, field: string): Read<Tiers> {
  const tiers = Array.isArray(given) ? (given as readonly unknown[]) : null
  const isList = tiers?.every(
    (tier) => Array.isArray(tier) && tier.length > 0 && tier.every(isSource),
  )
  if (tiers === null || isList !== true) {
    const message = `must be a list of lists of sources, the strongest first; sources are ${sources.join(', ')}`
    return problem(field, message)
  }
  const all = (tiers as Tiers).flat()
  if (new Set(all).size < all.length) return problem(field, 'must name each source once at most')
  return ok(tiers as Tiers)
}

function parseFlag(given: unknown, field: string): Read<boolean> {
  return typeof given === 'boolean' ? ok(given) : problem(field, 'must be true or false')
}

type Place = { readonly at: string; readonly source: SourceName }

function parseSource(given: unknown, place: Place): Read<SourceRule> {
  if (Array.isArray(given)) return parseNames(given, place)
  if (!isRecord(given) || Object.keys(given).join() !== 'expression') {
    return problem(place.at, 'must be a list of names, or an object with an expression')
  }
  const { expression } = given
  const field = `${place.at}.expression`
  if (typeof expression !== 'string') return problem(field, 'must be text')
  const compiled = compileExpression(expression)
  if (!compiled.ok) {
    const { position, message } = compiled.failure
    return problem(field, `cannot be read at character ${position}: ${message}`)
  }
  const wrong = compiled.value.names.map((name) => wrongName(name, place.source)).find(isText)
  return wrong === undefined ? ok({ expression }) : problem(field, `reads a name that ${wrong}`)
}

function parseNames(given: readonly unknown[], { at, source }: Place): Read<readonly string[]> {
  if (given.length > limits.mappingNames) {
    return problem(at, `must have ${limits.mappingNames} names at most`)
  }
  const problems: MappingProblem[] = []
  const folded = new Set<string>()
  const names = given.map((name, index) => {
    const wrong = typeof name === 'string' ? wrongName(name, source) : 'must be text'
    const isRepeated = typeof name === 'string' && folded.has(name.toLowerCase())
    const message = wrong ?? (isRepeated ? 'is there twice; case does not tell two apart' : null)
    if (message !== null) problems.push({ field: `${at}.${index}`, message })
    const text = String(name)
    folded.add(text.toLowerCase())
    return text
  })
  return problems.length > 0 ? err(problems) : ok(names)
}

/** Why a source cannot have an attribute of this name, or null. */
function wrongName(name: string, source: SourceName): string | null {
  if (name === '' || name.length > limits.mappingNameLength) {
    return `must have 1 to ${limits.mappingNameLength} characters`
  }
  if (name.trim() !== name || /\p{Cc}/u.test(name)) {
    return 'must have no control characters, and no space at its ends'
  }
  if (name.startsWith('#') && !(source === 'saml' && ownNames.has(name))) {
    return 'begins with #, which only names of a sign-in’s own parts do'
  }
  return source === 'graph' && !isGraphName(name)
    ? 'is no property of a user in Graph: write jobTitle, or onPremisesExtensionAttributes.extensionAttribute1'
    : null
}

/** Everything that is read of Graph stands in one address, so that more than it has room for would never be read. */
function tooManyOfGraph(
  definitions: readonly AttributeDefinition[],
  changes: MappingChanges,
): MappingProblem | null {
  const rules = Object.values(presentMapping(definitions, changes))
  if (graphProperties(rules.flatMap((rule) => namesRead(rule, 'graph'))).isAll) return null
  const most = limits.graphSelectedProperties
  return {
    field: 'rules',
    message: `must read ${most} properties of Graph at most in all, with those that are always read`,
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSource(value: unknown): value is SourceName {
  return (sources as readonly unknown[]).includes(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function problem(field: string, message: string): Read<never> {
  return err([{ field, message }])
}
