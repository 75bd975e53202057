import type { Claims } from './claims.ts'

const identity = 'http://schemas.microsoft.com/identity/claims/'
const soap = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/'
const federation = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/'

/** Claims by which Entra says who somebody is, and what for (entra.md b4). */
export const entraClaims = {
  tenantId: `${identity}tenantid`,
  objectId: `${identity}objectidentifier`,
  /** Equal to the issuer, except for guests. */
  identityProvider: `${identity}identityprovider`,
  upn: `${soap}upn`,
  /** The user principal name unless an admin changes it. */
  name: `${soap}name`,
  groups: `${federation}groups`,
  /** Stands instead of the groups when there are more than 150. */
  groupsLink: 'http://schemas.microsoft.com/claims/groups.link',
  role: `${federation}role`,
} as const

const groupNames = [
  entraClaims.groups,
  'http://schemas.xmlsoap.org/claims/Group',
  'groups',
  'group',
  'memberOf',
]
const roleNames = [entraClaims.role, 'roles', 'role']

/** What a sign-in says of groups; nothing at all, and more than it can carry, are no empty list. */
export type Groups =
  | { readonly kind: 'listed'; readonly values: readonly string[] }
  | { readonly kind: 'overage' }
  | { readonly kind: 'absent' }

/** The groups of a sign-in. The address in Entra's overage claim is dead and is never asked. */
export function groupsOf(claims: Claims): Groups {
  if (claims.find(entraClaims.groupsLink) !== null) return { kind: 'overage' }
  const found = groupNames.map((name) => claims.find(name)).find((claim) => claim !== null)
  return found === undefined ? { kind: 'absent' } : { kind: 'listed', values: found.values }
}

/** The app roles of a sign-in. */
export function rolesOf(claims: Claims): readonly string[] {
  return roleNames.map((name) => claims.find(name)).find((claim) => claim !== null)?.values ?? []
}
