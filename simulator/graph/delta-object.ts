import {
  findUser,
  historyOf,
  presentUsers,
  type ReadUser,
  type Sql,
  type User,
  type UserHistory,
} from '../directory/index.ts'
import type { DeltaState } from './delta-link.ts'
import { isBlank, propertyOf, storedNames } from './user-properties.ts'

const userType = '#microsoft.graph.user'

/** Users whom somebody may have as manager: a deleted one is nobody's. */
type Present = ReadonlySet<string>

/** The users of a page of a delta. */
export function deltaObjects(sql: Sql, users: readonly ReadUser[], state: DeltaState) {
  const managers = users.flatMap(({ user }) => user?.managerId ?? [])
  const present = state.options.select.includes('manager')
    ? presentUsers(sql, managers)
    : new Set<string>()
  return users.map((read) => deltaObject(sql, read, { ...state, present }))
}

/**
 * A user. In a full read what is empty is left out; among changes it is null where it once was something else.
 * With `return=minimal` only what changed is shown. Who is gone is `@removed`.
 * Source: learn.microsoft.com/graph/delta-query-overview
 */
function deltaObject(
  sql: Sql,
  read: ReadUser,
  { options, place, present }: DeltaState & { readonly present: Present },
): Readonly<Record<string, unknown>> {
  const { id, user } = read
  if (user === null) return { id, '@removed': { reason: 'deleted' } }
  if (read.isDeleted) return { id, '@removed': { reason: 'changed' } }
  if (place.pass === 'full') return fullObject(user, options.select, present)
  const history = historyOf(sql, id)
  // Who came, or came back, is shown whole.
  const isNew = history.existsSince > place.since
  const changed = (name: string, after: number) =>
    storedNames(name).some((stored) => (history.changedAt.get(stored) ?? 0) > after)
  const shown: Record<string, unknown> = {}
  for (const name of options.select) {
    if (name === 'manager') {
      const manager = managerDelta(user, { history, isNew, since: place.since, present })
      if (manager.length > 0) shown['manager@delta'] = manager
      continue
    }
    const value = propertyOf(user, name)
    const isShown = options.isMinimal && !isNew ? changed(name, place.since) : true
    if (isShown && (!isBlank(value) || changed(name, 0))) shown[name] = value
  }
  return { ...shown, id }
}

function fullObject(user: User, select: readonly string[], present: Present) {
  const shown: Record<string, unknown> = {}
  for (const name of select) {
    const value = propertyOf(user, name)
    if (!isBlank(value)) shown[name] = value
  }
  const manager = select.includes('manager') ? managerIn(present, user) : null
  if (manager !== null) shown['manager@delta'] = [{ '@odata.type': userType, id: manager }]
  return { ...shown, id: user.id }
}

/** The manager now, and the one before as removed; nothing when nothing changed. */
function managerDelta(
  user: User,
  by: {
    readonly history: UserHistory
    readonly isNew: boolean
    readonly since: number
    readonly present: Present
  },
) {
  const { history, isNew, since, present } = by
  const hasChanged = (history.changedAt.get('managerId') ?? 0) > since
  if (!hasChanged && !isNew) return []
  const [now, before] = [managerIn(present, user), hasChanged ? history.managerBefore : null]
  return [
    ...(now === null ? [] : [{ '@odata.type': userType, id: now }]),
    ...(before === null || before === now
      ? []
      : [{ '@odata.type': userType, id: before, '@removed': { reason: 'deleted' } }]),
  ]
}

function managerIn(present: Present, { managerId }: User): string | null {
  return managerId !== null && present.has(managerId) ? managerId : null
}

/** The manager's object id, as long as they are there. */
export function managerOf(sql: Sql, { managerId }: User): string | null {
  return managerId === null ? null : (findUser(sql, managerId)?.id ?? null)
}
