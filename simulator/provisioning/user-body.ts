import type { MappedValue } from './mapped-values.ts'
import { writeAt } from './target-path.ts'

export const userSchemas = [
  'urn:ietf:params:scim:schemas:core:2.0:User',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
] as const

/** A role as POST and the assertive PATCH write it. */
export function roleObject(json: string) {
  const role: { readonly value?: string; readonly displayName?: string } = JSON.parse(json)
  return {
    primary: false,
    type: 'WindowsAzureActiveDirectoryRole',
    display: role.displayName,
    value: role.value,
  }
}

/**
 * The body that creates somebody. Schemas of custom attributes are not named in `schemas`, and a reference is
 * the bare id, as in Microsoft's examples.
 * @param referenced what the application calls the people referred to; null: it is not said
 */
export function userBody(
  values: readonly MappedValue[],
  referenced: (sourceId: string) => string | null,
): Record<string, unknown> {
  const body: Record<string, unknown> = {
    schemas: userSchemas,
    meta: { resourceType: 'User' },
    roles: [],
  }
  for (const mapped of values) {
    const value = bodyValue(mapped, referenced)
    if (value !== null) writeAt(body, mapped.path, value)
  }
  return body
}

function bodyValue(
  { kind, value }: MappedValue,
  referenced: (sourceId: string) => string | null,
): unknown {
  if (kind === 'boolean') return value === 'True'
  if (kind === 'roles-added' || kind === 'roles-asserted') return [value].flat().map(roleObject)
  if (kind === 'reference') return referenced(String(value))
  return typeof value === 'string' ? value : value.map((one) => ({ value: one }))
}
