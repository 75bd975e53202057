import { err, foldCase, ok, type Result } from '../../kernel/index.ts'
import { type Attribute, type AttributeType, openAttribute } from '../schema/attribute.ts'
import { readDateTime } from './date-time.ts'
import type { FilterValue, Operator } from './filter.ts'
import type { Token } from './tokens.ts'

const ordering = ['gt', 'ge', 'lt', 'le'] as const
const text = ['eq', 'ne', 'co', 'sw', 'ew', ...ordering] as const

/** Which operators a type can be compared with (RFC 7644 table 3). */
const operatorsOf: Readonly<Record<AttributeType, readonly Operator[]>> = {
  string: text,
  reference: text,
  boolean: ['eq', 'ne'],
  binary: ['eq', 'ne'],
  integer: ['eq', 'ne', ...ordering],
  decimal: ['eq', 'ne', ...ordering],
  dateTime: ['eq', 'ne', ...ordering],
  complex: [],
}

type Read = Result<FilterValue, string>

const readers: Readonly<Record<AttributeType, (token: Token) => Read>> = {
  string: ({ text }) => ok(text),
  reference: ({ text }) => ok(text),
  binary: ({ text }) => ok(text),
  boolean: ({ text }) => {
    const word = text.toLowerCase()
    return word === 'true' || word === 'false' ? ok(word === 'true') : err('true or false')
  },
  integer: readNumber,
  decimal: readNumber,
  dateTime: ({ text }) => {
    const at = readDateTime(text)
    return at === null ? err('a date and time such as "2026-01-31T09:30:00Z"') : ok(at)
  },
  complex: () => err('one of its sub-attributes'),
}

function readNumber({ text }: Token): Read {
  return /^-?\d{1,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,2})?$/i.test(text)
    ? ok(Number(text))
    : err('a number')
}

/**
 * Reads the value of a comparison as the attribute's type. Entra writes booleans as `"True"` and, in its
 * documentation, texts without quotes: both are read.
 * @returns the value, or what would have been right
 */
export function readValue(attribute: Attribute, operator: Operator, token: Token): Read {
  if (attribute.type === 'complex') return err('one of its sub-attributes')
  if (!operatorsOf[attribute.type].includes(operator)) {
    return err(`${operatorsOf[attribute.type].join(', ')} or pr`)
  }
  if (token.kind === 'word' && token.text.toLowerCase() === 'null') {
    return operator === 'eq' || operator === 'ne' ? ok(null) : err('a value')
  }
  const value = readers[attribute.type](token)
  if (!value.ok || typeof value.value !== 'string' || attribute.caseExact) return value
  return ok(foldCase(value.value))
}

/** Whether a comparison's value is one of the attribute's type, or null. */
export function isOfType({ type }: Attribute, token: Token): boolean {
  const isNull = token.kind === 'word' && token.text.toLowerCase() === 'null'
  return isNull || readers[type](token).ok
}

/** An attribute that no schema describes, of the type that the literal beside it has. */
export function openFor(name: string, token: Token): Attribute {
  const isBoolean = token.kind === 'word' && /^(?:true|false)$/i.test(token.text)
  return openAttribute(name, isBoolean ? 'boolean' : 'string')
}
