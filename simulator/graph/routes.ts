import { type Context, Hono } from 'hono'
import { uuid } from '../keys/index.ts'
import type { World } from '../world.ts'
import { answer, badRequest, decodedPath, type GraphAnswer } from './call.ts'
import { answerCall } from './dispatch.ts'
import { type Fault, nextFault } from './faults.ts'
import { logRequest } from './request-log.ts'
import { answerToken } from './token-endpoint.ts'

const json = 'application/json;odata.metadata=minimal;odata.streaming=true;charset=utf-8'

/** The token endpoint, and Microsoft Graph under `/v1.0`. */
export function graphRoutes(world: World): Hono {
  const routes = new Hono()
  routes.post('/:tenant/oauth2/v2.0/token', async (c) => {
    const fault = nextFault(world.sql, 'token', false)
    if (fault?.effect === 'slow') await world.wait(fault.delayMs)
    const answered =
      fault?.effect === 'status' ? tokenRefusal(fault) : await tokenAnswer(c, world, fault)
    logRequest(world.sql, {
      ...{ atMs: world.nowMs(), kind: 'token', method: 'POST', path: c.req.path },
      ...{ status: answered.status, fault: fault?.effect ?? null, priority: null },
    })
    return response(answered)
  })
  routes.all('/v1.0/*', async (c) => {
    const { pathname, searchParams } = new URL(c.req.url)
    const path = decodedPath(pathname.slice('/v1.0'.length))
    if (path === null) return response(badRequest('The request URI is not valid.'))
    const call = {
      method: c.req.method,
      path,
      query: searchParams,
      header: (name: string) => c.req.header(name) ?? null,
      body: parsed(await c.req.text()),
    }
    return response(await answerCall(world, call, { isInner: false }))
  })
  return routes
}

async function tokenAnswer(c: Context, world: World, fault: Fault | null): Promise<GraphAnswer> {
  const form = new URLSearchParams(await c.req.text())
  const { status, body } = await answerToken(world, c.req.param('tenant') ?? '', form)
  const spoiled = fault?.effect === 'cut' || fault?.effect === 'garbage' ? fault.effect : null
  return { ...answer(body, {}, status), spoiled }
}

/** Entra's own trouble, in the shape of its other errors. */
function tokenRefusal({ status, retryAfter }: Fault): GraphAnswer {
  const error = status === 429 || status === 503 ? 'temporarily_unavailable' : 'server_error'
  const headers = retryAfter === null ? {} : { 'Retry-After': String(retryAfter) }
  return answer({ error, error_description: 'The server is busy. Try again.' }, headers, status)
}

function response({ status, body, headers, spoiled }: GraphAnswer): Response {
  const id = uuid()
  const text = JSON.stringify(body)
  const half = text.slice(0, Math.ceil(text.length / 2))
  const content = spoiled === 'cut' ? cutOff(half) : spoiled === 'garbage' ? half : text
  const all = { 'Content-Type': json, 'request-id': id, 'client-request-id': id, ...headers }
  return new Response(content, { status, headers: all })
}

/** A body that ends in the middle: what was given first arrives, then the connection breaks. */
function cutOff(text: string): ReadableStream {
  const parts = [new TextEncoder().encode(text)]
  return new ReadableStream({
    pull(controller) {
      const part = parts.shift()
      if (part === undefined) controller.error(new Error('The connection is cut on purpose.'))
      else controller.enqueue(part)
    },
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // nothing, or no JSON
  }
}
