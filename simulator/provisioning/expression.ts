import { err, ok, type Result } from '../result.ts'

/** A value at its source: one, several, or none. */
export type SourceValue = string | readonly string[] | null

/** A parsed expression of an attribute mapping. */
export type Expression =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly (Expression | null)[] }

type Fn = (args: readonly SourceValue[]) => SourceValue

const first = (value: SourceValue | undefined): string =>
  (typeof value === 'string' ? value : value?.[0]) ?? ''

const each = (value: SourceValue | undefined, change: (text: string) => string): SourceValue => {
  if (typeof value === 'string') return change(value)
  return value?.map(change) ?? null
}

/** Some of the functions of Microsoft's reference for writing expressions. */
const functions: Readonly<Record<string, Fn>> = {
  Switch: ([value, otherwise, ...pairs]) => {
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      if (first(pairs[at]).toLowerCase() === first(value).toLowerCase())
        return pairs[at + 1] ?? null
    }
    return otherwise ?? null
  },
  Join: ([separator, ...parts]) =>
    parts
      .flat()
      .filter((part) => part !== null && part !== '')
      .join(first(separator)),
  Append: ([value, suffix]) => each(value, (text) => text + first(suffix)),
  Coalesce: (args) => args.find((value) => value !== null && value.length > 0) ?? null,
  IIF: ([condition, yes, no]) => (first(condition) === 'True' ? (yes ?? null) : (no ?? null)),
  Replace: ([value, old, , , by]) => each(value, (text) => text.replaceAll(first(old), first(by))),
  StripSpaces: ([value]) => each(value, (text) => text.replaceAll(' ', '')),
  ToLower: ([value]) => each(value, (text) => text.toLowerCase()),
  ToUpper: ([value]) => each(value, (text) => text.toUpperCase()),
  // The names say how roles travel (difference.ts); their values are JSON here.
  SingleAppRoleAssignment: ([roles]) => {
    const role = first(roles)
    return role === '' ? null : String(JSON.parse(role).value)
  },
  AppRoleAssignmentsComplex: ([roles]) => roles ?? null,
  AssertiveAppRoleAssignmentsComplex: ([roles]) => roles ?? null,
}

/** @returns the value; empty text and empty lists are no value */
export function evaluate(
  expression: Expression,
  read: (attribute: string) => SourceValue,
): SourceValue {
  const value = resolve(expression, read)
  return value === null || value.length === 0 ? null : value
}

function resolve(expression: Expression, read: (attribute: string) => SourceValue): SourceValue {
  if (expression.kind === 'attribute') return read(expression.name)
  if (expression.kind === 'text') return expression.value
  const args = expression.args.map((arg) => (arg === null ? null : resolve(arg, read)))
  return functions[expression.name]?.(args) ?? null
}

/** Every attribute that an expression reads. */
export function attributesOf(expression: Expression): readonly string[] {
  if (expression.kind === 'attribute') return [expression.name]
  if (expression.kind === 'text') return []
  return expression.args.flatMap((arg) => (arg === null ? [] : attributesOf(arg)))
}

/** Reads an expression, or the bare name of an attribute. @returns it, or a sentence that says what is wrong */
export function parseExpression(text: string): Result<Expression, string> {
  if (/^\w+$/.test(text)) return ok({ kind: 'attribute', name: text })
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|\[\w+\]|\w+|[(),]|\S/g) ?? []
  const read = parseAt(tokens, 0)
  if (!read.ok) return read
  if (read.value.next < tokens.length) return err(`There is more after the end of ${text}.`)
  return ok(read.value.expression)
}

type Read = { readonly expression: Expression; readonly next: number }

function parseAt(tokens: readonly string[], at: number): Result<Read, string> {
  const token = tokens[at] ?? ''
  const next = at + 1
  if (token.startsWith('"') && token.length > 1) {
    const value = token.slice(1, -1).replaceAll(/\\(.)/g, '$1')
    return ok({ expression: { kind: 'text', value }, next })
  }
  if (token.startsWith('[') && token.length > 1) {
    return ok({ expression: { kind: 'attribute', name: token.slice(1, -1) }, next })
  }
  if (tokens[next] !== '(') return err(`An expression was expected at ${token || 'the end'}.`)
  if (functions[token] === undefined) return err(`There is no function ${token}.`)
  return parseArguments(tokens, token, next + 1)
}

function parseArguments(
  tokens: readonly string[],
  name: string,
  from: number,
): Result<Read, string> {
  const args: (Expression | null)[] = []
  let at = from
  while (at < tokens.length) {
    if (tokens[at] === ',' || tokens[at] === ')') args.push(null)
    else {
      const read = parseAt(tokens, at)
      if (!read.ok) return read
      args.push(read.value.expression)
      at = read.value.next
    }
    if (tokens[at] === ')') return ok({ expression: { kind: 'call', name, args }, next: at + 1 })
    if (tokens[at] !== ',') break
    at += 1
  }
  return err(`${name}( has no end.`)
}
