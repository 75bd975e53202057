import type { ExpressionNode } from './tree.ts'
import type { Plain, Value } from './value.ts'

export type Parameter = {
  readonly name: string
  readonly kind: 'required' | 'optional' | 'repeated'
}

/** Arguments by position: null where one is blank or left out. */
export type Arguments = readonly Plain[]

/** One function of the expression language: what it is called, takes and does. */
export type FunctionEntry = {
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** What it does, in one sentence: the guide's table says it so. */
  readonly does: string
  readonly example: string
  /** What the example makes where `[givenName]` is Zoë and the others are as the tests have them. */
  readonly gives: string
  /** What cannot work whatever the values are, as the rest of a sentence; null when nothing. */
  readonly check?: (args: readonly (ExpressionNode | null)[]) => string | null
} & (
  | { readonly apply: (args: Arguments) => Value }
  /** Asks for its arguments itself, so that what is not chosen is not evaluated. */
  | { readonly choose: (ask: (index: number) => Value, count: number) => Value }
)

/** Parameters from their names: `name?` may be left out, `name…` comes any number of times. */
export function parameters(text: string): readonly Parameter[] {
  return text.split(' ').map((name) => {
    if (name.endsWith('?')) return { name: name.slice(0, -1), kind: 'optional' }
    if (name.endsWith('…')) return { name: name.slice(0, -1), kind: 'repeated' }
    return { name, kind: 'required' }
  })
}

/** The text of a constant argument; null when it is none, so that it is judged when it is evaluated. */
export function constantText(arg: ExpressionNode | null | undefined): string | null {
  return arg?.kind === 'constant' && typeof arg.value === 'string' ? arg.value : null
}
