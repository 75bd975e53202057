import { described } from '#described'
import * as z from '#zod'
import { findEvents } from '../activity/index.ts'
import { newestMigration } from '../db/index.ts'
import { limits, ok, type Result, toIso, version } from '../kernel/index.ts'
import { moment } from './api.ts'
import { attributeEndpoints } from './attributes.ts'
import { connectionEndpoints } from './connections.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { eventAnswer } from './event-schema.ts'
import { organizationPath } from './fields.ts'
import { graphEndpoints } from './graph.ts'
import { healthEndpoints } from './health.ts'
import { mappingEndpoints } from './mapping.ts'
import { organizationOf } from './organization-of.ts'
import { organizationEndpoints } from './organizations.ts'
import { presentEvent } from './present-event.ts'
import { reconcileRunEndpoints } from './reconcile-runs.ts'
import { reconcileSettingsEndpoints } from './reconcile-settings.ts'
import type { Refusal } from './refusal.ts'
import { scimClientEndpoints } from './scim-clients.ts'
import { scimTokenEndpoints } from './scim-tokens.ts'

/**
 * What the bundle holds: answers of operations that show no secret to anybody. Each is asked with the rights of
 * whoever asks for the bundle, and says the code of its refusal where there is nothing to show.
 */
const parts: readonly (readonly [name: string, operation: string, list?: 'list'])[] = [
  ['settings', 'getOrganization'],
  ['health', 'getHealth'],
  ['connections', 'listConnections', 'list'],
  ['attributes', 'listAttributes', 'list'],
  ['mapping', 'getMapping'],
  ['scimTokens', 'listScimTokens', 'list'],
  ['scimClients', 'listScimClients', 'list'],
  ['graph', 'getGraphCredential'],
  ['reconcileSettings', 'getReconcileSettings'],
  ['reconcileRuns', 'listReconcileRuns', 'list'],
]

const asked = new Map(
  [
    ...organizationEndpoints,
    ...healthEndpoints,
    ...connectionEndpoints,
    ...attributeEndpoints,
    ...mappingEndpoints,
    ...scimTokenEndpoints,
    ...scimClientEndpoints,
    ...graphEndpoints,
    ...reconcileSettingsEndpoints,
    ...reconcileRunEndpoints,
  ].map((one) => [one.operation.id, one]),
)

const bundleAnswer = described(() =>
  z
    .strictObject({
      version: z.string(),
      schema: z.string().openapi({ description: 'The newest migration that the code knows.' }),
      at: moment,
      request: z.string(),
      deployment: z.strictObject({
        publicUrl: z.string(),
        entraLoginUrl: z.string(),
        graphUrl: z.string(),
        workersPlan: z.enum(['free', 'paid']),
      }),
      personal: z.boolean().openapi({ description: 'Whether events tell personal values.' }),
      parts: z.record(z.string(), z.unknown()).openapi({
        description:
          'Settings, health, connections, mapping and credentials, as their operations show them: without secrets.',
      }),
      events: z.array(eventAnswer).openapi({ description: 'The last ones.' }),
    })
    .openapi('SupportBundle'),
)

type BundleRequest = AdminRequest<{ org: string }, { personal: boolean }>

export const supportBundleEndpoint: Endpoint = endpoint({
  method: 'get',
  path: '/organizations/{org}/support-bundle',
  id: 'getSupportBundle',
  described: described(() => ({
    tag: 'Health',
    summary: 'What somebody needs to know who helps, in one file.',
    description:
      'No secret, token or key is in it, and no personal value of an event, unless personal=true asks for these.',
    answer: bundleAnswer,
    refusals: ['admin.organization_not_found'],
  })),
  params: organizationPath,
  query: z.strictObject({
    personal: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true'),
  }),
  async handle(request) {
    const organization = await organizationOf(request)
    if (!organization.ok) return organization
    const { c, deps, query } = request
    const { publicUrl, entraLoginUrl, graphUrl, workersPlan } = deps.config
    const { events } = await findEvents(request.db, organization.value.id, {
      limit: limits.bundleEvents,
    })
    const told: [string, unknown][] = []
    // One after the other: a free plan has few calls open at once.
    for (const [name, operation, list] of parts) {
      told.push([name, shown(await ask(request, operation, list))])
    }
    return ok({
      version,
      schema: newestMigration,
      at: toIso(request.nowMs),
      request: request.requestId,
      deployment: { publicUrl, entraLoginUrl, graphUrl, workersPlan },
      personal: query.personal,
      parts: Object.fromEntries(told),
      events: events.map((event) =>
        presentEvent(query.personal ? event : { ...event, detail: null }, c.get('entryOf')),
      ),
    })
  },
})

async function ask(
  { c, principal, params }: BundleRequest,
  operation: string,
  list: 'list' | undefined,
): Promise<Result<unknown, Refusal>> {
  const found = asked.get(operation)
  if (found === undefined) throw new Error(`no operation is called ${operation}`)
  const query = list === undefined ? {} : { limit: String(limits.pageSizeDefault) }
  return found.run(c, principal, { params: { org: params.org }, query, body: {} })
}

function shown(result: Result<unknown, Refusal>): unknown {
  return result.ok ? result.value : { refused: result.failure.code }
}
