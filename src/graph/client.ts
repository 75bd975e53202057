import { limits, ok } from '../kernel/index.ts'
import { sendBatch } from './batch.ts'
import type { GraphCredential } from './credential.ts'
import { readText } from './json.ts'
import { applicationPath, pathPart } from './path-part.ts'
import { checkPermissions, findApplication } from './permissions.ts'
import { readAssignments, readDeltaPage, readMemberGroups, readMembers } from './read-pages.ts'
import { selectOf } from './select.ts'
import type { Purpose } from './status.ts'
import type { TokenWorld } from './token.ts'
import { createTransport } from './transport.ts'
import type { GraphClient, GraphGroup } from './types.ts'
import { usersById, usersByName } from './users-by-id.ts'

const user: Purpose = { permission: 'User.Read.All', what: 'user' }
const application: Purpose = { permission: 'Application.Read.All', what: 'application' }
const group: Purpose = { permission: 'GroupMember.Read.All', what: 'group' }

export type GraphWorld = TokenWorld & {
  /** Objects that a page of a list is asked to have; deltas decide for themselves. */
  readonly pageSize?: number
}

/**
 * A client of one invocation: it counts what it sends. The token cache is the isolate's and is shared.
 * Requests and their permissions: reference c2 to c5.
 */
export function createGraphClient(world: GraphWorld, credential: GraphCredential): GraphClient {
  const { pageSize = limits.graphListSize } = world
  const transport = createTransport(world, credential)
  const batch = { transport, world }

  return {
    async usersDeltaPage(from) {
      const answer =
        'link' in from
          ? await transport.follow(from.link, { ...user, isDeltaLink: true })
          : await transport.ask(`/users/delta?$select=${selectOf(from.select).join(',')}`, user)
      return answer.ok ? readDeltaPage(answer.value) : answer
    },

    async assignmentsPage(appId, nextLink) {
      const path = `${applicationPath(appId)}/appRoleAssignedTo?$top=${pageSize}`
      const answer = await pageAt(path, nextLink, application)
      return answer.ok ? readAssignments(answer.value) : answer
    },

    application: (appId) => findApplication(transport, appId),

    async groupMembersPage(groupId, nextLink) {
      // Direct members only: an assignment reaches no nested group, and sign-in and SCIM see none either.
      const path = `/groups/${pathPart(groupId)}/members/microsoft.graph.user?$select=id&$top=${pageSize}`
      const answer = await pageAt(path, nextLink, group)
      return answer.ok ? readMembers(answer.value) : answer
    },

    async groups(ids) {
      const answer = await sendBatch(
        batch,
        ids.map((id) => ({
          key: id,
          url: `/groups/${pathPart(id)}?$select=id,displayName`,
          purpose: group,
        })),
      )
      if (!answer.ok) return answer
      const { found, gone, again } = answer.value
      const groups = [...found].map(
        ([id, body]): GraphGroup => ({ id, displayName: readText(body['displayName']) }),
      )
      return ok({ groups, gone, again })
    },

    usersById: (ids, select) => usersById(batch, ids, select),
    usersByName: (names, select) => usersByName(batch, names, select),

    async memberGroups(userId) {
      const path = `/users/${pathPart(userId)}/getMemberGroups`
      const body = { securityEnabledOnly: false }
      const answer = await transport.ask(
        path,
        { ...user, permission: 'GroupMember.Read.All' },
        body,
      )
      return answer.ok ? readMemberGroups(answer.value) : answer
    },

    checkPermissions: (appId) => checkPermissions(transport, appId),

    used: transport.used,
  }

  function pageAt(path: string, nextLink: string | null | undefined, purpose: Purpose) {
    return typeof nextLink === 'string'
      ? transport.follow(nextLink, purpose)
      : transport.ask(path, purpose)
  }
}
