import type { ProvisionedUser } from '../../directory/index.ts'
import { ok, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import type { Filter } from '../filter/filter.ts'
import { withinLimits } from '../resource/change-limit.ts'
import { mentionOf, namesAt, type Selector } from '../resource/flatten.ts'
import { isSame, type JsonObject } from '../resource/json.ts'
import { holdToLookups } from '../resource/lookup-limit.ts'
import type { UserInput } from '../resource/parse-user.ts'
import { holdToLength } from '../resource/resource-length.ts'
import { blanksOf, namesGone, unique } from '../resource/stated-blanks.ts'
import { userColumns } from '../resource/user-columns.ts'
import { canonicalValue } from '../resource/values.ts'
import { applyAll } from './apply.ts'
import { dialects } from './dialects.ts'
import type { Operation } from './operations.ts'
import { type Change, planOperation } from './plan.ts'

/** What of a user a PATCH starts from. */
export type PatchedUser = Pick<ProvisionedUser, 'userName' | 'externalId' | 'active' | 'view'>

/** The user after a PATCH; `changed` is false when it reads as before. */
export type UserPatch = UserInput & { readonly active: boolean; readonly changed: boolean }

/**
 * Applies a PATCH to a user, whole or not at all: the first operation that fails fails all of them.
 * @returns what the user reads as afterwards, or the failure of planOperation, applyAll, userColumns or holdToLookups
 * @see RFC 7644 3.5.2; patch/dialects.ts for what is accepted beside it
 */
export function patchUser(
  current: PatchedUser,
  operations: readonly Operation[],
): Result<UserPatch, ScimFailure> {
  const before: JsonObject = {
    userName: current.userName,
    ...(current.externalId === null ? {} : { externalId: current.externalId }),
    active: current.active,
    ...current.view,
  }
  const planned = planAll(operations)
  if (!planned.ok) return planned
  const applied = applyAll(before, planned.value)
  if (!applied.ok) return applied
  const fitted = holdToLength('User', applied.value)
  if (!fitted.ok) return fitted
  const after = fitted.value
  const columns = userColumns(after)
  if (!columns.ok) return columns
  const lookups = holdToLookups(columns.value.view, current.view)
  if (!lookups.ok) return lookups
  // No value for `active` says nothing: neither is somebody let in by it, nor locked out.
  const active = columns.value.active ?? current.active
  const cleared = [...planned.value.flatMap(clearedBy), ...namesGone(before, after)]
  return ok({
    ...columns.value,
    active,
    sent: unique(
      planned.value.map(({ place, sub, filter }) => mentionOf(place, sub, selectorOf(filter))),
    ),
    blanks: blanksOf(cleared, after),
    changed: !isSame(before, { ...after, active }),
  })
}

function planAll(operations: readonly Operation[]): Result<readonly Change[], ScimFailure> {
  const changes: Change[] = []
  for (const operation of operations) {
    const planned = planOperation('User', operation)
    if (!planned.ok) return planned
    for (const change of planned.value) changes.push(change)
  }
  return withinLimits(changes)
}

/** The names that a change states as blank, whether anything stood there or not. */
function clearedBy({ place, sub, op, value, filter, isListed }: Change): readonly string[] {
  const attribute = sub === null ? place.attribute : sub.attribute
  const isClearing = op === 'remove' ? !isListed : canonicalValue(attribute, value) === undefined
  const selector = selectorOf(filter)
  if (!isClearing || (filter !== null && selector === null)) return []
  return namesAt(place, sub, selector)
}

/** Which kind of element a filter means, for names that hold no values. */
function selectorOf(filter: Filter | null): Selector {
  const described = filter === null ? null : dialects.elementThatIsNotThere.rule(filter)
  if (described === null) return null
  const { type, primary } = described
  if (typeof type === 'string') return { type }
  return primary === true ? { primary } : null
}
