import type { AssignmentsPage } from '../graph/index.ts'
import { type ListRow, pagesPerAnswer, readList } from './pages-store.ts'
import type { GraphStatement } from './plan-types.ts'
import type { AssignedGroup, Cursor } from './run.ts'

/** A user whose assignment or app roles are not what is known. */
export type DifferentAssignment = { readonly id: string; readonly roles: readonly string[] }

/** How the assignments that were read differ from those that are known: of all others nothing has to be said. */
export type Assignments = {
  readonly different: ReadonlyMap<string, readonly string[]>
  readonly lacking: ReadonlySet<string>
}

/**
 * Reads the lists `different` and `lacking`, a few rows at a time: on the first run they hold everybody.
 * @param next the rows of a kind after a page number
 */
export async function readAssignments(
  next: (kind: 'different' | 'lacking', after: number) => Promise<unknown>,
): Promise<Assignments> {
  const different = new Map<string, readonly string[]>()
  const lacking = new Set<string>()
  await eachRow<DifferentAssignment>('different', ({ id, roles }) => {
    // One list for all who have no role, and they are most.
    different.set(id, roles.length === 0 ? noRoles : roles)
  })
  await eachRow<string>('lacking', (id) => {
    lacking.add(id)
  })
  return { different, lacking }

  async function eachRow<T>(kind: 'different' | 'lacking', take: (one: T) => void): Promise<void> {
    for (let after = -1; ; ) {
      const rows = readList<T>(await next(kind, after))
      for (const { ids } of rows) ids.forEach(take)
      if (rows.length < pagesPerAnswer) return
      after = rows.at(-1)?.page ?? after
    }
  }
}

const noRoles: readonly string[] = []

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
