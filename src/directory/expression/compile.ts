import { limits, ok, type Result } from '../../kernel/index.ts'
import { compareMoments } from './date-functions.ts'
import { expressionFunctions } from './functions.ts'
import { parseExpression } from './parse.ts'
import type { FunctionEntry } from './signature.ts'
import type { CallNode, Comparison, ExpressionNode, ExpressionProblem } from './tree.ts'
import {
  fault,
  isBlank,
  isEnd,
  numberOf,
  type Plain,
  single,
  sizeOf,
  textOf,
  textsOf,
  tooLong,
  truthOf,
  type Value,
} from './value.ts'

/** Values of the attributes that an expression reads, in the order of its `names`; undefined where none is stated. */
export type StatedValues = readonly (readonly string[] | undefined)[]

export type Outcome =
  | { readonly kind: 'values'; readonly values: readonly string[] }
  /** As if the source had said nothing. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'fault'; readonly problem: ExpressionProblem }

export type CompiledExpression = {
  readonly text: string
  /** The source's names that it reads, each once however it is written in case. */
  readonly names: readonly string[]
  /**
   * Pure and total; bounded by `limits`.
   * @param work what is left for all expressions of the person; what this one takes is taken from it
   */
  readonly evaluate: (stated: StatedValues, work?: Work) => Outcome
}

/** Work that several evaluations share, counted as `limits.expressionSteps` is. */
export type Work = { steps: number }

const charactersPerStep = 16

type Run = { readonly stated: StatedValues; steps: number; readonly shared: Work }
type Compiled = (run: Run) => Value

/** What a fault is reported of. */
type Place = { readonly what: string; readonly at: number }

const entries: ReadonlyMap<string, FunctionEntry> = new Map(
  expressionFunctions.map((entry) => [entry.name, entry]),
)

/** Parses an expression and makes it ready to be evaluated for many people. */
export function compileExpression(text: string): Result<CompiledExpression, ExpressionProblem> {
  const tree = parseExpression(text)
  if (!tree.ok) return tree
  const names = distinctNames(tree.value)
  const places = new Map([...names.keys()].map((name, place) => [name, place]))
  const evaluate = compile(tree.value, places)
  return ok({
    text,
    names: [...names.values()],
    evaluate: (stated, shared = { steps: limits.expressionSteps }) =>
      outcomeOf(evaluate({ stated, steps: limits.expressionSteps, shared })),
  })
}

/**
 * The source's names that an expression reads, each once, as it writes them first.
 * @returns none when it cannot be parsed
 */
export function expressionNames(text: string): readonly string[] {
  const tree = parseExpression(text)
  return tree.ok ? [...distinctNames(tree.value).values()] : []
}

/** Names by how they are compared: without case. */
function distinctNames(node: ExpressionNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const name of namesOf(node)) {
    const folded = name.toLowerCase()
    if (!names.has(folded)) names.set(folded, name)
  }
  return names
}

function outcomeOf(value: Value): Outcome {
  if (!isEnd(value)) return { kind: 'values', values: textsOf(value) }
  if (value.kind === 'ignored') return { kind: 'ignored' }
  return {
    kind: 'fault',
    problem: { position: (value.at ?? 0) + 1, message: value.message },
  }
}

function namesOf(node: ExpressionNode): readonly string[] {
  switch (node.kind) {
    case 'attribute':
      return [node.name]
    case 'constant':
      return []
    case 'compare':
      return [...namesOf(node.left), ...namesOf(node.right)]
    case 'call':
      return node.args.flatMap((arg) => (arg === null ? [] : namesOf(arg)))
  }
}

