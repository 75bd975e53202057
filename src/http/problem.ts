import type { AnyFailure, ErrorEntry } from '../kernel/index.ts'

/** Problem details (RFC 9457): what a refused request is answered with, and what pages show. */
export type Problem = {
  readonly type: string
  /** What happened. */
  readonly title: string
  readonly status: number
  /** Permanent; docs/errors.md lists all. */
  readonly code: string
  /** What to do. */
  readonly detail: string
  /** The fields that are wrong, all at once. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[]
  readonly problems?: readonly string[]
  /** The reference number of the request. */
  readonly request: string
}

/** A failure in the words of its registry entry; the evidence stays inside. */
export function problemOf(failure: AnyFailure, entry: ErrorEntry, request: string): Problem {
  return {
    type: `urn:portico:error:${failure.code}`,
    title: entry.means,
    status: entry.status,
    code: failure.code,
    detail: entry.fix,
    ...('problems' in failure ? { problems: failure.problems as readonly string[] } : {}),
    ...('errors' in failure ? { errors: failure.errors as Required<Problem>['errors'] } : {}),
    request,
  }
}
