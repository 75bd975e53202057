import type { FoundAttribute } from '../schema/find-attribute.ts'

export const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const
export type Operator = (typeof operators)[number]

/**
 * What an attribute is compared with, already of the attribute's type: milliseconds for a dateTime, folded
 * text (kernel/text.ts) for an attribute that is not caseExact, null for `null`.
 */
export type FilterValue = string | number | boolean | null

/** A comparison of one attribute. Inside `elements` the path names a part of the element. */
export type Comparison = {
  readonly kind: 'compare'
  readonly path: FoundAttribute
  readonly operator: Operator
  readonly value: FilterValue
}

/** A filter that has been read and checked against the schema (RFC 7644 3.4.2.2). */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | Comparison
  | { readonly kind: 'present'; readonly path: FoundAttribute }
  /** A value path: some element of the attribute meets the filter. */
  | { readonly kind: 'elements'; readonly path: FoundAttribute; readonly filter: Filter }
