/** Comparison operators of IIF's condition, as Entra has them. */
export const comparisons = ['=', '<>', '>=', '<=', '>', '<'] as const
export type Comparison = (typeof comparisons)[number]

/** A parsed expression; `at` is the offset of its first character. */
export type ExpressionNode =
  | { readonly kind: 'attribute'; readonly at: number; readonly name: string }
  | { readonly kind: 'constant'; readonly at: number; readonly value: string | number | boolean }
  | CallNode
  | {
      readonly kind: 'compare'
      readonly at: number
      readonly operator: Comparison
      readonly left: ExpressionNode
      readonly right: ExpressionNode
    }

export type CallNode = {
  readonly kind: 'call'
  readonly at: number
  /** As the table of functions spells it. */
  readonly name: string
  /** Null where an argument is left out, as in `Switch([a], , "x", "y")`. */
  readonly args: readonly (ExpressionNode | null)[]
}

/** What is wrong with an expression, and where. */
export type ExpressionProblem = {
  /** Which character, counted from 1. */
  readonly position: number
  readonly message: string
}
