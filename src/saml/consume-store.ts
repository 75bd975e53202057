import { inArray, type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import type { Versions } from './connection-store.ts'

const { connections, consumed, organizations } = tables

/** What one attempt wants to use up: all of it or nothing. */
export type Ticket = {
  /** Keys of once-only things: the assertion's id and, where there is one, the request's. */
  readonly keys: readonly string[]
  /** Names this attempt, so that its statements and a second look can tell its own rows. */
  readonly nonce: string
  /** Until when a repeat must be recognized, in milliseconds since the epoch. */
  readonly expiresAtMs: number
}

export function assertionKey(connectionId: string, assertionId: string): string {
  return `a:${connectionId}:${assertionId}`
}

export function requestKey(connectionId: string, requestId: string): string {
  return `r:${connectionId}:${requestId}`
}

/** Remembers that an event told of this signed message and code. */
export function refusalKey(connectionId: string, assertionId: string, code: string): string {
  return `e:${connectionId}:${code}:${assertionId}`
}

export function logoutKey(connectionId: string, requestId: string): string {
  return `l:${connectionId}:${requestId}`
}

/**
 * Uses the ticket up, if the connection is as it was judged, every further condition holds, and none of
 * the keys was used by another attempt. One statement, so 50 copies at once give one (row P11). Every
 * other statement of the batch depends on `isConsumed`.
 */
export function consume(db: Database, ticket: Ticket, conditions: readonly Guard[]): Statement {
  return db.run(sql`insert into ${consumed} (key, nonce, expires_at)
    select value, ${ticket.nonce}, ${ticket.expiresAtMs} from json_each(${JSON.stringify(ticket.keys)})
    where ${sql.join([unusedByOthers(ticket), ...conditions], sql` and `)}
    on conflict do nothing`)
}

/** Nothing of the ticket belongs to another attempt. */
function unusedByOthers(ticket: Ticket): SQL {
  return sql`not exists (select 1 from ${consumed} where key in (select value from json_each(${JSON.stringify(ticket.keys)})) and nonce <> ${ticket.nonce})`
}

/** The connection, its organization and the mapping have not changed since they were read. */
export function connectionUnchanged(connectionId: string, versions: Versions): SQL {
  return sql`exists (select 1 from ${connections} join ${organizations} on ${organizations.id} = ${connections.organizationId}
    where ${connections.id} = ${connectionId} and ${connections.version} = ${versions.connection}
    and ${connections.status} = ${versions.status} and ${organizations.version} = ${versions.organization}
    and ${organizations.mappingVersion} = ${versions.mapping})`
}

/** Holds inside a batch after this ticket was used up in it. */
export function isConsumed(ticket: Ticket): Guard {
  const [key = ''] = ticket.keys
  return sql`exists (select 1 from ${consumed} where key = ${key} and nonce = ${ticket.nonce})`
}

/** The last read of the batch: who used up the ticket's keys. */
export function consumedQuery(db: Database, ticket: Ticket) {
  return db
    .select({ key: consumed.key, nonce: consumed.nonce })
    .from(consumed)
    .where(inArray(consumed.key, [...ticket.keys]))
}

export type Consumption = 'consumed' | 'used_by_another' | 'conditions_failed'

/** What the batch came to, from its last read. */
export function readConsumption(
  ticket: Ticket,
  rows: readonly { readonly key: string; readonly nonce: string }[],
): Consumption {
  if (rows.some((row) => row.nonce !== ticket.nonce)) return 'used_by_another'
  return rows.length === ticket.keys.length ? 'consumed' : 'conditions_failed'
}

/** Deletes a bounded number of ids that nobody can repeat any more. */
export function pruneConsumed(db: Database, nowMs: number): Statement {
  return db.run(
    sql`delete from ${consumed} where key in (select key from ${consumed} where expires_at < ${nowMs} limit 500)`,
  )
}
