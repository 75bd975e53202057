import { described } from '#described'
import { runBatch } from '../db/index.ts'
import {
  createGraphClient,
  createTokenCache,
  deleteGraphCredential,
  graphCredentialAt,
  loadGraphCredential,
  openGraphCredential,
  type StoredCheck,
  type StoredGraphCredential,
  saveGraphCheck,
} from '../graph/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import { attempts } from './change-organization.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import {
  graphCheckAnswer,
  graphCredentialAnswer,
  graphQuery,
  setGraphCredential,
} from './graph-schema.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { presentGraphCheck, presentGraphCredential, storedFailure } from './present-graph.ts'
import { type Refusal, refuse } from './refusal.ts'
import { scimConnection } from './scim-connection.ts'
import { setGraphOnce } from './set-graph.ts'

const tag = 'Microsoft Graph'
const path = '/organizations/{org}/graph'
const unfound = [
  'admin.organization_not_found',
  'admin.connection_not_found',
  'admin.graph_credential_not_found',
] as const

export const graphEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    id: 'getGraphCredential',
    described: described(() => ({
      tag,
      summary: 'What Portico reads Microsoft Graph with, without its secret.',
      answer: graphCredentialAnswer,
      refusals: unfound,
    })),
    params: organizationPath,
    query: graphQuery,
    async handle(request) {
      const found = await graphCredentialOf(request)
      return found.ok ? ok(await presentGraphCredential(found.value)) : found
    },
  }),
  endpoint({
    method: 'put',
    path,
    id: 'setGraphCredential',
    described: described(() => ({
      tag,
      summary: 'Set the credential that Microsoft Graph is read with.',
      description:
        'A client secret or a certificate, of which neither is shown again. Without either, the stored one is kept for the same tenant and client. With an Entra connection the tenant is the connection’s. Check it afterwards with POST …/graph/check.',
      answer: graphCredentialAnswer,
      refusals: [
        'admin.organization_not_found',
        'admin.connection_not_found',
        'admin.write_conflict',
      ],
    })),
    params: organizationPath,
    body: setGraphCredential,
    handle: setGraphOnce,
  }),
  endpoint({
    method: 'delete',
    path,
    id: 'removeGraphCredential',
    described: described(() => ({
      tag,
      summary: 'Delete the credential with its secret; reconciliation by Graph stops.',
      description: 'What Graph stated so far stays. Delete the secret in Entra, too.',
      refusals: [...unfound, 'admin.write_conflict'],
    })),
    params: organizationPath,
    query: graphQuery,
    handle: remove,
  }),
  endpoint({
    method: 'post',
    path: `${path}/check`,
    id: 'checkGraph',
    described: described(() => ({
      tag,
      summary: 'Try what reconciliation will read, and name what is missing.',
      description:
        'Asks Entra for a new token and reads a little of each kind. A newly granted permission may take a minute to work.',
      answer: graphCheckAnswer,
      refusals: unfound,
    })),
    params: organizationPath,
    query: graphQuery,
    async handle(request) {
      const found = await graphCredentialOf(request)
      if (!found.ok) return found
      const { db, nowMs } = request
      const checked = await check(request, found.value)
      await runBatch(db, [saveGraphCheck(db, { row: found.value, checked, nowMs })])
      return ok(presentGraphCheck(checked, nowMs))
    },
  }),
]

type GraphRequest = AdminRequest<{ org: string }, { connection?: string | undefined }>

/** The stored credential of the connection that the request names, or of the only one. */
async function graphCredentialOf(
  request: GraphRequest,
): Promise<Result<StoredGraphCredential, Refusal>> {
  const { db, query } = request
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const organizationId = organization.value.id
  const named = await scimConnection(db, organizationId, query.connection)
  if (!named.ok) return named
  const connectionId = named.value.connection?.id ?? ''
  const row = await loadGraphCredential(db, { organizationId, connectionId })
  return row === null ? refuse('admin.graph_credential_not_found') : ok(row)
}

/** Deletes the credential as it is: one that was sealed anew or set anew meanwhile is read again. */
async function remove(request: GraphRequest): Promise<Result<null, Refusal>> {
  const { db } = request
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await graphCredentialOf(request)
    if (!found.ok) return found
    const { organizationId, connectionId, tenantId, clientId } = found.value
    const event = {
      type: 'graph.credential_removed',
      organizationId,
      ...(connectionId === '' ? {} : { connectionId }),
      facts: { tenantId, clientId },
    } as const
    const results = await runBatch(db, [
      ...operatorEvent(request, event, graphCredentialAt(found.value)),
      deleteGraphCredential(db, found.value),
    ])
    if ((results.at(-1) as readonly unknown[]).length === 1) return ok(null)
  }
  return refuse('admin.write_conflict')
}

/** Checks with a token of its own: one that is remembered has the permissions of the time it was made. */
async function check({ deps }: GraphRequest, row: StoredGraphCredential): Promise<StoredCheck> {
  const { config, clock, random, fetch: send } = deps
  const credential = await openGraphCredential(config.keyRing, row)
  if (!credential.ok) return { check: null, failure: storedFailure(credential.failure) }
  const { graphUrl, entraLoginUrl: loginUrl } = config
  const world = { clock, random, graphUrl, loginUrl, tokens: createTokenCache() }
  const client = createGraphClient({ ...world, fetch: send }, credential.value)
  const checked = await client.checkPermissions(row.appId)
  return checked.ok
    ? { check: checked.value, failure: null }
    : { check: null, failure: storedFailure(checked.failure) }
}
