import { and, desc, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'

const { setupLinks } = tables

export type SetupLink = typeof setupLinks.$inferSelect

/** A setup link of one organization. */
export type SetupLinkKey = { readonly organizationId: string; readonly linkId: string }

/** Stores a setup link, whose token is only kept as a hash, while the guard holds. */
export function insertSetupLink(db: Database, row: SetupLink, guard: Guard): Statement {
  return insertWhere(db, setupLinks, { row, guard })
}

/** Whether the setup link is there. */
export function setupLinkExists(linkId: string): Guard {
  return sql`exists (select 1 from ${setupLinks} where id = ${linkId})`
}

/** Whether the organization has room for one more. */
export function mayAddSetupLink(organizationId: string, nowMs: number): Guard {
  return sql`(select count(*) from ${setupLinks} where organization_id = ${organizationId} and expires_at > ${nowMs} and revoked_at is null) < ${limits.setupLinksPerOrganization}`
}

/** Whether the setup link still opens the console. */
export function setupLinkUsable({ linkId }: Pick<SetupLinkKey, 'linkId'>, nowMs: number): SQL {
  return sql`exists (select 1 from ${setupLinks} where id = ${linkId} and revoked_at is null and expires_at > ${nowMs})`
}

/** A setup link of an organization, or null. */
export async function findSetupLink(
  db: Database,
  { organizationId, linkId }: SetupLinkKey,
): Promise<SetupLink | null> {
  const rows = await db
    .select()
    .from(setupLinks)
    .where(and(eq(setupLinks.id, linkId), eq(setupLinks.organizationId, organizationId)))
  return rows[0] ?? null
}

/** The setup link whose token has this digest, or null. */
export async function findSetupLinkByToken(
  db: Database,
  tokenSha256: string,
): Promise<SetupLink | null> {
  const rows = await db.select().from(setupLinks).where(eq(setupLinks.tokenSha256, tokenSha256))
  return rows[0] ?? null
}

/** One page of an organization's setup links, newest first; ask for one more than shown. */
export async function listSetupLinks(
  db: Database,
  organizationId: string,
  page: {
    readonly limit: number
    /** The last link of the page before. */
    readonly after: { readonly createdAt: number; readonly id: string } | null
  },
): Promise<readonly SetupLink[]> {
  const { after, limit } = page
  return db
    .select()
    .from(setupLinks)
    .where(
      and(
        eq(setupLinks.organizationId, organizationId),
        after === null
          ? undefined
          : or(
              lt(setupLinks.createdAt, after.createdAt),
              and(eq(setupLinks.createdAt, after.createdAt), lt(setupLinks.id, after.id)),
            ),
      ),
    )
    .orderBy(desc(setupLinks.createdAt), desc(setupLinks.id))
    .limit(limit)
}

/** Revokes a setup link, and answers with its id if it was not revoked before; its console sessions end with it. */
export function revokeSetupLink(
  db: Database,
  { organizationId, linkId }: SetupLinkKey,
  nowMs: number,
): Statement {
  return db
    .update(setupLinks)
    .set({ revokedAt: nowMs })
    .where(
      and(
        eq(setupLinks.id, linkId),
        eq(setupLinks.organizationId, organizationId),
        isNull(setupLinks.revokedAt),
      ),
    )
    .returning({ id: setupLinks.id })
}

/** Whether the setup link is not revoked. */
export function setupLinkStands({ organizationId, linkId }: SetupLinkKey): Guard {
  return sql`exists (select 1 from ${setupLinks} where id = ${linkId} and organization_id = ${organizationId} and revoked_at is null)`
}

/** Remembers that somebody came in by the link. */
export function markSetupLinkUsed(
  db: Database,
  linkId: string,
  nowMs: number,
  guard: Guard,
): Statement {
  return db
    .update(setupLinks)
    .set({ lastUsedAt: nowMs })
    .where(and(eq(setupLinks.id, linkId), guard))
}

/** Deletes links that expired a month ago: until then the list says that there were some. */
export function pruneSetupLinks(db: Database, nowMs: number): Statement {
  const before = nowMs - 30 * 24 * 60 * 60 * 1000
  return db.run(
    sql`delete from ${setupLinks} where id in (select id from ${setupLinks} where expires_at < ${before} limit 200)`,
  )
}
