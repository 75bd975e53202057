import type * as z from '#zod'
import { allOf, type Guard } from '../db/index.ts'
import {
  adoptPeople,
  adoptProvisioning,
  bindAdopted,
  mappingMoved,
  organizationExists,
  someoneQuery,
} from '../directory/index.ts'
import { adoptGraphCredential, strandedByTenant } from '../graph/index.ts'
import { limits, newId, ok, type Result } from '../kernel/index.ts'
import { adoptReconciliation } from '../reconcile/index.ts'
import {
  connectionExists,
  createConnectionKey,
  freshRefresh,
  insertConnection,
  insertConnectionKey,
  isOnlyConnection,
  loadConnection,
  mayAddConnection,
  saveCertificates,
  saveRefresh,
} from '../saml/index.ts'
import { checkSettings } from './connection-rules.ts'
import type { connectionAnswer, createConnection } from './connection-schema.ts'
import { type CreationOutcome, createOnce, findReplay } from './create-store.ts'
import type { AdminRequest } from './endpoint.ts'
import { replayedHeader } from './idempotency.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { presentConnection } from './present-connection.ts'
import { type Provider, readProvider, type Warning } from './provider.ts'
import { type Refusal, refuse, refuseFields } from './refusal.ts'
import { checkLinkLimit, linkMayAddConnection } from './setup-link-limit.ts'

type Body = z.output<typeof createConnection>
type CreateRequest = AdminRequest<{ org: string }, unknown, Body>
type ConnectionAnswer = z.input<typeof connectionAnswer>

/** Creates a connection with its certificates and Portico's own key pairs, in one batch. */
export async function createConnectionOnce(
  request: CreateRequest,
): Promise<Result<ConnectionAnswer, Refusal>> {
  const { body, db, deps, nowMs } = request
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const organizationId = organization.value.id
  const permitted = checkLinkLimit(request.principal, 'draft', body.status)
  if (!permitted.ok) return permitted
  const replay = await findReplay(db, request.idempotency, nowMs)
  if (replay !== null) return answer(request, { organizationId, outcome: replay })

  const provider = await readProvider(body, { deps, nowMs })
  if (!provider.ok) return provider
  // The schema asks for exactly one source.
  if (provider.value === null) return refuseFields({ field: 'metadataUrl', message: 'is required' })
  const { columns, warnings, wantsSignedRequests } = provider.value
  const settings = checkSettings({ ...body, tenantId: columns.tenantId })
  if (!settings.ok) return refuseFields(...settings.failure)

  const connectionId = newId('con', deps.random)
  const outcome = await store(request, { organizationId, connectionId, provider: provider.value })
  const unsigned: Warning = {
    code: 'signed_requests_wanted',
    message: 'The metadata asks for signed requests, which signRequests switches off.',
  }
  return answer(request, {
    organizationId,
    outcome: outcome.kind === 'created' ? { kind: 'created', connectionId } : outcome,
    warnings:
      wantsSignedRequests && body.signRequests === false ? [...warnings, unsigned] : warnings,
  })
}

