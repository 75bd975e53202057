import { described } from '#described'
import * as z from '#zod'
import { ok } from '../kernel/index.ts'
import { listConnections } from '../saml/index.ts'
import { changeConnectionOnce } from './change-connection.ts'
import { connectionOf } from './connection-of.ts'
import {
  changeConnection,
  connectionAnswer,
  connectionPath,
  createConnection,
} from './connection-schema.ts'
import { createConnectionOnce } from './create-connection.ts'
import { deleteConnectionOnce } from './delete-connection.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, idCursor, pageOf, pageQuery } from './paging.ts'
import { presentConnection } from './present-connection.ts'

const tag = 'Connections'

export const connectionEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: '/organizations/{org}/connections',
    id: 'createConnection',
    described: described(() => ({
      tag,
      summary: 'Connect an organization with its identity provider.',
      description:
        'Takes the provider from metadata XML, a metadata URL or manual values, exactly one of them.',
      answer: connectionAnswer,
      refusals: [
        'admin.organization_not_found',
        'admin.connection_not_found',
        'admin.limit_reached',
        'saml.metadata',
        'saml.metadata_fetch',
      ],
    })),
    params: organizationPath,
    body: createConnection,
    created: true,
    idempotent: true,
    handle: createConnectionOnce,
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/connections',
    id: 'listConnections',
    described: described(() => ({
      tag,
      summary: 'List the connections of an organization.',
      answer: pageOf(connectionAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject(pageQuery(idCursor('con'))),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { db, deps, nowMs, query } = request
      const rows = await listConnections(db, organization.value.id, {
        after: query.cursor ?? '',
        limit: query.limit + 1,
      })
      const { items, nextCursor } = cutPage(rows, {
        limit: query.limit,
        cursorOf: ({ connection }) => connection.id,
        present: (row) => presentConnection(row, { config: deps.config, nowMs }),
      })
      return ok({ items: await Promise.all(items), nextCursor })
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/connections/{connection}',
    id: 'getConnection',
    described: described(() => ({
      tag,
      summary: 'One connection.',
      answer: connectionAnswer,
      refusals: ['admin.organization_not_found', 'admin.connection_not_found'],
    })),
    params: connectionPath,
    async handle(request) {
      const found = await connectionOf(request)
      if (!found.ok) return found
      const { deps, nowMs } = request
      return ok(await presentConnection(found.value, { config: deps.config, nowMs }))
    },
  }),
  endpoint({
    method: 'patch',
    path: '/organizations/{org}/connections/{connection}',
    id: 'changeConnection',
    described: described(() => ({
      tag,
      summary: 'Change a connection; what is left out stays.',
      description:
        'Metadata replaces the certificates that came from metadata and keeps those added by hand; `manual.certificates` replaces all. `metadataUrl` is read at once, also when it is the same; null stops refreshing. Disabling, or going back to draft, ends the sessions of the connection.',
      answer: connectionAnswer,
      refusals: [
        'admin.organization_not_found',
        'admin.connection_not_found',
        'admin.certificate_not_found',
        'admin.connection_status',
        'admin.connection_people_bound',
        'admin.last_certificate',
        'admin.limit_reached',
        'admin.changed_since',
        'admin.write_conflict',
        'saml.metadata',
        'saml.metadata_fetch',
      ],
    })),
    params: connectionPath,
    body: changeConnection,
    handle: changeConnectionOnce,
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}/connections/{connection}',
    id: 'deleteConnection',
    described: described(() => ({
      tag,
      summary: 'Delete a connection that nobody needs to sign in; its sessions end.',
      description:
        'Refused while people are known by this connection alone, since another one would not know them: disable it instead, or retire these people first. With Entra, another connection to the same tenant knows them.',
      refusals: [
        'admin.organization_not_found',
        'admin.connection_not_found',
        'admin.connection_people_bound',
      ],
    })),
    params: connectionPath,
    handle: deleteConnectionOnce,
  }),
]
