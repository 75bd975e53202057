import { type AnyFailure, limits, printable } from '../kernel/index.ts'

/** More than any failure has; evidence is for reading, not for storing a message. */
const maxEntries = 24

/**
 * The evidence of a failure for the event log: flat, short and printable, whatever a stranger wrote into it
 * (row P18). It can hold personal values.
 * @returns dotted names and their text; the code is left out
 */
export function evidenceOf(failure: AnyFailure): Readonly<Record<string, string>> {
  const { code: _code, ...evidence } = failure
  const entries = flatten(evidence, '').slice(0, maxEntries)
  return Object.fromEntries(
    entries.map(([name, text]) => [name, printable(text, limits.evidenceLength)]),
  )
}

function flatten(value: unknown, name: string): [string, string][] {
  if (value === null || value === undefined) return [[name, 'none']]
  if (Array.isArray(value)) {
    return [[name, value.length === 0 ? 'none' : value.slice(0, maxEntries).join(' | ')]]
  }
  if (typeof value !== 'object') return [[name, String(value)]]
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, name === '' ? key : `${name}.${key}`),
  )
}
