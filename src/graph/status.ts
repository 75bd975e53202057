import { type Clock, limits, printable, type RandomBytes } from '../kernel/index.ts'
import type { GraphFailure, GraphPermission } from './errors.ts'
import { isRecord, readText } from './json.ts'
import { pauseMs } from './retry-after.ts'

/** What a request is for: tells what a refusal means. */
export type Purpose = {
  /** The least permission that allows it. */
  readonly permission: GraphPermission
  readonly what: 'application' | 'group' | 'user'
  /** Whether it goes on from a link of a delta: then what Graph finds wrong with it is wrong with the link. */
  readonly isDeltaLink?: boolean
}

export type ErrorAnswer = {
  readonly status: number
  readonly retryAfter: unknown
  /** The body, parsed; undefined when it was no JSON. */
  readonly body: unknown
}

/** Codes that end a link: `syncStateNotFound`, `resyncRequired`, `Directory_ExpiredPageToken` and their kin. */
const ended = /resync|syncstate|expired(?:page|delta)token/i

/**
 * What an answer other than 2xx means. Graph's own text is kept as evidence only where it is about our request
 * (400), since an admin has to read which property it does not know.
 * Sources: learn.microsoft.com/graph/errors, /graph/throttling, /graph/delta-query-overview (reference c2, c4)
 */
export function failureOf(
  { status, retryAfter, body }: ErrorAnswer,
  purpose: Purpose,
  { clock, random }: { readonly clock: Clock; readonly random: RandomBytes },
): GraphFailure {
  const { code, message } = readError(body)
  if (status === 429 || status === 503 || status === 509) {
    const retryAfterMs = pauseMs(retryAfter, { nowMs: clock.nowMs(), random })
    return { code: 'graph.throttled', retryAfterMs }
  }
  // A 410 may name another place in Location. It is not gone to: a read from the start needs no address of theirs.
  if (status === 410) return { code: 'graph.resync' }
  if ((status === 400 || status === 404) && (purpose.isDeltaLink === true || ended.test(code))) {
    return { code: 'graph.resync' }
  }
  if (status === 401) {
    return { code: 'graph.unauthorized', aadsts: null, explanation: refusedToken }
  }
  if (status === 403) {
    return { code: 'graph.forbidden', permission: purpose.permission, ...detailOf(code) }
  }
  if (status === 404) return { code: 'graph.not_found', what: purpose.what }
  if (status === 408 || (status >= 500 && status !== 501)) {
    return { code: 'graph.unavailable', ...detailOf(code === '' ? String(status) : code) }
  }
  if (status >= 400) return { code: 'graph.refused', status, detail: shown(`${code}: ${message}`) }
  return { code: 'graph.bad_answer', detail: `status ${status}` }
}

const refusedToken =
  'Microsoft Graph does not accept the token that Entra gave. Check that GRAPH_URL and ENTRA_LOGIN_URL are of the same cloud.'

function readError(body: unknown): { readonly code: string; readonly message: string } {
  const error = isRecord(body) ? body['error'] : null
  if (!isRecord(error)) return { code: '', message: '' }
  const inner = isRecord(error['innerError']) ? error['innerError']['code'] : ''
  const codes = [error['code'], inner].filter((code) => typeof code === 'string' && code !== '')
  return { code: codes.join(' '), message: readText(error['message']) ?? '' }
}

function detailOf(code: string): { readonly detail?: string } {
  return code === '' ? {} : { detail: shown(code) }
}

function shown(text: string): string {
  return printable(text, limits.evidenceLength)
}
