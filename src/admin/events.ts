import { described } from '#described'
import * as z from '#zod'
import { findEvents, loadEvents, type StoredEvent } from '../activity/index.ts'
import { limits, ok } from '../kernel/index.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { eventAnswer, eventQuery } from './event-schema.ts'
import { organizationPath, pathId } from './fields.ts'
import { organizationOf } from './organization-of.ts'
import { idCursor, pageOf, pageQuery } from './paging.ts'
import { filterOf, presentEvent } from './present-event.ts'
import { refuse } from './refusal.ts'

const tag = 'Events'
/** Pages that an export reads, so that it comes to an end where few events match. */
const exportPages = 5

export const eventEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organizations/{org}/events',
    id: 'listEvents',
    described: described(() => ({
      tag,
      summary: 'What happened, newest first.',
      description:
        'Where several filters meet, a page may hold fewer than limit and yet have a nextCursor: it looks at a bounded number of events.',
      answer: pageOf(eventAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject({ ...pageQuery(idCursor('evt')), ...eventQuery }),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor, ...query } = request.query
      const { events, next } = await findEvents(request.db, organization.value.id, {
        ...filterOf(query),
        ...(cursor === undefined ? {} : { before: cursor }),
        limit,
      })
      const entryOf = request.c.get('entryOf')
      return ok({ items: events.map((event) => presentEvent(event, entryOf)), nextCursor: next })
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/events.ndjson',
    id: 'exportEvents',
    described: described(() => ({
      tag,
      summary: 'The same as one event a line, to keep elsewhere.',
      description: `Up to ${limits.exportEvents.toLocaleString('en')} events; the header Link names the next part. Personal values as far as they are still kept.`,
      answer: pageOf(eventAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject({ cursor: pageQuery(idCursor('evt')).cursor, ...eventQuery }),
    lines: true,
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { cursor, ...query } = request.query
      const found: StoredEvent[] = []
      let before = cursor ?? null
      for (let page = 0; page < exportPages; page++) {
        const { events, next } = await findEvents(request.db, organization.value.id, {
          ...filterOf(query),
          ...(before === null ? {} : { before }),
          limit: limits.exportEvents / exportPages,
        })
        found.push(...events)
        before = next
        if (next === null) break
      }
      const entryOf = request.c.get('entryOf')
      return ok({ items: found.map((event) => presentEvent(event, entryOf)), nextCursor: before })
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/events/{event}',
    id: 'getEvent',
    described: described(() => ({
      tag,
      summary: 'One event.',
      answer: eventAnswer,
      refusals: ['admin.organization_not_found', 'admin.event_not_found'],
    })),
    params: organizationPath.extend({ event: pathId }),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const [event] = await loadEvents(request.db, organization.value.id, [request.params.event])
      return event === undefined
        ? refuse('admin.event_not_found')
        : ok(presentEvent(event, request.c.get('entryOf')))
    },
  }),
]
