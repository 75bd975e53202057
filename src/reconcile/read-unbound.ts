import { limits, timedIdFrom } from '../kernel/index.ts'
import { slices } from './chunks.ts'
import type { GraphStatement } from './plan-types.ts'
import { commitAll, readingOf } from './read-users.ts'
import { userStatement } from './statements.ts'
import { failed, passOn, type Step } from './step.ts'
import { unboundSince } from './unbound-store.ts'

/**
 * Reads by name whom SCIM made since the last read and nobody bound. Where Graph knew of the account before, a delta
 * tells nothing of it, and they would stay unbound until something of it changes (DESIGN 2.1, rule 2). The plan
 * decides who is bound, as of anybody that is read.
 */
export const readUnbound: Step = async (work) => {
  if (!work.graph.ok) return failed(work.graph.failure)
  const { cursor, isFull } = work.run()
  const since = work.reconciler.deltaAt
  const onward = { step: 'unassigned', cursor: { after: '' } } as const
  // A full read has seen everybody.
  if (isFull || since === null) return passOn(work, onward)
  const [rows] = await work.read([
    unboundSince(work.db, work.scope, {
      after: cursor.after === '' ? timedIdFrom('usr', since) : cursor.after,
      limit: limits.reconcileByIdSlice - cursor.again.length,
    }),
  ])
  const found = rows as readonly { id: string; userName: string }[]
  const names = [...cursor.again, ...found.map(({ userName }) => userName)]
  if (names.length === 0) return passOn(work, onward)
  const reading = readingOf(work, work.nowMs(), true)
  const statements: GraphStatement[] = []
  const again: string[] = []
  let pauseMs = 0
  for (const part of slices(names, limits.graphBatchRequests)) {
    const answer = await work.graph.value.client.usersByName(part, cursor.names)
    if (!answer.ok) return failed(answer.failure)
    statements.push(...answer.value.users.map((user) => userStatement(user, reading)))
    again.push(...(answer.value.again?.ids ?? []))
    pauseMs = Math.max(pauseMs, answer.value.again?.retryAfterMs ?? 0)
  }
  if (again.length === names.length) {
    return failed({ code: 'graph.throttled', retryAfterMs: pauseMs })
  }
  const after = found.at(-1)?.id ?? cursor.after
  const next = { cursor: { after, again } }
  const result = await commitAll(work, statements, { next, seen: [], pages: 1 })
  return result.kind === 'next' && again.length > 0 ? { kind: 'pause', ms: pauseMs } : result
}
