import { described } from '#described'
import * as z from '#zod'
import { foldCase, limits, ok, toIso } from '../kernel/index.ts'
import { defaultSettings } from '../reconcile/index.ts'
import { momentOrNull } from './api.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import {
  type HealthFacts,
  loadHealth,
  type NamedOrganization,
  nextOrganizations,
} from './health-store.ts'
import { findingKinds, healthStates, judgeHealth } from './judge-health.ts'
import { organizationOf } from './organization-of.ts'
import { idCursor, pageOf, pageQuery } from './paging.ts'

const tag = 'Health'
const dayMs = 24 * 60 * 60 * 1000

const healthAnswer = described(() =>
  z
    .strictObject({
      organization: z.strictObject({ id: z.string(), slug: z.string(), name: z.string() }),
      state: z.enum(healthStates).openapi({
        description:
          '`bad`: people or changes do not come in. `warn`: soon, or unsure. `setup`: not in use yet. `good`.',
      }),
      findings: z
        .array(
          z.strictObject({
            kind: z.enum(findingKinds),
            level: z.enum(['bad', 'warn', 'setup']),
            subject: z
              .string()
              .optional()
              .openapi({ description: 'The connection, credential or run that it is about.' }),
            at: z.string().optional().openapi({ format: 'date-time' }),
            count: z.int().optional(),
          }),
        )
        .openapi({ description: 'What is wrong, will be, or is not done yet; the worst first.' }),
      connections: z.array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          status: z.enum(['draft', 'testing', 'active', 'disabled']),
          certificateExpiresAt: momentOrNull.openapi({
            description: 'When the first of its trusted certificates ends that has not yet.',
          }),
          certificatesLastUntil: momentOrNull,
        }),
      ),
      scim: z.strictObject({
        enabled: z.boolean(),
        credentials: z.int().openapi({ description: 'Tokens and clients that are not disabled.' }),
        expiresAt: momentOrNull.openapi({ description: 'When the credential in use ends.' }),
        lastCallAt: momentOrNull,
      }),
      graph: z.strictObject({ expiresAt: momentOrNull }).nullable(),
      reconcile: z
        .strictObject({
          run: z.string(),
          status: z.enum(['queued', 'running', 'paused', 'held', 'done', 'failed']),
          at: z.string().openapi({ format: 'date-time' }),
        })
        .nullable(),
      openDrift: z.int().openapi({
        description: `Differences that wait for a decision; ${limits.openDriftCounted} stands for as many or more.`,
      }),
      lastSignInAt: momentOrNull,
    })
    .openapi('Health'),
)

export type HealthAnswer = z.output<typeof healthAnswer>

export const healthEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/overview',
    id: 'getOverview',
    described: described(() => ({
      tag,
      summary: 'Organizations with their health.',
      description: `\`q\` finds names and slugs that contain it, in any case. A call looks through ${limits.organizationsSearched} organizations: a page may be short, or empty, while \`nextCursor\` leads on.`,
      answer: pageOf(healthAnswer),
    })),
    query: z.strictObject({
      ...pageQuery(idCursor('org')),
      q: z
        .string()
        .max(200)
        .optional()
        .openapi(described(() => ({ description: 'Part of a name or a slug.' }))),
    }),
    async handle({ db, query, nowMs }) {
      const { limit, cursor, q } = query
      const wanted = foldCase((q ?? '').trim())
      const size = wanted === '' ? limit + 1 : limits.organizationsSearched + 1
      const rows = await nextOrganizations(db, { after: cursor ?? '', limit: size })
      const looked = rows.slice(0, size - 1)
      const found = looked.filter(({ slug, name }) => isFound(wanted, slug, name))
      const shown = found.slice(0, limit)
      // Behind the last one shown, or behind all that was looked at.
      const last = found.length > limit ? shown.at(-1) : rows.length === size ? looked.at(-1) : null
      const facts = await loadHealth(
        db,
        shown.map(({ id }) => id),
        nowMs,
      )
      const items = shown.flatMap((organization, i) => {
        const own = facts[i]
        return own === undefined ? [] : [presentHealth(organization, own, nowMs)]
      })
      return ok({ items, nextCursor: last?.id ?? null })
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/health',
    id: 'getHealth',
    described: described(() => ({
      tag,
      summary: 'How an organization is doing, and what to look after.',
      answer: healthAnswer,
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { db, nowMs } = request
      const { id } = organization.value
      const [facts = nothingKnown(id)] = await loadHealth(db, [id], nowMs)
      return ok(presentHealth(organization.value, facts, nowMs))
    },
  }),
]

function isFound(wanted: string, ...texts: readonly string[]): boolean {
  return wanted === '' || texts.some((text) => foldCase(text).includes(wanted))
}

function nothingKnown(organizationId: string): HealthFacts {
  return {
    organizationId,
    connections: [],
    credentials: [],
    federatedClients: 0,
    lastScimCallAt: null,
    graph: null,
    run: null,
    openDrift: 0,
    lastSignInAt: null,
  }
}

function presentHealth(
  { id, slug, name, scim }: NamedOrganization,
  facts: HealthFacts,
  nowMs: number,
): z.input<typeof healthAnswer> {
  const silentMs = defaultSettings.silentDays * dayMs
  const { state, findings, scimExpiresAt } = judgeHealth(facts, { nowMs, silentMs, scim })
  const { run, graph } = facts
  return {
    organization: { id, slug, name },
    state,
    findings: findings.map(({ at, ...rest }) => ({
      ...rest,
      ...(at === undefined ? {} : { at: toIso(at) }),
    })),
    connections: facts.connections.map((one) => ({
      id: one.id,
      name: one.name,
      status: one.status,
      certificateExpiresAt: isoOrNull(one.nextExpiry),
      certificatesLastUntil: isoOrNull(one.lastExpiry),
    })),
    scim: {
      enabled: scim,
      credentials: facts.credentials.length + facts.federatedClients,
      expiresAt: isoOrNull(scimExpiresAt),
      lastCallAt: isoOrNull(facts.lastScimCallAt),
    },
    graph: graph === null ? null : { expiresAt: isoOrNull(graph.expiresAt) },
    reconcile: run === null ? null : { run: run.id, status: run.status, at: toIso(run.at) },
    openDrift: facts.openDrift,
    lastSignInAt: isoOrNull(facts.lastSignInAt),
  }
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : toIso(ms)
}
