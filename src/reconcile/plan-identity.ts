import { foldCase, parseUtcTime } from '../kernel/index.ts'
import type { GraphStatement, HeldPerson, PlanInput } from './plan-types.ts'

/** Why a user of the tenant whose name somebody here has is not taken for them. */
export type UnlinkedReason =
  | 'bound_to_another_object_id'
  | 'external_id_is_another_object_id'
  | 'guest'
  | 'inactive'
  | 'made_by_sign_in'
  | 'object_id_was_erased'
  | 'other_connection'
  | 'two_people'
  | 'younger_account'

/** Who a user of the tenant is here. */
export type Match =
  | { readonly kind: 'bound'; readonly held: HeldPerson; readonly namesake: HeldPerson | null }
  | { readonly kind: 'bind'; readonly held: HeldPerson; readonly identityKey: string }
  | { readonly kind: 'unlinked'; readonly held: HeldPerson; readonly reason: UnlinkedReason }
  | { readonly kind: 'nobody' }

export const unlinkedRules: Readonly<Record<UnlinkedReason, string>> = {
  bound_to_another_object_id:
    'A binding does not change: the person with this userName is another account in Entra. Retire that person if the name was given to somebody new, then restart provisioning.',
  external_id_is_another_object_id:
    'SCIM says by externalId that the person with this userName is another account in Entra. Retire that person if the name was given to somebody new, then restart provisioning.',
  guest: 'A guest is never bound by name. Map externalId to objectId in Entra, so that SCIM binds.',
  inactive:
    'Nobody inactive is bound by name: the name may have been given to somebody new. Activate the person by SCIM, or retire them.',
  made_by_sign_in:
    'Only whom SCIM made is bound by name. Retire one of the two if they are one person.',
  object_id_was_erased:
    'This account was erased here. Lift the tombstone, or let SCIM make the person anew.',
  other_connection:
    'The person belongs to another connection. Assign them to one of the two applications only.',
  two_people: 'Two people here are this one account in Entra. Retire the one that is not used.',
  younger_account:
    'The account in Entra is younger than the person here, so the name was given to somebody new. Retire the person, then restart provisioning.',
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export type People = {
  readonly byIdentity: ReadonlyMap<string, HeldPerson>
  readonly byName: ReadonlyMap<string, HeldPerson>
}

/** People by who they are and by what they are called; whoever is retired has no name. */
export function indexPeople(people: readonly HeldPerson[]): People {
  return {
    byIdentity: new Map(
      people.flatMap((one) => (one.identityKey === null ? [] : [[one.identityKey, one] as const])),
    ),
    byName: new Map(
      people
        .filter(({ person }) => person.retiredAt === null)
        .map((one) => [one.person.userNameKey, one] as const),
    ),
  }
}

/** The identity key of a user of the tenant (DESIGN 2.1, rule 1). */
export function identityKeyOf(tenantId: string, objectId: string): string {
  return `entra:${tenantId}:${objectId}`
}

/** The name under which Entra knows the user; null when the read does not say. */
export function principalName({ stated }: Pick<GraphStatement, 'stated'>): string | null {
  return stated.get('userPrincipalName')?.[0] ?? null
}

/**
 * Decides who a user of the tenant is: somebody bound, or somebody of the same userPrincipalName whom SCIM made
 * and nobody is bound to (DESIGN 2.1, rule 2), or somebody who only seems to be the user, or nobody. Pure; in
 * doubt nobody is bound.
 */
export function matchUser(
  statement: GraphStatement,
  people: People,
  input: Pick<PlanInput, 'tenantId' | 'connectionId' | 'erased'>,
): Match {
  const identityKey = identityKeyOf(input.tenantId, statement.objectId)
  const name = principalName(statement)
  const named = name === null ? undefined : people.byName.get(foldCase(name))
  const bound = people.byIdentity.get(identityKey)
  if (bound !== undefined) {
    if (isElsewhere(bound, input))
      return { kind: 'unlinked', held: bound, reason: 'other_connection' }
    return { kind: 'bound', held: bound, namesake: named === bound ? null : (named ?? null) }
  }
  if (named === undefined) return { kind: 'nobody' }
  const reason = unlinkedReason(named, statement, input)
  // What only tells what changed does not say whether the account is a guest's, or younger than the person.
  if (reason === null && !statement.isWhole) return { kind: 'nobody' }
  return reason === null
    ? { kind: 'bind', held: named, identityKey }
    : { kind: 'unlinked', held: named, reason }
}

function unlinkedReason(
  held: HeldPerson,
  statement: GraphStatement,
  input: Pick<PlanInput, 'connectionId' | 'erased'>,
): UnlinkedReason | null {
  const { person, identityKey } = held
  if (statement.isGuest) return 'guest'
  if (identityKey !== null) return 'bound_to_another_object_id'
  if (isElsewhere(held, input)) return 'other_connection'
  const externalId = person.externalId?.toLowerCase() ?? ''
  if (guid.test(externalId) && externalId !== statement.objectId) {
    return 'external_id_is_another_object_id'
  }
  if (person.scimAt === null) return 'made_by_sign_in'
  if (!person.active) return 'inactive'
  if (input.erased.has(statement.objectId)) return 'object_id_was_erased'
  return isYounger(held, statement) ? 'younger_account' : null
}

function isElsewhere({ person }: HeldPerson, { connectionId }: Pick<PlanInput, 'connectionId'>) {
  return person.connectionId !== null && person.connectionId !== connectionId
}

/** An account made after the person was provisioned cannot be the one that was provisioned. */
function isYounger({ person }: HeldPerson, { stated }: GraphStatement): boolean {
  const createdAt = parseUtcTime(stated.get('createdDateTime')?.[0] ?? '')
  return createdAt !== null && createdAt > person.createdAt
}
