import { and, desc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import { base64UrlEncode, newId, type RandomBytes, sha256Hex } from '../kernel/index.ts'

const { connections, organizations, people, sessions } = tables

/** The session cookie: Lax, so that it does not travel with another site's forms. */
export const sessionCookie = '__Host-portico_session'

export type NewSession = {
  readonly id: string
  /** What the cookie holds; never stored. */
  readonly token: string
  readonly tokenSha256: string
}

/** A fresh session id and token (256 random bits). */
export async function createSessionToken(random: RandomBytes): Promise<NewSession> {
  const token = base64UrlEncode(random(32))
  return { id: newId('ses', random), token, tokenSha256: await sha256Hex(token) }
}

/** Set-Cookie for a session of the given length. */
export function sessionSetCookie(token: string, maxAgeSeconds: number): string {
  return `${sessionCookie}=${token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}`
}

/** Stores a session while the guard holds. */
export function insertSession(
  db: Database,
  row: typeof sessions.$inferInsert,
  guard: Guard,
): Statement {
  return insertWhere(db, sessions, { row, guard })
}

export type ActiveSession = {
  readonly session: typeof sessions.$inferSelect
  readonly person: typeof people.$inferSelect
  readonly organization: typeof organizations.$inferSelect
  readonly connection: typeof connections.$inferSelect | null
}

/**
 * The session a cookie names, if it still counts: not expired, the person active, the connection
 * neither disabled nor back in draft. One indexed read at the primary.
 */
export function sessionQuery(db: Database, tokenSha256: string, nowMs: number) {
  return db
    .select({
      session: sessions,
      person: people,
      organization: organizations,
      connection: connections,
    })
    .from(sessions)
    .innerJoin(
      people,
      and(eq(people.id, sessions.personId), eq(people.organizationId, sessions.organizationId)),
    )
    .innerJoin(organizations, eq(organizations.id, sessions.organizationId))
    .leftJoin(connections, eq(connections.id, sessions.connectionId))
    .where(
      and(
        eq(sessions.tokenSha256, tokenSha256),
        gt(sessions.expiresAt, nowMs),
        eq(people.active, true),
        isNull(people.retiredAt),
        or(isNull(sessions.connectionId), inArray(connections.status, ['active', 'testing'])),
      ),
    )
    .limit(1)
}

/** The session of a token's digest, if it still counts. */
export async function sessionByToken(
  db: Database,
  tokenSha256: string,
  nowMs: number,
): Promise<ActiveSession | null> {
  const [active] = await sessionQuery(db, tokenSha256, nowMs)
  return active ?? null
}

/** One page of a person's sessions, newest first. */
export async function listSessions(
  db: Database,
  input: { organizationId: string; personId: string; nowMs: number; limit: number },
): Promise<readonly (typeof sessions.$inferSelect)[]> {
  return db
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.organizationId, input.organizationId),
        eq(sessions.personId, input.personId),
        gt(sessions.expiresAt, input.nowMs),
      ),
    )
    .orderBy(desc(sessions.createdAt))
    .limit(input.limit)
}

/** Ends every session of a person: in the batch that denies them. */
export function endPersonSessions(
  db: Database,
  organizationId: string,
  personId: string,
): Statement {
  return db
    .delete(sessions)
    .where(and(eq(sessions.organizationId, organizationId), eq(sessions.personId, personId)))
}

/** Ends every session of a connection: in the batch that disables it. */
export function endConnectionSessions(
  db: Database,
  organizationId: string,
  connectionId: string,
): Statement {
  return db
    .delete(sessions)
    .where(
      and(eq(sessions.organizationId, organizationId), eq(sessions.connectionId, connectionId)),
    )
}

/** Deletes one session, as part of a batch. */
export function deleteSession(db: Database, organizationId: string, sessionId: string): Statement {
  return db
    .delete(sessions)
    .where(and(eq(sessions.organizationId, organizationId), eq(sessions.id, sessionId)))
}

/** Ends one session of an organization; returns its id when there was one. */
export async function endSession(
  db: Database,
  organizationId: string,
  sessionId: string,
): Promise<{ personId: string } | null> {
  const rows = await db
    .delete(sessions)
    .where(and(eq(sessions.organizationId, organizationId), eq(sessions.id, sessionId)))
    .returning({ personId: sessions.personId })
  return rows[0] ?? null
}

/**
 * Ends the sessions that an identity provider's logout names: of that connection only, by exactly
 * these SessionIndex values, or all of a NameID's where a verified request names no index.
 */
export function endSessionsByIndex(
  db: Database,
  input: {
    organizationId: string
    connectionId: string
    sessionIndexes: readonly string[]
    nameId: string | null
    guard?: Guard
  },
) {
  return db
    .delete(sessions)
    .where(
      and(
        eq(sessions.organizationId, input.organizationId),
        eq(sessions.connectionId, input.connectionId),
        input.sessionIndexes.length > 0
          ? inArray(sessions.sessionIndex, [...input.sessionIndexes])
          : input.nameId === null
            ? sql`0 = 1`
            : eq(sessions.nameId, input.nameId),
        input.guard,
      ),
    )
    .returning({ id: sessions.id, personId: sessions.personId })
}

/** Deletes a bounded number of expired sessions. */
export function pruneSessions(db: Database, nowMs: number): Statement {
  return db.run(
    sql`delete from ${sessions} where id in (select id from ${sessions} where expires_at < ${nowMs} limit 500)`,
  )
}
