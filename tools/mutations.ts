import { stripComments } from './source-text.ts'

/** One guard taken out: the text between `from` and `to` is replaced, so that the guard never refuses. */
export type Mutation = {
  readonly from: number
  readonly to: number
  readonly replacement: 'true' | 'false'
  /** The condition that is taken out, on one line. */
  readonly condition: string
  readonly line: number
}

const refusal =
  /^(?:return\s+|throw\s+)?(?:err|fail\w*|refuse\w*|malformed|beyond|fault|null|false|\{\s*code:|'[a-z_]+')(?=[\s(<,)}\n]|$)/

/**
 * Finds the guards of a source: conditions whose consequence is to refuse, `if (a || b) return err(…)` and
 * `a ? ok(…) : err(…)`. Each operand of an `||` is a guard of its own. Passing on somebody else's refusal
 * (`if (!x.ok) return x`) is none.
 */
export function findGuards(source: string): readonly Mutation[] {
  const code = blankComments(source)
  return [...findIfs(code), ...findTernaries(code)].sort((a, b) => a.from - b.from)
}

/** The source with one guard taken out. */
export function applyMutation(source: string, { from, to, replacement }: Mutation): string {
  return source.slice(0, from) + replacement + source.slice(to)
}

/**
 * The source in which every guard tells the global `tellRefusal` its number and its value each time it is
 * asked. It behaves as the original does.
 */
export function recordRefusals(
  source: string,
  guards: readonly { readonly id: number; readonly mutation: Mutation }[],
): string {
  const opening = guards.map(({ id, mutation: { from, to, replacement } }) => ({
    at: from,
    text: `globalThis.tellRefusal(${id}, ${replacement}, (`,
    rank: -to, // of two that begin here, the longer one is outside
  }))
  const closing = guards.map(({ mutation }) => ({
    at: mutation.to,
    text: '))',
    rank: Number.NEGATIVE_INFINITY, // what ends here ends before the next begins
  }))
  const edits = [...closing, ...opening].sort((a, b) => a.at - b.at || compare(a.rank, b.rank))
  let recorded = ''
  let copied = 0
  for (const { at, text } of edits) {
    recorded += source.slice(copied, at) + text
    copied = at
  }
  return recorded + source.slice(copied)
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function findIfs(code: string): Mutation[] {
  const found: Mutation[] = []
  for (const match of code.matchAll(/\bif \(/g)) {
    const start = match.index + match[0].length
    const end = closing(code, start)
    const body = code.slice(end + 1).replace(/^\s*\{?\s*/, '')
    if (!refusal.test(body)) continue
    for (const operand of operands(code, start, end)) found.push(mutation(code, operand, 'false'))
  }
  return found.filter(({ condition }) => !/^!\w+(?:\.\w+)*\.ok$/.test(condition))
}

function findTernaries(code: string): Mutation[] {
  const found: Mutation[] = []
  for (const match of code.matchAll(/\s\? /g)) {
    const question = match.index
    const start = expressionStart(code, question)
    const colon = matchingColon(code, question + match[0].length)
    if (start === null || colon === null) continue
    const yes = code.slice(question + match[0].length)
    const no = code.slice(colon + 1).trimStart()
    const condition = { from: start, to: question }
    if (/^ok\(/.test(yes) && refusal.test(no)) found.push(mutation(code, condition, 'true'))
    else if (/^(?:err|refuse\w*|malformed)\(/.test(yes))
      found.push(mutation(code, condition, 'false'))
    else if (/^null\b/.test(yes) && /^(?:err\(|refuse|\{ code:)/.test(no)) {
      found.push(mutation(code, condition, 'true'))
    }
  }
  return found.filter(({ condition }) => !/^\w+(?:\.\w+)*\.ok$/.test(condition))
}

type Span = { readonly from: number; readonly to: number }

function mutation(code: string, { from, to }: Span, replacement: 'true' | 'false'): Mutation {
  const condition = code.slice(from, to).replace(/\s+/g, ' ').trim()
  return { from, to, replacement, condition, line: code.slice(0, from).split('\n').length }
}

/** The top-level operands of `||` between two places. */
function operands(code: string, from: number, to: number): readonly Span[] {
  const cuts: number[] = []
  for (let at = from, depth = 0; at < to; at = next(code, at)) {
    depth += step(code, at)
    if (depth === 0 && code.startsWith('||', at)) cuts.push(at)
  }
  const starts = [from, ...cuts.map((cut) => cut + 2)]
  return starts.map((start, index) => trimmed(code, start, cuts[index] ?? to))
}

function trimmed(code: string, from: number, to: number): Span {
  const text = code.slice(from, to)
  return { from: from + text.length - text.trimStart().length, to: from + text.trimEnd().length }
}

/** Where the parenthesis that was opened just before `from` is closed. */
function closing(code: string, from: number): number {
  let depth = 1
  for (let at = from; at < code.length; at = next(code, at)) {
    depth += step(code, at)
    if (depth === 0) return at
  }
  return code.length
}

/** Where the expression that ends at a place begins: after `return`, `=>`, `=` or an opening bracket. */
function expressionStart(code: string, end: number): number | null {
  const lineStarts = /(?:\breturn\s+|=>\s*|[^=!<>]=\s+|[([{,:?]\s*)$/
  let depth = 0
  for (let at = end - 1; at >= 0 && end - at < 600; at--) {
    if (')]}'.includes(code.charAt(at))) depth++
    else if ('([{'.includes(code.charAt(at))) depth--
    if (depth < 0) return trimmed(code, at + 1, end).from
    if (depth === 0 && lineStarts.test(code.slice(Math.max(0, at - 12), at))) {
      return /\s/.test(code.charAt(at)) ? null : at
    }
  }
  return null
}

/** The `:` of the conditional whose first branch begins at a place. */
function matchingColon(code: string, from: number): number | null {
  for (let at = from, depth = 0, nested = 0; at < code.length; at = next(code, at)) {
    depth += step(code, at)
    if (depth < 0) return null
    if (depth > 0) continue
    if (/^\s\? /.test(code.slice(at, at + 3))) nested++
    else if (code.startsWith(': ', at) || code.startsWith(':\n', at)) {
      if (nested === 0) return at
      nested--
    }
  }
  return null
}

function step(code: string, at: number): number {
  if ('([{'.includes(code.charAt(at))) return 1
  return ')]}'.includes(code.charAt(at)) ? -1 : 0
}

/** The next place, past a string literal if one begins here. */
function next(code: string, at: number): number {
  const quote = code.charAt(at)
  if (quote !== "'" && quote !== '"' && quote !== '`') return at + 1
  for (let end = at + 1; end < code.length; end++) {
    if (code.charAt(end) === '\\') end++
    else if (code.charAt(end) === quote) return end + 1
  }
  return code.length
}

/** Comments become spaces, so that every place stays where it is. */
function blankComments(source: string): string {
  const lines = source.split('\n')
  return stripComments(source)
    .split('\n')
    .map((line, index) => line.padEnd(lines[index]?.length ?? 0))
    .join('\n')
}
