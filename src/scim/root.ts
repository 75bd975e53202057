import { ok } from '../kernel/index.ts'
import type { ResourceHandlers } from './dispatch.ts'
import type { ScimFailure } from './errors.ts'
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
  const list = { ...request.list, cursor: null }
  const users = await pageOf('users', { ...request, list })
  const { totalResults, resources } = users.ok ? users.value : nobody
  const groups = await pageOf('groups', {
    ...request,
    list: {
      ...list,
      startIndex: Math.max(1, list.startIndex - totalResults),
      count: list.count - resources.length,
    },
  })
  // A filter on what only one kind has matches nothing of the other; only if both refuse, it is wrong.
  if (!users.ok && (!groups.ok || !isUnknown(users.failure))) return users
  if (!groups.ok && !isUnknown(groups.failure)) return groups
  const more = groups.ok ? groups.value : nobody
  const page = {
    totalResults: totalResults + more.totalResults,
    resources: [...resources, ...more.resources],
    nextCursor: null,
  }
  return ok({ status: 200, resource: listResponse(page, list) })
}

const nobody = { totalResults: 0, resources: [] } as const

function isUnknown({ code }: ScimFailure): boolean {
  return code === 'scim.invalid_filter'
}
