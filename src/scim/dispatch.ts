import { bulk } from './bulk.ts'
import { discoveryHandlers } from './discovery.ts'
import { groupHandlers } from './groups.ts'
import type { Handler } from './request.ts'
import { rootHandlers } from './root.ts'
import { userHandlers } from './users.ts'

/** What can be done at an address, by method. */
export type Methods = Readonly<
  Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>>
>

/** The handlers of one kind of resource: for the whole, for one of it, and for a search by POST. */
export type ResourceHandlers = {
  readonly collection: Methods
  readonly item?: Methods
  readonly search?: Methods
}

export type Found = {
  /** The resource in lower case, such as `users`; empty for the base URL. */
  readonly resource: string
  readonly id: string
  readonly methods: Methods
  /** A search by POST, which only reads. */
  readonly isSearch: boolean
}

const resources: Readonly<Record<string, ResourceHandlers>> = {
  users: userHandlers,
  groups: groupHandlers,
  '': rootHandlers,
  bulk: { collection: { POST: bulk } },
  ...discoveryHandlers,
}

/**
 * What stands at a path below the base URL. Case of the resource's name does not matter, nor a slash at
 * the end: Omni's and other clients write `/users`, and Entra appends slashes.
 * @param path from the slash after the base URL on
 */
export function findRoute(path: string): Found | null {
  const [resource = '', id, more] = withoutOuterSlashes(path).split('/')
  const name = resource.toLowerCase()
  if (more !== undefined) return null
  if (name === '.search' && id === undefined) {
    return { resource: '', id: '', methods: rootHandlers.search ?? {}, isSearch: true }
  }
  const handlers = Object.hasOwn(resources, name) ? resources[name] : undefined
  if (handlers === undefined) return null
  if (id === undefined)
    return { resource: name, id: '', methods: handlers.collection, isSearch: false }
  if (id.toLowerCase() === '.search') {
    return handlers.search === undefined
      ? null
      : { resource: name, id: '', methods: handlers.search, isSearch: true }
  }
  const decoded = decode(id)
  if (handlers.item === undefined || decoded === null) return null
  return { resource: name, id: decoded, methods: handlers.item, isSearch: false }
}

/** Not by a regular expression: it would try every slash in a row anew, and strangers choose the path. */
function withoutOuterSlashes(path: string): string {
  let [start, end] = [0, path.length]
  while (path[start] === '/') start++
  while (end > start && path[end - 1] === '/') end--
  return path.slice(start, end)
}

function decode(id: string): string | null {
  try {
    return decodeURIComponent(id)
  } catch {
    return null // URIError: a broken percent-encoding, which is nobody's id
  }
}
