import { OpenAPIHono } from '@hono/zod-openapi'
import * as z from '#zod'
import { problemSchema } from '../src/admin/api.ts'
import type { Operation } from '../src/admin/endpoint.ts'
import { endpoints } from '../src/admin/endpoints.ts'
import { adminErrors } from '../src/admin/errors.ts'
import { idempotencyHeader, replayedHeader } from '../src/admin/idempotency.ts'
import { linesType } from '../src/admin/lines.ts'
import { directoryErrors } from '../src/directory/index.ts'
import { httpErrors } from '../src/http/index.ts'
import type { ErrorEntry } from '../src/kernel/index.ts'
import { samlErrors } from '../src/saml/index.ts'

const entries: Readonly<Record<string, ErrorEntry>> = {
  ...httpErrors,
  ...directoryErrors,
  ...samlErrors,
  ...adminErrors,
}

/** Where the API is mounted. */
const basePath = '/api/v1'

/** The OpenAPI 3.1 description, made of the same definitions that requests are checked by. */
export function renderOpenApi(): unknown {
  const api = new OpenAPIHono()
  const registry = api.openAPIRegistry
  registry.registerComponent('securitySchemes', 'adminKey', { type: 'http', scheme: 'bearer' })
  registry.register('Problem', problemSchema)
  for (const { operation } of endpoints) registry.registerPath(describe(operation))
  registry.registerPath({
    method: 'get',
    path: `${basePath}/openapi.json`,
    operationId: 'getOpenApi',
    tags: ['Description'],
    summary: 'This description; needs no key.',
    security: [],
    responses: { 200: { description: 'OpenAPI 3.1.' } },
  })
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Portico Admin API',
      version: '1',
      description:
        'Organizations, their connections to identity providers, their people and what happened. ' +
        'Refusals are problem details (RFC 9457) with a permanent code; a refused request changed nothing.',
    },
    // Relative to where it is read, so the file is the same for every deployment.
    servers: [{ url: '/' }],
    security: [{ adminKey: [] }],
  })
}

function describe(
  operation: Operation,
): Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0] {
  const { method, path, id, params, query, body } = operation
  const { tag, summary, description, answer } = operation.described
  const status = operation.created ? 201 : answer === undefined ? 204 : 200
  const headers = operation.idempotent ? { headers: idempotencyHeaders } : {}
  return {
    method,
    path: basePath + path,
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    request: {
      params,
      query,
      ...headers,
      ...(body === null
        ? {}
        : {
            body: {
              required: operation.bodyRule === 'required',
              content: { 'application/json': { schema: body } },
            },
          }),
    },
    responses: {
      [status]: {
        description: summary,
        ...(operation.idempotent ? { headers: replayHeaders } : {}),
        ...contentOf(operation),
      },
      ...describeRefusals(operation),
    },
  }
}

function contentOf({ lines, described: { answer } }: Operation) {
  if (answer === undefined) return {}
  return lines
    ? {
        content: {
          [linesType]: { schema: z.string().openapi({ description: 'One item a line.' }) },
        },
      }
    : { content: { 'application/json': { schema: answer } } }
}

const idempotencyHeaders = z.object({
  [idempotencyHeader]: z.string().max(255).optional().openapi({
    description:
      'Repeats the request safely for 24 hours: the same key and body answer with what was made the first time. A secret is not shown again.',
  }),
})

const replayHeaders = z.object({
  [replayedHeader]: z.literal('true').optional().openapi({
    description: 'Present when the answer repeats an earlier one.',
  }),
})

/** What an operation can refuse with, by status, each code with its meaning. */
function describeRefusals(operation: Operation) {
  const codes = [
    'admin.unauthorized',
    'admin.invalid_request',
    ...(operation.body === null
      ? []
      : ['admin.malformed_json', 'admin.body_too_large', 'admin.unsupported_media_type']),
    ...(operation.idempotent ? ['admin.idempotency_conflict'] : []),
    ...(operation.described.refusals ?? []),
    'http.too_many_requests',
    'store.unavailable',
  ]
  const byStatus = Map.groupBy(codes, (code) => entries[code]?.status ?? 500)
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${entries[code]?.means ?? ''}`).join('\n\n'),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  )
}
