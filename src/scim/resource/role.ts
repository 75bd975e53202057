import { isObject, type JsonObject, valueIn } from './json.ts'

/** Characters of a text that is tried as JSON; Entra's app roles are a few hundred. */
const maxLength = 4096

/**
 * An app role that Entra wrote as JSON inside a text (AppRoleAssignmentsComplex, reference a4):
 * `{"value":"{\"id\":\"06b0…\",\"value\":\"Admin\",\"displayName\":\"Admin\"}"}`. The text becomes the role
 * that it describes, not primary unless it says so; anything else stays as it is.
 */
export function unpackRole(role: unknown): unknown {
  const outer = isObject(role) ? role : { value: role }
  const inner = parseObject(valueIn(outer, 'value'))
  if (inner === null) return role
  const value = textOf(inner, 'value') ?? textOf(inner, 'id')
  if (value === null) return role
  const others = Object.entries(outer).filter(([key]) => key.toLowerCase() !== 'value')
  const id = textOf(inner, 'id')
  const display = textOf(inner, 'displayName') ?? textOf(inner, 'display')
  const type = textOf(inner, 'type')
  return {
    ...(id === null ? {} : { id }),
    ...(display === null ? {} : { display }),
    ...(type === null ? {} : { type }),
    primary: valueIn(inner, 'primary') ?? false,
    ...Object.fromEntries(others),
    value,
  }
}

function parseObject(value: unknown): JsonObject | null {
  if (typeof value !== 'string' || value.length > maxLength || !/^\s*\{/.test(value)) return null
  try {
    const parsed: unknown = JSON.parse(value)
    return isObject(parsed) ? parsed : null
  } catch {
    return null // SyntaxError: a role whose name begins with a brace
  }
}

function textOf(object: JsonObject, name: string): string | null {
  const value = valueIn(object, name)
  return typeof value === 'string' && value !== '' ? value : null
}
