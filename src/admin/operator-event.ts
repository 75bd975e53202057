import { type EventInput, eventStatements } from '../activity/index.ts'
import type { Guard, Statement } from '../db/index.ts'
import { actorOf } from '../http/index.ts'
import type { AdminRequest } from './endpoint.ts'

/** What somebody did with the Admin API, told by the caller; who asked, and when, is the request's. */
export type OperatorEvent = Omit<EventInput, 'actor' | 'requestId' | 'outcome'> & {
  readonly outcome?: EventInput['outcome']
}

/** The event of a change, in the batch of the change and under its guard. */
export function operatorEvent(
  { db, nowMs, requestId, principal }: AdminRequest,
  event: OperatorEvent,
  guard: Guard,
): readonly Statement[] {
  return eventStatements(
    db,
    { outcome: 'success', ...event, actor: actorOf(principal), requestId },
    { nowMs, guard },
  )
}
