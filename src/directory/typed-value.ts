import type { AttributeDefinition, AttributeType, ProfileValue } from './attributes.ts'

type Single = string | number | boolean

const converters: Readonly<Record<AttributeType, (text: string) => Single | null>> = {
  string: (text) => text,
  number: (text) => (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : null),
  boolean: (text) => {
    const folded = text.toLowerCase()
    return folded === 'true' ? true : folded === 'false' ? false : null
  },
  dateTime: (text) => (isUtcTime(text) ? text : null),
}

const utcTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/

/** Whether a text is a moment that exists, in UTC (RFC 7643 2.3.5). Of any year: people are born before 1970. */
function isUtcTime(text: string): boolean {
  if (text.length > 30 || !utcTime.test(text)) return false
  const second = text.slice(0, 19)
  const stated = `${second}Z`
  const date = new Date(stated)
  // A day that a month does not have, and 24:00, would be the next one.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(second)
}

/** Why stated values make no value of an attribute. */
export type Misfit = 'several_values' | 'wrong_type'

/** Whether what is stated is a blank: no value, or none but empty ones. */
export function isBlank(values: readonly string[]): boolean {
  for (const value of values) if (value !== '') return false
  return true
}

/** The attribute's value of what a source states; null for a blank and for what does not fit, which `misfitOf` tells. */
export function typedValue(
  { type, multiValued }: AttributeDefinition,
  values: readonly string[],
): ProfileValue | null {
  const convert = converters[type]
  if (!multiValued) {
    // Several values for one field are ambiguous: blank rather than a value that order chose (row N03).
    const [only = ''] = values
    return values.length !== 1 || only === '' ? null : convert(only)
  }
  const typed: Single[] = []
  for (const value of values) {
    const one = value === '' ? null : convert(value)
    if (one === null) return null
    typed.push(one)
  }
  return typed.length === 0 ? null : typed
}

/** Why `typedValue` gives nothing for values; null where they are blank, or it gives something. */
export function misfitOf(
  definition: AttributeDefinition,
  values: readonly string[],
): Misfit | null {
  if (isBlank(values) || typedValue(definition, values) !== null) return null
  return !definition.multiValued && values.length > 1 ? 'several_values' : 'wrong_type'
}

const fits: Readonly<Record<AttributeType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string' && value !== '',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  dateTime: (value) => typeof value === 'string' && isUtcTime(value),
}

/** The value where nobody states one: the definition's default when it is of the type, else null. */
export function defaultOf(definition: AttributeDefinition): ProfileValue | null {
  const { defaultValue, multiValued, type } = definition
  const isOne = fits[type]
  const isFitting = Array.isArray(defaultValue)
    ? multiValued && defaultValue.length > 0 && defaultValue.every(isOne)
    : !multiValued && isOne(defaultValue)
  return isFitting ? defaultValue : null
}
