import { decodeUtf8, err, limits, ok, printable, type Result, readStream } from '../kernel/index.ts'
import type { GraphFailure } from './errors.ts'

/** The part of `fetch` that is used; passed in, so that tests need no network. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export type TextAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * Sends one request and reads the answer as text: one time limit for all of it, the size checked while it is
 * read, redirects left alone (they would carry the token along).
 * @returns the answer of any status; `graph.unavailable` when there is none, `graph.bad_answer` when it is too
 * large or not UTF-8
 */
export async function fetchText(
  send: Fetch,
  url: string,
  options: {
    readonly init: RequestInit
    readonly maxBytes: number
    readonly timeoutMs: number
  },
): Promise<Result<TextAnswer, GraphFailure>> {
  const signal = AbortSignal.timeout(options.timeoutMs)
  try {
    const response = await send(url, { ...options.init, redirect: 'manual', signal })
    const declared = Number(response.headers.get('content-length') ?? 0)
    if (declared > options.maxBytes) {
      await response.body?.cancel()
      return badAnswer(`${declared} bytes`)
    }
    const bytes = await readStream(response.body, options.maxBytes)
    if (bytes === null) return badAnswer(`more than ${options.maxBytes} bytes`)
    const text = decodeUtf8(bytes)
    if (text === null) return badAnswer('not UTF-8')
    return ok({ status: response.status, headers: response.headers, text })
  } catch (error) {
    // Unreachable, cut off or too slow: expected of a peer, and no outage of ours.
    // A link is as good as a secret for a week, so addresses do not stand in evidence.
    const told = String(error).replaceAll(/https?:\S+/g, '…')
    const detail = signal.aborted ? 'time limit' : printable(told, limits.evidenceLength)
    return err({ code: 'graph.unavailable', detail })
  }
}

/** Refuses an answer for what it is, with a word about what was wrong. */
export function badAnswer(detail: string) {
  return err<GraphFailure>({
    code: 'graph.bad_answer',
    detail: printable(detail, limits.evidenceLength),
  })
}
