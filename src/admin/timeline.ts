import { described } from '#described'
import * as z from '#zod'
import { familyOf, loadEvents } from '../activity/index.ts'
import { ok, toIso } from '../kernel/index.ts'
import { moment } from './api.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { eventAnswer } from './event-schema.ts'
import { userPath } from './fields.ts'
import { pageOf, pageQuery } from './paging.ts'
import { personOf } from './person-of.ts'
import { presentEvent } from './present-event.ts'
import { type Instant, readTimeline, type TimelineRow } from './timeline-store.ts'

const origins = ['sign-in', 'scim', 'graph', 'admin', 'portico'] as const

const timelineAnswer = described(() =>
  z
    .strictObject({
      id: z.string(),
      at: moment,
      kind: z.enum(['event', 'session', 'drift']),
      origin: z.enum(origins).openapi({ description: 'Through which door it came.' }),
      event: eventAnswer.optional(),
      detail: z.record(z.string(), z.unknown()).openapi({
        description:
          'Of a session: where, and until when. Of drift: what differed, and what was done.',
      }),
    })
    .openapi('TimelineEntry'),
)

export type TimelineAnswer = z.input<typeof timelineAnswer>

export const timelineEndpoint: Endpoint = endpoint({
  method: 'get',
  path: '/organizations/{org}/users/{user}/timeline',
  id: 'getTimeline',
  described: described(() => ({
    tag: 'Users',
    summary: 'What happened to a user over all sources, newest first.',
    description:
      'Events of every source, the sessions that stand, and differences that reconciliation found.',
    answer: pageOf(timelineAnswer),
    refusals: ['admin.organization_not_found', 'directory.user_not_found'],
  })),
  params: userPath,
  query: z.strictObject(pageQuery(readInstant)),
  async handle(request) {
    const found = await personOf(request)
    if (!found.ok) return found
    const { db, query } = request
    const { organizationId, id: personId } = found.value.person
    const { shown, next } = await readTimeline(
      db,
      { organizationId, personId },
      { after: query.cursor ?? null, limit: query.limit },
    )
    const ids = shown.filter(({ kind }) => kind === 'event').map(({ id }) => id)
    const events = new Map((await loadEvents(db, organizationId, ids)).map((one) => [one.id, one]))
    const entryOf = request.c.get('entryOf')
    const items = shown.map((row): TimelineAnswer => {
      const event = events.get(row.id)
      return {
        id: row.id,
        at: toIso(row.at),
        kind: row.kind,
        origin: event === undefined ? originOf(row) : originOfEvent(event),
        ...(event === undefined ? {} : { event: presentEvent(event, entryOf) }),
        detail: presentDetail(row),
      }
    })
    return ok({ items, nextCursor: next === null ? null : `${next.at}.${next.id}` })
  },
})

type Origin = (typeof origins)[number]

function originOf({ kind }: TimelineRow): Origin {
  return kind === 'drift' ? 'graph' : 'sign-in'
}

/** By who did it, as events name them. */
const actors: Readonly<Record<string, Origin>> = {
  provisioning: 'scim',
  reconciliation: 'graph',
  person: 'sign-in',
  stranger: 'sign-in',
  'identity-provider': 'sign-in',
  operator: 'admin',
  admin: 'admin',
  'setup-link': 'admin',
}

/** Through which door an event came: who did it says so, and what it is where that is nobody's doing. */
export function originOfEvent({ actor, type }: { actor: string; type: string }): Origin {
  const byActor = actors[actor.split(':')[0] ?? '']
  if (byActor !== undefined) return byActor
  return familyOf(type) === 'reconcile' ? 'graph' : 'portico'
}

function presentDetail({ kind, detail }: TimelineRow): TimelineAnswer['detail'] {
  const { expiresAt, ...rest } = detail
  return kind === 'session' ? { ...rest, expiresAt: toIso(Number(expiresAt)) } : detail
}

function readInstant(text: string): Instant | null {
  const [, at, id] = /^(\d{1,15})\.((?:evt|ses|drf)_\w{1,60})$/.exec(text) ?? []
  return at === undefined || id === undefined ? null : { at: Number(at), id }
}
