import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { type EventInput, eventStatements } from '../activity/index.ts'
import { type Database, type Guard, runBatch, tables } from '../db/index.ts'
import { endSessionsByIndex } from '../session/index.ts'
import {
  consume,
  consumedQuery,
  isConsumed,
  readConsumption,
  type Ticket,
} from './consume-store.ts'
import type { LogoutRequest } from './logout-request.ts'

const { sessions } = tables

export type LogoutScope = { readonly organizationId: string; readonly connectionId: string }

/**
 * Ends what an unsigned request names: sessions of this connection with exactly its SessionIndexes. It
 * writes nothing when there is none, so that strangers cannot fill the database, and a repeat finds
 * nothing, so it need not be remembered.
 */
export async function endUnsigned(
  db: Database,
  input: { scope: LogoutScope; request: LogoutRequest; event: EventInput; nowMs: number },
): Promise<number> {
  const { scope, request, event, nowMs } = input
  const named = and(
    eq(sessions.organizationId, scope.organizationId),
    eq(sessions.connectionId, scope.connectionId),
    inArray(sessions.sessionIndex, [...request.sessionIndexes]),
  )
  const found: Guard = sql`exists (select 1 from ${sessions} where ${named as SQL})`
  const results = await runBatch(db, [
    ...eventStatements(db, event, { nowMs, guard: found }),
    endSessionsByIndex(db, { ...scope, sessionIndexes: request.sessionIndexes, nameId: null }),
  ])
  return (results.at(-1) as readonly unknown[]).length
}

/**
 * Ends what a signed request names, once: without a SessionIndex it means all sessions of the NameID, so
 * a repeat would end a later session too.
 * @returns the number of sessions ended, or null when the request was used before
 */
export async function endSigned(
  db: Database,
  input: {
    scope: LogoutScope
    request: LogoutRequest
    ticket: Ticket
    event: EventInput
    nowMs: number
  },
): Promise<number | null> {
  const { scope, request, ticket, event, nowMs } = input
  const guard = isConsumed(ticket)
  const results = await runBatch(db, [
    consume(db, ticket, []),
    ...eventStatements(db, event, { nowMs, guard }),
    endSessionsByIndex(db, {
      ...scope,
      sessionIndexes: request.sessionIndexes,
      nameId: request.nameId.value,
      guard,
    }),
    consumedQuery(db, ticket),
  ])
  const consumption = readConsumption(ticket, results.at(-1) as { key: string; nonce: string }[])
  return consumption === 'consumed' ? (results.at(-2) as readonly unknown[]).length : null
}
