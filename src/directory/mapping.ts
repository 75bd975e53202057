import { defaultClaims, defaultGraphNames, defaultScimNames } from './default-names.ts'
import { expressionNames } from './expression/index.ts'
import type { SourceName } from './source-view.ts'

/** What a source's statements are made into: written with Entra's function names (expression/). */
export type ExpressionRule = { readonly expression: string }

/** A source's names that feed an attribute, the first that has a value winning, or an expression over its names. */
export type SourceRule = readonly string[] | ExpressionRule

/** Sources from strongest to weakest; inside a tier the statement that changed last wins. One left out sets nothing. */
export type Tiers = readonly (readonly SourceName[])[]

/** How one attribute gets its value (DESIGN 2.1, Whose value). */
export type AttributeRule = Readonly<Partial<Record<SourceName, SourceRule>>> & {
  /** `defaultTiers` unless given. */
  readonly tiers?: Tiers
  /** Whether a stated blank clears the value, which is so unless given; else it is passed over. */
  readonly blankClears?: boolean
}

/** How source views become a profile. */
export type Mapping = {
  /** Grows with every change; a profile row carries the version that made it. */
  readonly version: number
  readonly rules: Readonly<Record<string, AttributeRule>>
}

export const defaultTiers: Tiers = [['manual'], ['scim', 'graph'], ['saml']]

/** The mapping before an organization changes it: every built-in attribute from its usual names. */
export const defaultMapping: Mapping = {
  version: 1,
  rules: Object.fromEntries(
    Object.entries(defaultClaims).map(([key, names]) => [
      key,
      {
        manual: [key],
        scim: defaultScimNames[key] ?? [],
        graph: defaultGraphNames[key] ?? [],
        saml: names,
      },
    ]),
  ),
}

/** The names of a source that a rule reads, those in an expression too. */
export function namesRead(rule: AttributeRule | undefined, source: SourceName): readonly string[] {
  const own = rule?.[source]
  if (own === undefined) return []
  return 'expression' in own ? expressionNames(own.expression) : own
}

/** All names of a source that a mapping reads, each once: what is asked of Graph, and what a view must keep. */
export function mappedNames(mapping: Mapping, source: SourceName): readonly string[] {
  return [...new Set(Object.values(mapping.rules).flatMap((rule) => namesRead(rule, source)))]
}

/** Attributes by which people are told apart or reached. */
const naming = ['userName', 'email']

/**
 * The claims that name a person: stated twice, the sign-in is refused, because order would choose who it
 * is (row N03). Any other attribute stated twice only resolves blank: a second department is no reason to
 * lock somebody out.
 */
export function namingClaims(mapping: Mapping): readonly string[] {
  return naming.flatMap((key) => namesRead(mapping.rules[key], 'saml'))
}
