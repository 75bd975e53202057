import { limits, ok, type Result } from '../kernel/index.ts'
import type { GraphFailure } from './errors.ts'
import { badAnswer } from './fetch-text.ts'
import { isRecord, type Json, readGuid, readText } from './json.ts'
import type {
  AppRole,
  Assignment,
  AssignmentsPage,
  DeltaPage,
  GraphApplication,
  GraphUser,
  MembersPage,
  RemovedUser,
} from './types.ts'
import { mergeMentions, readUser } from './user.ts'

/** The app role that stands for having no role (learn.microsoft.com/graph/api/resources/approleassignment). */
const defaultAccess = '00000000-0000-0000-0000-000000000000'

type Page = { readonly value: readonly unknown[]; readonly nextLink: string | null }

/** A page of a collection; a link that is there and cannot be followed is no end, but an answer to refuse. */
function readPage(answer: Json): Result<Page, GraphFailure> {
  const value = answer['value']
  if (!Array.isArray(value)) return badAnswer('a page without value')
  if (value.length > limits.graphPageItems) return badAnswer(`${value.length} objects on a page`)
  const nextLink = readLink(answer['@odata.nextLink'])
  return nextLink === undefined ? badAnswer('a nextLink that is no link') : ok({ value, nextLink })
}

/** A link; null when there is none, undefined when it is not one. */
function readLink(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null
  const text = readText(value)
  return text === null || text.length > limits.graphLinkLength ? undefined : text
}

/**
 * A page of `users/delta`: who is there, and who was removed. Mentioned twice, the later mention decides. A page
 * must say where to go on, or the read would end in the middle and look whole.
 */
export function readDeltaPage(answer: Json): Result<DeltaPage, GraphFailure> {
  const page = readPage(answer)
  if (!page.ok) return page
  const deltaLink = readLink(answer['@odata.deltaLink'])
  const { nextLink, value } = page.value
  if (deltaLink === undefined || (nextLink === null) === (deltaLink === null)) {
    return badAnswer('a page of a delta has neither or both of its links')
  }
  const users = new Map<string, GraphUser>()
  const removed = new Map<string, RemovedUser>()
  for (const one of value) {
    const user = readUser(one)
    if (user === null || !isRecord(one)) return badAnswer('a user without id')
    const removal = one['@removed']
    if (removal === undefined) {
      const earlier = users.get(user.id)
      users.set(user.id, earlier === undefined ? user : mergeMentions(earlier, user))
      removed.delete(user.id)
      continue
    }
    const reason = isRecord(removal) ? removal['reason'] : null
    // An unknown reason counts as the one that can be taken back.
    removed.set(user.id, { id: user.id, reason: reason === 'deleted' ? 'deleted' : 'changed' })
    users.delete(user.id)
  }
  return ok({ users: [...users.values()], removed: [...removed.values()], nextLink, deltaLink })
}

const principalTypes: Readonly<Record<string, Assignment['principalType']>> = {
  User: 'user',
  Group: 'group',
}

/** A page of who is assigned; one without a principal fails it, since nobody may be taken for unassigned. */
export function readAssignments(answer: Json): Result<AssignmentsPage, GraphFailure> {
  const page = readPage(answer)
  if (!page.ok) return page
  const assignments: Assignment[] = []
  for (const one of page.value.value) {
    const principalId = isRecord(one) ? readGuid(one['principalId']) : null
    if (!isRecord(one) || principalId === null) return badAnswer('an assignment without principal')
    const appRoleId = readGuid(one['appRoleId'])
    const type = readText(one['principalType']) ?? ''
    assignments.push({
      principalId,
      principalType: Object.hasOwn(principalTypes, type)
        ? (principalTypes[type] ?? 'other')
        : 'other',
      appRoleId: appRoleId === defaultAccess ? null : appRoleId,
    })
  }
  return ok({ assignments, nextLink: page.value.nextLink })
}

/** A page of direct members that are users. */
export function readMembers(answer: Json): Result<MembersPage, GraphFailure> {
  const page = readPage(answer)
  if (!page.ok) return page
  const memberIds = page.value.value.map((one) => (isRecord(one) ? readGuid(one['id']) : null))
  const known = memberIds.filter((id) => id !== null)
  if (known.length < memberIds.length) return badAnswer('a member without id')
  return ok({ memberIds: [...new Set(known)], nextLink: page.value.nextLink })
}

/** The enterprise application. Roles that are switched off are told as such: nobody gets them, rules still name them. */
export function readApplication(answer: Json): Result<GraphApplication, GraphFailure> {
  const servicePrincipalId = readGuid(answer['id'])
  const listed = answer['appRoles']
  const requires = answer['appRoleAssignmentRequired']
  if (servicePrincipalId === null || typeof requires !== 'boolean') {
    return badAnswer('an application without id or without appRoleAssignmentRequired')
  }
  const appRoles = (Array.isArray(listed) ? listed : []).flatMap((role): readonly AppRole[] => {
    const id = isRecord(role) ? readGuid(role['id']) : null
    if (!isRecord(role) || id === null) return []
    return [
      {
        id,
        value: readText(role['value']),
        displayName: readText(role['displayName']) ?? '',
        isEnabled: role['isEnabled'] !== false,
      },
    ]
  })
  return ok({ servicePrincipalId, appRoles, requiresAssignment: requires })
}

/** The ids that `getMemberGroups` answers with; a list cut short would be a wrong one, so it is refused. */
export function readMemberGroups(answer: Json): Result<readonly string[], GraphFailure> {
  const listed = answer['value']
  if (!Array.isArray(listed) || listed.length > limits.graphMemberGroups) {
    return badAnswer('no list of groups')
  }
  if (readText(answer['@odata.nextLink']) !== null) return badAnswer('a list of groups in parts')
  const ids = listed.map(readGuid).filter((id) => id !== null)
  return ids.length < listed.length ? badAnswer('a group without id') : ok(ids)
}
