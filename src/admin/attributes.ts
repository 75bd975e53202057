import { described } from '#described'
import * as z from '#zod'
import { runBatch } from '../db/index.ts'
import {
  attributeExists,
  type CustomAttributeRow,
  customAttributesQuery,
  deleteAttribute,
  dropRule,
  findCustomAttribute,
} from '../directory/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import {
  attributeAnswer,
  attributePath,
  changeAttribute,
  createAttribute,
} from './attribute-schema.ts'
import { changeAttributeOnce, changeStatements, createAttributeOnce } from './change-attribute.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, pageOf, pageQuery } from './paging.ts'
import { builtIn, builtInNamed, presentAttribute } from './present-attribute.ts'
import { type Refusal, refuse } from './refusal.ts'
import { resolveBehind } from './resolve-behind.ts'

const tag = 'Attributes'

export const attributeEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organizations/{org}/attributes',
    id: 'listAttributes',
    described: described(() => ({
      tag,
      summary: 'The attributes of an organization’s people: the built-in ones, then its own.',
      answer: pageOf(attributeAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject(pageQuery(readKey)),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor } = request.query
      const custom = await customAttributesQuery(request.db, organization.value.id)
      const all = [...builtIn, ...custom.map(presentAttribute)]
      const from = cursor === undefined ? 0 : all.findIndex(({ key }) => key === cursor) + 1
      // A cursor of an attribute that is gone leads to the end, never to the beginning again.
      const rows = cursor !== undefined && from === 0 ? [] : all.slice(from)
      return ok(cutPage(rows, { limit, cursorOf: ({ key }) => key, present: (one) => one }))
    },
  }),
  endpoint({
    method: 'post',
    path: '/organizations/{org}/attributes',
    id: 'createAttribute',
    described: described(() => ({
      tag,
      summary: 'Define an attribute; every profile is made anew in the background.',
      description: 'The key makes a repeat safe: it is refused, and nothing is changed.',
      answer: attributeAnswer,
      refusals: ['admin.organization_not_found', 'admin.attribute_taken', 'admin.limit_reached'],
    })),
    params: organizationPath,
    body: createAttribute,
    created: true,
    async handle(request) {
      const organization = await organizationOf(request)
      return organization.ok ? createAttributeOnce(request, organization.value.id) : organization
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/attributes/{key}',
    id: 'getAttribute',
    described: described(() => ({
      tag,
      summary: 'One attribute.',
      answer: attributeAnswer,
      refusals: ['admin.organization_not_found', 'admin.attribute_not_found'],
    })),
    params: attributePath,
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const system = builtInNamed(request.params.key)
      if (system !== undefined) return ok(system)
      const key = { organizationId: organization.value.id, key: request.params.key }
      const row = await findCustomAttribute(request.db, key)
      return row === null ? refuse('admin.attribute_not_found') : ok(presentAttribute(row))
    },
  }),
  endpoint({
    method: 'patch',
    path: '/organizations/{org}/attributes/{key}',
    id: 'changeAttribute',
    described: described(() => ({
      tag,
      summary: 'Change an attribute; every profile is made anew in the background.',
      answer: attributeAnswer,
      refusals: [
        'admin.organization_not_found',
        'admin.attribute_not_found',
        'admin.attribute_read_only',
        'admin.changed_since',
        'admin.write_conflict',
      ],
    })),
    params: attributePath,
    body: changeAttribute,
    async handle(request) {
      const found = await customOf(request)
      return found.ok ? changeAttributeOnce(request, found.value) : found
    },
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}/attributes/{key}',
    id: 'deleteAttribute',
    described: described(() => ({
      tag,
      summary: 'Delete an attribute and what the mapping says of it; profiles lose its values.',
      description: 'What sources state stays in their views, so defining it again brings it back.',
      refusals: [
        'admin.organization_not_found',
        'admin.attribute_not_found',
        'admin.attribute_read_only',
      ],
    })),
    params: attributePath,
    async handle(request) {
      const found = await customOf(request)
      if (!found.ok) return found
      const { organizationId, key } = found.value
      const results = await runBatch(request.db, [
        ...changeStatements(request, found.value, {
          type: 'attribute.deleted',
          facts: {},
          guard: attributeExists(found.value),
        }),
        dropRule(request.db, {
          organizationId,
          key: found.value.key,
          guard: attributeExists(found.value),
        }),
        deleteAttribute(request.db, { organizationId, key }),
      ])
      if ((results.at(-1) as readonly unknown[]).length === 0) {
        return refuse('admin.attribute_not_found')
      }
      resolveBehind(request, organizationId)
      return ok(null)
    },
  }),
]

/** A cursor of this list: a key. */
function readKey(text: string): string | null {
  return /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(text) ? text : null
}

/** The attribute that the path names, of those that can be changed. */
async function customOf(
  request: AdminRequest<{ org: string; key: string }>,
): Promise<Result<CustomAttributeRow, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const { key } = request.params
  if (builtInNamed(key) !== undefined) return refuse('admin.attribute_read_only')
  const row = await findCustomAttribute(request.db, { organizationId: organization.value.id, key })
  return row === null ? refuse('admin.attribute_not_found') : ok(row)
}
