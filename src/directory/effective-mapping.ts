import type { AttributeDefinition } from './attributes.ts'
import { customScimName } from './custom-attributes.ts'
import { type AttributeRule, defaultMapping, defaultTiers, type Mapping } from './mapping.ts'

/** What an organization's mapping says otherwise than the default one, by key of the attribute. */
export type MappingChanges = Readonly<Record<string, AttributeRule>>

/**
 * The rule of an attribute before anybody changes it. One of the organization's own comes by SCIM under its name
 * there, from a claim that is called like it, and from Graph only once an admin says from which property.
 */
export function defaultRule(key: string): AttributeRule {
  if (Object.hasOwn(defaultMapping.rules, key)) return defaultMapping.rules[key] ?? {}
  return { manual: [key], scim: [customScimName(key)], graph: [], saml: [key] }
}

/**
 * The mapping that people of one connection are resolved by: the default, what the organization changed of it, and
 * the claim names of the connection's admin tried first. An expression over claims stands as it is.
 * @param custom the organization's own attributes
 * @param changes as `parseMapping` made and the database keeps them; rules of attributes that are gone say nothing
 * @param claimNames of the connection, by key of the attribute
 */
export function effectiveMapping({
  version,
  custom,
  changes,
  claimNames,
}: {
  readonly version: number
  readonly custom: readonly AttributeDefinition[]
  readonly changes: MappingChanges
  readonly claimNames: Readonly<Record<string, readonly string[]>>
}): Mapping {
  // The same object for whoever changes nothing, so that it is compiled once.
  const isUsual = [custom, Object.keys(changes), Object.keys(claimNames)].every(
    ({ length }) => length === 0,
  )
  if (isUsual) return { version, rules: defaultMapping.rules }
  const keys = [...Object.keys(defaultMapping.rules), ...custom.map(({ key }) => key)]
  const rules = keys.map((key) => {
    const rule = ruleWith(key, changes)
    const first = Object.hasOwn(claimNames, key) ? (claimNames[key] ?? []) : []
    const { saml = [] } = rule
    return [key, 'expression' in saml ? rule : { ...rule, saml: [...first, ...saml] }] as const
  })
  return { version, rules: Object.fromEntries(rules) }
}

function ruleWith(key: string, changes: MappingChanges): AttributeRule {
  return { ...defaultRule(key), ...(Object.hasOwn(changes, key) ? changes[key] : {}) }
}

/** A rule with everything that it leaves out, as the API shows it. */
export type WholeRule = Required<AttributeRule>

/**
 * Every attribute's whole rule, without what connections add: what an admin sees, and may send back as it is.
 * @param definitions the built-in attributes and the organization's own
 */
export function presentMapping(
  definitions: readonly AttributeDefinition[],
  changes: MappingChanges,
): Readonly<Record<string, WholeRule>> {
  return Object.fromEntries(definitions.map(({ key }) => [key, wholeRule(ruleWith(key, changes))]))
}

/** A rule with what it leaves out. */
export function wholeRule(rule: AttributeRule): WholeRule {
  const { manual = [], scim = [], graph = [], saml = [] } = rule
  const { tiers = defaultTiers, blankClears = true } = rule
  return { tiers, blankClears, manual, scim, graph, saml }
}

/** What of a whole rule differs from the attribute's default; null when nothing does. */
export function changedRule(key: string, rule: WholeRule): AttributeRule | null {
  const usual = wholeRule(defaultRule(key))
  const changed = Object.entries(rule).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name as keyof WholeRule]),
  )
  return changed.length === 0 ? null : Object.fromEntries(changed)
}
