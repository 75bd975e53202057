import type { AnyFailure, ErrorEntry } from '../kernel/index.ts'

/** A SCIM error message (RFC 7644 3.12). */
export type ScimError = {
  readonly schemas: readonly string[]
  /** The HTTP status, as text. */
  readonly status: string
  readonly scimType?: string
  readonly detail: string
}

/**
 * What a SCIM client is told. Entra shows `detail` verbatim in its provisioning log, so it says what
 * happened, what an admin does about it, and the reference number under which the event is found.
 */
export function scimError(input: {
  readonly failure: AnyFailure
  readonly entry: ErrorEntry
  readonly requestId: string
}): ScimError {
  const { failure, entry, requestId } = input
  const told =
    'detail' in failure && typeof failure.detail === 'string'
      ? failure.detail
      : `${entry.means} ${entry.fix}`
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(entry.status),
    ...(entry.scimType === undefined ? {} : { scimType: entry.scimType }),
    detail: `${told} (Reference ${requestId})`,
  }
}
