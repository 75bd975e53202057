import { eventStatements, type RefusalCounter } from '../../activity/index.ts'
import { openDatabase, runBatch } from '../../db/index.ts'
import type { AppContext } from '../../http/index.ts'
import type { Refused } from './issue-token.ts'

/**
 * Records a refused attempt as an event of the client's organization, as many as the evidence limit allows,
 * and then as a number; an attempt in no client's name is a line of the log.
 */
export async function recordOauthRefusal(
  c: AppContext,
  counter: RefusalCounter,
  { client, code, reason, claims }: Refused,
): Promise<void> {
  const { d1, evidenceLimiter, log } = c.get('deps')
  const requestId = c.get('requestId')
  const nowMs = c.get('nowMs')
  log('warn', 'refused', { request: requestId, code, client: client?.id, reason })
  if (client === undefined) return
  const { id, organizationId, connectionId } = client
  const db = openDatabase(d1, 'primary')
  const { success } = await evidenceLimiter.limit({ key: `oauth ${id}` })
  if (!success) counter.add({ organizationId, connectionId: connectionId ?? id, code }, nowMs)
  if (counter.isDue(nowMs)) await counter.flush(db, nowMs)
  if (!success) return
  const event = {
    type: 'oauth.token_refused',
    outcome: 'refused',
    code,
    organizationId,
    ...(connectionId === null ? {} : { connectionId }),
    actor: 'stranger',
    requestId,
    facts: { client: id, ...(reason === undefined ? {} : { reason }) },
    ...(claims === undefined ? {} : { detail: { claims } }),
  } as const
  await runBatch(db, eventStatements(db, event, { nowMs }))
}
