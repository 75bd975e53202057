import { described } from '#described'
import * as z from '#zod'
import {
  hourMs,
  listRefusalCounts,
  type RefusalCount,
  type RefusalPlace,
} from '../activity/index.ts'
import { ok, toIso } from '../kernel/index.ts'
import { moment } from './api.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, timeFrom } from './fields.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, pageOf, pageQuery } from './paging.ts'

const refusalCountAnswer = described(() =>
  z
    .strictObject({
      hour: moment.openapi({ description: 'When the hour began.' }),
      connection: z.string(),
      code: z.string(),
      count: z.int(),
    })
    .openapi('RefusalCount'),
)

const cursorPattern = /^(\d{1,9})\.((?:con|cli|tok)_\w{1,60})\.([a-z0-9_.]{1,80})$/

function readCursor(text: string): RefusalPlace | null {
  const [, hour, connectionId, code] = cursorPattern.exec(text) ?? []
  return hour === undefined || connectionId === undefined || code === undefined
    ? null
    : { hour: Number(hour), connectionId, code }
}

export const refusalCountEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organizations/{org}/refusal-counts',
    id: 'listRefusalCounts',
    described: described(() => ({
      tag: 'Events',
      summary:
        'Refusals that became no event, summed by hour, connection and code, newest hour first.',
      description:
        'Before a valid signature, only so many refusals a minute and connection become events of their own. ' +
        'The rest are counted here, about a minute later.',
      answer: pageOf(refusalCountAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject({ ...pageQuery(readCursor), from: timeFrom.optional() }),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor, from: fromMs } = request.query
      const rows = await listRefusalCounts(request.db, organization.value.id, {
        limit: limit + 1,
        ...(fromMs === undefined ? {} : { fromMs }),
        ...(cursor === undefined ? {} : { after: cursor }),
      })
      return ok(
        cutPage(rows, {
          limit,
          cursorOf: ({ hour, connectionId, code }) => `${hour}.${connectionId}.${code}`,
          present: presentRefusalCount,
        }),
      )
    },
  }),
]

function presentRefusalCount(row: RefusalCount): z.input<typeof refusalCountAnswer> {
  return {
    hour: toIso(row.hour * hourMs),
    connection: row.connectionId,
    code: row.code,
    count: row.count,
  }
}
