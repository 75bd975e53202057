import { and, eq, inArray, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import {
  type Database,
  type Guard,
  insertWhere,
  runBatch,
  type Statement,
  tables,
} from '../db/index.ts'
import { base64UrlEncode, newId, type RandomBytes, sha256Hex } from '../kernel/index.ts'
import { type Access, accessOf } from './access.ts'
import { notProvisioned, provisionedQuery, readProvisioned } from './access-store.ts'

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

/** Set-Cookie that forgets the session. */
export function forgetSession(): string {
  return sessionSetCookie('', 0)
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
  /** Groups and roles as they are at this moment, which no sign-in has to bring up to date. */
  readonly access: Access
}

/**
 * The session of a token's digest, if it still counts: not expired, the person active, the connection
 * neither disabled nor back in draft. One call, with the caller's own reads beside it.
 */
export async function loadSession(
  db: Database,
  { tokenSha256, nowMs }: { tokenSha256: string; nowMs: number },
  others: readonly Statement[] = [],
): Promise<{ active: ActiveSession | null; others: readonly unknown[] }> {
  const isNamed = eq(sessions.tokenSha256, tokenSha256)
  const owner = (column: SQLiteColumn) => sql`(select ${column} from ${sessions} where ${isNamed})`
  const results = await runBatch(db, [
    db.select().from(sessions).where(isNamed),
    db
      .select()
      .from(people)
      .where(eq(people.id, owner(sessions.personId))),
    db
      .select()
      .from(organizations)
      .where(eq(organizations.id, owner(sessions.organizationId))),
    db
      .select()
      .from(connections)
      .where(eq(connections.id, owner(sessions.connectionId))),
    provisionedQuery(
      db,
      sql`p.id = ${owner(sessions.personId)} and p.organization_id = ${owner(sessions.organizationId)}`,
    ),
    ...others,
  ])
  const [[session], [person], [organization], [connection], provisioned, ...rest] = results as [
    (typeof sessions.$inferSelect)[],
    (typeof people.$inferSelect)[],
    (typeof organizations.$inferSelect)[],
    (typeof connections.$inferSelect)[],
    unknown,
    ...unknown[],
  ]
  if (session === undefined || person === undefined || organization === undefined) {
    return { active: null, others: rest }
  }
  const stated = readProvisioned(provisioned).get(person.id) ?? notProvisioned
  const access = accessOf(organization, person, stated)
  const found = { session, person, organization, connection: connection ?? null, access }
  return { active: counts(found, nowMs) ? found : null, others: rest }
}

/** Whether a session still lets its person in. */
function counts({ session, person, connection }: ActiveSession, nowMs: number): boolean {
  if (session.expiresAt <= nowMs || !person.active || person.retiredAt !== null) return false
  if (session.organizationId !== person.organizationId) return false
  // A recovery session belongs to no connection: it is the way in while the connection is broken.
  if (session.connectionId === null) return true
  return connection?.status === 'active' || connection?.status === 'testing'
}

/** Ends every session of a person: in the batch that denies them. */
export function endPersonSessions(
  db: Database,
  {
    organizationId,
    personId,
    guard,
  }: {
    organizationId: string
    personId: string
    guard?: Guard
  },
): Statement {
  return db
    .delete(sessions)
    .where(and(eq(sessions.organizationId, organizationId), eq(sessions.personId, personId), guard))
}

/** Ends every session of a connection: in the batch that disables it. */
export function endConnectionSessions(
  db: Database,
  {
    organizationId,
    connectionId,
    guard,
  }: {
    organizationId: string
    connectionId: string
    guard?: Guard
  },
): Statement {
  return db
    .delete(sessions)
    .where(
      and(
        eq(sessions.organizationId, organizationId),
        eq(sessions.connectionId, connectionId),
        guard,
      ),
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
