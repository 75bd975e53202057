import { and, eq, sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'
import { statementsOf } from './chunks.ts'
import type { DriftItem } from './drift.ts'
import { field, jsonField } from './gate-store.ts'
import { isAsJudged } from './graph-users-store.ts'
import { valueKinds } from './plan-values.ts'
import type { ReconcilerKey } from './runs-store.ts'

const { driftItems } = tables

export type DriftRow = typeof driftItems.$inferSelect

/** A difference that is about to be stored. */
export type FoundDrift = Pick<DriftRow, 'id' | 'fingerprint' | 'action' | 'state'> &
  Omit<DriftItem, 'action'> & {
    /** The person's version that it holds for; null where it holds anyway. */
    readonly version: number | null
  }

/**
 * Stores what was found, while the guard holds. What is open already, or was dismissed, is not told again, and its
 * time is moved on once a day at most; a repair closes what was open of the same difference.
 */
export function saveDrift(
  db: Database,
  { organizationId, connectionId, runId }: ReconcilerKey & { readonly runId: string },
  { found, nowMs, guard }: { found: readonly FoundDrift[]; nowMs: number; guard: Guard },
): readonly Statement[] {
  const repaired = found.filter(({ action }) => action === 'repaired')
  return [
    ...statementsOf(
      repaired,
      ({ fingerprint, personId, version }) => ({ fingerprint, personId, version }),
      (rows) =>
        db.run(
          sql`update ${driftItems} set state = 'done', action = 'repaired', decided_at = ${nowMs}
            where organization_id = ${organizationId} and connection_id = ${connectionId} and state in ('open', 'dismissed') and state = 'open'
              and fingerprint in (select ${field('fingerprint')} from json_each(${rows}) j where ${isAsJudged('personId')}) and ${guard}`,
        ),
    ),
    ...statementsOf(
      found,
      (one) => one,
      (rows) =>
        db.run(
          sql`insert into ${driftItems} (id, organization_id, connection_id, run_id, kind, person_id, group_id, object_id, attribute, stated, held, rule, action, state, fingerprint, at)
            select ${field('id')}, ${organizationId}, ${connectionId}, ${runId}, ${field('kind')}, ${field('personId')}, ${field('groupId')}, ${field('objectId')}, ${field('attribute')},
              ${jsonField('stated')}, ${jsonField('held')}, ${field('rule')}, ${field('action')}, ${field('state')}, ${field('fingerprint')}, ${nowMs}
            from json_each(${rows}) j where ${guard} and ${isAsJudged('personId')}
            on conflict (organization_id, connection_id, fingerprint) where state in ('open', 'dismissed')
              do update set at = excluded.at where drift_items.at < excluded.at - ${limits.reconcileSeenMs}
            on conflict do nothing`,
        ),
    ),
  ]
}

/**
 * Closes what was open and is not found any more by a full run, which looks at everything: it was settled elsewhere.
 * Silence of SCIM is looked at by every run.
 */
export function closeSettled(
  db: Database,
  { organizationId, connectionId }: ReconcilerKey,
  {
    readStartedAt,
    isFull,
    isSilent,
    nowMs,
    guard,
  }: {
    readStartedAt: number
    isFull: boolean
    isSilent: boolean
    nowMs: number
    guard: Guard
  },
): Statement {
  const unseen = sql`(${isFull ? 1 : 0} = 1 and kind <> 'scim_silent' and at < ${readStartedAt - limits.reconcileSeenMs})`
  const heard = sql`(${isSilent ? 1 : 0} = 0 and kind = 'scim_silent')`
  return db.run(
    sql`update ${driftItems} set state = 'done', decided_at = ${nowMs}
      where organization_id = ${organizationId} and connection_id = ${connectionId} and state in ('open', 'dismissed') and state = 'open'
        and (${unseen} or ${heard}) and ${guard}`,
  )
}

/** Somebody who was judged, and the fingerprints of what was found of them. */
export type JudgedValues = {
  readonly personId: string
  /** The version that they were judged by. */
  readonly version: number
  readonly fingerprints: readonly string[]
}

/** Closes what was open of these people's values and is not found any more, while the guard holds. */
export function settleValues(
  db: Database,
  organizationId: string,
  { people, nowMs, guard }: { people: readonly JudgedValues[]; nowMs: number; guard: Guard },
): readonly Statement[] {
  const kinds = sql.join(
    valueKinds.map((kind) => sql`${kind}`),
    sql`, `,
  )
  // `+` keeps the organization's index out of it: the list is the outer loop, and each person's own rows are few.
  return statementsOf(
    people,
    (one) => one,
    (rows) =>
      db.run(
        sql`update ${driftItems} set state = 'done', decided_at = ${nowMs}
          where id in (select d.id from json_each(${rows}) j cross join ${driftItems} d
            where d.person_id = ${field('personId')} and +d.organization_id = ${organizationId} and +d.state = 'open' and d.kind in (${kinds})
              and d.fingerprint not in (select f.value from json_each(j.value, '$.fingerprints') f) and ${isAsJudged('personId')})
            and ${guard}`,
      ),
  )
}

/** Closes what a run had planned and does not do any more, while the guard holds: the next one plans it anew. */
export function settlePlanned(
  db: Database,
  runId: string,
  { nowMs, guard }: { nowMs: number; guard: Guard },
): Statement {
  return db
    .update(driftItems)
    .set({ state: 'done', decidedAt: nowMs })
    .where(and(isPlanned(runId), eq(driftItems.state, 'open'), guard))
}

/** Forgets what a run had planned that begins anew, while the guard holds. */
export function forgetPlanned(db: Database, runId: string, guard: Guard): Statement {
  return db.delete(driftItems).where(and(isPlanned(runId), guard))
}

function isPlanned(runId: string) {
  return and(eq(driftItems.runId, runId), eq(driftItems.action, 'planned'))
}

/** Whether the difference still waits for somebody's word. */
export function driftIsOpen(organizationId: string, driftId: string): Guard {
  return sql`exists (select 1 from ${driftItems} where id = ${driftId} and organization_id = ${organizationId} and state = 'open')`
}

/** Whether this batch has accepted the difference. */
export function driftIsAccepted({
  organizationId,
  driftId,
  nowMs,
}: {
  organizationId: string
  driftId: string
  nowMs: number
}): Guard {
  return sql`exists (select 1 from ${driftItems} where id = ${driftId} and organization_id = ${organizationId} and state = 'accepted' and decided_at = ${nowMs})`
}

/** Notes an admin's word; answers with the row when it was open. */
export function decideDrift(
  db: Database,
  { organizationId, driftId }: { organizationId: string; driftId: string },
  { state, nowMs, guard }: { state: 'accepted' | 'dismissed'; nowMs: number; guard: Guard },
): Statement {
  return db
    .update(driftItems)
    .set({ state, decidedAt: nowMs })
    .where(
      and(
        eq(driftItems.id, driftId),
        eq(driftItems.organizationId, organizationId),
        eq(driftItems.state, 'open'),
        guard,
      ),
    )
    .returning()
}

/** Asks how many differences of each kind a run has found; read by `readSums`. */
export function driftSums(db: Database, { runId }: { readonly runId: string }): Statement {
  return db.all(
    sql`select kind, count(*) as count from ${driftItems} where run_id = ${runId} group by kind`,
  )
}

/** The sums by kind. */
export function readSums(answer: unknown): Readonly<Record<string, number>> {
  const rows = answer as readonly { kind: string; count: number }[]
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]))
}

/** Asks when a credential of SCIM was last used: tokens of the connection, those that its clients were given too. */
export function scimUsedAt(
  db: Database,
  { organizationId, connectionId }: ReconcilerKey,
): Statement {
  return db.all(
    sql`select max(last_used_at) as at from ${tables.scimTokens} where organization_id = ${organizationId} and ifnull(connection_id, '') = ${connectionId}`,
  )
}
