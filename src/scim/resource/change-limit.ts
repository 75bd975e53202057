import { err, limits, ok, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import { customUrn } from '../schema/extension-schemas.ts'
import type { Place } from './place.ts'

type Change = { readonly place: Place; readonly value: unknown }

/**
 * Holds what a request sets to `limits.scimAttributeChanges` and `limits.scimResourceLength` before anything
 * is set. What no schema knows is left out first, since it never fails a request.
 * @returns `scim.too_many` or `scim.body_too_large` when what is known alone is too much
 */
export function withinLimits<T extends Change>(
  changes: readonly T[],
): Result<readonly T[], ScimFailure> {
  if (isWithin(changes)) return ok(changes)
  const known = changes.filter(({ place }) => place.attribute !== null || place.urn === customUrn)
  if (isWithin(known)) return ok(known)
  if (known.length > limits.scimAttributeChanges) {
    const detail = `The request sets ${known.length} attributes, and ${limits.scimAttributeChanges} is the most. Send several smaller ones.`
    return err({ code: 'scim.too_many', detail })
  }
  const detail = `The values of the request have ${lengthOf(known)} characters as JSON, and ${limits.scimResourceLength} is the most. Remove a long attribute, such as a photo, from the mapping.`
  return err({ code: 'scim.body_too_large', detail })
}

function isWithin(changes: readonly Change[]): boolean {
  return (
    changes.length <= limits.scimAttributeChanges && lengthOf(changes) <= limits.scimResourceLength
  )
}

function lengthOf(changes: readonly Change[]): number {
  return changes.reduce(
    (sum, { place, value }) => sum + place.name.length + (JSON.stringify(value) ?? '').length,
    0,
  )
}
