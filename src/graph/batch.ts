import { err, limits, ok, type Result } from '../kernel/index.ts'
import type { GraphFailure } from './errors.ts'
import { badAnswer } from './fetch-text.ts'
import { isRecord, type Json, readText } from './json.ts'
import { failureOf, type Purpose } from './status.ts'
import type { TokenWorld } from './token.ts'
import type { Transport } from './transport.ts'
import type { AskAgain } from './types.ts'

/** One request of a batch, by what it is about. */
export type BatchRequest = { readonly key: string; readonly url: string; readonly purpose: Purpose }

export type BatchAnswer = {
  readonly found: ReadonlyMap<string, Json>
  /** Answered 404. */
  readonly gone: readonly string[]
  /** Refused for now, each for its own reason. */
  readonly again: AskAgain | null
}

/**
 * Sends at most 20 GET requests as one `$batch`. Its answers come in any order, and a 200 outside says nothing
 * of what is inside (reference c4). What was throttled inside, failed on Graph's side or is not answered at all
 * is given back to be asked again; a request that is refused for good fails the whole.
 * Source: learn.microsoft.com/graph/json-batching
 */
export async function sendBatch(
  { transport, world }: { readonly transport: Transport; readonly world: TokenWorld },
  requests: readonly BatchRequest[],
): Promise<Result<BatchAnswer, GraphFailure>> {
  const [first] = requests
  if (first === undefined) return ok({ found: new Map(), gone: [], again: null })
  const sent = requests.slice(0, limits.graphBatchRequests)
  const body = {
    requests: sent.map(({ url }, i) => ({ id: String(i), method: 'GET', url })),
  }
  const answer = await transport.ask('/$batch', first.purpose, body)
  if (!answer.ok) return answer
  const responses = answer.value['responses']
  if (!Array.isArray(responses) || responses.length > limits.graphBatchRequests) {
    return badAnswer('a batch without responses')
  }
  const byId = new Map<unknown, Json>()
  for (const one of responses) if (isRecord(one)) byId.set(readText(one['id']) ?? '', one)

  const found = new Map<string, Json>()
  const gone: string[] = []
  const later: string[] = requests.slice(sent.length).map(({ key }) => key)
  let retryAfterMs = 0
  for (const [i, { key, purpose }] of sent.entries()) {
    const read = readResponse(byId.get(String(i)), purpose, world)
    if (read.ok) found.set(key, read.value)
    else if (read.failure.code === 'graph.not_found') gone.push(key)
    else if (read.failure.code === 'graph.throttled') {
      later.push(key)
      retryAfterMs = Math.max(retryAfterMs, read.failure.retryAfterMs)
    } else if (read.failure.code === 'graph.unavailable') {
      later.push(key)
      retryAfterMs = Math.max(retryAfterMs, limits.graphPauseMs)
    } else return read
  }
  return ok({ found, gone, again: later.length === 0 ? null : { ids: later, retryAfterMs } })
}

function readResponse(
  response: Json | undefined,
  purpose: Purpose,
  world: TokenWorld,
): Result<Json, GraphFailure> {
  if (response === undefined) return err({ code: 'graph.unavailable', detail: 'not answered' })
  const status = response['status']
  const body = response['body']
  if (typeof status !== 'number') return badAnswer('a batch response without status')
  if (status >= 200 && status <= 299) {
    return isRecord(body) ? ok(body) : badAnswer('a batch response without body')
  }
  return err(
    failureOf({ status, retryAfter: retryAfterOf(response['headers']), body }, purpose, world),
  )
}

/** Header names inside a batch are of any case. */
function retryAfterOf(headers: unknown): unknown {
  if (!isRecord(headers)) return undefined
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1]
}
