import type { MemberStep } from '../../directory/index.ts'
import { err, ok, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import type { Filter } from '../filter/filter.ts'
import { readMembers } from '../resource/members.ts'
import { type Change, quote } from './plan.ts'

/**
 * What one operation on `members` does, in steps that need no look at who is in the group.
 * @returns `scim.mutability` for a path to a part of a member, `scim.invalid_path` for a filter that would need
 *   such a look, `scim.invalid_value` for a member without an id
 * @see RFC 7644 3.5.2; entra.md a6
 */
export function memberStepsOf(change: Change): Result<readonly MemberStep[], ScimFailure> {
  const { op, sub, filter, path } = change
  if (sub !== null) {
    const detail = `${quote(path)} is part of a member, which cannot change. Remove the member and add the other one.`
    return err({ code: 'scim.mutability', detail })
  }
  if (filter !== null) {
    const step = op === 'remove' ? removalOf(filter) : null
    return step === null ? err(unsupported(change)) : ok([step])
  }
  if (op === 'remove' && !change.isListed) return ok([{ kind: 'keep', ids: [] }])
  const ids = readMembers(change.value)
  if (!ids.ok) return ids
  if (op === 'replace') {
    return ok([
      { kind: 'keep', ids: ids.value },
      { kind: 'add', ids: ids.value },
    ])
  }
  return ok([{ kind: op, ids: ids.value }])
}

function removalOf(filter: Filter): MemberStep | null {
  const type = comparedWith(filter, 'type')
  if (type === 'user') return { kind: 'removeType', type: 'User' }
  if (type === 'group') return { kind: 'removeType', type: 'Group' }
  const ids = idsIn(filter)
  return ids === null ? null : { kind: 'remove', ids }
}

/** The ids of `value eq "a" or value eq "b"`; null for any other filter. */
function idsIn(filter: Filter): readonly string[] | null {
  if (filter.kind !== 'or') {
    const id = comparedWith(filter, 'value')
    return id === null ? null : [id]
  }
  const all = filter.filters.map(idsIn)
  return all.every((ids) => ids !== null) ? all.flat() : null
}

/** The text that a part is compared with by `eq`; null for any other filter. */
function comparedWith(filter: Filter, part: string): string | null {
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return null
  const { path, value } = filter
  return path.attribute.name === part && typeof value === 'string' ? value : null
}

function unsupported({ op, path }: Change): ScimFailure {
  const known =
    'members[value eq "<id>"], several of them joined by or, members[type eq "User"] and members[type eq "Group"], each with remove'
  const detail = `${op} with the path ${quote(path)} is not supported for members. Supported are ${known}.`
  return { code: 'scim.invalid_path', detail }
}

/**
 * Steps with what follows each other put together: 10,000 operations that remove one member each are one
 * step. Whoever was added or removed before everybody but some is taken away does not matter any more.
 */
export function mergeSteps(steps: readonly MemberStep[]): readonly MemberStep[] {
  const merged: { kind: MemberStep['kind']; step: MemberStep; ids: Set<string> }[] = []
  for (const step of steps) {
    const last = merged.at(-1)
    const ids = step.kind === 'removeType' ? [] : step.ids
    if (step.kind === 'keep') merged.length = 0
    else if (ids.length === 0 && step.kind !== 'removeType') continue
    if (
      last !== undefined &&
      last.kind === step.kind &&
      (step.kind === 'add' || step.kind === 'remove')
    ) {
      for (const id of ids) last.ids.add(id)
    } else merged.push({ kind: step.kind, step, ids: new Set(ids) })
  }
  return merged.map(({ step, ids }) =>
    step.kind === 'removeType' ? step : { ...step, ids: [...ids] },
  )
}
