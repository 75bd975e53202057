import type * as z from '#zod'
import { type Database, openDatabase } from '../db/index.ts'
import type { AppContext, Deps, Principal } from '../http/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import { nothing } from './api.ts'
import {
  checkIdempotencyKey,
  type Idempotency,
  idempotencyHeader,
  readIdempotency,
} from './idempotency.ts'
import { answerLines } from './lines.ts'
import { checkPermission } from './permissions.ts'
import { type BodyRule, checkPart, readJson, readQuery } from './read-request.ts'
import { type FieldError, type Refusal, refuse } from './refusal.ts'
import { checkBeforeUse } from './setup-link-limit.ts'

/** A request that has the documented form. */
export type AdminRequest<P = unknown, Q = unknown, B = unknown> = {
  readonly c: AppContext
  readonly deps: Deps
  readonly db: Database
  readonly nowMs: number
  readonly requestId: string
  /** Who asks. */
  readonly principal: Principal
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly idempotency: Idempotency | null
}

/** One definition of one operation: what is validated, what is documented and what is done. */
export type Operation = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Under `/api/v1`, parameters in braces. */
  readonly path: string
  /** The operationId, permanent. */
  readonly id: string
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  readonly body: z.ZodType | null
  readonly bodyRule: BodyRule
  /** Whether it answers 201. */
  readonly created: boolean
  /** Whether each item of the answer is a line of its own (NDJSON). */
  readonly lines: boolean
  /** Whether the create may be repeated with an Idempotency-Key. */
  readonly idempotent: boolean
  /** What the description says of it; not there in the Worker (described.ts). */
  readonly described: Described<z.ZodType>
}

/** An operation in words, and what it answers. */
export type Described<A extends z.ZodType> = {
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** Left out for an answer without content. */
  readonly answer?: A
  /** Codes it may refuse with, beside those of every operation. */
  readonly refusals?: readonly Refusal['code'][]
}

/** What is asked of an operation, not checked yet. */
export type Given = {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly idempotencyKey?: string | undefined
}

export type Endpoint = {
  readonly operation: Operation
  /** Answers a request of the Admin API. */
  readonly answer: (c: AppContext) => Promise<Response>
  /** The same without HTTP, for the console: checks, permission and events are those of the API. */
  readonly run: (
    c: AppContext,
    principal: Principal,
    given: Given,
  ) => Promise<Result<unknown, Refusal>>
}

type Spec<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  A extends z.ZodType,
> = Pick<Operation, 'method' | 'path' | 'id'> & {
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly bodyOptional?: true
  readonly idempotent?: true
  readonly lines?: true
  readonly created?: true
  readonly described: Described<A>
  readonly handle: (
    request: AdminRequest<z.output<P>, z.output<Q>, z.output<B>>,
  ) => Promise<Result<z.input<A>, Refusal>>
}

type Nothing = typeof nothing

type Unchecked = Omit<Given, 'query'> & {
  readonly query: Result<unknown, readonly FieldError[]>
}

/** Makes an endpoint of its definition; the types of what the handler gets and answers come from the schemas. */
export function endpoint<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
  A extends z.ZodType = z.ZodNull,
>(spec: Spec<P, Q, B, A>): Endpoint {
  const { params, query, body, handle, idempotent, lines, created, ...rest } = spec
  const bodyRule = body === undefined ? 'none' : spec.bodyOptional ? 'optional' : 'required'
  const operation: Operation = {
    ...rest,
    params: params ?? nothing,
    query: query ?? nothing,
    body: body ?? null,
    bodyRule,
    created: created === true,
    idempotent: idempotent === true,
    lines: lines === true,
  }

  return {
    operation,
    async answer(c) {
      const json = await readJson(c, bodyRule)
      if (!json.ok) return c.get('fail')(json.failure)
      const result = await run(c, c.get('principal'), {
        params: c.req.param(),
        query: readQuery(c),
        body: json.value,
        idempotencyKey: c.req.header(idempotencyHeader),
      })
      if (!result.ok) return c.get('fail')(result.failure)
      if (operation.lines) return answerLines(c, result.value)
      // An operation without an answer has none at all.
      return result.value === null
        ? c.body(null, 204)
        : // The schema of the answer is what the handler's type was made of.
          c.json(result.value as object, operation.created ? 201 : 200)
    },
    run: (c, principal, { query: asked, ...given }) =>
      run(c, principal, { ...given, query: ok(asked) }),
  }

  async function run(
    c: AppContext,
    principal: Principal,
    given: Unchecked,
  ): Promise<Result<z.input<A>, Refusal>> {
    const request = await readRequest(c, principal, given)
    return request.ok ? handle(request.value) : request
  }

  async function readRequest(
    c: AppContext,
    principal: Principal,
    given: Unchecked,
  ): Promise<Result<AdminRequest<z.output<P>, z.output<Q>, z.output<B>>, Refusal>> {
    const checkedParams = checkPart({ schema: params ?? nothing, value: given.params })
    const checkedQuery = given.query.ok
      ? checkPart({ schema: query ?? nothing, value: given.query.value })
      : given.query
    const checkedBody = checkPart({ schema: body ?? nothing, value: given.body })
    const key = checkIdempotencyKey(operation.idempotent ? given.idempotencyKey : undefined)
    const errors: readonly FieldError[] = [
      ...(checkedParams.ok ? [] : checkedParams.failure),
      ...(checkedQuery.ok ? [] : checkedQuery.failure),
      ...(checkedBody.ok ? [] : checkedBody.failure),
      ...(key.ok ? [] : key.failure),
    ]
    if (!checkedParams.ok || !checkedQuery.ok || !checkedBody.ok || !key.ok) {
      return refuse('admin.invalid_request', ...errors)
    }
    const permitted = checkPermission(principal, {
      operation,
      params: checkedParams.value as Readonly<Record<string, string>>,
      body: checkedBody.value,
      operatorOrg: c.get('deps').config.operatorOrg,
    })
    if (!permitted.ok) return permitted
    const db = openDatabase(c.get('deps').d1, 'primary')
    const before = await checkBeforeUse(db, principal, operation.id)
    if (!before.ok) return before
    const route = `${c.req.method} ${c.req.path}`
    const deps = c.get('deps')
    return {
      ok: true,
      value: {
        c,
        deps,
        db,
        nowMs: c.get('nowMs'),
        requestId: c.get('requestId'),
        principal,
        params: checkedParams.value as z.output<P>,
        query: checkedQuery.value as z.output<Q>,
        body: checkedBody.value as z.output<B>,
        idempotency: await readIdempotency(key.value, { route, body: given.body }),
      },
    }
  }
}
