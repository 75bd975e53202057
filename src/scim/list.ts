import { err, ok, type Result } from '../kernel/index.ts'
import { customAttributesOf } from './custom-attributes.ts'
import type { ScimFailure } from './errors.ts'
import { type ListQuery, readListQuery } from './list-query.ts'
import { listGroups, listUsers } from './list-store.ts'
import { messages } from './messages.ts'
import { includes, project, readProjection } from './projection.ts'
import { renderGroup, renderMember, renderUser } from './render.ts'
import type { Answered, ScimRequest } from './request.ts'

/** Whose list it is. */
export type Listed = 'users' | 'groups'

type Page = {
  readonly totalResults: number
  readonly resources: readonly object[]
  readonly nextCursor: string | null
}

/** `GET` on a kind of resource (RFC 7644 3.4.2): always 200 with a ListResponse, however little is found. */
export async function listOf(kind: Listed, request: ScimRequest): Answered {
  const page = await pageOf(kind, request)
  return page.ok ? ok({ status: 200, resource: listResponse(page.value, request.list) }) : page
}

/** `POST …/.search` (RFC 7644 3.4.3): the same list, asked for in a body that no log keeps. */
export async function searchOf(kind: Listed, request: ScimRequest): Answered {
  const search = readSearch(request)
  return search.ok ? listOf(kind, search.value) : search
}

/** One page of users or groups, rendered as the request wants them. */
export async function pageOf(
  kind: Listed,
  request: ScimRequest,
): Promise<Result<Page, ScimFailure>> {
  const { db, list, projection, baseUrl } = request
  const scope = { ...request.by, custom: customAttributesOf(request.by) }
  if (kind === 'users') {
    const withGroups = includes(projection, 'groups')
    const found = await listUsers(db, scope, list, { withGroups })
    if (!found.ok) return found
    const { totalResults, users, nextCursor } = found.value
    const resources = users.map((user) => project(renderUser(user, baseUrl), projection))
    return ok({ totalResults, resources, nextCursor })
  }
  const withMembers = includes(projection, 'members')
  const found = await listGroups(db, scope, list, { withMembers })
  if (!found.ok) return found
  const { totalResults, groups, members, nextCursor } = found.value
  const resources = groups.map((group) => {
    const { meta, ...rest } = renderGroup(group, baseUrl)
    const shown = (members.get(group.id) ?? []).map((member) => renderMember(member, baseUrl))
    return project({ ...rest, ...(withMembers ? { members: shown } : {}), meta }, projection)
  })
  return ok({ totalResults, resources, nextCursor })
}

/** A ListResponse (RFC 7644 3.4.2); by cursor there is no index to tell (RFC 9865 2). */
export function listResponse(page: Page, list: ListQuery): object {
  return {
    schemas: [messages.list],
    totalResults: page.totalResults,
    itemsPerPage: page.resources.length,
    ...(list.cursor === null ? { startIndex: list.startIndex } : {}),
    ...(page.nextCursor === null ? {} : { nextCursor: page.nextCursor }),
    Resources: page.resources,
  }
}

/** The request that a SearchRequest stands for. */
export function readSearch(request: ScimRequest): Result<ScimRequest, ScimFailure> {
  const body = request.body as Readonly<Record<string, unknown>>
  const fields = new Map(Object.entries(body).map(([key, value]) => [key.toLowerCase(), value]))
  const texts = (name: string) => {
    const value = fields.get(name.toLowerCase()) ?? []
    return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')
  }
  if (!texts('schemas').includes(messages.search)) {
    const detail = `A search request names ${messages.search} in schemas.`
    return err({ code: 'scim.invalid_syntax', detail })
  }
  const list = readListQuery((name) => {
    const value = fields.get(name.toLowerCase()) ?? null
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  })
  if (!list.ok) return list
  const projection = readProjection(texts('attributes'), texts('excludedAttributes'))
  return projection.ok
    ? ok({ ...request, list: list.value, projection: projection.value })
    : projection
}
