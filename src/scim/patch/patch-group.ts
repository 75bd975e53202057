import type { MemberStep, ProvisionedGroup } from '../../directory/index.ts'
import { ok, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import { withinLimits } from '../resource/change-limit.ts'
import { mentionOf } from '../resource/flatten.ts'
import { isSame, type JsonObject } from '../resource/json.ts'
import { type GroupColumns, groupColumns, isMembers } from '../resource/parse-group.ts'
import { unique } from '../resource/stated-blanks.ts'
import { applyAll } from './apply.ts'
import { memberStepsOf, mergeSteps } from './member-steps.ts'
import type { Operation } from './operations.ts'
import { type Change, planOperation } from './plan.ts'

/** What of a group a PATCH starts from; its members are not looked at. */
export type PatchedGroup = Pick<ProvisionedGroup, 'displayName' | 'externalId' | 'view'>

/** The group after a PATCH. */
export type GroupPatch = {
  readonly next: GroupColumns
  /** What happens to the members, in the order of the request; empty when nothing is said of them. */
  readonly memberSteps: readonly MemberStep[]
  readonly sent: readonly string[]
  /** Whether anything but members is different. */
  readonly changed: boolean
}

/**
 * Applies a PATCH to a group, whole or not at all, without its members: what happens to them is returned as
 * steps over sets of ids, so that the cost does not grow with the group.
 * @returns the failure of planOperation, memberStepsOf, applyAll or groupColumns otherwise
 * @see RFC 7644 3.5.2; patch/dialects.ts for what is accepted beside it
 */
export function patchGroup(
  current: PatchedGroup,
  operations: readonly Operation[],
): Result<GroupPatch, ScimFailure> {
  const before: JsonObject = {
    displayName: current.displayName,
    ...(current.externalId === null ? {} : { externalId: current.externalId }),
    ...current.view,
  }
  const changes: Change[] = []
  const steps: MemberStep[] = []
  let mentionsMembers = false
  for (const operation of operations) {
    const planned = planOperation('Group', operation)
    if (!planned.ok) return planned
    for (const change of planned.value) {
      if (!isMembers(change)) {
        changes.push(change)
        continue
      }
      mentionsMembers = true
      const ofMembers = memberStepsOf(change)
      if (!ofMembers.ok) return ofMembers
      steps.push(...ofMembers.value)
    }
  }
  const limited = withinLimits(changes)
  if (!limited.ok) return limited
  const applied = applyAll(before, limited.value)
  if (!applied.ok) return applied
  const columns = groupColumns(applied.value)
  if (!columns.ok) return columns
  const mentions = limited.value.map(({ place, sub }) => mentionOf(place, sub))
  return ok({
    next: columns.value,
    memberSteps: mergeSteps(steps),
    sent: unique([...mentions, ...(mentionsMembers ? ['members'] : [])]),
    changed: !isSame(before, applied.value),
  })
}
