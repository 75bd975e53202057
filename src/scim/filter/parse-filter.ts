import { err, limits, ok, printable, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import type { ResourceName } from '../schema/attribute.ts'
import { type CustomAttribute, customUrn } from '../schema/extension-schemas.ts'
import { attributeNamed, type FoundAttribute, findAttribute } from '../schema/find-attribute.ts'
import { type Filter, type Operator, operators } from './filter.ts'
import { isOfType, openFor, readValue } from './read-value.ts'
import { type FilterProblem, type Token, tokenize } from './tokens.ts'

type Parsed<T> = Result<T, FilterProblem>

/** Finds what a name means in a filter: in a resource, or in an element of an attribute. */
type Scope = {
  readonly find: (name: string, value: Token) => FoundAttribute | null
  readonly isElement: boolean
}

export type FilterOptions = {
  readonly custom?: readonly CustomAttribute[]
  /** Another type that is searched by the same filter: what only it has is without a value here (RFC 7644 3.4.2.1). */
  readonly alsoOf?: ResourceName | null
}

/**
 * Reads a filter (RFC 7644 3.4.2.2, the whole grammar) and checks it against the schema. Operators and
 * names in any case; `not` binds closer than `and`, `and` closer than `or`. Beside the grammar,
 * `emails[type eq "work"].value eq "x"` is read, which is what Entra sends.
 * @returns the filter, or `scim.invalid_filter` with the place and what was expected there
 */
export function parseFilter(
  text: string,
  resource: ResourceName,
  { custom = [], alsoOf = null }: FilterOptions = {},
): Result<Filter, ScimFailure> {
  const find = (name: string) =>
    findAttribute(resource, name, custom) ??
    (alsoOf === null ? null : findAttribute(alsoOf, name, custom))
  return parse(text, { find, isElement: false }, 'filter')
}

/**
 * An organization's own attribute keeps what it is sent, whatever its type: matched with what is none of the type,
 * it is an attribute that no schema describes.
 */
function asSent(found: FoundAttribute, operator: Operator, value: Token): FoundAttribute {
  const isMatch = operator === 'eq' || operator === 'ne'
  if (found.schema !== customUrn || !isMatch || isOfType(found.attribute, value)) return found
  return { ...found, attribute: openFor(found.attribute.name, value) }
}

/**
 * Reads the filter of a value path of PATCH: names are the element's parts, and unknown ones are allowed,
 * since elements keep what they were sent.
 * @param attribute null when no schema knows the attribute
 */
export function parseElementFilter(
  text: string,
  attribute: FoundAttribute['attribute'] | null,
): Result<Filter, ScimFailure> {
  return parse(text, elementScope(attribute, true), 'path')
}

function elementScope(attribute: FoundAttribute['attribute'] | null, isOpen: boolean): Scope {
  const parts = attribute?.subAttributes
  const find = (name: string, value: Token): FoundAttribute | null => {
    const found = attributeNamed(parts, name)
    if (found !== null) return { schema: null, attribute: found, sub: null }
    // An element of a list of simple values is its own `value` (RFC 7644 3.5.2).
    if (attribute !== null && parts === undefined && /^value$/i.test(name)) {
      return {
        schema: null,
        attribute: { ...attribute, name: 'value', multiValued: false },
        sub: null,
      }
    }
    if (!isOpen || !/^\$?\w[\w-]*$/.test(name)) return null
    return { schema: null, attribute: openFor(name, value), sub: null }
  }
  return { find, isElement: true }
}

function parse(text: string, scope: Scope, what: 'filter' | 'path'): Result<Filter, ScimFailure> {
  const code = what === 'filter' ? 'scim.invalid_filter' : 'scim.invalid_path'
  if (text.length > limits.scimFilterLength) {
    const detail = `The ${what} is longer than ${limits.scimFilterLength} characters.`
    return err({ code, detail })
  }
  const tokens = tokenize(text)
  const filter = tokens.ok ? new FilterReader(tokens.value).read(scope) : tokens
  if (filter.ok) return filter
  const { at, problem } = filter.failure
  const detail = `The ${what} cannot be read at character ${at}: ${printable(problem, 400)}.`
  return err({ code, detail })
}

class FilterReader {
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0
  #terms = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  read(scope: Scope): Parsed<Filter> {
    const filter = this.#any(scope)
    if (!filter.ok) return filter
    const rest = this.#peek()
    return rest.kind === 'end' ? filter : problem(rest, 'and, or, or the end')
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: 'the end', at: 1 }
  }

  #take(): Token {
    const token = this.#peek()
    this.#next++
    return token
  }

  #isWord(word: string): boolean {
    const { kind, text } = this.#peek()
    return kind === 'word' && text.toLowerCase() === word
  }

  #any(scope: Scope): Parsed<Filter> {
    return this.#series('or', () => this.#series('and', () => this.#term(scope)))
  }

  #series(kind: 'and' | 'or', one: () => Parsed<Filter>): Parsed<Filter> {
    const filters: Filter[] = []
    for (;;) {
      const filter = one()
      if (!filter.ok) return filter
      filters.push(filter.value)
      if (!this.#isWord(kind)) break
      this.#take()
    }
    const [only] = filters
    return ok(filters.length === 1 && only !== undefined ? only : { kind, filters })
  }

  #term(scope: Scope): Parsed<Filter> {
    const start = this.#peek()
    if (this.#isWord('not') && this.#tokens[this.#next + 1]?.kind === '(') {
      this.#take()
      const filter = this.#bracketed('(', ')', scope)
      return filter.ok ? ok({ kind: 'not', filter: filter.value }) : filter
    }
    if (start.kind === '(') return this.#bracketed('(', ')', scope)
    if (start.kind !== 'word') return problem(start, 'the name of an attribute')
    this.#take()
    this.#terms++
    if (this.#terms > limits.scimFilterTerms) {
      const most = `there are more than ${limits.scimFilterTerms} comparisons`
      return err({ at: start.at, problem: most })
    }
    return this.#peek().kind === '[' ? this.#valuePath(start, scope) : this.#compare(start, scope)
  }

  /** A filter between brackets, the opening one still to come. */
  #bracketed(open: '(' | '[', close: ')' | ']', scope: Scope): Parsed<Filter> {
    const start = this.#take()
    if (start.kind !== open) return problem(start, open)
    this.#depth++
    if (this.#depth > limits.scimFilterDepth) {
      const most = `brackets are more than ${limits.scimFilterDepth} deep`
      return err({ at: start.at, problem: most })
    }
    const filter = this.#any(scope)
    if (!filter.ok) return filter
    const end = this.#take()
    if (end.kind !== close) return problem(end, `and, or, or ${close}`)
    this.#depth--
    return filter
  }

  /** `emails[type eq "work"]`, and `emails[type eq "work"].value eq "x"`. */
  #valuePath(name: Token, scope: Scope): Parsed<Filter> {
    const path = scope.isElement ? null : scope.find(name.text, this.#peek())
    if (path === null) return unknown(name)
    if (path.sub !== null) return problem(name, 'an attribute that is a list or an object')
    const inner = elementScope(path.attribute, false)
    const filter = this.#bracketed('[', ']', inner)
    if (!filter.ok) return filter
    const after = this.#peek()
    if (after.kind !== 'word' || !after.text.startsWith('.')) {
      return ok({ kind: 'elements', path, filter: filter.value })
    }
    this.#take()
    const part = this.#compare({ ...after, text: after.text.slice(1) }, inner)
    if (!part.ok) return part
    const filters = [filter.value, part.value]
    return ok({ kind: 'elements', path, filter: { kind: 'and', filters } })
  }

  #compare(name: Token, scope: Scope): Parsed<Filter> {
    const word = this.#take()
    const operator = word.text.toLowerCase()
    if (word.kind === 'word' && operator === 'pr') {
      const path = scope.find(name.text, word)
      return path === null ? unknown(name) : readable(name, path, { kind: 'present', path })
    }
    if (word.kind !== 'word' || !isOperator(operator)) {
      return problem(word, `an operator (${operators.join(', ')} or pr)`)
    }
    const token = this.#take()
    if (token.kind !== 'text' && token.kind !== 'word') return problem(token, 'a value')
    const found = scope.find(name.text, token)
    if (found === null) return unknown(name)
    const path = comparable(asSent(found, operator, token))
    const compared = path.sub ?? path.attribute
    const value = readValue(compared, operator, token)
    if (!value.ok) return err({ at: token.at, problem: `${name.text} needs ${value.failure}` })
    return readable(name, path, { kind: 'compare', path, operator, value: value.value })
  }
}

/** A list or an object without a sub-attribute is compared by its `value`: `manager eq "x"` (reference a4). */
function comparable(path: FoundAttribute): FoundAttribute {
  const value = path.sub === null ? attributeNamed(path.attribute.subAttributes, 'value') : null
  return value === null ? path : { ...path, sub: value }
}

/** A password is neither stored nor guessed at by filters; an address is only made for the answer. */
function readable(name: Token, path: FoundAttribute, filter: Filter): Parsed<Filter> {
  const { isDerived, returned } = path.sub ?? path.attribute
  return isDerived === true || returned === 'never' ? unknown(name) : ok(filter)
}

function isOperator(word: string): word is Operator {
  return (operators as readonly string[]).includes(word)
}

function problem(token: Token, expected: string): { ok: false; failure: FilterProblem } {
  const got = token.kind === 'end' ? token.text : `"${token.text.slice(0, 80)}"`
  return err({ at: token.at, problem: `expected ${expected} instead of ${got}` })
}

function unknown(name: Token): { ok: false; failure: FilterProblem } {
  return err({
    at: name.at,
    problem: `there is no attribute ${name.text.slice(0, 200)} to compare`,
  })
}
