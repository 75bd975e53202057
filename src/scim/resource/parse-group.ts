import type { ScimView } from '../../directory/index.ts'
import { err, ok, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import { type Assignment, assignmentsIn, documentOf } from './assign.ts'
import { withinLimits } from './change-limit.ts'
import { isObject, type JsonObject } from './json.ts'
import { readMembers } from './members.ts'
import { noObject } from './parse-user.ts'
import { holdToLength } from './resource-length.ts'
import { settle } from './settle.ts'
import { mentionsOf } from './stated-blanks.ts'
import { shown, textOrNull } from './user-columns.ts'

/** What a group says of itself, without its members. */
export type GroupColumns = {
  readonly displayName: string
  readonly externalId: string | null
  readonly view: ScimView
}

/** A group as a request states it. */
export type GroupInput = GroupColumns & {
  /** Null when the request does not mention members. */
  readonly memberIds: readonly string[] | null
  readonly sent: readonly string[]
}

/**
 * Reads the group of a POST or PUT.
 * @returns the group; `scim.invalid_syntax` for what is no object, `scim.invalid_value` for a displayName that
 *   is missing or no text or a member without an id, `scim.body_too_large`
 * @see RFC 7644 3.3 and 3.5.1; entra.md a6 for the shapes
 */
export function parseGroup(body: unknown): Result<GroupInput, ScimFailure> {
  if (!isObject(body)) return err(noObject('Group'))
  const assignments = assignmentsIn('Group', body)
  const mentioned = assignments.filter(isMembers)
  const ids = readMembers(mentioned.flatMap(({ value }) => value))
  if (!ids.ok) return ids
  const limited = withinLimits(assignments.filter((one) => !isMembers(one)))
  if (!limited.ok) return limited
  const rest = limited.value
  const places = rest.map(({ place }) => place)
  const columns = groupColumns(settle(documentOf(rest), places))
  if (!columns.ok) return columns
  return ok({
    ...columns.value,
    memberIds: mentioned.length === 0 ? null : ids.value,
    sent: mentionsOf([...rest, ...mentioned]),
  })
}

/** Whether an assignment is about members, which are no part of a group's document. */
export function isMembers({ place }: Pick<Assignment, 'place'>): boolean {
  return place.urn === null && place.name === 'members'
}

/**
 * Takes apart what a group's document says.
 * @returns `scim.invalid_value` when displayName is missing, empty or no text; `scim.body_too_large`
 */
export function groupColumns(document: JsonObject): Result<GroupColumns, ScimFailure> {
  const fitted = holdToLength('Group', document)
  if (!fitted.ok) return fitted
  const { displayName, externalId, ...view } = fitted.value
  if (typeof displayName !== 'string' || displayName.trim() === '') {
    const got =
      displayName === undefined ? 'missing or empty' : `${shown(displayName)}, which is no name`
    const detail = `displayName is ${got}. Map displayName to displayName for groups in the provisioning job.`
    return err({ code: 'scim.invalid_value', detail })
  }
  return ok({ displayName, externalId: textOrNull(externalId), view })
}
