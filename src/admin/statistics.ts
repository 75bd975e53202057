import { described } from '#described'
import * as z from '#zod'
import {
  type DailyCount,
  dailyCountsQuery,
  dayOf,
  everyOrganization,
  type Statistics,
  signInTimesQuery,
  statisticsOf,
  type TimeBucket,
  uncountedQuery,
} from '../activity/index.ts'
import { type Database, runBatch } from '../db/index.ts'
import { limits, ok } from '../kernel/index.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import { organizationOf } from './organization-of.ts'

const tag = 'Health'
const day = z.string().openapi(described(() => ({ format: 'date', description: 'In UTC.' })))
const milliseconds = z.number().nullable()
const percentiles = {
  count: z.int().openapi(described(() => ({ description: 'Sign-ins that were measured.' }))),
  p50: milliseconds,
  p95: milliseconds,
  p99: milliseconds,
}

const statisticsAnswer = described(() =>
  z
    .strictObject({
      signIns: z.array(z.strictObject({ day, success: z.int(), refused: z.int() })),
      refusals: z
        .array(z.strictObject({ code: z.string(), count: z.int() }))
        .openapi({ description: 'Why sign-ins were refused, the ten most frequent codes.' }),
      scim: z
        .array(z.strictObject({ day, reads: z.int(), writes: z.int(), refused: z.int() }))
        .openapi({ description: 'Requests of provisioning.' }),
      latency: z
        .strictObject({ ...percentiles, days: z.array(z.strictObject({ day, ...percentiles })) })
        .openapi({
          description:
            'Milliseconds from the arrival of the identity provider’s answer to the stored session, inside the Worker; estimated from a histogram.',
        }),
    })
    .openapi('Statistics'),
)

export type StatisticsAnswer = z.output<typeof statisticsAnswer>

const query = z.strictObject({
  days: z
    .string()
    .transform((text, context) => {
      const days = /^\d{1,2}$/.test(text) ? Number(text) : 0
      if (days >= 1 && days <= limits.statisticsDaysMax) return days
      context.addIssue(`must be a whole number from 1 to ${limits.statisticsDaysMax}`)
      return z.NEVER
    })
    .default(limits.statisticsDays)
    .openapi(
      described(() => ({
        type: 'integer',
        minimum: 1,
        maximum: limits.statisticsDaysMax,
        default: limits.statisticsDays,
        description: 'How many days, with today.',
      })),
    ),
})

const description =
  'A row for each day. Sign-ins and writes are there at once, reads and times of sign-ins within about a minute.'

export const statisticsEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/statistics',
    id: 'getStatistics',
    described: described(() => ({
      tag,
      summary: 'What happened in all organizations together, by day.',
      description,
      answer: statisticsAnswer,
    })),
    query,
    async handle({ db, nowMs, query: { days } }) {
      return ok(mutable(await readStatistics(db, everyOrganization, { nowMs, days })))
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/statistics',
    id: 'getOrganizationStatistics',
    described: described(() => ({
      tag,
      summary: 'What happened in an organization, by day.',
      description,
      answer: statisticsAnswer,
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query,
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { db, nowMs, query: asked } = request
      const { id } = organization.value
      return ok(mutable(await readStatistics(db, id, { nowMs, days: asked.days })))
    },
  }),
]

/** One batch: the sums, what is not summed yet, and the histograms. */
async function readStatistics(
  db: Database,
  organizationId: string,
  { nowMs, days }: { readonly nowMs: number; readonly days: number },
): Promise<Statistics> {
  const fromDay = dayOf(nowMs) - days + 1
  const [summed, uncounted, times] = (await runBatch(db, [
    dailyCountsQuery(db, organizationId, fromDay),
    uncountedQuery(db, organizationId),
    signInTimesQuery(db, organizationId, fromDay),
  ])) as [
    readonly DailyCount[],
    readonly DailyCount[],
    readonly (TimeBucket & { readonly day: number })[],
  ]
  return statisticsOf([...summed, ...uncounted], times, { fromDay, days })
}

/** The same lists, as the schema of the answer has them. */
function mutable({
  signIns,
  refusals,
  scim,
  latency,
}: Statistics): z.input<typeof statisticsAnswer> {
  return {
    signIns: [...signIns],
    refusals: [...refusals],
    scim: [...scim],
    latency: { ...latency, days: [...latency.days] },
  }
}
