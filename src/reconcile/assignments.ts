import type { AssignmentsPage } from '../graph/index.ts'
import { type ListRow, readList } from './pages-store.ts'
import type { GraphStatement } from './plan-types.ts'
import type { AssignedGroup, Cursor } from './run.ts'

/** A user whose assignment or app roles are not what is known. */
export type DifferentAssignment = { readonly id: string; readonly roles: readonly string[] }

/** How the assignments that were read differ from those that are known: of all others nothing has to be said. */
export type Assignments = {
  readonly different: ReadonlyMap<string, readonly string[]>
  readonly lacking: ReadonlySet<string>
}

/** Reads what the lists `different` and `lacking` hold. */
export function readAssignments([different, lacking]: readonly unknown[]): Assignments {
  return {
    different: new Map(
      readList<DifferentAssignment>(different).flatMap(({ ids }) =>
        ids.map(({ id, roles }) => [id, roles] as const),
      ),
    ),
    lacking: new Set(readList<string>(lacking).flatMap(({ ids }) => ids)),
  }
}

/**
 * What the complete list says of one user.
 * @param isKnown whether what is known of the user is stored: then it goes on unless the list says otherwise
 */
export function assignmentOf(
  { different, lacking }: Assignments,
  objectId: string,
  isKnown: boolean,
): Pick<GraphStatement, 'assigned' | 'appRoles'> {
  const roles = different.get(objectId)
  if (roles !== undefined) return { assigned: true, appRoles: roles }
  if (lacking.has(objectId) || !isKnown) return { assigned: false, appRoles: [] }
  return { assigned: null, appRoles: null }
}

/** A page of assignments as rows by app role, and the groups that are among them. */
export function sortAssignments(
  { assignments }: Pick<AssignmentsPage, 'assignments'>,
  { groups: before, roleNames }: Pick<Cursor, 'groups' | 'roleNames'>,
): {
  readonly lists: readonly Omit<ListRow, 'page'>[]
  readonly groups: readonly AssignedGroup[]
} {
  const users = new Map<string, string[]>()
  const groups = new Map(before.map(({ id, roles }) => [id, roles]))
  for (const { principalId, principalType, appRoleId } of assignments) {
    // One that is switched off gives nothing beyond the assignment.
    const role = roleNames[appRoleId ?? ''] ?? ''
    if (principalType === 'user') users.set(role, [...(users.get(role) ?? []), principalId])
    if (principalType !== 'group') continue
    const roles = groups.get(principalId) ?? []
    groups.set(principalId, roles.includes(role) ? roles : [...roles, role])
  }
  return {
    lists: listsByRole(users),
    groups: [...groups].map(([id, roles]) => ({ id, roles })),
  }
}

/** Rows of `assigned`: a JSON list for each app role; without one for the default access. */
export function listsByRole(
  users: ReadonlyMap<string, readonly string[]>,
): readonly Omit<ListRow, 'page'>[] {
  return [...users].map(([subject, ids]) => ({
    kind: 'assigned',
    subject,
    ids: JSON.stringify(ids),
  }))
}
