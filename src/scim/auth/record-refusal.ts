import { type EventInput, eventStatements, type RefusalCounter } from '../../activity/index.ts'
import { openDatabase, runBatch } from '../../db/index.ts'
import type { AppContext } from '../../http/index.ts'

/** An attempt that was refused, in the name of a token or a client that there is. */
export type RefusedAttempt = Pick<EventInput, 'type' | 'facts' | 'detail'> & {
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
  const { d1, evidenceLimiter } = c.get('deps')
  const nowMs = c.get('nowMs')
  const db = openDatabase(d1, 'primary')
  const { success } = await evidenceLimiter.limit({ key: `credential ${credentialId}` })
  const place = connectionId ?? credentialId
  if (!success) counter.add({ organizationId, connectionId: place, code }, nowMs)
  if (counter.isDue(nowMs)) await counter.flush(db, nowMs)
  if (!success) return
  await runBatch(
    db,
    eventStatements(
      db,
      {
        ...event,
        outcome: 'refused',
        code,
        organizationId,
        ...(connectionId === null ? {} : { connectionId }),
        actor: 'stranger',
        requestId: c.get('requestId'),
      },
      { nowMs },
    ),
  )
}
