/** What an element may hold. */
export type Content =
  | { readonly kind: 'text' }
  /** Children in this order; places of the same rank in any order among each other. */
  | { readonly kind: 'elements'; readonly places: readonly Place[] }
  /** Text, or these children, or nothing. */
  | { readonly kind: 'value'; readonly places: readonly Place[] }
  /** Somebody else's: not descended into and never read. */
  | { readonly kind: 'ignored' }
  /** The same, and nothing of SAML may lie in it. */
  | { readonly kind: 'foreign' }
  /** Judged by xmldsig or xmlenc. */
  | { readonly kind: 'opaque' }
  /** Known to the schema, and to nobody here. */
  | { readonly kind: 'unsupported' }

/** Where a child may stand. How often it has to is for the checks to say. */
export type Place = {
  readonly rule: ElementRule
  readonly isRepeatable: boolean
  /** Index of the first place that may still be taken after this one: that of its own rank. */
  readonly first: number
}

export type AttributeRule = {
  readonly isRequired: boolean
  readonly allows: (value: string) => boolean
}
export type AttributeRules = ReadonlyMap<string, AttributeRule>

export type ElementRule = {
  readonly uri: string
  readonly local: string
  /** Attributes without a namespace. */
  readonly attributes: AttributeRules
  /** How many of them are required. */
  readonly requiredCount: number
  /** Whether attributes of other namespaces may stand there (anyAttribute); they are never read. */
  readonly anyAttribute: boolean
  readonly content: Content
}

/** Children that may stand beside each other in any order, each once or each often. */
export type Rank = readonly Omit<Place, 'first'>[]

export const text: Content = { kind: 'text' }
export const ignored: Content = { kind: 'ignored' }
export const foreign: Content = { kind: 'foreign' }
export const opaque: Content = { kind: 'opaque' }
export const unsupported: Content = { kind: 'unsupported' }

export function once(...rules: readonly ElementRule[]): Rank {
  return rules.map((rule) => ({ rule, isRepeatable: false }))
}

export function often(...rules: readonly ElementRule[]): Rank {
  return rules.map((rule) => ({ rule, isRepeatable: true }))
}

/** The places of ranks that follow each other. */
export function inOrder(...ranks: readonly Rank[]): readonly Place[] {
  const places: Place[] = []
  for (const rank of ranks) {
    const first = places.length
    for (const place of rank) places.push({ ...place, first })
  }
  return places
}

export function elements(...ranks: readonly Rank[]): Content {
  return { kind: 'elements', places: inOrder(...ranks) }
}

export function optional(...names: readonly string[]): AttributeRules {
  return new Map(names.map((name) => [name, { isRequired: false, allows: () => true }]))
}

export function required(
  allowed: Readonly<Record<string, AttributeRule['allows']>>,
): AttributeRules {
  return new Map(
    Object.entries(allowed).map(([name, allows]) => [name, { isRequired: true, allows }]),
  )
}

export function element(
  uri: string,
  local: string,
  content: Content,
  attributes: AttributeRules = new Map(),
): ElementRule {
  const requiredCount = [...attributes.values()].filter(({ isRequired }) => isRequired).length
  return { uri, local, content, attributes, requiredCount, anyAttribute: false }
}

export function withAnyAttribute(rule: ElementRule): ElementRule {
  return { ...rule, anyAttribute: true }
}
