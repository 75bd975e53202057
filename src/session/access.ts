import { foldCase, isId } from '../kernel/index.ts'

/** A group that provisioning put a person into. */
export type GroupOfPerson = {
  readonly id: string
  /** What the provider calls it; with Entra the object id. */
  readonly externalId: string | null
  /** displayName folded (kernel/text.ts). */
  readonly nameKey: string
}

/** What provisioning says of a person's groups. */
export type Provisioned = {
  /** Whether the person's connection ever had groups by provisioning: then they decide, also when there is none. */
  readonly decides: boolean
  readonly groups: readonly GroupOfPerson[]
  readonly appRoles: StatedAppRoles
}

/** What is said of the roles that a person has in the provider's application, by value, each with when it was said. */
export type StatedAppRoles = {
  /** The list of the last sign-in; null when none had one, or nobody signed in. */
  readonly signIn: { readonly names: readonly string[]; readonly at: number } | null
  /** The assignment as Graph has it; null before Graph was read. */
  readonly graph: { readonly names: readonly string[]; readonly at: number } | null
}

export type RoleRule =
  | { readonly group: string; readonly role: string }
  | { readonly appRole: string; readonly role: string }

/** What the app is told of a person beside the profile. */
export type Access = {
  /** What the provider calls the groups, else their ids here. */
  readonly groups: readonly string[]
  /** Who said so. */
  readonly groupsFrom: 'scim' | 'saml'
  readonly roles: readonly string[]
}

/**
 * Groups and roles of a person (DESIGN 2.1, Groups and roles). Where provisioning knows groups, or knew some, it
 * decides alone; otherwise the list of the last sign-in does. Groups give a role only through a rule of the organization, which
 * names one by id, by what the provider calls it or by displayName in any case; a sign-in's list has no other
 * names than its own, so there a rule names what stands in the list. App roles give one likewise only by a rule.
 */
export function accessOf(
  organization: { readonly defaultRole: string; readonly roleRules: readonly RoleRule[] },
  person: { readonly groups: readonly string[] },
  { decides, groups, appRoles }: Provisioned,
): Access {
  const names = new Set(
    decides
      ? groups.flatMap((one) => [one.id, comparable(nameOf(one))])
      : person.groups.map(comparable),
  )
  const nameKeys = new Set(decides ? groups.map(({ nameKey }) => nameKey) : [])
  const inApp = new Set(appRolesOf(appRoles).map(comparable))
  const given = organization.roleRules.filter(applies).map(({ role }) => role)
  return {
    groups: decides ? groups.map(nameOf) : person.groups,
    groupsFrom: decides ? 'scim' : 'saml',
    roles: [...new Set([organization.defaultRole, ...given])],
  }

  function applies(rule: RoleRule): boolean {
    if ('appRole' in rule) return inApp.has(comparable(rule.appRole))
    return names.has(comparable(rule.group)) || isCalled(rule.group)
  }

  /** Whoever may rename a group could give it another group's id as its name: a rule by id goes by ids only. */
  function isCalled(group: string): boolean {
    return !guid.test(group) && !isId('grp', group) && nameKeys.has(foldCase(group))
  }
}

/** The app roles that count: as they were stated last, so that they go with the assignment that gave them. */
function appRolesOf({ signIn, graph }: StatedAppRoles): readonly string[] {
  const isGraphLater = graph !== null && (signIn === null || graph.at > signIn.at)
  return (isGraphLater ? graph : signIn)?.names ?? []
}

/** What the provider calls a group, else its id; an id of ours is no such name, or it could be another group's. */
function nameOf({ id, externalId }: GroupOfPerson): string {
  return externalId === null || isId('grp', externalId) ? id : externalId
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Object ids are compared without case, everything else exactly: another case may be another group. */
function comparable(name: string): string {
  return guid.test(name) ? name.toLowerCase() : name
}
