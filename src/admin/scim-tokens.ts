import { described } from '#described'
import * as z from '#zod'
import { ok, type Result } from '../kernel/index.ts'
import {
  changeScimToken,
  deleteScimToken,
  findScimToken,
  listScimTokens,
  type ScimToken,
  scimTokenExists,
} from '../scim/index.ts'
import { createScimTokenOnce } from './create-scim-token.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, newestCursor, newestCursorOf, pageOf, pageQuery } from './paging.ts'
import { presentToken, tokenFacts, tokenKey } from './present-scim.ts'
import { type Refusal, refuse } from './refusal.ts'
import { changeCredential, writeCredential } from './scim-credential.ts'
import {
  changeScimCredential,
  createdScimToken,
  createScimToken,
  scimTokenAnswer,
  scimTokenPath,
} from './scim-schema.ts'

const tag = 'SCIM credentials'

export const scimTokenEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: '/organizations/{org}/scim-tokens',
    id: 'createScimToken',
    described: described(() => ({
      tag,
      summary: 'A token for Entra, shown once.',
      description:
        'Several may be valid at once: to rotate, create the next, enter it in Entra, then revoke the old one.',
      answer: createdScimToken,
      refusals: [
        'admin.organization_not_found',
        'admin.connection_not_found',
        'admin.scim_token_not_found',
        'admin.limit_reached',
        'admin.write_conflict',
      ],
    })),
    params: organizationPath,
    body: createScimToken,
    created: true,
    idempotent: true,
    async handle(request) {
      const organization = await organizationOf(request)
      return organization.ok ? createScimTokenOnce(request, organization.value.id) : organization
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/scim-tokens',
    id: 'listScimTokens',
    described: described(() => ({
      tag,
      summary: 'SCIM tokens, newest first, without their secrets.',
      description: 'An expired token stays listed for 30 days.',
      answer: pageOf(scimTokenAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject(pageQuery(newestCursor('tok'))),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor } = request.query
      const page = { limit: limit + 1, after: cursor ?? null }
      const rows = await listScimTokens(request.db, organization.value.id, page)
      const present = (token: ScimToken) => presentToken(token, request.nowMs)
      return ok(cutPage(rows, { limit, cursorOf: newestCursorOf, present }))
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/scim-tokens/{token}',
    id: 'getScimToken',
    described: described(() => ({
      tag,
      summary: 'One SCIM token, without its secret.',
      answer: scimTokenAnswer,
      refusals: ['admin.organization_not_found', 'admin.scim_token_not_found'],
    })),
    params: scimTokenPath,
    async handle(request) {
      const found = await tokenOf(request)
      return found.ok ? ok(presentToken(found.value, request.nowMs)) : found
    },
  }),
  endpoint({
    method: 'patch',
    path: '/organizations/{org}/scim-tokens/{token}',
    id: 'changeScimToken',
    described: described(() => ({
      tag,
      summary: 'Rename, disable or enable a SCIM token.',
      answer: scimTokenAnswer,
      refusals: ['admin.organization_not_found', 'admin.scim_token_not_found'],
    })),
    params: scimTokenPath,
    body: changeScimCredential,
    handle: changeToken,
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}/scim-tokens/{token}',
    id: 'revokeScimToken',
    described: described(() => ({
      tag,
      summary: 'Revoke a SCIM token for good; it stops working within 30 seconds.',
      refusals: ['admin.organization_not_found', 'admin.scim_token_not_found'],
    })),
    params: scimTokenPath,
    async handle(request) {
      const found = await tokenOf(request)
      if (!found.ok) return found
      const key = tokenKey(found.value)
      const gone = await writeCredential(request, {
        event: { type: 'scim_token.revoked', ...tokenFacts(found.value) },
        guard: scimTokenExists(key),
        write: [deleteScimToken(request.db, key)],
      })
      return gone === null ? refuse('admin.scim_token_not_found') : ok(null)
    },
  }),
]

/** The token that the path names; another organization's is not found. */
async function tokenOf(
  request: AdminRequest<{ org: string; token: string }>,
): Promise<Result<ScimToken, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const key = { organizationId: organization.value.id, tokenId: request.params.token }
  const found = await findScimToken(request.db, key)
  return found === null ? refuse('admin.scim_token_not_found') : ok(found)
}

async function changeToken(
  request: AdminRequest<
    { org: string; token: string },
    unknown,
    z.output<typeof changeScimCredential>
  >,
): Promise<Result<z.input<typeof scimTokenAnswer>, Refusal>> {
  const found = await tokenOf(request)
  if (!found.ok) return found
  const key = tokenKey(found.value)
  const after = await changeCredential<ScimToken>(request, {
    before: found.value,
    event: { type: 'scim_token.updated', ...tokenFacts(found.value) },
    guard: scimTokenExists(key),
    write: (change) => changeScimToken(request.db, key, change),
  })
  return after === null
    ? refuse('admin.scim_token_not_found')
    : ok(presentToken(after, request.nowMs))
}
