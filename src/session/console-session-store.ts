import { and, eq, gt, inArray, sql } from 'drizzle-orm'
import {
  type Database,
  type Guard,
  insertWhere,
  runBatch,
  type Statement,
  tables,
} from '../db/index.ts'
import { base64UrlEncode, newId, type RandomBytes, sha256Hex } from '../kernel/index.ts'
import type { SetupLink } from './setup-link-store.ts'

const { consoleSessions, setupLinks } = tables

export type ConsoleSession = typeof consoleSessions.$inferSelect

/** The cookie of the console: Lax, so that a link in a message leads in, and another site's form does not. */
export const consoleCookie = '__Host-portico_console'

/** A fresh session of the console: its id, what the cookie holds, and the digest that is stored. */
export async function createConsoleToken(
  random: RandomBytes,
): Promise<{ readonly id: string; readonly token: string; readonly tokenSha256: string }> {
  const token = base64UrlEncode(random(32))
  return { id: newId('cse', random), token, tokenSha256: await sha256Hex(token) }
}

/** Set-Cookie for a session of the console; 0 seconds forget it. */
export function consoleSetCookie(token: string, maxAgeSeconds: number): string {
  return `${consoleCookie}=${token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}`
}

/** Stores a session of the console while the guard holds. */
export function insertConsoleSession(
  db: Database,
  row: typeof consoleSessions.$inferInsert,
  guard: Guard,
): Statement {
  return insertWhere(db, consoleSessions, { row, guard })
}

/** A session of the console with the setup link that opened it. */
export type OpenConsole = { readonly session: ConsoleSession; readonly link: SetupLink | null }

/**
 * The session of a token's digest, if its time is not over and its setup link still stands, in one call. Whether
 * an admin key or Cloudflare Access still vouches for it is the caller's to ask.
 */
export async function loadConsoleSession(
  db: Database,
  { tokenSha256, nowMs }: { readonly tokenSha256: string; readonly nowMs: number },
): Promise<OpenConsole | null> {
  const isNamed = eq(consoleSessions.tokenSha256, tokenSha256)
  const [[session], [link]] = (await runBatch(db, [
    db
      .select()
      .from(consoleSessions)
      .where(and(isNamed, gt(consoleSessions.expiresAt, nowMs))),
    db
      .select()
      .from(setupLinks)
      .where(
        inArray(
          setupLinks.id,
          sql`(select setup_link_id from ${consoleSessions} where ${isNamed})`,
        ),
      ),
  ])) as [ConsoleSession[], SetupLink[]]
  if (session === undefined) return null
  if (session.kind !== 'setup-link') return { session, link: null }
  const stands = link !== undefined && link.revokedAt === null && link.expiresAt > nowMs
  return stands ? { session, link } : null
}

/** Remembers that the holder proved anew who they are. */
export function confirmConsoleSession(db: Database, id: string, nowMs: number): Statement {
  return db
    .update(consoleSessions)
    .set({ confirmedAt: nowMs })
    .where(and(eq(consoleSessions.id, id), gt(consoleSessions.expiresAt, nowMs)))
}

/** Ends a session of the console. */
export function endConsoleSession(db: Database, id: string): Statement {
  return db.delete(consoleSessions).where(eq(consoleSessions.id, id))
}

/** Deletes a bounded number of expired sessions of the console. */
export function pruneConsoleSessions(db: Database, nowMs: number): Statement {
  return db.run(
    sql`delete from ${consoleSessions} where id in (select id from ${consoleSessions} where expires_at < ${nowMs} limit 200)`,
  )
}
