import type { ScimView } from '../../directory/index.ts'
import { err, ok, printable, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import type { JsonObject } from './json.ts'

/** What of a user has columns of its own, and the rest. */
export type UserColumns = {
  readonly userName: string
  readonly externalId: string | null
  /** Undefined when nobody said anything. */
  readonly active: boolean | undefined
  readonly view: ScimView
}

/**
 * Takes apart what a user's document says.
 * @returns `scim.invalid_value` when userName is missing, empty or no text, or `active` is neither true nor false
 */
export function userColumns(document: JsonObject): Result<UserColumns, ScimFailure> {
  const { userName, externalId, active, ...view } = document
  if (typeof userName !== 'string' || userName.trim() === '') return err(badUserName(userName))
  if (active !== undefined && typeof active !== 'boolean') {
    const got = shown(active)
    const detail = `active is ${got}, and must be true or false. Map it with Switch([IsSoftDeleted], , "False", "True", "True", "False").`
    return err({ code: 'scim.invalid_value', detail })
  }
  // Space around a name is nobody's: with it somebody could be there twice, and signs in as neither.
  return ok({ userName: userName.trim(), externalId: textOrNull(externalId), active, view })
}

function badUserName(userName: unknown): ScimFailure {
  const got =
    userName === undefined || (typeof userName === 'string' && userName.trim() === '')
      ? 'userName is missing or empty'
      : `userName is ${shown(userName)}, which is no text`
  const detail = `${got}. Map userPrincipalName to userName in the provisioning job.`
  return { code: 'scim.invalid_value', detail }
}

/** An externalId is a text; what is none names nobody. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** A value as a failure shows it: short, and nothing that could hide in a log. */
export function shown(value: unknown): string {
  return printable(JSON.stringify(value) ?? 'nothing', 80)
}