function compile(node: ExpressionNode, places: ReadonlyMap<string, number>): Compiled {
  switch (node.kind) {
    case 'attribute': {
      const place = places.get(node.name.toLowerCase()) ?? 0
      return (run) => counted(run, attributeValue(run.stated[place]), node.at)
    }
    case 'constant':
      return (run) => counted(run, node.value, node.at)
    case 'compare': {
      const [left, right] = [compile(node.left, places), compile(node.right, places)]
      const place = { what: 'The comparison', at: node.at }
      return (run) => {
        const a = left(run)
        if (isEnd(a)) return a
        const b = right(run)
        if (isEnd(b)) return b
        return placed(run, compare(a, b, node.operator), place)
      }
    }
    case 'call':
      return compileCall(node, places)
  }
}

function compileCall(node: CallNode, places: ReadonlyMap<string, number>): Compiled {
  const entry = entries.get(node.name)
  const args = node.args.map((arg) => (arg === null ? null : compile(arg, places)))
  const ask = (run: Run, index: number) => args[index]?.(run) ?? null
  if (entry === undefined) return () => fault(`${node.name} is not there`, node.at)
  const place = { what: entry.name, at: node.at }
  if ('choose' in entry) {
    return (run) =>
      placed(
        run,
        entry.choose((index) => ask(run, index), args.length),
        place,
      )
  }
  return (run) => {
    const values: Plain[] = []
    for (let i = 0; i < args.length; i++) {
      const value = ask(run, i)
      if (isEnd(value)) return value
      values.push(value)
    }
    return placed(run, entry.apply(values), place)
  }
}

/** A result, or what went wrong with the place at which it did: who reports a fault first knows it best. */
function placed(run: Run, value: Value, { what, at }: Place): Value {
  const isUnplaced = isEnd(value) && value.kind === 'fault' && value.at === null
  return isUnplaced ? fault(`${what} ${value.message}.`, at) : counted(run, value, at)
}

/** A list of one is its item, and an empty one nothing: sources do not tell these apart. */
function attributeValue(values: readonly string[] | undefined): Plain {
  if (values === undefined || values.length === 0) return null
  return values.length === 1 ? (values[0] ?? null) : values
}

/** Takes the work that a value was from what is left, and refuses one that is too large. */
function counted(run: Run, value: Value, at: number): Value {
  if (isEnd(value)) return value
  const { length, items } = sizeOf(value)
  if (length > limits.expressionValueLength || items > limits.expressionItems) {
    return fault(`A value here is too large: this ${tooLong.message}.`, at)
  }
  const steps = 1 + items + Math.floor(length / charactersPerStep)
  run.steps -= steps
  run.shared.steps -= steps
  if (run.steps < 0) return fault('The expression takes too much work.', at)
  return run.shared.steps < 0
    ? fault('The expressions of all attributes together take too much work.', at)
    : value
}

/** Times as times, numbers as numbers where one is not text, truth values in any case, else text by its code units. */
function compare(a: Plain, b: Plain, operator: Comparison): Value {
  const order = orderOf(a, b)
  if (typeof order !== 'number') return order
  switch (operator) {
    case '=':
      return order === 0
    case '<>':
      return order !== 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
  }
}

function orderOf(a: Plain, b: Plain): number | Value {
  const [left, right] = [single(a) ?? '', single(b) ?? '']
  if (isEnd(left)) return left
  if (isEnd(right)) return right
  const hasBlank = isBlank(left) || isBlank(right)
  if (!hasBlank && (typeof left === 'object' || typeof right === 'object')) {
    return compareMoments(left, right)
  }
  if (!hasBlank && (typeof left === 'number' || typeof right === 'number')) {
    const [x, y] = [numberOf(left), numberOf(right)]
    return typeof x === 'number' && typeof y === 'number' ? x - y : typeof x === 'number' ? y : x
  }
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    const [x, y] = [truthOf(left), truthOf(right)]
    if (typeof x !== 'boolean') return x
    return typeof y === 'boolean' ? Number(x) - Number(y) : y
  }
  const [x, y] = [textOf(left), textOf(right)]
  return x === y ? 0 : x < y ? -1 : 1
}
