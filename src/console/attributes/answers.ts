/** What the Admin API answers about attributes and the mapping, as far as these pages show it. */
export type Source = 'manual' | 'scim' | 'graph' | 'saml'

export const sources = ['manual', 'scim', 'graph', 'saml'] as const satisfies readonly Source[]

export const sourceNames: Readonly<Record<string, string>> = {
  manual: 'By hand',
  scim: 'SCIM',
  graph: 'Microsoft Graph',
  saml: 'Sign-in',
}

export type Scalar = string | number | boolean
export type Value = Scalar | readonly Scalar[]

export type AttributeAnswer = {
  readonly key: string
  readonly label: string
  readonly description: string | null
  readonly type: string
  readonly multiValued: boolean
  readonly default: Value | null
  readonly required: boolean
  readonly system: boolean
  readonly scim: string | null
  readonly updatedAt: string | null
}

export type SourceRule = readonly string[] | { readonly expression: string }

export type RuleAnswer = Readonly<Record<Source, SourceRule>> & {
  readonly tiers: readonly (readonly Source[])[]
  readonly blankClears: boolean
}

export type MappingAnswer = {
  readonly version: number
  readonly rules: Readonly<Record<string, RuleAnswer>>
  readonly run: string | null
}

export type Shown = {
  readonly profile: Readonly<Record<string, Value>>
  readonly provenance: Readonly<
    Record<string, { readonly source: string; readonly at: string; readonly rule: string }>
  >
}

export type PreviewAnswer = {
  readonly users: readonly {
    readonly id: string
    readonly userName: string
    readonly before: Shown
    readonly after: Shown
    readonly changed: readonly string[]
    readonly problems: readonly {
      readonly key: string
      readonly kind: string
      readonly source: string | null
      readonly rule: string | null
      readonly message: string | null
    }[]
  }[]
}

export type UseAnswer = {
  readonly people: number
  readonly all: boolean
  readonly valued: number
  readonly sources: Readonly<Record<string, number>>
  readonly change: {
    readonly people: number
    readonly losing: number
    readonly gaining: number
  } | null
}
