import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { type Authorization, authorize } from './authorize.ts'
import { readMatch, readTarget, type Target } from './check-answer.ts'
import type { Change } from './difference.ts'
import { type Failure, failure, failureOf } from './failure.ts'
import type { Job } from './job-model.ts'
import type { Kind } from './links.ts'
import { type Dialect, patchBody } from './patch-body.ts'
import { isResource } from './target-path.ts'

const mediaType = 'application/scim+json'

/** What the service asks of an application, in the shape that Entra asks it. */
export type ScimClient = {
  /** Looks for the one object whose attribute equals a value. */
  find(kind: Kind, attribute: string, value: string): Promise<Result<Target | null, Failure>>
  get(kind: Kind, id: string): Promise<Result<Target, Failure>>
  create(kind: Kind, body: unknown): Promise<Result<Target, Failure>>
  /** Whether an object refers to another already, by the query that documents describe. */
  refers(kind: Kind, id: string, to: Reference): Promise<Result<boolean, Failure>>
  patch(kind: Kind, id: string, changes: readonly Change[]): Promise<Result<null, Failure>>
  /** Done also when there was nothing. */
  remove(kind: Kind, id: string): Promise<Result<null, Failure>>
  /** Requests sent so far. */
  readonly sent: () => number
}

/** What refers to what: a manager, or one of the members. */
export type Reference = { readonly attribute: string; readonly targetId: string }

type Answer = { readonly status: number; readonly json: unknown }
type Request = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const paths: Readonly<Record<Kind, string>> = { user: 'Users', group: 'Groups' }
/** Groups are never read with their members. */
const queries: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  user: {},
  group: { excludedAttributes: 'members' },
}
const expectations = { user: { members: 'allowed' }, group: { members: 'excluded' } } as const

/** Opens an application's SCIM endpoint. */
export function openScim(world: World, job: Job, dialect: Dialect): ScimClient {
  let authorization: Authorization | null = null
  let sent = 0

  async function authorized(): Promise<Result<string, Failure>> {
    if (authorization === null || authorization.expiresAtMs <= world.nowMs() + 60_000) {
      const got = await authorize(world, job)
      if (!got.ok) return got
      authorization = got.value
    }
    return ok(authorization.header)
  }

  async function send(request: Request): Promise<Result<Answer, Failure>> {
    const header = await authorized()
    if (!header.ok) return header
    sent += 1
    const deadline = startDeadline(job.timeoutMs)
    try {
      const response = await world.fetch(urlOf(job, request), {
        method: request.method,
        headers: {
          Accept: mediaType,
          Authorization: header.value,
          ...(request.body === undefined ? {} : { 'Content-Type': `${mediaType}; charset=utf-8` }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        redirect: 'manual',
        signal: deadline.signal,
      })
      return await readAnswer(response)
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') {
        return err(failure('timeout', `No answer within ${job.timeoutMs / 1000} seconds.`))
      }
      const why = error instanceof Error ? error.message : String(error)
      return err(
        failure('unavailable', `Nobody answers at ${job.tenantUrl}: ${why}`, { isFatal: true }),
      )
    } finally {
      deadline.stop()
    }
  }

  return {
    find: async (kind, attribute, value) => {
      const filter = `${attribute} eq ${JSON.stringify(value)}`
      const query = { ...queries[kind], filter }
      const answer = await send({ method: 'GET', path: paths[kind], query })
      if (!answer.ok) return answer.failure.code === 'InvalidAnchor' ? notCompliant() : answer
      return readMatch(answer.value.json, expectations[kind])
    },
    get: async (kind, id) => {
      const path = `${paths[kind]}/${encodeURIComponent(id)}`
      const answer = await send({ method: 'GET', path, query: queries[kind] })
      return answer.ok ? readTarget(answer.value.json, expectations[kind]) : answer
    },
    create: async (kind, body) => {
      const answer = await send({ method: 'POST', path: paths[kind], body })
      return answer.ok ? readTarget(answer.value.json, { members: 'allowed' }) : answer
    },
    refers: async (kind, id, { attribute, targetId }) => {
      const filter = `id eq ${JSON.stringify(id)} and ${attribute} eq ${JSON.stringify(targetId)}`
      const query = { filter, attributes: 'id' }
      const answer = await send({ method: 'GET', path: paths[kind], query })
      if (!answer.ok) return answer
      const match = readMatch(answer.value.json, { members: 'allowed' })
      return match.ok ? ok(match.value !== null) : match
    },
    patch: async (kind, id, changes) => {
      const path = `${paths[kind]}/${encodeURIComponent(id)}`
      const body = patchBody(dialect, changes)
      const answer = await send({ method: 'PATCH', path, body })
      if (!answer.ok) return answer
      if (answer.value.status === 204) return ok(null)
      const read = readTarget(answer.value.json, { members: 'allowed' })
      return read.ok ? ok(null) : read
    },
    remove: async (kind, id) => {
      const path = `${paths[kind]}/${encodeURIComponent(id)}`
      const answer = await send({ method: 'DELETE', path })
      if (answer.ok) return ok(null)
      return answer.failure.code === 'InvalidAnchor' ? ok(null) : answer
    },
    sent: () => sent,
  }
}

/** The address of a request: the tenant URL's path goes on, its query may come along. */
function urlOf(job: Job, { path, query }: Request): string {
  const url = new URL(job.tenantUrl)
  const own = job.sendsQuery ? url.search.slice(1) : ''
  const parameters = new URLSearchParams(query).toString()
  const search = [own, parameters].filter((part) => part !== '').join('&')
  const base = `${url.origin}${url.pathname.replace(/\/$/, '')}/${path}`
  return search === '' ? base : `${base}?${search}`
}

function notCompliant(): { readonly ok: false; readonly failure: Failure } {
  return err(
    failure('incompatible', 'HTTP/404 rather than the expected HTTP/200', { isFatal: true }),
  )
}

async function readAnswer(response: Response): Promise<Result<Answer, Failure>> {
  const { status } = response
  const text = await response.text()
  const json = parsed(text)
  if (status < 200 || status > 299) {
    const detail = isResource(json) && typeof json['detail'] === 'string' ? json['detail'] : null
    return err(failureOf(status, detail ?? `HTTP/${status} ${text.slice(0, 200)}`.trim()))
  }
  if (status === 204) return ok({ status, json: null })
  const type = response.headers.get('content-type') ?? ''
  if (type.split(';')[0]?.trim().toLowerCase() !== mediaType) {
    const detail = `The answer’s Content-Type is ${type || 'missing'}, not ${mediaType}.`
    return err(failure('incompatible', detail))
  }
  if (json === undefined)
    return err(failure('incompatible', 'The answer could not be read: it is no JSON.'))
  return ok({ status, json })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // said by the caller
  }
}

/** Like `AbortSignal.timeout`, but ended with the request: a run may not have 10,000 of those under way. */
function startDeadline(ms: number) {
  const controller = new AbortController()
  const timer = setTimeout(
    () => controller.abort(new DOMException('The time is over.', 'TimeoutError')),
    ms,
  )
  return { signal: controller.signal, stop: () => clearTimeout(timer) }
}
