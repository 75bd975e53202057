import { ok } from '../kernel/index.ts'
import type { ResourceHandlers } from './dispatch.ts'
import { listResponse, pageOf, readSearch } from './list.ts'
import type { Answered, ScimRequest } from './request.ts'

/** A query from the base URL, over users and groups together (RFC 7644 3.4.2.1). */
export const rootHandlers: ResourceHandlers = {
  collection: { GET: searchEverything },
  search: {
    async POST(request) {
      const search = readSearch(request)
      return search.ok ? searchEverything(search.value) : search
    },
  },
}

/** Users come first, then groups; a page may hold the last of the one and the first of the other. */
async function searchEverything(request: ScimRequest): Answered {
  // A cursor belongs to one kind of resource; here pages are counted by index.
  const list = { ...request.list, cursor: null, everyType: true }
  const users = await pageOf('users', { ...request, list })
  if (!users.ok) return users
  const { totalResults, resources } = users.value
  const groups = await pageOf('groups', {
    ...request,
    list: {
      ...list,
      startIndex: Math.max(1, list.startIndex - totalResults),
      count: list.count - resources.length,
    },
  })
  if (!groups.ok) return groups
  const page = {
    totalResults: totalResults + groups.value.totalResults,
    resources: [...resources, ...groups.value.resources],
    nextCursor: null,
  }
  return ok({ status: 200, resource: listResponse(page, list) })
}
