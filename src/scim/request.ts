import type { Database } from '../db/index.ts'
import type { Provisioner } from '../directory/index.ts'
import type { ScimError } from '../http/index.ts'
import type { AnyFailure, Result } from '../kernel/index.ts'
import type { ListQuery } from './list-query.ts'
import type { Precondition } from './preconditions.ts'
import type { Projection } from './projection.ts'

/** A SCIM request that has been authenticated and read; a Bulk operation is one too. */
export type ScimRequest = {
  readonly db: Database
  readonly by: Provisioner
  /** `https://…/scim/v2`, without a slash at its end. */
  readonly baseUrl: string
  /** The parsed JSON without passwords; null when the method has no body. */
  readonly body: unknown
  readonly list: ListQuery
  readonly projection: Projection
  readonly precondition: Precondition
  /** Carries out one operation of a Bulk request as a request of its own. */
  readonly perform: (
    operation: { readonly method: string; readonly path: string },
    request: ScimRequest,
  ) => Answered
  /** Lets work end after the answer has gone out, so that its failure does not undo what is done. */
  readonly later: (work: Promise<unknown>) => void
  /** How a failure reads in the answer of its operation. */
  readonly explain: (failure: AnyFailure) => ScimError
}

/** What a request is answered with; `resource` is the JSON, `stream` a resource too large to hold. */
export type ScimAnswer = {
  readonly status: 200 | 201 | 204 | 304
  readonly resource?: object
  readonly stream?: ReadableStream<Uint8Array>
  /** The resource's address, for Location. */
  readonly location?: string
  /** The resource's version, for ETag. */
  readonly version?: string
}

export type Answered = Promise<Result<ScimAnswer, AnyFailure>>

export type Handler = (request: ScimRequest, id: string) => Answered
