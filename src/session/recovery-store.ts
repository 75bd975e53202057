import { and, desc, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import {
  type Database,
  type Guard,
  insertWhere,
  runBatch,
  type Statement,
  tables,
} from '../db/index.ts'
import { err, ok, type Result, sha256Hex } from '../kernel/index.ts'
import type { SessionFailure } from './errors.ts'
import { insertSession, type NewSession } from './session-store.ts'

const { organizations, people, recoveryLinks } = tables
const hourMs = 60 * 60 * 1000

export type RecoveryLink = typeof recoveryLinks.$inferSelect

/** Stores a recovery link, whose token is only kept as a hash, while the guard holds. */
export function insertRecoveryLink(db: Database, row: RecoveryLink, guard: Guard): Statement {
  return insertWhere(db, recoveryLinks, { row, guard })
}

/** Whether the recovery link is there. */
export function recoveryLinkExists(linkId: string): Guard {
  return sql`exists (select 1 from ${recoveryLinks} where id = ${linkId})`
}

/** A recovery link of an organization, or null. */
export async function findRecoveryLink(
  db: Database,
  organizationId: string,
  linkId: string,
): Promise<RecoveryLink | null> {
  const rows = await db
    .select()
    .from(recoveryLinks)
    .where(and(eq(recoveryLinks.id, linkId), eq(recoveryLinks.organizationId, organizationId)))
  return rows[0] ?? null
}

/** One page of an organization's recovery links, newest first; ask for one more than shown. */
export async function listRecoveryLinks(
  db: Database,
  organizationId: string,
  page: {
    readonly limit: number
    /** The last link of the page before. */
    readonly after: { readonly createdAt: number; readonly id: string } | null
  },
): Promise<readonly RecoveryLink[]> {
  const { after, limit } = page
  return db
    .select()
    .from(recoveryLinks)
    .where(
      and(
        eq(recoveryLinks.organizationId, organizationId),
        after === null
          ? undefined
          : or(
              lt(recoveryLinks.createdAt, after.createdAt),
              and(eq(recoveryLinks.createdAt, after.createdAt), lt(recoveryLinks.id, after.id)),
            ),
      ),
    )
    .orderBy(desc(recoveryLinks.createdAt), desc(recoveryLinks.id))
    .limit(limit)
}

/** A recovery link of one organization. */
export type RecoveryLinkKey = { readonly organizationId: string; readonly linkId: string }

/** Whether the recovery link is there and has signed nobody in. */
export function recoveryLinkUnused({ organizationId, linkId }: RecoveryLinkKey): Guard {
  return sql`exists (select 1 from ${recoveryLinks} where id = ${linkId} and organization_id = ${organizationId} and used_at is null)`
}

/** Deletes a recovery link that has signed nobody in, and answers with its id: its secret is worth nothing. */
export function deleteRecoveryLink(
  db: Database,
  { organizationId, linkId }: RecoveryLinkKey,
): Statement {
  return db
    .delete(recoveryLinks)
    .where(
      and(
        eq(recoveryLinks.id, linkId),
        eq(recoveryLinks.organizationId, organizationId),
        isNull(recoveryLinks.usedAt),
      ),
    )
    .returning({ id: recoveryLinks.id })
}

export type Redemption = {
  readonly linkId: string
  readonly organizationId: string
  readonly personId: string
  readonly sessionExpiresAtMs: number
}

/**
 * Turns a recovery link into a session, once: the session, what the caller adds and the mark that the link
 * is used are one batch, and each depends on the link being unused, in time, and of an active person at
 * that moment. Of two who redeem it at once, one gets in.
 * @param input.also statements of the caller that depend on the same guard, such as the event
 * @returns who is in, or `session.recovery_link_used`, which is all anybody learns
 */
export async function redeemRecoveryLink(
  db: Database,
  input: {
    readonly token: string
    readonly session: NewSession
    readonly userAgent: string | null
    readonly nowMs: number
    readonly also: (redemption: Redemption, guard: Guard) => readonly Statement[]
  },
): Promise<Result<Redemption, SessionFailure>> {
  const { token, session, userAgent, nowMs } = input
  const found = await loadLink(db, await sha256Hex(token))
  if (found === null) return err({ code: 'session.recovery_link_used' })
  const { link, sessionHours } = found
  const { organizationId, personId } = link
  const sessionExpiresAtMs = nowMs + sessionHours * hourMs
  const redemption = { linkId: link.id, organizationId, personId, sessionExpiresAtMs }
  const guard = isUsable(link.id, nowMs)
  const row = {
    id: session.id,
    tokenSha256: session.tokenSha256,
    organizationId,
    personId,
    userAgent,
    createdAt: nowMs,
    expiresAt: sessionExpiresAtMs,
  }
  const results = await runBatch(db, [
    insertSession(db, row, guard),
    ...input.also(redemption, guard),
    // Last, so that everything before it still finds the link unused.
    db
      .update(recoveryLinks)
      .set({ usedAt: nowMs })
      .where(and(eq(recoveryLinks.id, link.id), guard))
      .returning({ id: recoveryLinks.id }),
  ])
  return (results.at(-1) as readonly unknown[]).length === 1
    ? ok(redemption)
    : err({ code: 'session.recovery_link_used' })
}

async function loadLink(
  db: Database,
  tokenSha256: string,
): Promise<{ link: RecoveryLink; sessionHours: number } | null> {
  const isNamed = eq(recoveryLinks.tokenSha256, tokenSha256)
  const [[link], [organization]] = await db.batch([
    db.select().from(recoveryLinks).where(isNamed),
    db
      .select({ sessionHours: organizations.sessionHours })
      .from(organizations)
      .where(
        eq(
          organizations.id,
          sql`(select organization_id from ${recoveryLinks} where token_sha256 = ${tokenSha256})`,
        ),
      ),
  ])
  return link === undefined || organization === undefined
    ? null
    : { link, sessionHours: organization.sessionHours }
}

function isUsable(linkId: string, nowMs: number): SQL {
  return sql`exists (select 1 from ${recoveryLinks} l join ${people} p
    on p.id = l.person_id and p.organization_id = l.organization_id
    where l.id = ${linkId} and l.used_at is null and l.expires_at > ${nowMs} and p.active = 1 and p.retired_at is null)`
}
