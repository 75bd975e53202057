import { err, limits, ok, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import type { ResourceName } from '../schema/attribute.ts'
import { customUrn } from '../schema/extension-schemas.ts'
import { findSchema } from '../schema/schemas.ts'
import { isObject, type JsonObject } from './json.ts'
import { placeOf } from './place.ts'

/**
 * Holds a resource to `limits.scimResourceLength`. What no schema knows is kept while there is room, and left
 * out where there is not, since an attribute that we do not know never fails a request.
 * @returns the resource, or `scim.body_too_large` when what is known alone is too long
 */
export function holdToLength(
  resource: ResourceName,
  document: JsonObject,
): Result<JsonObject, ScimFailure> {
  if (lengthOf(document) <= limits.scimResourceLength) return ok(document)
  const known = Object.fromEntries(
    Object.entries(document).flatMap(([key, value]) => {
      const extension = findSchema(resource, key)
      if (extension === null) {
        return placeOf(resource, null, key).attribute === null ? [] : [[key, value] as const]
      }
      return [
        [key, extension.id === customUrn ? value : describedIn(resource, key, value)] as const,
      ]
    }),
  )
  const length = lengthOf(known)
  if (length <= limits.scimResourceLength) return ok(known)
  const most = limits.scimResourceLength
  const detail = `The ${resource} would have ${length} characters as JSON, and ${most} is the most. Remove a long attribute, such as a photo, from the mapping.`
  return err({ code: 'scim.body_too_large', detail })
}

function describedIn(resource: ResourceName, urn: string, value: unknown): unknown {
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(
    ([name]) => placeOf(resource, urn, name).attribute !== null,
  )
  return Object.fromEntries(kept)
}

function lengthOf(document: JsonObject): number {
  return JSON.stringify(document).length
}
