import { err, limits, ok, type Result } from '../../kernel/index.ts'
import { constantWords } from './constants.ts'
import { expressionFunctions, refusedFunctions } from './functions.ts'
import type { FunctionEntry } from './signature.ts'
import { type Token, tokenize } from './tokens.ts'
import type { CallNode, ExpressionNode, ExpressionProblem } from './tree.ts'

type Parsed<T> = Result<T, ExpressionProblem>

const functionsByName: ReadonlyMap<string, FunctionEntry> = new Map(
  expressionFunctions.map((entry) => [entry.name.toLowerCase(), entry]),
)
const refusedByName = new Map(refusedFunctions.map((entry) => [entry.name.toLowerCase(), entry]))

/**
 * Reads an expression: Entra's syntax, with names of functions in any case. Bounded in characters, depth and parts.
 * @returns its tree, or what is wrong and at which character
 */
export function parseExpression(text: string): Parsed<ExpressionNode> {
  if (text.length > limits.expressionLength) {
    const message = `The expression is longer than ${limits.expressionLength} characters.`
    return err({ position: limits.expressionLength + 1, message })
  }
  const tokens = tokenize(text)
  if (!tokens.ok) return tokens
  return new ExpressionReader(tokens.value, text.length).readAll()
}

class ExpressionReader {
  readonly #tokens: readonly Token[]
  readonly #length: number
  #next = 0
  #nodes = 0
  #names = 0

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens
    this.#length = length
  }

  readAll(): Parsed<ExpressionNode> {
    const node = this.#readComparison(0)
    if (!node.ok) return node
    if (this.#peek() !== undefined) return this.#problem('The expression is over here already.')
    if (this.#names > 0) return node
    const message = 'Nothing here reads an attribute. A value that is always the same is a default.'
    return err({ position: 1, message })
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next]
  }

  /** What is wrong at the token that comes next, or at the end. */
  #problem(message: string, at = this.#peek()?.at ?? this.#length): Parsed<never> {
    return err({ position: at + 1, message })
  }

  #isSign(sign: '(' | ')' | ','): boolean {
    const token = this.#peek()
    return token?.kind === 'sign' && token.sign === sign
  }

  #readComparison(depth: number): Parsed<ExpressionNode> {
    const left = this.#readOperand(depth)
    const token = this.#peek()
    if (!left.ok || token?.kind !== 'operator') return left
    this.#next++
    const right = this.#readOperand(depth)
    if (!right.ok) return right
    const { at, operator } = token
    return this.#counted({ kind: 'compare', at, operator, left: left.value, right: right.value })
  }

  #readOperand(depth: number): Parsed<ExpressionNode> {
    const token = this.#peek()
    if (depth > limits.expressionDepth) {
      return this.#problem(`Calls stand more than ${limits.expressionDepth} deep in each other.`)
    }
    switch (token?.kind) {
      case 'attribute':
        this.#next++
        this.#names++
        return this.#counted(token)
      case 'constant':
        this.#next++
        return this.#counted(token)
      case 'word':
        this.#next++
        return this.#readWord(token, depth)
      default:
        return this.#problem('Expected a function, an attribute in [ ], a text in " " or a number.')
    }
  }

  #readWord({ at, text }: Extract<Token, { kind: 'word' }>, depth: number): Parsed<ExpressionNode> {
    const name = text.toLowerCase()
    const value = constantWords.get(name)
    if (value !== undefined && !this.#isSign('(')) {
      return this.#counted({ kind: 'constant', at, value })
    }
    const entry = functionsByName.get(name)
    if (entry === undefined) {
      const why = refusedByName.get(name)?.why
      return this.#problem(
        why === undefined
          ? `There is no function ${text}.`
          : `${text} is not possible here: ${why}`,
        at,
      )
    }
    if (!this.#isSign('(')) return this.#problem(`After ${entry.name} comes (.`)
    this.#next++
    const args = this.#readArguments(entry.name, depth + 1)
    return args.ok
      ? this.#readCall(entry, { kind: 'call', at, name: entry.name, args: args.value })
      : args
  }

  #readArguments(name: string, depth: number): Parsed<readonly (ExpressionNode | null)[]> {
    const args: (ExpressionNode | null)[] = []
    for (;;) {
      if (this.#isSign(',') || this.#isSign(')')) args.push(null)
      else {
        const arg = this.#readComparison(depth)
        if (!arg.ok) return arg
        args.push(arg.value)
      }
      if (this.#isSign(')')) break
      if (!this.#isSign(',')) return this.#problem(`Expected , or ) in ${name}(…).`)
      this.#next++
    }
    this.#next++
    return ok(args)
  }

  #readCall(entry: FunctionEntry, call: CallNode): Parsed<ExpressionNode> {
    const args = withoutTail(call.args)
    const { parameters } = entry
    const repeated = parameters.at(-1)?.kind === 'repeated'
    const missing = parameters.find(
      ({ kind }, i) => kind !== 'optional' && (args[i] === undefined || args[i] === null),
    )
    if (missing !== undefined) {
      return this.#problem(`${entry.name} needs ${missing.name}: ${signatureOf(entry)}.`, call.at)
    }
    if (args.length > parameters.length && !repeated) {
      return this.#problem(`${entry.name} takes less: ${signatureOf(entry)}.`, call.at)
    }
    const wrong = entry.check?.(args) ?? null
    if (wrong !== null) return this.#problem(`${entry.name} ${wrong}.`, call.at)
    return this.#counted({ ...call, args })
  }

  #counted(node: ExpressionNode): Parsed<ExpressionNode> {
    this.#nodes++
    if (this.#nodes <= limits.expressionNodes) return ok(node)
    return this.#problem(`The expression has more than ${limits.expressionNodes} parts.`, node.at)
  }
}

/** Arguments without those left out at the end, which Entra's examples have: `Replace([a], "b", , , "c", , )`. */
function withoutTail(args: readonly (ExpressionNode | null)[]): readonly (ExpressionNode | null)[] {
  return args.slice(0, args.findLastIndex((arg) => arg !== null) + 1)
}

/** A function as it is called, such as `Mid(source, start, length)`; what may be left out ends with `?`. */
export function signatureOf({ name, parameters }: FunctionEntry): string {
  const marks = { required: '', optional: '?', repeated: ' …' } as const
  return `${name}(${parameters.map((one) => one.name + marks[one.kind]).join(', ')})`
}
