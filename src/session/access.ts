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
}

export type RoleRule = { readonly group: string; readonly role: string }

/** What the app is told of a person beside the profile. */
export type Access = {
  /** What the provider calls the groups, else their ids here. */
  readonly groups: readonly string[]
  /** Who said so. */
  readonly groupsFrom: 'scim' | 'saml'
  readonly roles: readonly string[]
}

/**
 * Groups and roles of a person (DESIGN 2.1, Groups and roles). Where provisioning knows groups, or knew some, it decides alone;
 * otherwise the list of the last sign-in does. Groups give a role only through a rule of the organization, which
 * names one by id, by what the provider calls it or by displayName in any case; a sign-in's list has no other
 * names than its own, so there a rule names what stands in the list.
 */
export function accessOf(
  organization: { readonly defaultRole: string; readonly roleRules: readonly RoleRule[] },
  person: { readonly groups: readonly string[] },
  { decides, groups }: Provisioned,
): Access {
  const names = new Set(
    decides
      ? groups.flatMap((one) => [one.id, comparable(nameOf(one))])
      : person.groups.map(comparable),
  )
  const nameKeys = new Set(decides ? groups.map(({ nameKey }) => nameKey) : [])
  const given = organization.roleRules
    .filter(({ group }) => names.has(comparable(group)) || isCalled(group))
    .map(({ role }) => role)
  return {
    groups: decides ? groups.map(nameOf) : person.groups,
    groupsFrom: decides ? 'scim' : 'saml',
    roles: [...new Set([organization.defaultRole, ...given])],
  }

  /** Whoever may rename a group could give it another group's id as its name: a rule by id goes by ids only. */
  function isCalled(group: string): boolean {
    return !guid.test(group) && !isId('grp', group) && nameKeys.has(foldCase(group))
  }
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
