import { limits } from '../kernel/index.ts'
import { slices } from './chunks.ts'
import { commitPage } from './commit-page.ts'
import { differentUnseen, listAfter, unseenUsers } from './pages-store.ts'
import type { GraphStatement } from './plan-types.ts'
import { deltaStatements, type Reading, stateStatement, userStatement } from './statements.ts'
import { failed, passOn, type Step, type StepResult, written } from './step.ts'
import type { Work, Write } from './work.ts'

/** What everything that is read now has in common. */
export function readingOf(work: Work, at: number, isWhole: boolean): Reading {
  const { cursor, readStartedAt } = work.run()
  return { names: cursor.names, isWhole, at, startedAt: readStartedAt ?? at }
}

/** Reads a page of users: what changed, or everybody. */
export const readUsers: Step = async (work) => {
  if (!work.graph.ok) return failed(work.graph.failure)
  const { cursor, isFull } = work.run()
  const link = cursor.link ?? (isFull ? null : (work.reconciler.delta?.link ?? null))
  const at = work.nowMs()
  const answer = await work.graph.value.client.usersDeltaPage(
    link === null ? { select: cursor.names } : { link },
  )
  if (!answer.ok) return failed(answer.failure)
  const page = answer.value
  const statements = deltaStatements(page, readingOf(work, at, isFull))
  const seen = page.users.map(({ id }) => id)
  return commitAll(work, statements, {
    next:
      page.nextLink === null
        ? { step: 'newcomers', cursor: { link: null, after: '', deltaLink: page.deltaLink } }
        : { cursor: { link: page.nextLink } },
    seen: isFull ? seen : [],
    pages: 1,
  })
}

/** Reads who is newly assigned by id, since a delta does not tell of an assignment. */
export const readNewcomers: Step = async (work) => {
  if (!work.graph.ok) return failed(work.graph.failure)
  const { cursor, isFull } = work.run()
  const limit = limits.reconcileByIdSlice - cursor.again.length
  const [rows] = await work.read([
    differentUnseen(work.db, work.lease, { after: cursor.after, limit }),
  ])
  const found = (rows as readonly { id: string }[]).map(({ id }) => id)
  const ids = [...cursor.again, ...found]
  if (ids.length === 0) return passOn(work, { step: 'unbound', cursor: { after: '' } })
  const at = work.nowMs()
  const reading = readingOf(work, at, true)
  const statements: GraphStatement[] = []
  const seen: string[] = []
  const again: string[] = []
  let pauseMs = 0
  for (const part of slices(ids, limits.graphBatchRequests)) {
    const answer = await work.graph.value.client.usersById(part, cursor.names)
    if (!answer.ok) return failed(answer.failure)
    const { users, gone } = answer.value
    statements.push(...users.map((user) => userStatement(user, reading)))
    statements.push(
      ...gone.map((id) => stateStatement(id, { state: 'gone', isLacked: false, reading })),
    )
    seen.push(...users.map(({ id }) => id))
    again.push(...(answer.value.again?.ids ?? []))
    pauseMs = Math.max(pauseMs, answer.value.again?.retryAfterMs ?? 0)
  }
  if (again.length === ids.length) {
    return failed({ code: 'graph.throttled', retryAfterMs: pauseMs })
  }
  const result = await commitAll(work, statements, {
    next: { cursor: { after: found.at(-1) ?? cursor.after, again } },
    seen: isFull ? seen : [],
    pages: 1,
  })
  return result.kind === 'next' && again.length > 0 ? { kind: 'pause', ms: pauseMs } : result
}

/** Judges who is no longer assigned. */
export const judgeUnassigned: Step = async (work) => {
  const { after } = work.run().cursor
  const { isFull } = work.run()
  const [rows] = await work.read([
    listAfter(work.db, work.lease, { kind: 'lacking', after, limit: limits.reconcileSlice }),
  ])
  const ids = (rows as readonly { id: string }[]).map(({ id }) => id)
  const last = ids.at(-1)
  if (last === undefined) {
    return passOn(work, { step: isFull ? 'unseen' : 'members', cursor: { after: '' } })
  }
  const reading = readingOf(work, work.nowMs(), false)
  return commitAll(
    work,
    ids.map((id) => stateStatement(id, { state: null, isLacked: true, reading })),
    { next: { cursor: { after: last } }, seen: [], pages: 0 },
  )
}

/** Judges whom a full read has not seen, after its last page: they are not in the tenant. */
export const judgeUnseen: Step = async (work) => {
  const { after } = work.run().cursor
  const [rows] = await work.read([
    unseenUsers(work.db, work.lease, { of: work.scope, after, limit: limits.reconcileSlice }),
  ])
  const ids = (rows as readonly { id: string }[]).map(({ id }) => id)
  const last = ids.at(-1)
  if (last === undefined) return passOn(work, { step: 'members', cursor: { after: '' } })
  const reading = readingOf(work, work.nowMs(), false)
  return commitAll(
    work,
    ids.map((id) => stateStatement(id, { state: 'gone', isLacked: true, reading })),
    { next: { cursor: { after: last } }, seen: [], pages: 0 },
  )
}

/** Writes a page in slices; only the last one takes the run to where it goes on. */
export async function commitAll(
  work: Work,
  statements: readonly GraphStatement[],
  { next, seen, pages }: { next: Write['next']; seen: readonly string[]; pages: number },
): Promise<StepResult> {
  const assignments = await work.assignments()
  const parts = slices(statements, limits.reconcileSlice)
  const lists = seen.length === 0 ? [] : [{ kind: 'seen' as const, ids: JSON.stringify(seen) }]
  for (const [i, part] of (parts.length === 0 ? [[]] : parts).entries()) {
    const isLast = i >= parts.length - 1
    const isWritten = await commitPage(work, {
      statements: part,
      mode: 'collect',
      assignments,
      next: isLast ? next : {},
      counts: { people: part.length, pages: isLast ? pages : 0 },
      lists: isLast ? lists : [],
    })
    if (!isWritten) return written(false)
  }
  return { kind: 'next' }
}