async function store(
  request: CreateRequest,
  {
    organizationId,
    connectionId,
    provider,
  }: {
    organizationId: string
    connectionId: string
    provider: Provider
  },
): Promise<CreationOutcome> {
  const { body, db, deps, nowMs } = request
  const key = { organizationId, connectionId }
  const { columns, certificates, wantsSignedRequests } = provider
  const pair = {
    key,
    state: 'active',
    ring: deps.config.keyRing,
    random: deps.random,
    nowMs,
  } as const
  const keys = await Promise.all([
    createConnectionKey({ ...pair, purpose: 'signing' }),
    createConnectionKey({ ...pair, purpose: 'encryption' }),
  ])
  const row = {
    id: connectionId,
    organizationId,
    name: body.name,
    status: body.status,
    idpEntityId: columns.idpEntityId ?? '',
    ssoUrl: columns.ssoUrl ?? '',
    ssoBinding: columns.ssoBinding,
    sloUrl: columns.sloUrl,
    sloResponseUrl: columns.sloResponseUrl,
    tenantId: columns.tenantId,
    metadataUrl: columns.metadataUrl,
    allowIdpInitiated: body.allowIdpInitiated,
    acceptUnsolicited: body.acceptUnsolicited,
    forceAuthn: body.forceAuthn,
    signRequests: body.signRequests ?? wantsSignedRequests,
    extraSkewSeconds: body.extraSkewSeconds,
    identityClaim: body.identityClaim,
    claimNames: definedNames(body.claimNames ?? {}),
    createdAt: nowMs,
    updatedAt: nowMs,
  }
  const tenantId = row.tenantId ?? null
  /** What was made before the organization's first connection belongs to it. */
  const adopt = (guard: Guard) => [
    adoptPeople(db, { ...key, guard }),
    // Whom an earlier connection left behind may have stated what these claim names read.
    ...(Object.keys(row.claimNames).length === 0
      ? []
      : mappingMoved(db, { organizationId, nowMs, guard })),
    ...adoptProvisioning(db, { ...key, guard }),
    ...operatorEvent(
      request,
      { type: 'graph.credential_removed', ...key, facts: { reason: 'another_tenant' } },
      allOf(guard, strandedByTenant(organizationId, tenantId)),
    ),
    ...adoptGraphCredential(db, { ...key, tenantId, guard }),
    ...adoptReconciliation(db, { ...key, guard }),
    ...(tenantId === null ? [] : bindAdopted(db, { ...key, tenantId, nowMs, guard })),
  ]
  return createOnce(db, {
    idempotency: request.idempotency,
    nowMs,
    resourceId: connectionId,
    allowed: allOf(
      organizationExists(organizationId),
      mayAddConnection(organizationId),
      linkMayAddConnection(request.principal, organizationId),
    ),
    exists: connectionExists(key),
    questions: [someoneQuery(db, organizationId)],
    insert: (guard) => insertConnection(db, row, guard),
    dependents: (guard) => [
      saveCertificates(db, { key, added: certificates ?? [], nowMs, guard }),
      ...(typeof row.metadataUrl === 'string'
        ? [saveRefresh(db, { key, state: freshRefresh(nowMs, deps.random), nowMs, guard })]
        : []),
      ...keys.map((pair) => insertConnectionKey(db, pair, guard)),
      ...adopt(allOf(guard, isOnlyConnection(key))),
      ...operatorEvent(
        request,
        {
          type: 'connection.created',
          ...key,
          facts: {
            name: body.name,
            status: body.status,
            idpEntityId: row.idpEntityId,
            certificates: (certificates ?? []).map(({ certificate }) => certificate.sha256),
          },
        },
        guard,
      ),
    ],
  })
}

/** Claim names without keys that a request left undefined. */
export function definedNames(
  names: Readonly<Partial<Record<string, readonly string[]>>>,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([key, list]) => (list === undefined ? [] : [[key, list]])),
  )
}

type Finished =
  | Exclude<CreationOutcome, { kind: 'created' }>
  | { readonly kind: 'created'; readonly connectionId: string }

async function answer(
  { c, db, deps, nowMs, principal }: CreateRequest,
  {
    organizationId,
    outcome,
    warnings = [],
  }: {
    organizationId: string
    outcome: Finished
    warnings?: readonly Warning[]
  },
): Promise<Result<ConnectionAnswer, Refusal>> {
  if (outcome.kind === 'conflict') return refuse('admin.idempotency_conflict')
  if (outcome.kind === 'refused') {
    const [{ people = 0 } = {}] = (outcome.answers[0] ?? []) as readonly { people?: number }[]
    if (principal.kind === 'setup-link' && people > 0) {
      const message = 'has people already: only an operator or a signed-in admin adds a connection'
      return refuse('admin.setup_link_limit', { field: 'org', message })
    }
    const message = `has ${limits.connectionsPerOrganization} connections, as many as it may`
    return refuse('admin.limit_reached', { field: 'org', message })
  }
  const id = outcome.kind === 'replayed' ? outcome.resourceId : outcome.connectionId
  if (outcome.kind === 'replayed') c.header(replayedHeader, 'true')
  const record = await loadConnection(db, id, organizationId)
  return record === null
    ? refuse('admin.connection_not_found')
    : ok(await presentConnection(record, { config: deps.config, nowMs, warnings }))
}
