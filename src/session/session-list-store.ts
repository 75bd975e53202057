import { and, desc, eq, gt, lt, or, sql } from 'drizzle-orm'
import { type Database, type Guard, tables } from '../db/index.ts'

const { people, sessions } = tables

/** A session as operators see it: without its token. */
export type SessionRow = typeof sessions.$inferSelect

/** One page of a person's sessions, newest first; ask for one more than shown. */
export async function listSessions(
  db: Database,
  input: {
    organizationId: string
    personId: string
    nowMs: number
    limit: number
    /** The last session of the page before. */
    after?: { readonly createdAt: number; readonly id: string } | null
  },
): Promise<readonly SessionRow[]> {
  const { after } = input
  return db
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.organizationId, input.organizationId),
        eq(sessions.personId, input.personId),
        gt(sessions.expiresAt, input.nowMs),
        after === undefined || after === null
          ? undefined
          : or(
              lt(sessions.createdAt, after.createdAt),
              and(eq(sessions.createdAt, after.createdAt), lt(sessions.id, after.id)),
            ),
      ),
    )
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .limit(input.limit)
}

/** Where the list of an organization's sessions goes on. */
export type SessionPlace = {
  readonly personId: string
  readonly createdAt: number
  readonly id: string
}

/**
 * One page of an organization's sessions that are not over, together by person: that is the order of an index, so
 * a page costs what is on it. Ask for one more than shown.
 */
export async function listOrganizationSessions(
  db: Database,
  organizationId: string,
  page: { readonly nowMs: number; readonly limit: number; readonly after: SessionPlace | null },
): Promise<readonly (SessionRow & { readonly userName: string })[]> {
  const { after } = page
  const rows = await db
    .select({ session: sessions, userName: people.userName })
    .from(sessions)
    .innerJoin(
      people,
      and(eq(people.id, sessions.personId), eq(people.organizationId, sessions.organizationId)),
    )
    .where(
      and(
        eq(sessions.organizationId, organizationId),
        gt(sessions.expiresAt, page.nowMs),
        after === null
          ? undefined
          : sql`(${sessions.personId}, ${sessions.createdAt}, ${sessions.id}) > (${after.personId}, ${after.createdAt}, ${after.id})`,
      ),
    )
    .orderBy(sessions.personId, sessions.createdAt, sessions.id)
    .limit(page.limit)
  return rows.map(({ session, userName }) => ({ ...session, userName }))
}

/** A session of an organization, or null. */
export async function findSession(
  db: Database,
  organizationId: string,
  sessionId: string,
): Promise<SessionRow | null> {
  const rows = await db
    .select()
    .from(sessions)
    .where(and(eq(sessions.organizationId, organizationId), eq(sessions.id, sessionId)))
  return rows[0] ?? null
}

/** Whether a session is there to be ended. */
export function sessionExists(organizationId: string, sessionId: string): Guard {
  return sql`exists (select 1 from ${sessions} where id = ${sessionId} and organization_id = ${organizationId})`
}

/** Whether a person has a session at all. */
export function personHasSession(organizationId: string, personId: string): Guard {
  return sql`exists (select 1 from ${sessions} where organization_id = ${organizationId} and person_id = ${personId})`
}
