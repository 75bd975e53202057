/** What can differ between a tenant and what is held, each with a policy of its own. */
export const driftKinds = [
  'attribute_cleared',
  'attribute_different',
  'person_missing',
  'person_unassigned',
  'person_deleted',
  'person_disabled',
  'membership_missing',
  'membership_extra',
  'duplicate_unlinked',
  'value_unusable',
  'required_missing',
  'scim_silent',
] as const

export type DriftKind = (typeof driftKinds)[number]

/**
 * What is done about a kind of difference. `repair`: what Entra states is taken over. `report`: it is told and
 * nothing else changes. `ignore`: neither.
 */
export const policies = ['report', 'repair', 'ignore'] as const

export type Policy = (typeof policies)[number]

export type Policies = Readonly<Record<DriftKind, Policy>>

/** `planned` is a repair that a dry run or the brake keeps from being done: only the engine says so. */
export type PlannedAction = 'reported' | 'repaired' | 'ignored'

/** One difference: what Entra states, what is held, which rule decides, and what is done about it. */
export type DriftItem = {
  readonly kind: DriftKind
  readonly personId: string | null
  readonly groupId: string | null
  /** The object in the tenant; null where it is about no single one. */
  readonly objectId: string | null
  /** Key of the profile's attribute. */
  readonly attribute: string | null
  readonly stated: unknown
  readonly held: unknown
  /** The rule that decides, one plain sentence. */
  readonly rule: string
  readonly action: PlannedAction
}

/** A policy as what it does. */
export const actionOf: Readonly<Record<Policy, PlannedAction>> = {
  report: 'reported',
  repair: 'repaired',
  ignore: 'ignored',
}

/**
 * What makes two reports the same one: kind, subject, attribute and what was stated. Its hash is stored as the
 * fingerprint, so that a difference that is still there is not reported again.
 */
export function driftKeyText(item: DriftItem): string {
  const { kind, personId, groupId, objectId, attribute, stated } = item
  return JSON.stringify([kind, personId, groupId, objectId, attribute, stated])
}
