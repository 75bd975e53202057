import { eventTypes, listEvents, type StoredEvent } from '../activity/index.ts'
import { ok, toIso } from '../kernel/index.ts'
import { moment, z } from './api.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, pathId, timeFrom } from './fields.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, idCursor, pageOf, pageQuery } from './paging.ts'

const eventAnswer = z
  .strictObject({
    id: z.string(),
    at: moment,
    type: z.string(),
    outcome: z.enum(['success', 'refused', 'warning']),
    code: z.string().optional(),
    organization: z.string(),
    connection: z.string().optional(),
    user: z.string().optional(),
    actor: z.string(),
    request: z.string().openapi({ description: 'The reference number that was shown.' }),
    detail: z.record(z.string(), z.unknown()).openapi({
      description: 'What exactly; personal values only for 30 days.',
    }),
  })
  .openapi('Event')

export const eventEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organizations/{org}/events',
    id: 'listEvents',
    tag: 'Events',
    summary: 'What happened, newest first.',
    params: organizationPath,
    query: z.strictObject({
      ...pageQuery(idCursor('evt')),
      type: z.enum(eventTypes).optional(),
      person: pathId.optional().openapi({ description: 'Id of a user.' }),
      request: pathId.optional().openapi({ description: 'The reference number that was shown.' }),
      from: timeFrom.optional(),
    }),
    answer: pageOf(eventAnswer),
    refusals: ['admin.organization_not_found'],
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor, type, person, request: requestId, from: fromMs } = request.query
      const rows = await listEvents(request.db, organization.value.id, {
        limit: limit + 1,
        ...(type === undefined ? {} : { type }),
        ...(person === undefined ? {} : { personId: person }),
        ...(requestId === undefined ? {} : { requestId }),
        ...(fromMs === undefined ? {} : { fromMs }),
        ...(cursor === undefined ? {} : { before: cursor }),
      })
      return ok(cutPage(rows, { limit, cursorOf: ({ id }) => id, present: presentEvent }))
    },
  }),
]

function presentEvent(event: StoredEvent): z.input<typeof eventAnswer> {
  return {
    id: event.id,
    at: toIso(event.at),
    type: event.type,
    outcome: event.outcome,
    ...(event.code === null ? {} : { code: event.code }),
    organization: event.organizationId ?? '',
    ...(event.connectionId === null ? {} : { connection: event.connectionId }),
    ...(event.personId === null ? {} : { user: event.personId }),
    actor: event.actor,
    request: event.requestId,
    detail: { ...event.facts, ...event.detail },
  }
}
