import { described } from '#described'
import * as z from '#zod'
import { ok, type Result } from '../kernel/index.ts'
import {
  changeScimClient,
  deleteScimClient,
  listScimClients,
  type ScimClient,
  scimClientExists,
} from '../scim/index.ts'
import { createScimClientOnce } from './create-scim-client.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, newestCursor, newestCursorOf, pageOf, pageQuery } from './paging.ts'
import { clientFacts, clientKey, presentClient } from './present-scim.ts'
import { type Refusal, refuse } from './refusal.ts'
import { scimClientOf } from './scim-client-of.ts'
import { changeCredential, writeCredential } from './scim-credential.ts'
import {
  changeScimCredential,
  createdScimClient,
  createScimClient,
  scimClientAnswer,
  scimClientPath,
} from './scim-schema.ts'

const tag = 'SCIM credentials'

export const scimClientEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: '/organizations/{org}/scim-clients',
    id: 'createScimClient',
    described: described(() => ({
      tag,
      summary: 'A client that asks for access tokens at /oauth/token.',
      description:
        'With a first secret, shown once; or with a federation, for an application that proves itself by a signed assertion of Entra. The federation is what an assertion must say exactly, and cannot be changed later.',
      answer: createdScimClient,
      refusals: [
        'admin.organization_not_found',
        'admin.connection_not_found',
        'admin.scim_client_not_found',
        'admin.limit_reached',
        'admin.write_conflict',
      ],
    })),
    params: organizationPath,
    body: createScimClient,
    created: true,
    idempotent: true,
    async handle(request) {
      const organization = await organizationOf(request)
      return organization.ok ? createScimClientOnce(request, organization.value.id) : organization
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/scim-clients',
    id: 'listScimClients',
    described: described(() => ({
      tag,
      summary: 'SCIM clients, newest first, without their secrets.',
      answer: pageOf(scimClientAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject(pageQuery(newestCursor('cli'))),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor } = request.query
      const page = { limit: limit + 1, after: cursor ?? null }
      const rows = await listScimClients(request.db, organization.value.id, page)
      return ok(
        cutPage(rows, {
          limit,
          cursorOf: ({ client }) => newestCursorOf(client),
          present: (row) => presentClient(row, request.deps.config),
        }),
      )
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/scim-clients/{client}',
    id: 'getScimClient',
    described: described(() => ({
      tag,
      summary: 'One SCIM client, without its secrets.',
      answer: scimClientAnswer,
      refusals: ['admin.organization_not_found', 'admin.scim_client_not_found'],
    })),
    params: scimClientPath,
    async handle(request) {
      const found = await scimClientOf(request)
      return found.ok ? ok(presentClient(found.value, request.deps.config)) : found
    },
  }),
  endpoint({
    method: 'patch',
    path: '/organizations/{org}/scim-clients/{client}',
    id: 'changeScimClient',
    described: described(() => ({
      tag,
      summary: 'Rename, disable or enable a SCIM client.',
      description: 'The access tokens of a disabled client stop working within 30 seconds.',
      answer: scimClientAnswer,
      refusals: ['admin.organization_not_found', 'admin.scim_client_not_found'],
    })),
    params: scimClientPath,
    body: changeScimCredential,
    handle: changeClient,
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}/scim-clients/{client}',
    id: 'deleteScimClient',
    described: described(() => ({
      tag,
      summary: 'Delete a SCIM client; its access tokens stop working within 30 seconds.',
      refusals: ['admin.organization_not_found', 'admin.scim_client_not_found'],
    })),
    params: scimClientPath,
    async handle(request) {
      const found = await scimClientOf(request)
      if (!found.ok) return found
      const { client } = found.value
      const key = clientKey(client)
      const gone = await writeCredential(request, {
        event: { type: 'scim_client.revoked', ...clientFacts(client) },
        guard: scimClientExists(key),
        write: deleteScimClient(request.db, key),
      })
      return gone === null ? refuse('admin.scim_client_not_found') : ok(null)
    },
  }),
]

async function changeClient(
  request: AdminRequest<
    { org: string; client: string },
    unknown,
    z.output<typeof changeScimCredential>
  >,
): Promise<Result<z.input<typeof scimClientAnswer>, Refusal>> {
  const found = await scimClientOf(request)
  if (!found.ok) return found
  const { client, secrets } = found.value
  const key = clientKey(client)
  const after = await changeCredential<ScimClient>(request, {
    before: client,
    event: { type: 'scim_client.updated', ...clientFacts(client) },
    guard: scimClientExists(key),
    write: (change) => {
      return changeScimClient(request.db, key, { ...change, updatedAt: request.nowMs })
    },
  })
  return after === null
    ? refuse('admin.scim_client_not_found')
    : ok(presentClient({ client: after, secrets }, request.deps.config))
}
