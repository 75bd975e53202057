import { actionOf, type DriftItem } from './drift.ts'
import type { HeldMember, MembershipInput, MembershipPlan } from './plan-types.ts'

const missingRule =
  'A complete read of the group by Microsoft Graph decides who is in it, and has this member.'
const extraRule =
  'A complete read of the group by Microsoft Graph decides who is in it, and lacks this member.'
const newerRule = 'SCIM changed the group after the read began, so the next read decides.'

/**
 * What a complete read of a group's direct members comes to (DESIGN 2.1, Groups and roles). Facts of SCIM that
 * are newer than the start of the read stand: a member put in since stays, and while SCIM changed the group since,
 * nobody is put back. Of whom nobody knows who they are in the tenant, Graph says nothing. Pure.
 */
export function planMembers(input: MembershipInput): MembershipPlan {
  const { group, readStartedAt, settings } = input
  const { membership_missing: whenMissing, membership_extra: whenExtra } = settings.policies
  const stated = new Set(input.stated)
  const heldIds = new Set(input.held.map(({ personId }) => personId))
  const isScimNewer = group.scimAt > readStartedAt
  const missing = [...stated].toSorted().flatMap((objectId) => {
    const personId = input.personOf.get(objectId)
    return personId === undefined || heldIds.has(personId) ? [] : [{ objectId, personId }]
  })
  const extra = input.held
    .filter((one) => isExtra(one))
    .toSorted((a, b) => (a.personId < b.personId ? -1 : 1))
  const add =
    !isScimNewer && whenMissing === 'repair' ? missing.map(({ personId }) => personId) : []
  const remove = whenExtra === 'repair' ? extra.map(({ personId }) => personId) : []
  const base = { groupId: group.id, attribute: null }
  const drift: DriftItem[] = [
    ...missing.map(({ objectId, personId }) => ({
      ...base,
      kind: 'membership_missing' as const,
      personId,
      objectId,
      stated: { member: true },
      held: { member: false },
      rule: isScimNewer ? newerRule : missingRule,
      action: isScimNewer && whenMissing === 'repair' ? 'reported' : actionOf[whenMissing],
    })),
    ...extra.map(({ personId, objectId }) => ({
      ...base,
      kind: 'membership_extra' as const,
      personId,
      objectId,
      stated: { member: false },
      held: { member: true },
      rule: extraRule,
      action: actionOf[whenExtra],
    })),
  ]
  const stripped = group.roles.map((role) => [`role:${role}`, remove.length])
  return { add, remove, drift, brakeUse: remove.length === 0 ? {} : Object.fromEntries(stripped) }

  function isExtra({ objectId, source, at }: HeldMember): boolean {
    if (objectId === null || stated.has(objectId)) return false
    return !(source === 'scim' && at > readStartedAt)
  }
}
