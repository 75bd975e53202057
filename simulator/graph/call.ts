import { uuid } from '../keys/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { Caller } from './access-tokens.ts'
import type { Fault } from './faults.ts'

/** A request to Graph, by itself or inside a batch. */
export type GraphCall = {
  readonly method: string
  /** Behind `/v1.0`, decoded, beginning with a slash. */
  readonly path: string
  readonly query: URLSearchParams
  readonly header: (name: string) => string | null
  /** What was sent, parsed; undefined when it was no JSON. */
  readonly body: unknown
}

/** A call of somebody who may make it, and what is to go wrong with it. */
export type AllowedCall = GraphCall & {
  readonly caller: Caller
  readonly fault: Fault | null
  /** The parts of the path that the route leaves open. */
  readonly parts: readonly string[]
}

export type GraphAnswer = {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  /** Cut off in the middle, or no JSON. */
  readonly spoiled: 'cut' | 'garbage' | null
}

export function answer(
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): GraphAnswer {
  return { status, body, headers, spoiled: null }
}

/** An error in Graph's shape. Source: learn.microsoft.com/graph/errors */
export function graphError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): GraphAnswer {
  const requestId = uuid()
  const innerError = { 'request-id': requestId, 'client-request-id': requestId }
  return answer({ error: { code, message, innerError } }, headers, status)
}

export const badRequest = (message: string) => graphError(400, 'Request_BadRequest', message)

export const notFound = (id: string) =>
  graphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  )

/**
 * What `$select` leaves of an object of another kind than a user: nothing but what is named, and no name that the
 * kind does not have.
 */
export function selected(
  all: Readonly<Record<string, unknown>>,
  query: URLSearchParams,
  type: string,
): Result<Readonly<Record<string, unknown>>, GraphAnswer> {
  const select = query.get('$select')
  if (select === null) return ok(all)
  const names = select.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !Object.hasOwn(all, name))
  if (unknown !== undefined) {
    return err(
      badRequest(
        `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type '${type}'.`,
      ),
    )
  }
  return ok(Object.fromEntries(names.map((name) => [name, all[name]])))
}

/** Graph does not say which permission is missing. */
export const denied = () =>
  graphError(
    403,
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  )

export const unauthorized = (message: string) =>
  graphError(401, 'InvalidAuthenticationToken', message, {
    'WWW-Authenticate': 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/"',
  })

/** A path without percent-encoding; null when it is not encoded as it should be. */
export function decodedPath(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
