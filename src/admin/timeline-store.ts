import { sql } from 'drizzle-orm'
import { type Database, runBatch, tables } from '../db/index.ts'
import { type Arm, mergeArms, timedIdFrom } from '../kernel/index.ts'

const { driftItems, events, sessions } = tables

/** Where a timeline goes on: behind this moment, and behind this id among what happened at it. */
export type Instant = { readonly at: number; readonly id: string }

export type TimelineRow = Instant & {
  readonly kind: 'event' | 'session' | 'drift'
  /** Of a session and of drift, what the table has; an event is loaded whole by its id. */
  readonly detail: Readonly<Record<string, unknown>>
}

/**
 * One page of what happened to a person, newest first, over events of every source, sessions that stand, and
 * differences that reconciliation found. Each is read by the person's index. One call.
 */
export async function readTimeline(
  db: Database,
  { organizationId, personId }: { organizationId: string; personId: string },
  { after, limit }: { after: Instant | null; limit: number },
): Promise<{ readonly shown: readonly TimelineRow[]; readonly next: TimelineRow | null }> {
  const size = limit + 1
  const at = after ?? { at: Number.MAX_SAFE_INTEGER, id: '' }
  // Ids of events begin with their moment, and their index is ordered by them.
  const below = after === null ? 'evt`' : timedIdFrom('evt', after.at + 1)
  const answers = await runBatch(db, [
    db.all(
      sql`select id, at, '{}' as detail from ${events} indexed by events_person
        where organization_id = ${organizationId} and person_id = ${personId} and id < ${below} and (at, id) < (${at.at}, ${at.id})
        order by id desc limit ${size}`,
    ),
    db.all(
      sql`select id, created_at as at, json_object('userAgent', user_agent, 'connection', connection_id, 'expiresAt', expires_at) as detail
        from ${sessions} where organization_id = ${organizationId} and person_id = ${personId} and created_at <= ${at.at} and (created_at, id) < (${at.at}, ${at.id})
        order by created_at desc, id desc limit ${size}`,
    ),
    db.all(
      sql`select id, at, json_object('kind', kind, 'attribute', attribute, 'rule', rule, 'action', action, 'state', state, 'run', run_id) as detail
        from ${driftItems} where person_id = ${personId} and organization_id = ${organizationId} and (at, id) < (${at.at}, ${at.id})
        order by at desc, id desc limit ${size}`,
    ),
  ])
  const arms = kinds.map((kind, i): Arm<TimelineRow> => {
    const rows = (answers[i] as readonly (Instant & { readonly detail: string })[]).map((row) => ({
      ...row,
      kind,
      detail: JSON.parse(row.detail) as TimelineRow['detail'],
    }))
    return { rows, isFull: rows.length === size }
  })
  return mergeArms(arms, {
    order: (a, b) => b.at - a.at || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
    matches: () => true,
    limit,
  })
}

const kinds = ['event', 'session', 'drift'] as const
