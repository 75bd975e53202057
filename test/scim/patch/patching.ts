import { type Operation, readOperations } from '../../../src/scim/patch/operations.ts'
import { patchGroup } from '../../../src/scim/patch/patch-group.ts'
import { patchUser } from '../../../src/scim/patch/patch-user.ts'

export type Json = Readonly<Record<string, unknown>>

export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** A user whose view is the given one, patched; `view` and `failure` are what tests look at. */
export function patched(view: Json, ...operations: readonly object[]) {
  const current = { userName: 'ann@contoso.example', externalId: 'ann', active: true, view }
  const read = readOperations({ Operations: operations })
  return read.ok ? patchUser(current, read.value) : read
}

/** The view of a user after operations that must succeed. */
export function viewAfter(view: Json, ...operations: readonly object[]): Json {
  return unwrap(patched(view, ...operations)).view
}

/** A group patched. */
export function patchedGroup(...operations: readonly object[]) {
  const read = readOperations({ Operations: operations })
  const current = { displayName: 'Ops', externalId: null, view: {} }
  return read.ok ? patchGroup(current, read.value) : read
}

/** The operations of a body that must be readable. */
export function operationsOf(...operations: readonly object[]): readonly Operation[] {
  return unwrap(readOperations({ Operations: operations }))
}

/** The value of a success. */
export function unwrap<T>(result: { ok: true; value: T } | { ok: false; failure: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}
