import type {
  GroupMember,
  ProvisionedGroup,
  ProvisionedUser,
  ScimView,
} from '../directory/index.ts'
import { toIso } from '../kernel/index.ts'
import { entityTag, groupVersion, userVersion } from './preconditions.ts'

const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User'
const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group'

type Resource = Readonly<Record<string, unknown>>

/** A user as SCIM reads it (RFC 7643 4.1): the SCIM view, the groups and what the server adds. */
export function renderUser(user: ProvisionedUser, baseUrl: string): Resource {
  const { view, externalId, groups } = user
  return {
    schemas: [coreUser, ...extensionsOf(view ?? {})],
    id: user.id,
    ...(externalId === null ? {} : { externalId }),
    userName: user.userName,
    active: user.active,
    ...view,
    ...(groups.length === 0 ? {} : { groups: groups.map((group) => renderRef(group, baseUrl)) }),
    meta: renderMeta('User', user, { version: userVersion(user), baseUrl }),
  }
}

/** A group without its members, which may be too many to hold (RFC 7643 4.2). */
export function renderGroup(group: ProvisionedGroup, baseUrl: string): Resource {
  const { view, externalId } = group
  return {
    schemas: [coreGroup, ...extensionsOf(view)],
    id: group.id,
    ...(externalId === null ? {} : { externalId }),
    displayName: group.displayName,
    ...view,
    meta: renderMeta('Group', group, { version: groupVersion(group), baseUrl }),
  }
}

/** A member of a group. */
export function renderMember({ id, type, display }: GroupMember, baseUrl: string): Resource {
  return { value: id, $ref: locationOf(type, id, baseUrl), display, type }
}

/** Where a resource is found. */
export function locationOf(type: 'User' | 'Group', id: string, baseUrl: string): string {
  return `${baseUrl}/${type}s/${id}`
}

function renderRef(group: { id: string; displayName: string }, baseUrl: string): Resource {
  return {
    value: group.id,
    $ref: locationOf('Group', group.id, baseUrl),
    display: group.displayName,
    // Nested groups are stored, not expanded, so every membership is direct (RFC 7643 4.1.2).
    type: 'direct',
  }
}

type Timed = Pick<ProvisionedUser, 'id' | 'createdAt' | 'modifiedAt'>

function renderMeta(
  type: 'User' | 'Group',
  resource: Timed,
  { version, baseUrl }: { version: string; baseUrl: string },
): Resource {
  return {
    resourceType: type,
    created: toIso(resource.createdAt),
    lastModified: toIso(resource.modifiedAt),
    location: locationOf(type, resource.id, baseUrl),
    version: entityTag(version),
  }
}

function extensionsOf(view: ScimView): readonly string[] {
  return Object.keys(view).filter((name) => /^urn:/i.test(name))
}
