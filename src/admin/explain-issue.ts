import type * as z from '#zod'

/** Kinds of values as people who write JSON call them. */
const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/**
 * What is wrong with a value, and so what to send instead, in words rather than in the schema library's.
 * @returns undefined where the library's own message has to do
 */
export function explainIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return explainKind(issue.expected, issue.input)
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ')
      const choice = issue.values.length === 1 ? values : `one of ${values}`
      return issue.input === undefined ? `is required: ${choice}` : `must be ${choice}`
    }
    case 'too_small':
      return explainSize(issue.origin, 'at least', Number(issue.minimum))
    case 'too_big':
      return explainSize(issue.origin, 'at most', Number(issue.maximum))
    default:
      return undefined
  }
}

function explainKind(expected: string, input: unknown): string | undefined {
  if (input === undefined) return 'is required'
  const wanted = kinds[expected]
  const given = kindOf(input)
  if (wanted === undefined) return undefined
  return wanted === given || expected === 'int'
    ? `must be ${wanted}`
    : `must be ${wanted}, not ${given}`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  const kind = Array.isArray(value) ? 'array' : typeof value
  return kinds[kind] ?? kind
}

function explainSize(origin: string, bound: 'at least' | 'at most', size: number): string {
  if (origin !== 'string' && origin !== 'array') return `must be ${bound} ${size}`
  if (bound === 'at least' && size === 1) return 'must not be empty'
  return `must have ${bound} ${size} ${origin === 'string' ? 'characters' : 'items'}`
}
