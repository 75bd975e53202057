import type * as z from '#zod'
import { type EventFilter, familyOf, type StoredEvent } from '../activity/index.ts'
import { explainAadsts } from '../http/index.ts'
import { type ErrorEntry, toIso } from '../kernel/index.ts'
import type { EventAnswer, eventQuery } from './event-schema.ts'

/**
 * An event as the API shows it.
 * @param entryOf what a code means; null for one that there is no more
 */
export function presentEvent(
  event: StoredEvent,
  entryOf: (code: string) => ErrorEntry | null,
): EventAnswer {
  const family = familyOf(event.type)
  const detail = { ...event.facts, ...event.detail }
  const explanation = event.code === null ? null : explain(event.code, detail, entryOf)
  return {
    id: event.id,
    at: toIso(event.at),
    type: event.type,
    ...(family === null ? {} : { family }),
    outcome: event.outcome,
    ...(event.code === null ? {} : { code: event.code }),
    organization: event.organizationId ?? '',
    ...(event.connectionId === null ? {} : { connection: event.connectionId }),
    ...(event.personId === null ? {} : { user: event.personId }),
    actor: event.actor,
    request: event.requestId,
    detail,
    ...(explanation === null ? {} : { explanation }),
  }
}

/** What a code means; with what the number says that Microsoft Entra gave as its reason. */
function explain(
  code: string,
  detail: Readonly<Record<string, unknown>>,
  entryOf: (code: string) => ErrorEntry | null,
): Required<EventAnswer>['explanation'] | null {
  const entry = entryOf(code)
  if (entry === null) return null
  const { status, means, fix, entra } = entry
  const { aadsts } = detail
  const provider = typeof aadsts === 'string' ? explainAadsts(aadsts) : null
  return {
    status,
    means,
    fix,
    ...(entra === undefined ? {} : { entra }),
    ...(provider === null ? {} : { provider: provider.admin }),
  }
}

type Query = { readonly [K in keyof typeof eventQuery]?: z.output<(typeof eventQuery)[K]> }

/** What the log is asked for a query. */
export function filterOf(query: Query): Omit<EventFilter, 'limit' | 'before'> {
  const { type, family, outcome, code, person, request, from, to } = query
  return {
    ...(type === undefined ? {} : { type }),
    ...(family === undefined ? {} : { family }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(code === undefined ? {} : { code }),
    ...(person === undefined ? {} : { personId: person }),
    ...(request === undefined ? {} : { requestId: request }),
    ...(from === undefined ? {} : { fromMs: from }),
    ...(to === undefined ? {} : { toMs: to }),
  }
}
