import type { ScimView } from '../../directory/index.ts'
import { err, ok, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import { assignmentsIn, documentOf } from './assign.ts'
import { withinLimits } from './change-limit.ts'
import { isObject } from './json.ts'
import { holdToLookups } from './lookup-limit.ts'
import { holdToLength } from './resource-length.ts'
import { settle } from './settle.ts'
import { blanksOf, mentionsOf, namesCleared } from './stated-blanks.ts'
import { userColumns } from './user-columns.ts'

/** A user as a request states it. */
export type UserInput = {
  readonly userName: string
  readonly externalId: string | null
  /** Undefined when the request says nothing of it. */
  readonly active: boolean | undefined
  /** By canonical names; without userName, externalId and active. */
  readonly view: ScimView
  /** Attributes that the request mentioned, without values. */
  readonly sent: readonly string[]
  /** Names that the request cleared by `""`, null or `[]`, as resource/flatten.ts writes them. */
  readonly blanks: readonly string[]
}

/**
 * Reads the user of a POST or PUT. Names are accepted in any case, dotted, and with their URN before them;
 * attributes that no schema knows are kept; `id`, `meta`, `groups`, `schemas` and `password` are left out.
 * @param held the view that it replaces; null for somebody new
 * @returns the user; `scim.invalid_syntax` for what is no object, `scim.invalid_value` for a userName or
 *   `active` that cannot be read, `scim.body_too_large`, `scim.too_many`
 * @see RFC 7644 3.3 and 3.5.1; entra.md a4 for the shapes
 */
export function parseUser(
  body: unknown,
  held: ScimView | null = null,
): Result<UserInput, ScimFailure> {
  if (!isObject(body)) return err(noObject('User'))
  const limited = withinLimits(assignmentsIn('User', body))
  if (!limited.ok) return limited
  const assignments = limited.value
  const places = assignments.map(({ place }) => place)
  const fitted = holdToLength('User', settle(documentOf(assignments), places))
  if (!fitted.ok) return fitted
  const columns = userColumns(fitted.value)
  if (!columns.ok) return columns
  const lookups = holdToLookups(columns.value.view, held)
  if (!lookups.ok) return lookups
  return ok({
    ...columns.value,
    sent: mentionsOf(assignments),
    blanks: blanksOf(namesCleared(assignments), fitted.value),
  })
}

/** The failure for a body that is no object. */
export function noObject(resource: 'User' | 'Group'): ScimFailure {
  const detail = `The body must be a JSON object with the attributes of a ${resource}.`
  return { code: 'scim.invalid_syntax', detail }
}
