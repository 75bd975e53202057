import { err, limits, ok, type Result } from '../../kernel/index.ts'
import { type Comparison, comparisons, type ExpressionProblem } from './tree.ts'

export type Token = { readonly at: number } & (
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: string | number }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'operator'; readonly operator: Comparison }
  | { readonly kind: 'sign'; readonly sign: '(' | ')' | ',' }
)

type Read = Result<{ readonly token: Token; readonly end: number }, ExpressionProblem>

/** Cuts an expression into tokens, in one pass over its characters. */
export function tokenize(text: string): Result<readonly Token[], ExpressionProblem> {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++
      continue
    }
    const read = readToken(text, at)
    if (!read.ok) return read
    tokens.push(read.value.token)
    at = read.value.end
  }
  return ok(tokens)
}

const word = /[A-Za-z][A-Za-z0-9_]*/y
const number = /-?\d+(?:\.\d+)?/y
const hexadecimal = /&H[0-9A-F]{1,13}/iy

function readToken(text: string, at: number): Read {
  const sign = text.charAt(at)
  if (sign === '(' || sign === ')' || sign === ',') {
    return ok({ token: { kind: 'sign', at, sign }, end: at + 1 })
  }
  if (sign === '"') return readText(text, at)
  if (sign === '[') return readAttribute(text, at)
  const operator = comparisons.find((one) => text.startsWith(one, at))
  if (operator !== undefined) {
    return ok({ token: { kind: 'operator', at, operator }, end: at + operator.length })
  }
  const name = matchAt(word, text, at)
  if (name !== null) return ok({ token: { kind: 'word', at, text: name }, end: at + name.length })
  const digits = matchAt(number, text, at)
  if (digits !== null) return readNumber(digits, at, Number(digits))
  const hex = matchAt(hexadecimal, text, at)
  if (hex !== null) return readNumber(hex, at, Number(`0x${hex.slice(2)}`))
  const typographic = /[“”„«»]/.test(sign) ? ' Text stands in straight quotation marks: "…".' : ''
  return problem(at, `"${sign}" cannot stand here.${typographic}`)
}

function readNumber(digits: string, at: number, value: number): Read {
  if (digits.length > 20) return problem(at, 'The number has too many digits.')
  return ok({ token: { kind: 'constant', at, value }, end: at + digits.length })
}

/** Entra escapes `"` and `\` by a backslash; two quotation marks for one are understood too. */
function readText(text: string, start: number): Read {
  let value = ''
  let at = start + 1
  while (at < text.length) {
    const sign = text.charAt(at)
    const next = text.charAt(at + 1)
    if (sign === '\\') {
      if (next !== '"' && next !== '\\') {
        return problem(at, 'A backslash in a text is written twice: \\\\.')
      }
      value += next
      at += 2
    } else if (sign === '"') {
      if (next !== '"') return ok({ token: { kind: 'constant', at: start, value }, end: at + 1 })
      value += '"'
      at += 2
    } else {
      value += sign
      at++
    }
  }
  return problem(start, 'The text that begins here has no closing quotation mark.')
}

/** A name may have brackets itself: `[emails[type eq "work"].value]`. */
function readAttribute(text: string, start: number): Read {
  let depth = 0
  for (let at = start; at < text.length && at - start <= limits.mappingNameLength + 1; at++) {
    const sign = text.charAt(at)
    if (sign === '[') depth++
    if (sign === ']') depth--
    if (depth > 0) continue
    const name = text.slice(start + 1, at).trim()
    if (name === '') return problem(start, 'The name of an attribute stands between [ and ].')
    return ok({ token: { kind: 'attribute', at: start, name }, end: at + 1 })
  }
  return problem(
    start,
    `The name that begins here has no closing ] within ${limits.mappingNameLength} characters.`,
  )
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

function problem(at: number, message: string): Read {
  return err({ position: at + 1, message })
}
