import { parseUtcTime } from '../kernel/index.ts'
import type { AttributeDefinition, AttributeType, ProfileValue } from './attributes.ts'

type Single = string | number | boolean

const converters: Readonly<Record<AttributeType, (text: string) => Single | null>> = {
  string: (text) => text,
  number: (text) => (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : null),
  boolean: (text) => {
    const folded = text.toLowerCase()
    return folded === 'true' ? true : folded === 'false' ? false : null
  },
  dateTime: (text) => (parseUtcTime(text) === null ? null : text),
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

/** The value where nobody states one: the definition's default when it is of the type, else null. */
export function defaultOf(definition: AttributeDefinition): ProfileValue | null {
  const { defaultValue, multiValued } = definition
  if (defaultValue === null) return null
  const values = Array.isArray(defaultValue) ? defaultValue : [defaultValue]
  if (Array.isArray(defaultValue) !== multiValued) return null
  const typed = typedValue(definition, values.map(String))
  return JSON.stringify(typed) === JSON.stringify(defaultValue) ? typed : null
}
