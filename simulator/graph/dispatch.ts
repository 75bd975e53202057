import type { World } from '../world.ts'
import { callerOf, expireTokens } from './access-tokens.ts'
import { answerAssignments, answerServicePrincipal } from './applications.ts'
import { answerBatch } from './batch.ts'
import {
  type AllowedCall,
  badRequest,
  denied,
  type GraphAnswer,
  type GraphCall,
  graphError,
  unauthorized,
} from './call.ts'
import { answerDelta } from './delta.ts'
import { type Fault, nextFault, type RequestKind } from './faults.ts'
import { answerGroup, answerGroups, answerMembers } from './groups.ts'
import type { Permission } from './registration.ts'
import { logRequest } from './request-log.ts'
import { answerManager, answerMemberGroups, answerUser, answerUsers } from './users.ts'

type Handler = (world: World, call: AllowedCall) => GraphAnswer | Promise<GraphAnswer>

type Route = {
  readonly kind: RequestKind
  readonly method: 'GET' | 'POST'
  readonly path: RegExp
  /** All of them, or Directory.Read.All. */
  readonly permissions: readonly Permission[]
  readonly answer: Handler
}

const principal = String.raw`/servicePrincipals(\(appId='[^']*'\)|/[^/]+)`
const at = (pattern: string) => new RegExp(`^${pattern}/?$`, 'i')

const routes: readonly Route[] = [
  row(
    'delta',
    'GET /users/(?:microsoft\\.graph\\.)?delta(?:\\(\\))?',
    answerDelta,
    'User.Read.All',
  ),
  row(
    'assignments',
    `GET ${principal}/appRoleAssignedTo`,
    answerAssignments,
    'Application.Read.All',
  ),
  row('application', `GET ${principal}`, answerServicePrincipal, 'Application.Read.All'),
  row(
    'members',
    'GET /groups/([^/]+)/members/microsoft\\.graph\\.user',
    answerMembers,
    'GroupMember.Read.All',
  ),
  row('group', 'GET /groups', answerGroups, 'GroupMember.Read.All'),
  row('group', 'GET /groups/([^/]+)', answerGroup, 'GroupMember.Read.All'),
  row('user', 'GET /users', answerUsers, 'User.Read.All'),
  row('user', 'GET /users/([^/]+)', answerUser, 'User.Read.All'),
  row('user', 'GET /users/([^/]+)/manager', answerManager, 'User.Read.All'),
  row(
    'getMemberGroups',
    'POST /users/([^/]+)/(?:microsoft\\.graph\\.)?getMemberGroups',
    answerMemberGroups,
    ...(['User.Read.All', 'GroupMember.Read.All'] as const),
  ),
  row('batch', 'POST /\\$batch', (world, call) =>
    answerBatch(world, call, (inner) => answerCall(world, inner, { isInner: true })),
  ),
]

function row(
  kind: RequestKind,
  line: string,
  answer: Handler,
  ...permissions: Permission[]
): Route {
  const [method, path = ''] = line.split(' ')
  return { kind, method: method === 'POST' ? 'POST' : 'GET', path: at(path), permissions, answer }
}

/** Answers a call to Graph: who is it, what is to go wrong, may they, and then what they asked for. */
export async function answerCall(
  world: World,
  call: GraphCall,
  { isInner }: { readonly isInner: boolean },
): Promise<GraphAnswer> {
  const route = routes.find(({ method, path }) => method === call.method && path.test(call.path))
  const fault = route === undefined ? null : nextFault(world.sql, route.kind, isInner)
  const answered = await answerRoute(world, call, { route, fault })
  logRequest(world.sql, {
    atMs: world.nowMs(),
    kind: `${isInner ? 'inner-' : ''}${route?.kind ?? 'unknown'}`,
    method: call.method,
    path: call.path,
    status: answered.status,
    fault: fault?.effect ?? null,
    priority: call.header('x-ms-throttle-priority'),
  })
  return answered
}

async function answerRoute(
  world: World,
  call: GraphCall,
  { route, fault }: { readonly route: Route | undefined; readonly fault: Fault | null },
): Promise<GraphAnswer> {
  const token = /^Bearer (.+)$/i.exec(call.header('authorization') ?? '')?.[1] ?? null
  if (token === null) return unauthorized('Access token is empty.')
  if (fault?.effect === 'expired-token') expireTokens(world, token)
  const caller = callerOf(world, token)
  if (caller === null) return unauthorized('Lifetime validation failed, the token is expired.')
  if (route === undefined) {
    const segment = call.path.split('/')[1] ?? ''
    return badRequest(`Resource not found for the segment '${segment}'.`)
  }
  if (fault?.effect === 'status') return refusal(fault)
  const has = (permission: Permission) =>
    caller.permissions.some((own) => own === permission || own === 'Directory.Read.All')
  if (!route.permissions.every(has)) return denied()
  if (fault?.effect === 'slow') await world.wait(fault.delayMs)
  const parts = (route.path.exec(call.path) ?? []).slice(1)
  const answered = await route.answer(world, { ...call, caller, fault, parts })
  const spoiled = fault?.effect === 'cut' || fault?.effect === 'garbage' ? fault.effect : null
  return { ...answered, spoiled }
}

const codes: Readonly<Record<number, readonly [code: string, message: string]>> = {
  429: ['TooManyRequests', 'Too many requests.'],
  500: ['InternalServerError', 'An internal server error occurred.'],
  502: ['BadGateway', 'The server returned an invalid response.'],
  503: ['ServiceUnavailable', 'The service is temporarily unavailable.'],
  504: ['GatewayTimeout', 'The gateway timed out.'],
}

/** What a fault says. */
function refusal({ status, retryAfter }: Fault): GraphAnswer {
  const [code, message] = codes[status] ?? ['UnknownError', '']
  const headers = retryAfter === null ? {} : { 'Retry-After': String(retryAfter) }
  return graphError(status, code, message, headers)
}
