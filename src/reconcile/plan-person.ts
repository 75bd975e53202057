import { statementOf } from '../directory/index.ts'
import { foldCase } from '../kernel/index.ts'
import type { DriftItem } from './drift.ts'
import { planAccount, sameKnown } from './plan-account.ts'
import { planAttributes } from './plan-attributes.ts'
import { type People, principalName } from './plan-identity.ts'
import type {
  AppRoleRule,
  GraphStatement,
  HeldPerson,
  KnownUser,
  KnownUserWrite,
  PersonWrite,
  PlanInput,
} from './plan-types.ts'
import { planValues } from './plan-values.ts'

/** What one person's statement comes to. */
export type PersonPlan = {
  readonly write: PersonWrite | null
  readonly user: KnownUserWrite | null
  readonly drift: readonly DriftItem[]
  /** What the brake counts, each once. */
  readonly uses: readonly string[]
}

/**
 * Plans what Graph's statement changes in a person.
 * @param bindTo the identity that the statement binds, or null
 */
export function planPerson(
  held: HeldPerson,
  statement: GraphStatement,
  {
    input,
    people,
    bindTo,
  }: { readonly input: PlanInput; readonly people: People; readonly bindTo: string | null },
): PersonPlan {
  const { person } = held
  const account = planAccount(held, statement, input)
  const attributes = planAttributes(held, statement, input)
  // Whoever may not sign in lacks nothing that anybody waits for.
  const values = account.active ? planValues(person.id, attributes.problems, input.settings) : []
  const rename = newName(held, statement, people)
  const stripped = strippedRoles(held.known, account.known, input.appRoleRules ?? [])
  const isWritten =
    // The brake holds writes: without one the app roles would go beside it.
    stripped.length > 0 ||
    bindTo !== null ||
    rename !== null ||
    attributes.view !== null ||
    attributes.resolved !== null ||
    account.deniedByGraph !== person.deniedByGraph ||
    account.eraseAt !== person.eraseAt
  const isDeactivated = person.active && !account.active
  const uses = [
    ...(isDeactivated ? ['deactivated'] : []),
    ...stripped.map((role) => `role:${role}`),
    ...attributes.replaced.map((key) => `attribute:${key}`),
  ]
  const isKnown =
    account.known === null ||
    (bindTo === null && held.isUnjoined !== true && sameKnown(held.known, account.known))
  return {
    write: isWritten
      ? {
          personId: person.id,
          personVersion: person.version,
          view: attributes.view,
          resolved: attributes.resolved,
          mappingVersion: input.ruleset.version,
          deniedByGraph: account.deniedByGraph,
          active: account.active,
          isDeactivated,
          isReactivated: !person.active && account.active,
          eraseAt: account.eraseAt,
          bindTo,
          rename,
          changed: attributes.changed,
          uses,
        }
      : null,
    user:
      isKnown || account.known === null
        ? null
        : { ...account.known, objectId: statement.objectId, personId: person.id },
    drift: [...account.drift, ...attributes.drift, ...values],
    uses,
  }
}

/** Roles that rules gave for app roles which the person no longer has. */
function strippedRoles(
  before: KnownUser | null,
  now: KnownUser | null,
  rules: readonly AppRoleRule[],
): readonly string[] {
  if (before === null || now === null) return []
  const given = ({ appRoles }: KnownUser) => {
    const names = new Set(appRoles.map(foldCase))
    return rules.filter((rule) => names.has(foldCase(rule.appRole))).map(({ role }) => role)
  }
  const kept = new Set(given(now))
  return [...new Set(given(before))].filter((role) => !kept.has(role))
}

/** Whom only sign-ins and Graph know follows a changed userPrincipalName, as long as nobody has that name. */
function newName(
  { person, views }: HeldPerson,
  statement: GraphStatement,
  people: People,
): string | null {
  const name = principalName(statement)
  const graph = views.find(({ source }) => source === 'graph') ?? null
  const isOld = (statementOf(graph, 'userPrincipalName')?.changedAt ?? 0) > statement.at
  if (isOld || name === null || person.scimAt !== null || foldCase(name) === person.userNameKey)
    return null
  return people.byName.has(foldCase(name)) ? null : name
}
