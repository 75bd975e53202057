import type { GroupStatement, ScimView, UserStatement } from '../../directory/index.ts'
import { foldCase } from '../../kernel/index.ts'
import { indexKeys } from '../filter/index-keys.ts'
import { flatten } from './flatten.ts'
import { isObject, type JsonObject } from './json.ts'
import type { GroupInput } from './parse-group.ts'
import type { UserInput } from './parse-user.ts'

/**
 * What the directory stores of a user. A name in `blanks` is stated as an empty list, so that a mapping may
 * tell a cleared value from one that was never sent (DESIGN 2.1).
 * @param input as parseUser or patchUser returns it; an `active` that nobody stated is true
 */
export function userStatement(input: UserInput): UserStatement {
  const { userName, externalId, view, sent, blanks } = input
  const stated = new Map<string, readonly string[]>(blanks.map((name) => [name, []]))
  const named = { userName, ...(externalId === null ? {} : { externalId }), ...view }
  for (const [name, values] of flatten(named)) stated.set(name, values)
  return {
    userName,
    externalId,
    active: input.active ?? true,
    view,
    folded: fold(view),
    keys: indexKeys(view),
    stated,
    sent,
  }
}

/** What the directory stores of a group. */
export function groupStatement(input: Omit<GroupInput, 'memberIds'>): GroupStatement {
  const { displayName, externalId, view, sent } = input
  return { displayName, externalId, view, folded: fold(view), sent }
}

/** A view with every text folded, names left as they are: what comparisons without case look at. */
export function fold(view: ScimView): ScimView {
  return foldValue(view) as JsonObject
}

function foldValue(value: unknown): unknown {
  if (typeof value === 'string') return foldCase(value)
  if (Array.isArray(value)) return value.map(foldValue)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, foldValue(item)]))
}
