import { err, limits, ok, type Result } from '../kernel/index.ts'
import type { GraphCredential } from './credential.ts'
import type { GraphFailure } from './errors.ts'
import { badAnswer, fetchText, type TextAnswer } from './fetch-text.ts'
import { isRecord, type Json, parseJson } from './json.ts'
import { failureOf, type Purpose } from './status.ts'
import { forgetToken, rememberedToken, requestToken, type TokenWorld } from './token.ts'

/** Sends requests to Graph as one application, and counts them. */
export type Transport = {
  /** Below `/v1.0`. With a body it is a POST. */
  ask(path: string, purpose: Purpose, body?: unknown): Promise<Result<Json, GraphFailure>>
  /** Goes on from a link that Graph gave; never to another host. */
  follow(link: string, purpose: Purpose): Promise<Result<Json, GraphFailure>>
  used(): number
}

/**
 * @param world its fetch is counted, tokens included
 * @param credential opened by `openGraphCredential`
 */
export function createTransport(world: TokenWorld, credential: GraphCredential): Transport {
  let used = 0
  const counted: TokenWorld = {
    ...world,
    fetch: (url, init) => {
      used++
      return world.fetch(url, init)
    },
  }
  return {
    ask: (path, purpose, body) => send(`${world.graphUrl}/v1.0${path}`, purpose, body),
    async follow(link, purpose) {
      // Whoever can write a link into an answer or into our database must not be sent a token.
      const url = ownLink(link, world.graphUrl)
      return url === null ? err({ code: 'graph.foreign_link' }) : send(url, purpose, undefined)
    },
    used: () => used,
  }

  async function send(
    url: string,
    purpose: Purpose,
    body: unknown,
  ): Promise<Result<Json, GraphFailure>> {
    const known = rememberedToken(counted, credential)
    const first = known === null ? await requestToken(counted, credential) : ok(known)
    if (!first.ok) return first
    const answer = await sendWith(first.value)
    // A token has the permissions of the moment it was made: the next try shall see those granted since.
    if (answer.ok && answer.value.status === 403) forgetToken(counted, credential, first.value)
    if (!answer.ok || answer.value.status !== 401) return judge(answer, purpose)
    // A token can be revoked before its end: one more try with another.
    forgetToken(counted, credential, first.value)
    const second = await requestToken(counted, credential)
    if (!second.ok) return second
    const again = await sendWith(second.value)
    if (again.ok && again.value.status === 401) forgetToken(counted, credential, second.value)
    return judge(again, purpose)

    function sendWith(token: string) {
      const headers = {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        // What a person waits for goes first in the tenant (learn.microsoft.com/graph/throttling-limits).
        'x-ms-throttle-priority': 'low',
      }
      const init =
        body === undefined
          ? { method: 'GET', headers }
          : {
              method: 'POST',
              headers: { ...headers, 'content-type': 'application/json' },
              body: JSON.stringify(body),
            }
      const { graphAnswerBytes: maxBytes, graphFetchMs: timeoutMs } = limits
      return fetchText(counted.fetch, url, { init, maxBytes, timeoutMs })
    }
  }

  function judge(
    answer: Result<TextAnswer, GraphFailure>,
    purpose: Purpose,
  ): Result<Json, GraphFailure> {
    if (!answer.ok) return answer
    const { status, headers, text } = answer.value
    const body = parseJson(text)
    if (status < 200 || status > 299) {
      const retryAfter = headers.get('retry-after')
      return err(failureOf({ status, retryAfter, body }, purpose, world))
    }
    return isRecord(body) ? ok(body) : badAnswer(`no JSON object, status ${status}`)
  }
}

/** The link as a URL, if it leads into Graph and nowhere else; null otherwise. */
function ownLink(link: string, graphUrl: string): string | null {
  const url = link.length > limits.graphLinkLength ? null : URL.parse(link)
  const base = new URL(graphUrl)
  if (url === null || url.origin !== base.origin) return null
  if (url.username !== '' || url.password !== '') return null
  const root = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`
  return url.pathname.startsWith(root) ? url.href : null
}
