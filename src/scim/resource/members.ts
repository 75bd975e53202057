import { err, ok, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import { isBlank, isObject, valueIn } from './json.ts'
import { shown } from './user-columns.ts'

/**
 * Reads the ids of members in every shape that clients send: a list or one alone, objects with `value` (and
 * `$ref`, `display`, `type`, which are not heard), bare texts, and objects with nothing but a `$ref`.
 * @returns each id once; `scim.invalid_value` for a member without an id
 * @see RFC 7643 4.2; entra.md a6
 */
export function readMembers(value: unknown): Result<readonly string[], ScimFailure> {
  const items = (Array.isArray(value) ? value : [value]).filter((item) => !isBlank(item))
  const ids = new Set<string>()
  for (const item of items) {
    const id = idOf(item)
    if (id === null) {
      const detail = `members holds ${shown(item)}, which has no value. Send {"value": "<id of the user or group>"}.`
      return err({ code: 'scim.invalid_value', detail })
    }
    ids.add(id)
  }
  return ok([...ids])
}

function idOf(item: unknown): string | null {
  if (typeof item === 'string') return item
  if (!isObject(item)) return null
  const value = valueIn(item, 'value')
  if (typeof value === 'string' && value !== '') return value
  const ref = valueIn(item, '$ref')
  return typeof ref === 'string' ? (/\/(?:Users|Groups)\/([^/?#]+)$/i.exec(ref)?.[1] ?? null) : null
}
