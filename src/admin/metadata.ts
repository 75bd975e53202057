import { described } from '#described'
import { actorOf } from '../http/index.ts'
import { metadataFetchFixes, refreshMetadata } from '../saml/index.ts'
import { connectionAnswer, connectionPath } from './connection-schema.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { metadataFixes } from './explain-provider.ts'
import {
  approve,
  dismiss,
  refreshRecordOf,
  settlePending,
  showRefresh,
} from './metadata-changes.ts'
import { certificatePath, pendingAnswered, refreshAnswer } from './metadata-schema.ts'
import { refuse } from './refusal.ts'
import { restoreOnce, retireOnce } from './retire-certificate.ts'
import { checkLinkLimit } from './setup-link-limit.ts'

const tag = 'Connections'
const path = '/organizations/{org}/connections/{connection}/metadata'
const notFound = ['admin.organization_not_found', 'admin.connection_not_found'] as const

export const metadataEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    id: 'getMetadataRefresh',
    described: described(() => ({
      tag,
      summary: 'How refreshing the provider’s metadata stands, and what waits for an admin.',
      answer: refreshAnswer,
      refusals: notFound,
    })),
    params: connectionPath,
    handle: showRefresh,
  }),
  endpoint({
    method: 'post',
    path: `${path}/refresh`,
    id: 'refreshMetadata',
    described: described(() => ({
      tag,
      summary: 'Refresh the provider’s metadata now instead of at its time.',
      description:
        'Trusts what the daily refresh would trust. A document that cannot be used changes nothing and is answered with the reason.',
      answer: refreshAnswer,
      refusals: [
        ...notFound,
        'admin.no_metadata_url',
        'admin.write_conflict',
        'saml.metadata',
        'saml.metadata_fetch',
      ],
    })),
    params: connectionPath,
    async handle(request) {
      const found = await refreshRecordOf(request)
      if (!found.ok) return found
      const { db, deps, nowMs, requestId } = request
      const { connection } = found.value
      const permitted = checkLinkLimit(request.principal, connection.status)
      if (!permitted.ok) return permitted
      const key = { organizationId: connection.organizationId, connectionId: connection.id }
      const cause = { actor: actorOf(request.principal), requestId, nowMs }
      const outcome = await refreshMetadata(deps, { db, key }, cause)
      if (outcome.kind === 'refreshed') return showRefresh(request)
      if (outcome.kind === 'conflict') return refuse('admin.write_conflict')
      if (outcome.kind === 'no_url') return refuse('admin.no_metadata_url')
      const { failure } = outcome
      const message =
        failure.code === 'saml.metadata'
          ? metadataFixes[failure.reason]
          : metadataFetchFixes[failure.reason]
      return refuse(failure.code, { field: 'metadataUrl', message })
    },
  }),
  endpoint({
    method: 'post',
    path: `${path}/approve`,
    id: 'approveMetadata',
    described: described(() => ({
      tag,
      summary: 'Make the pending changes that the hash names, all of them.',
      answer: refreshAnswer,
      refusals: [
        ...notFound,
        'admin.nothing_pending',
        'admin.limit_reached',
        'admin.write_conflict',
      ],
    })),
    params: connectionPath,
    body: pendingAnswered,
    handle: (request) => settlePending(request, 'metadata.approved', approve),
  }),
  endpoint({
    method: 'post',
    path: `${path}/dismiss`,
    id: 'dismissMetadata',
    described: described(() => ({
      tag,
      summary: 'Leave the pending changes that the hash names; the same are not asked about again.',
      answer: refreshAnswer,
      refusals: [...notFound, 'admin.nothing_pending', 'admin.write_conflict'],
    })),
    params: connectionPath,
    body: pendingAnswered,
    handle: (request) => settlePending(request, 'metadata.dismissed', dismiss),
  }),
  ...(['retire', 'restore'] as const).map((step) =>
    endpoint({
      method: 'post',
      path: `/organizations/{org}/connections/{connection}/certificates/{certificate}/${step}`,
      id: `${step}Certificate`,
      described: described(() => ({
        tag,
        summary:
          step === 'retire'
            ? 'Trust a certificate of the provider no longer, from now on.'
            : 'Trust a certificate again that was retired, or is due to be.',
        description:
          step === 'retire'
            ? 'Metadata does not bring it back, though it still publishes it.'
            : 'From then on it counts as given by hand, and no metadata retires it.',
        answer: connectionAnswer,
        refusals: [
          ...notFound,
          'admin.certificate_not_found',
          ...(step === 'retire' ? (['admin.last_certificate'] as const) : []),
          'admin.write_conflict',
        ],
      })),
      params: certificatePath,
      handle: step === 'retire' ? retireOnce : restoreOnce,
    }),
  ),
]
