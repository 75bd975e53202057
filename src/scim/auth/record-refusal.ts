import { type EventInput, eventStatements, type RefusalCounter } from '../../activity/index.ts'
import { openDatabase, runBatch } from '../../db/index.ts'
import type { AppContext } from '../../http/index.ts'

/** An attempt that was refused, in the name of a token or a client that there is. */
export type RefusedAttempt = Pick<EventInput, 'type' | 'facts' | 'detail' | 'personId'> & {
  /** Who asked: a stranger, or a credential that was let in. */
  readonly actor?: 'stranger' | 'provisioning'
  readonly code: string
  readonly organizationId: string
  readonly connectionId: string | null
  /** The token or the client, which the evidence limit counts by. */
  readonly credentialId: string
}

/**
 * Records a refused attempt as an event of the organization, so that an admin finds out why nobody is
 * provisioned any more: as many as the evidence limit allows, and then as a number (DESIGN 2.2).
 */
export async function recordRefusedAttempt(
  c: AppContext,
  counter: RefusalCounter,
  { code, organizationId, connectionId, credentialId, ...event }: RefusedAttempt,
): Promise<void> {
  const { d1, evidenceLimiter, log } = c.get('deps')
  const nowMs = c.get('nowMs')
  const requestId = c.get('requestId')
  const db = openDatabase(d1, 'primary')
  const { success } = await evidenceLimiter.limit({ key: `credential ${credentialId}` })
  // The event first: it must not be lost with sums that cannot be written.
  if (success) {
    const told: EventInput = {
      actor: 'stranger',
      ...event,
      outcome: 'refused',
      code,
      organizationId,
      ...(connectionId === null ? {} : { connectionId }),
      requestId,
    }
    await runBatch(db, eventStatements(db, told, { nowMs }))
  } else {
    counter.add({ organizationId, connectionId: connectionId ?? credentialId, code }, nowMs)
  }
  if (!counter.isDue(nowMs)) return
  const lost = await counter.flush(db, nowMs)
  if (lost > 0) log('warn', 'refusals in no sum', { request: requestId, count: lost })
}
