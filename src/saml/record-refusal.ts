import { type EventInput, eventStatements, type RefusalCounter } from '../activity/index.ts'
import { openDatabase, runBatch } from '../db/index.ts'
import type { AppContext } from '../http/index.ts'
import type { AnyFailure } from '../kernel/index.ts'
import { evidenceOf } from './evidence.ts'
import type { OpenConnection } from './open-connection.ts'
import type { Signed } from './validated-assertion.ts'

/** Whether a pinned key signed the message before something else was found wrong with it. */
function wasSigned(failure: AnyFailure & { readonly signed?: Signed | null }): boolean {
  return failure.signed !== undefined && failure.signed !== null
}

/**
 * Records a refusal, as an event with its evidence: always where a pinned key signed the message, else
 * while the connection's evidence limit lasts, else as a number (DESIGN 2.2, limits on strangers).
 */
export async function recordRefusal(
  c: AppContext,
  counter: RefusalCounter,
  refusal: { type: EventInput['type']; open: OpenConnection; failure: AnyFailure },
): Promise<void> {
  const { d1, evidenceLimiter, log } = c.get('deps')
  const { open, failure, type } = refusal
  const nowMs = c.get('nowMs')
  const ids = {
    organizationId: open.record.organization.id,
    connectionId: open.record.connection.id,
  }
  log('warn', 'refused', { request: c.get('requestId'), code: failure.code, ...ids })
  const db = openDatabase(d1, 'primary')
  const isSigned = wasSigned(failure)
  const success = isSigned || (await evidenceLimiter.limit({ key: ids.connectionId })).success
  if (!success) counter.add({ ...ids, code: failure.code }, nowMs)
  if (counter.isDue(nowMs)) await counter.flush(db, nowMs)
  if (!success) return
  const event: EventInput = {
    ...ids,
    type,
    outcome: 'refused',
    code: failure.code,
    actor: isSigned ? 'identity-provider' : 'stranger',
    requestId: c.get('requestId'),
    detail: evidenceOf(failure),
  }
  await runBatch(db, eventStatements(db, event, { nowMs }))
}
