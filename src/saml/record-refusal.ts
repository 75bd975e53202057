import { type EventInput, eventStatements, type RefusalCounter } from '../activity/index.ts'
import { type Database, openDatabase, runBatch } from '../db/index.ts'
import type { AppContext } from '../http/index.ts'
import { type AnyFailure, base64UrlEncode, printable } from '../kernel/index.ts'
import { consume, isConsumed, refusalKey, type Ticket } from './consume-store.ts'
import { evidenceOf } from './evidence.ts'
import type { OpenConnection } from './open-connection.ts'
import type { Signed } from './validated-assertion.ts'

const dayMs = 24 * 60 * 60 * 1000

type Refusal = {
  readonly type: EventInput['type']
  readonly open: OpenConnection
  readonly failure: AnyFailure & { readonly signed?: Signed | null }
}

/**
 * Records a refusal as an event with its evidence. Of a message that a pinned key signed there is one a
 * day and code: somebody who holds an old one can post it for ever. Of anything else there are as many as
 * the connection's evidence limit allows, and then a number (DESIGN 2.2, limits on strangers).
 */
export async function recordRefusal(
  c: AppContext,
  counter: RefusalCounter,
  { type, open, failure }: Refusal,
): Promise<void> {
  const { d1, evidenceLimiter, log, random } = c.get('deps')
  const nowMs = c.get('nowMs')
  const ids = {
    organizationId: open.record.organization.id,
    connectionId: open.record.connection.id,
  }
  log('warn', 'refused', { request: c.get('requestId'), code: failure.code, ...ids })
  const db = openDatabase(d1, 'primary')
  const { signed = null, ...evidence } = failure
  const event: EventInput = {
    ...ids,
    type,
    outcome: 'refused',
    code: failure.code,
    actor: signed === null ? 'stranger' : 'identity-provider',
    requestId: c.get('requestId'),
    // Without the NameID: nobody is known yet in whose name it could be erased.
    detail: {
      ...evidenceOf(evidence),
      key: signed?.keyId ?? 'none',
      assertion: printable(signed?.assertionId ?? 'none'),
    },
  }
  const message = signed?.assertionId ?? null
  if (message !== null) {
    const ticket = {
      keys: [refusalKey(ids.connectionId, message, failure.code)],
      nonce: base64UrlEncode(random(16)),
      expiresAtMs: nowMs + dayMs,
    }
    return tellOnce(db, { event, ticket, nowMs })
  }
  const { success } = await evidenceLimiter.limit({ key: ids.connectionId })
  // The event first: it must not be lost with sums that cannot be written.
  if (success) await runBatch(db, eventStatements(db, event, { nowMs }))
  else counter.add({ ...ids, code: failure.code }, nowMs)
  if (!counter.isDue(nowMs)) return
  const lost = await counter.flush(db, nowMs)
  if (lost > 0) log('warn', 'refusals in no sum', { request: c.get('requestId'), count: lost })
}

async function tellOnce(
  db: Database,
  { event, ticket, nowMs }: { event: EventInput; ticket: Ticket; nowMs: number },
): Promise<void> {
  await runBatch(db, [
    consume(db, ticket, []),
    ...eventStatements(db, event, { nowMs, guard: isConsumed(ticket) }),
  ])
}
