import type { AttributeType } from '../directory/index.ts'
import { limits, parseUtcTime } from '../kernel/index.ts'
import type { FieldError } from './refusal.ts'

const kinds: Readonly<Record<AttributeType, { is: (value: unknown) => boolean; what: string }>> = {
  string: { is: (value) => typeof value === 'string' && value !== '', what: 'text' },
  number: { is: (value) => typeof value === 'number', what: 'a number' },
  boolean: { is: (value) => typeof value === 'boolean', what: 'true or false' },
  dateTime: {
    is: (value) => typeof value === 'string' && parseUtcTime(value) !== null,
    what: 'a time in UTC such as 2027-01-31T00:00:00Z',
  },
}

/**
 * Holds an attribute's default against what its values are.
 * @param given the default; null when there is none
 * @returns what is wrong with it, or null
 */
export function checkDefault(
  given: unknown,
  { type, multiValued }: { readonly type: AttributeType; readonly multiValued: boolean },
): FieldError | null {
  if (given === null) return null
  if (JSON.stringify(given).length > limits.attributeDefaultLength) {
    const message = `must be ${limits.attributeDefaultLength} characters at most in all`
    return { field: 'default', message }
  }
  const { is, what } = kinds[type]
  const isFitting = multiValued ? Array.isArray(given) && given.every(is) : is(given)
  const message = multiValued ? `must be a list, each item ${what}` : `must be ${what}`
  return isFitting ? null : { field: 'default', message }
}
