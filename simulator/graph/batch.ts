import { z } from 'zod'
import type { World } from '../world.ts'
import {
  type AllowedCall,
  answer,
  badRequest,
  decodedPath,
  type GraphAnswer,
  type GraphCall,
  graphError,
} from './call.ts'

const most = 20

const input = z.object({
  requests: z.array(
    z.object({
      id: z.string().min(1),
      method: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()).default({}),
      body: z.unknown().optional(),
      dependsOn: z.array(z.string()).default([]),
    }),
  ),
})

type Inner = z.infer<typeof input>['requests'][number]

/**
 * Answers `POST /$batch`: at most 20 requests, each with its own status, in another order than they came.
 * Source: learn.microsoft.com/graph/json-batching
 */
export async function answerBatch(
  { baseUrl }: World,
  call: AllowedCall,
  run: (inner: GraphCall) => Promise<GraphAnswer>,
): Promise<GraphAnswer> {
  const parsed = input.safeParse(call.body)
  if (!parsed.success) return badRequest('Invalid batch payload format.')
  const { requests } = parsed.data
  if (requests.length > most) {
    return graphError(
      400,
      'BadRequest',
      `Number of batch requests exceeds the max allowed: ${most}.`,
    )
  }
  if (new Set(requests.map(({ id }) => id)).size < requests.length) {
    return badRequest('Request Id must be unique.')
  }
  const done = new Map<string, GraphAnswer>()
  for (const request of requests) {
    const isBlocked = request.dependsOn.some((id) => (done.get(id)?.status ?? 500) >= 400)
    const failed = graphError(424, 'FailedDependency', 'A request this one depends on failed.')
    done.set(request.id, isBlocked ? failed : await run(innerCall(request, { call, baseUrl })))
  }
  const responses = [...done].map(([id, { status, headers, body, spoiled }]) => ({
    id,
    status: spoiled === 'cut' ? 504 : status,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: spoiled === null ? body : 'This is no JSON object.',
  }))
  return answer({ responses: responses.toReversed() })
}

/**
 * A request of a batch with the batch's token, and with no other header of it: each request says its own.
 * Its address begins behind the version.
 */
function innerCall(
  { method, url, headers, body }: Inner,
  { call, baseUrl }: { readonly call: AllowedCall; readonly baseUrl: string },
): GraphCall {
  const { pathname, searchParams } = new URL(url.replace(/^\/*/, '/'), baseUrl)
  const own = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return {
    method: method.toUpperCase(),
    path: decodedPath(pathname) ?? '/',
    query: searchParams,
    header: (name) =>
      own.get(name.toLowerCase()) ??
      (name.toLowerCase() === 'authorization' ? call.header(name) : null),
    body,
  }
}
