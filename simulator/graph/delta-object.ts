import {
  findUser,
  historyOf,
  type ReadUser,
  type Sql,
  type User,
  type UserHistory,
} from '../directory/index.ts'
import type { DeltaState } from './delta-link.ts'
import { isBlank, propertyOf, storedNames } from './user-properties.ts'

const userType = '#microsoft.graph.user'

/**
 * A user on a page of a delta. In a full read what is empty is left out; among changes it is null where it
 * once was something else. With `return=minimal` only what changed is shown. Who is gone is `@removed`.
 * Source: learn.microsoft.com/graph/delta-query-overview
 */
export function deltaObject(sql: Sql, read: ReadUser, { options, place }: DeltaState) {
  const { id, user } = read
  if (user === null) return { id, '@removed': { reason: 'deleted' } }
  if (read.isDeleted) return { id, '@removed': { reason: 'changed' } }
  if (place.pass === 'full') return fullObject(sql, user, options.select)
  const history = historyOf(sql, id)
  // Who came, or came back, is shown whole.
  const isNew = history.existsSince > place.since
  const changed = (name: string, after: number) =>
    storedNames(name).some((stored) => (history.changedAt.get(stored) ?? 0) > after)
  const shown: Record<string, unknown> = {}
  for (const name of options.select) {
    if (name === 'manager') {
      const manager = managerDelta(sql, user, { history, isNew, since: place.since })
      if (manager.length > 0) shown['manager@delta'] = manager
      continue
    }
    const value = propertyOf(user, name)
    const isShown = options.isMinimal && !isNew ? changed(name, place.since) : true
    if (isShown && (!isBlank(value) || changed(name, 0))) shown[name] = value
  }
  return { ...shown, id }
}

function fullObject(sql: Sql, user: User, select: readonly string[]) {
  const shown: Record<string, unknown> = {}
  for (const name of select) {
    const value = propertyOf(user, name)
    if (!isBlank(value)) shown[name] = value
  }
  const manager = select.includes('manager') ? managerOf(sql, user) : null
  if (manager !== null) shown['manager@delta'] = [{ '@odata.type': userType, id: manager }]
  return { ...shown, id: user.id }
}

/** The manager now, and the one before as removed; nothing when nothing changed. */
function managerDelta(
  sql: Sql,
  user: User,
  by: { readonly history: UserHistory; readonly isNew: boolean; readonly since: number },
) {
  const { history, isNew, since } = by
  const hasChanged = (history.changedAt.get('managerId') ?? 0) > since
  if (!hasChanged && !isNew) return []
  const [now, before] = [managerOf(sql, user), hasChanged ? history.managerBefore : null]
  return [
    ...(now === null ? [] : [{ '@odata.type': userType, id: now }]),
    ...(before === null || before === now
      ? []
      : [{ '@odata.type': userType, id: before, '@removed': { reason: 'deleted' } }]),
  ]
}

/** The manager's object id, as long as they are there. */
export function managerOf(sql: Sql, { managerId }: User): string | null {
  return managerId === null ? null : (findUser(sql, managerId)?.id ?? null)
}
