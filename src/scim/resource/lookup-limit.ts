import type { ScimView } from '../../directory/index.ts'
import { err, limits, ok, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import { indexKeys } from '../filter/index-keys.ts'

/**
 * Holds the values that a user is found by to `limits.scimLookupValues`: each is a row and an entry of an index. What
 * is beyond is refused and not left out, since a filter that misses somebody makes a client create them twice. Who
 * has more already may be changed as long as they do not become more.
 * @param held the view before the request; null for somebody new
 * @returns `scim.too_many`
 */
export function holdToLookups(view: ScimView, held: ScimView | null): Result<null, ScimFailure> {
  const most = limits.scimLookupValues
  const { length } = indexKeys(view)
  if (length <= most || length <= indexKeys(held ?? {}).length) return ok(null)
  const detail = `The user would have ${length} values that users are found by, and ${most} is the most. Send fewer emails and values of custom attributes.`
  return err({ code: 'scim.too_many', detail })
}
