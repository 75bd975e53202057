import { described } from '#described'
import * as z from '#zod'
import {
  type GroupPlace,
  type GroupRow,
  listGroups,
  listMembers,
  loadGroup,
  type MemberRow,
  type NamedPlace,
  searchGroups,
  searchPrefix,
} from '../directory/index.ts'
import {
  base64UrlDecode,
  base64UrlEncode,
  decodeUtf8,
  ok,
  type Result,
  toIso,
  utf8,
} from '../kernel/index.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, pathId } from './fields.ts'
import { groupAnswer, memberAnswer } from './group-schema.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, pageOf, pageQuery } from './paging.ts'
import { type Refusal, refuse } from './refusal.ts'

const tag = 'Groups'
const groupPath = organizationPath.extend({ group: pathId })
const missing = ['admin.organization_not_found', 'directory.group_not_found'] as const

export const groupEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organizations/{org}/groups',
    id: 'listGroups',
    described: described(() => ({
      tag,
      summary: 'List the groups that provisioning made, or find some by name.',
      answer: pageOf(groupAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject({
      ...pageQuery(readPlace),
      search: z
        .string()
        .min(1)
        .max(320)
        .optional()
        .openapi(
          described(() => ({
            description:
              'The beginning of the display name, in any case; the list is then ordered by it.',
          })),
        ),
    }),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor, search } = request.query
      if (cursor !== undefined && 'name' in cursor !== (search !== undefined)) {
        const message = 'must be a nextCursor of this list; leave it out for the first page'
        return refuse('admin.invalid_request', { field: 'cursor', message })
      }
      if (search !== undefined) {
        const found = await searchGroups(request.db, organization.value.id, {
          prefix: searchPrefix(search),
          after: cursor !== undefined && 'name' in cursor ? cursor : null,
          limit: limit + 1,
        })
        return ok(cutPage(found, { limit, cursorOf: namedPlaceOf, present: presentGroup }))
      }
      const rows = await listGroups(request.db, organization.value.id, {
        after: cursor !== undefined && 'connectionId' in cursor ? cursor : null,
        limit: limit + 1,
      })
      return ok(cutPage(rows, { limit, cursorOf: placeOf, present: presentGroup }))
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/groups/{group}',
    id: 'getGroup',
    described: described(() => ({
      tag,
      summary: 'One group.',
      answer: groupAnswer,
      refusals: missing,
    })),
    params: groupPath,
    async handle(request) {
      const found = await groupOf(request)
      return found.ok ? ok(presentGroup(found.value)) : found
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/groups/{group}/members',
    id: 'listMembers',
    described: described(() => ({
      tag,
      summary: 'Who is in a group: users, and groups as such.',
      description: 'A group in a group is one member; its own members are listed with it.',
      answer: pageOf(memberAnswer),
      refusals: missing,
    })),
    params: groupPath,
    query: z.strictObject(pageQuery(readMember)),
    async handle(request) {
      const found = await groupOf(request)
      if (!found.ok) return found
      const { organizationId, id } = found.value
      const { limit, cursor } = request.query
      const group = { organizationId, groupId: id }
      const page = { after: cursor ?? '', limit: limit + 1 }
      const rows = await listMembers(request.db, group, page)
      return ok(cutPage(rows, { limit, cursorOf: (row) => row.id, present: presentMember }))
    },
  }),
]

/** The group that the path names; another organization's is not found. */
async function groupOf(
  request: AdminRequest<{ org: string; group: string }>,
): Promise<Result<GroupRow, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const found = await loadGroup(request.db, organization.value.id, request.params.group)
  return found === null ? refuse('directory.group_not_found') : ok(found)
}

/** A cursor of the list of groups: where its connection and its id stand in their order. */
function readPlace(text: string): GroupPlace | NamedPlace | null {
  const [, named, groupId] = /^n\.([\w-]+)\.(grp_\w{1,60})$/.exec(text) ?? []
  const bytes = named === undefined ? null : base64UrlDecode(named)
  const name = bytes === null ? null : decodeUtf8(bytes)
  if (name !== null && groupId !== undefined) return { name, id: groupId }
  const [, connectionId, id] = /^((?:con_\w{1,60})?)\.(grp_\w{1,60})$/.exec(text) ?? []
  return connectionId === undefined || id === undefined ? null : { connectionId, id }
}

function placeOf({ connectionId, id }: GroupPlace): string {
  return `${connectionId}.${id}`
}

function namedPlaceOf({ displayNameKey, id }: GroupRow): string {
  return `n.${base64UrlEncode(utf8(displayNameKey))}.${id}`
}

function readMember(text: string): string | null {
  return /^(?:usr|grp)_\w{1,60}$/.test(text) ? text : null
}

function presentGroup(row: GroupRow): z.input<typeof groupAnswer> {
  return {
    id: row.id,
    displayName: row.displayName,
    externalId: row.externalId,
    memberCount: row.memberCount,
    connection: row.connectionId === '' ? null : row.connectionId,
    createdAt: toIso(row.createdAt),
    updatedAt: toIso(row.modifiedAt),
  }
}

function presentMember({ id, display, source, at }: MemberRow): z.input<typeof memberAnswer> {
  return {
    id,
    type: id.startsWith('grp_') ? 'group' : 'user',
    display,
    source,
    since: toIso(at),
  }
}
