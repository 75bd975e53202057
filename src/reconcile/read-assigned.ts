import { mappedNames } from '../directory/index.ts'
import { limits } from '../kernel/index.ts'
import { type DifferentAssignment, listsByRole, sortAssignments } from './assignments.ts'
import { judgeRead } from './brake.ts'
import {
  assignedCounts,
  differentAssignments,
  type ListRow,
  lackingAssignments,
  savePages,
} from './pages-store.ts'
import type { Reconciler } from './reconcilers-store.ts'
import { addCounts } from './run.ts'
import { watchedNames } from './statements.ts'
import { failed, goOn, passOn, type Step, type StepResult } from './step.ts'
import type { Work, Write } from './work.ts'

/** Reads the application, and decides whether changes are asked for or everything. */
export const readApplication: Step = async (work) => {
  if (!work.graph.ok) return failed(work.graph.failure)
  const { client, appId } = work.graph.value
  const readStartedAt = work.nowMs()
  const names = watchedNames(mappedNames((await work.rules()).mapping, 'graph'))
  const answer = await client.application(appId)
  if (!answer.ok) return failed(answer.failure)
  const { requiresAssignment, appRoles } = answer.value
  const roleNames = Object.fromEntries(
    appRoles.filter(({ isEnabled }) => isEnabled).map(({ id, value }) => [id, value ?? id]),
  )
  const isFull = work.run().isFull || needsAll(work.reconciler, { names, nowMs: readStartedAt })
  return goOn(work, {
    step: 'assignments',
    readStartedAt,
    isFull,
    cursor: { names, requiresAssignment, roleNames, link: null, page: 0, after: '' },
  })
}

/** Whether only a full read will do: no link, an old one, or one that watches other names than the mapping reads. */
function needsAll(
  { delta, deltaAt, lastFullAt }: Reconciler,
  { names, nowMs }: { names: readonly string[]; nowMs: number },
): boolean {
  if (delta === null || deltaAt === null || lastFullAt === null) return true
  if (delta.names.join() !== names.join()) return true
  return nowMs - deltaAt > limits.reconcileLinkMs || nowMs - lastFullAt > limits.reconcileFullMs
}

/** Reads a page of who is assigned. */
export const readAssignments: Step = async (work) => {
  if (!work.graph.ok) return failed(work.graph.failure)
  const { client, appId } = work.graph.value
  const { cursor } = work.run()
  const answer = await client.assignmentsPage(appId, cursor.link)
  if (!answer.ok) return failed(answer.failure)
  const { lists, groups } = sortAssignments(answer.value, cursor)
  const { nextLink } = answer.value
  return keepLists(work, lists, {
    step: nextLink === null ? 'assigned_groups' : 'assignments',
    cursor: { groups, link: nextLink },
  })
}

/** Reads a page of the direct members of an assigned group: they are assigned, nested groups are not. */
export const readAssignedGroups: Step = async (work) => {
  if (!work.graph.ok) return failed(work.graph.failure)
  const { cursor } = work.run()
  const [group, ...rest] = cursor.groups
  if (group === undefined) return passOn(work, { step: 'judge', cursor: { link: null } })
  const answer = await work.graph.value.client.groupMembersPage(group.id, cursor.link)
  // Deleted since it was listed: nobody is assigned by it any more.
  const isGone = !answer.ok && answer.failure.code === 'graph.not_found'
  if (!answer.ok && !isGone) return failed(answer.failure)
  const { memberIds, nextLink } = answer.ok ? answer.value : { memberIds: [], nextLink: null }
  const users = new Map(memberIds.length === 0 ? [] : group.roles.map((role) => [role, memberIds]))
  return keepLists(work, listsByRole(users), {
    step: 'assigned_groups',
    cursor: { link: nextLink, groups: nextLink === null ? rest : cursor.groups },
  })
}

function keepLists(
  work: Work,
  lists: readonly Omit<ListRow, 'page'>[],
  next: Write['next'],
): ReturnType<Step> {
  const { cursor, counts } = work.run()
  const rows = lists.map((one, i) => ({ ...one, page: cursor.page + i }))
  return goOn(
    work,
    {
      ...next,
      counts: addCounts(counts, { pages: 1 }),
      cursor: { page: cursor.page + rows.length, ...next.cursor },
    },
    (guard) => savePages(work.db, work.lease, { rows, guard }),
  )
}

/** Judges whether anything may be concluded from the list of assignments. */
export const judgeAssignments: Step = async (work) => {
  const [rows] = await work.read([assignedCounts(work.db, work.lease, work.scope)])
  const [{ now, before } = { now: 0, before: 0 }] = rows as readonly {
    now: number
    before: number
  }[]
  const judged = judgeRead({ unfinished: [], assigned: now, assignedBefore: before })
  return judged.ok
    ? passOn(work, { step: 'differences', cursor: { after: '' } })
    : failed(judged.failure)
}

/** Finds whose assignment is another one than what is known. */
export const findDifferences: Step = async (work) => {
  const { db, lease, scope } = work
  const { cursor } = work.run()
  const limit = limits.reconcileListSlice
  const [answer] = await work.read([
    differentAssignments(db, lease, { of: scope, after: cursor.after, limit }),
  ])
  const found = (answer as readonly { id: string; roles: string }[]).map(
    ({ id, roles }): DifferentAssignment => ({ id, roles: JSON.parse(roles) as string[] }),
  )
  return keepFound(work, { kind: 'different', found, last: found.at(-1)?.id, following: 'lacking' })
}

/** Finds who is known as assigned and is not in the list. */
export const findLacking: Step = async (work) => {
  const { db, lease, scope } = work
  const { after } = work.run().cursor
  const limit = limits.reconcileListSlice
  const [answer] = await work.read([lackingAssignments(db, lease, { of: scope, after, limit })])
  const found = (answer as readonly { id: string }[]).map(({ id }) => id)
  return keepFound(work, { kind: 'lacking', found, last: found.at(-1), following: 'users' })
}

function keepFound(
  work: Work,
  {
    kind,
    found,
    last,
    following,
  }: {
    kind: 'different' | 'lacking'
    found: readonly unknown[]
    last: string | undefined
    following: 'lacking' | 'users'
  },
): StepResult | Promise<StepResult> {
  const { cursor, step } = work.run()
  if (found.length === 0)
    return passOn(work, { step: following, cursor: { after: '', link: null } })
  const isMore = found.length === limits.reconcileListSlice && last !== undefined
  const rows = [{ kind, page: cursor.page, ids: JSON.stringify(found) }]
  return goOn(
    work,
    {
      step: isMore ? step : following,
      cursor: { after: isMore ? last : '', link: null, page: cursor.page + rows.length },
    },
    (guard) => savePages(work.db, work.lease, { rows, guard }),
  )
}
