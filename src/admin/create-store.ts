import { and, eq, gt, type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, runBatch, type Statement, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'
import type { Idempotency } from './idempotency.ts'

const { idempotencyKeys } = tables

export type Creation = {
  readonly idempotency: Idempotency | null
  readonly nowMs: number
  readonly resourceId: string
  /** What must hold besides the key being unused, such as a name being free. */
  readonly allowed: Guard
  /** Whether the row is there; its id is new, so it is there only if this attempt made it. */
  readonly exists: Guard
  /** Inserts the row itself while the guard holds. */
  insert(guard: Guard): Statement
  /** Inserts what belongs to it while the guard holds. */
  dependents(guard: Guard): readonly Statement[]
  /** Read before anything is written: why it may be refused. */
  readonly questions: readonly Statement[]
}

/** What an Idempotency-Key that was used before means. */
export type Replay =
  /** The same request with the same key has made this. */
  | { readonly kind: 'replayed'; readonly resourceId: string }
  /** The key stands for another request. */
  | { readonly kind: 'conflict' }

export type CreationOutcome =
  | { readonly kind: 'created' }
  | Replay
  /** Not allowed; the answers to the questions say why. */
  | { readonly kind: 'refused'; readonly answers: readonly unknown[] }

/**
 * Creates something once, in one batch: the row, what belongs to it, its event and the memory of its
 * Idempotency-Key are stored together or not at all, and of two creates at the same moment one sees the
 * other.
 */
export async function createOnce(db: Database, creation: Creation): Promise<CreationOutcome> {
  const { idempotency, nowMs } = creation
  const used = usedKeyQuery(db, idempotency, nowMs)
  const results = await runBatch(db, [
    ...used,
    ...creation.questions,
    creation.insert(sql`(${creation.allowed} and ${unused(idempotency, nowMs)})`),
    ...creation.dependents(creation.exists),
    ...remember(db, creation),
    db.all(sql`select ${creation.exists} as made`),
  ])
  const made = (results.at(-1) as readonly { made: number }[])[0]?.made === 1
  if (made) return { kind: 'created' }
  const earlier = used.length === 0 ? null : judgeUsed(results[0], idempotency)
  return (
    earlier ?? {
      kind: 'refused',
      answers: results.slice(used.length, used.length + creation.questions.length),
    }
  )
}

/** What a key has made before, asked ahead of work that a repeat would do for nothing. */
export async function findReplay(
  db: Database,
  idempotency: Idempotency | null,
  nowMs: number,
): Promise<Replay | null> {
  const used = usedKeyQuery(db, idempotency, nowMs)
  return used.length === 0 ? null : judgeUsed((await runBatch(db, used))[0], idempotency)
}

function usedKeyQuery(
  db: Database,
  idempotency: Idempotency | null,
  nowMs: number,
): readonly Statement[] {
  if (idempotency === null) return []
  return [
    db
      .select()
      .from(idempotencyKeys)
      .where(and(eq(idempotencyKeys.key, idempotency.key), gt(idempotencyKeys.expiresAt, nowMs))),
  ]
}

function judgeUsed(rows: unknown, idempotency: Idempotency | null): Replay | null {
  const row = (rows as readonly (typeof idempotencyKeys.$inferSelect)[])[0]
  if (row === undefined) return null
  return row.requestSha256 === idempotency?.requestSha256
    ? { kind: 'replayed', resourceId: row.resourceId }
    : { kind: 'conflict' }
}

function unused(idempotency: Idempotency | null, nowMs: number): SQL {
  return idempotency === null
    ? sql`1 = 1`
    : sql`not exists (select 1 from ${idempotencyKeys} where key = ${idempotency.key} and expires_at > ${nowMs})`
}

/** A key whose time is over makes room for its next use. */
function remember(
  db: Database,
  { idempotency, nowMs, resourceId, exists }: Creation,
): readonly Statement[] {
  if (idempotency === null) return []
  const expiresAt = nowMs + limits.idempotencyMs
  return [
    db.run(
      sql`insert into ${idempotencyKeys} (key, request_sha256, resource_id, expires_at)
        select ${idempotency.key}, ${idempotency.requestSha256}, ${resourceId}, ${expiresAt} where ${exists}
        on conflict (key) do update set request_sha256 = excluded.request_sha256, resource_id = excluded.resource_id, expires_at = excluded.expires_at`,
    ),
  ]
}
