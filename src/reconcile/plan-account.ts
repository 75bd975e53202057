import { actionOf, type DriftItem, type DriftKind } from './drift.ts'
import type { GraphState, GraphStatement, HeldPerson, KnownUser, PlanInput } from './plan-types.ts'

const dayMs = 24 * 60 * 60 * 1000

type Denial = Extract<DriftKind, 'person_deleted' | 'person_disabled' | 'person_unassigned'>

/** What a person's account and assignment come to. */
export type AccountPlan = {
  readonly deniedByGraph: boolean
  readonly active: boolean
  readonly eraseAt: number | null
  /** What is known of the user from now on; null while something of it is not known. */
  readonly known: KnownUser | null
  readonly drift: readonly DriftItem[]
}

const rules: Readonly<Record<Denial, string>> = {
  person_deleted: 'Whoever is deleted in Entra is denied at once, and erased when retention ends.',
  person_disabled: 'Whoever is disabled in Entra is denied.',
  person_unassigned:
    'The application requires assignment, so whoever is no longer assigned is denied.',
}

const restored = 'Entra no longer denies the person. What other sources deny stays denied.'
const notRequired = 'The application does not require assignment, so nobody is denied for this.'
const deletedStates: readonly (GraphState | null)[] = ['deleted', 'gone']

/**
 * Decides what Graph denies (DESIGN 2.1, Active). It sets and lifts its own denial only. What a policy only
 * reports is not denied, and what is denied already stays so while there is a reason.
 */
export function planAccount(
  held: HeldPerson,
  statement: GraphStatement,
  input: Pick<PlanInput, 'settings' | 'requiresAssignment'>,
): AccountPlan {
  const { person } = held
  const now = knownNow(held, statement)
  const reasons = reasonsOf(now, input)
  const { policies } = input.settings
  const isDenied = reasons.some((kind) => policies[kind] === 'repair' || person.deniedByGraph)
  const isCleared = now.state === 'enabled' && (now.assigned === true || !input.requiresAssignment)
  const deniedByGraph = isDenied || (person.deniedByGraph && !isCleared)
  const eraseAt = eraseTime(held, { ...statement, state: now.state }, input)
  const item = (kind: Denial, rest: Pick<DriftItem, 'held' | 'rule' | 'action'>): DriftItem => ({
    kind,
    personId: person.id,
    groupId: null,
    objectId: statement.objectId,
    attribute: null,
    stated: { state: now.state, assigned: now.assigned },
    ...rest,
  })
  const drift = reasons
    .filter((kind) => !person.deniedByGraph || (kind === 'person_deleted' && isUnderRetention()))
    .map((kind) =>
      item(kind, {
        held: { denied: person.deniedByGraph },
        rule: rules[kind],
        action: actionOf[policies[kind]],
      }),
    )
  if (person.deniedByGraph && !deniedByGraph) {
    drift.push(
      item(formerReason(held.known), {
        held: { denied: true },
        rule: restored,
        action: 'repaired',
      }),
    )
  }
  if (held.known?.assigned === true && now.assigned === false && !input.requiresAssignment) {
    const action = policies.person_unassigned === 'ignore' ? 'ignored' : 'reported'
    drift.push(item('person_unassigned', { held: { assigned: true }, rule: notRequired, action }))
  }
  const { state, assigned, appRoles } = now
  return {
    deniedByGraph,
    active:
      !deniedByGraph && !person.deniedByScim && !person.deniedByManual && person.retiredAt === null,
    eraseAt,
    known:
      state === null || assigned === null
        ? null
        : { state, assigned, appRoles, changedAt: statement.at },
    drift,
  }

  function isUnderRetention(): boolean {
    return policies.person_deleted !== 'repair' || person.eraseAt === null
  }
}

type Now = {
  readonly state: GraphState | null
  readonly assigned: boolean | null
  readonly appRoles: readonly string[]
}

/** What is known after the statement, when a newer statement of SCIM has beaten what the read lacks. */
function knownNow({ known, person, scimSaidAt }: HeldPerson, statement: GraphStatement): Now {
  if (known !== null && statement.at < known.changedAt) return known
  const isScimNewer =
    scimSaidAt !== null && scimSaidAt > statement.startedAt && !person.deniedByScim
  const state = statement.isLacked && isScimNewer ? null : statement.state
  const assigned = statement.assigned === false && isScimNewer ? null : statement.assigned
  return {
    state: state ?? known?.state ?? null,
    assigned: assigned ?? known?.assigned ?? null,
    appRoles: statement.appRoles ?? known?.appRoles ?? [],
  }
}

/** Why Graph would deny, the gravest reason first. */
function reasonsOf(
  { state, assigned }: Now,
  { requiresAssignment }: Pick<PlanInput, 'requiresAssignment'>,
): readonly Denial[] {
  if (deletedStates.includes(state)) return ['person_deleted']
  return [
    ...(state === 'disabled' ? (['person_disabled'] as const) : []),
    ...(assigned === false && requiresAssignment ? (['person_unassigned'] as const) : []),
  ]
}

/** Whether what a difference told of is so by what is known now; nobody is denied for what is over. */
export function stillDenies(kind: string, known: KnownUser | null): boolean {
  if (known === null) return false
  if (kind === 'person_deleted') return deletedStates.includes(known.state)
  return kind === 'person_disabled' ? known.state === 'disabled' : !known.assigned
}

/** Retention begins once, and ends with the deletion; without the policy nobody is erased. */
function eraseTime(
  { person }: HeldPerson,
  { state, at }: Pick<GraphStatement, 'state' | 'at'>,
  { settings }: Pick<PlanInput, 'settings'>,
): number | null {
  if (state === null) return person.eraseAt
  if (!deletedStates.includes(state) || settings.policies.person_deleted !== 'repair') return null
  return person.eraseAt ?? at + settings.retentionDays * dayMs
}

function formerReason(known: KnownUser | null): Denial {
  if (known !== null && deletedStates.includes(known.state)) return 'person_deleted'
  return known?.state === 'disabled' ? 'person_disabled' : 'person_unassigned'
}

/** Whether a row of `graph_users` says the same, whenever it was written. */
export function sameKnown(a: KnownUser | null, b: KnownUser): boolean {
  return (
    a !== null &&
    a.assigned === b.assigned &&
    a.state === b.state &&
    a.appRoles.toSorted().join() === b.appRoles.toSorted().join()
  )
}
