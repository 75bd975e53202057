import type { RefusalCounter, SignInTimes } from '../activity/index.ts'
import { isOutage, openDatabase } from '../db/index.ts'
import {
  type AppContext,
  clientNetwork,
  type FailOptions,
  inBackground,
  isNavigation,
  mayKnock,
  parseCookies,
} from '../http/index.ts'
import { type AnyFailure, errorFields, ok } from '../kernel/index.ts'
import { forgetLogin, isOrdinaryLogin, openLogins, sessionSetCookie } from '../session/index.ts'
import { acceptUnsolicited } from './accept-unsolicited.tsx'
import { askGroups } from './ask-groups.ts'
import type { ConnectionCache, NoConnection } from './connection-cache.ts'
import { finishSignIn, type SignInOutcome } from './finish-sign-in.ts'
import type { OpenConnection } from './open-connection.ts'
import { recordRefusal } from './record-refusal.ts'
import { readResponseForm } from './response-form.ts'
import { checkReturnTo } from './return-to.ts'
import { startSignIn } from './start-sign-in.tsx'
import { tellStatus } from './tell-status.ts'
import { takeTestAnswer } from './test-sign-in/test-routes.tsx'

export type Doors = {
  readonly connections: ConnectionCache
  readonly refusals: RefusalCounter
  /** How long finishing sign-ins takes here. */
  readonly times: SignInTimes
}

/** `POST /saml/{connection}/acs`: the identity provider's answer, carried by the person's browser. */
export async function receiveAtAcs(c: AppContext, doors: Doors): Promise<Response> {
  // Identity providers answer by a form that the page sends: to the browser a navigation, whatever its site.
  if (!isNavigation(c)) {
    return c.get('fail')({ code: 'saml.not_a_navigation' }, { audience: 'browser' })
  }
  const connectionId = c.req.param('connection') ?? ''
  if (!(await mayKnock(c, 'acs', connectionId))) {
    return c.get('fail')({ code: 'http.too_many_requests' }, { audience: 'browser' })
  }
  const posted = await readResponseForm(c.req.raw)
  const { deps, requestId, nowMs } = c.var
  const cookies = parseCookies(c.req.header('cookie'))
  const begun = (await openLogins(deps.config.keyRing, cookies, nowMs)).flatMap(({ state }) =>
    state === null ? [] : [state],
  )
  // What only a test began meets no test's answer below, and an answer to a test nothing but its test.
  const ofTest = await takeTestAnswer(c, { connectionId, posted, logins: begun })
  if (ofTest !== null) return ofTest
  if (!posted.ok) return refuse(c, doors, { connectionId, open: null, failure: posted.failure })
  const logins = begun.filter(isOrdinaryLogin)
  try {
    const attempt = {
      connectionId,
      posted: posted.value,
      logins,
      requestId,
      network: clientNetwork(c),
      nowMs,
      userAgent: c.req.header('user-agent')?.slice(0, 256) ?? null,
    }
    const outcome = await finishSignIn({ deps, connections: doors.connections }, attempt)
    if (outcome.kind === 'signed_in') countTime(c, doors, outcome.open)
    return await answer(c, doors, { outcome, connectionId, relayState: posted.value.relayState })
  } catch (error) {
    if (!isOutage(error)) throw error
    deps.log('error', 'outage while finishing a sign-in', {
      request: requestId,
      error: errorFields(error).message,
    })
    return c.get('fail')({ code: 'saml.store_unavailable' }, failOptions(c, connectionId))
  }
}

/** Notes how long it took from the request to the committed batch; written behind the answer, once a minute at most. */
function countTime(c: AppContext, { times }: Doors, open: OpenConnection): void {
  const { deps, nowMs } = c.var
  times.add(open.record.organization.id, { tookMs: deps.clock.nowMs() - nowMs, nowMs })
  if (times.isDue(nowMs)) inBackground(c, times.flush(openDatabase(deps.d1, 'primary'), nowMs))
}

async function answer(
  c: AppContext,
  doors: Doors,
  answered: { outcome: SignInOutcome; connectionId: string; relayState: string | null },
): Promise<Response> {
  const { outcome, connectionId, relayState } = answered
  if (outcome.kind === 'refused') {
    return refuse(c, doors, { ...outcome, connectionId })
  }
  const { open } = outcome
  if (outcome.kind === 'signed_in' && outcome.overage !== null) askGroups(c, outcome.overage)
  const wanted =
    outcome.kind === 'signed_in' && outcome.login !== null ? outcome.login.returnTo : relayState
  const returnTo = allowedReturnTo(c, open, wanted)
  if (outcome.kind === 'restart') {
    // Unsolicited: only a sign-in that this browser starts itself makes a session (login CSRF).
    return startSignIn(c, open, {
      returnTo,
      loginHint: null,
      forceAuthn: false,
      afterUnsolicited: true,
    })
  }
  if (outcome.login === null) return acceptUnsolicited(c, open, { outcome, returnTo })
  const maxAge = open.record.organization.sessionHours * 3600
  c.header('Set-Cookie', sessionSetCookie(outcome.session.token, maxAge), { append: true })
  c.header('Set-Cookie', forgetLogin(outcome.login), { append: true })
  return c.redirect(returnTo, 303)
}

/** A return address checked again when it is used: what was allowed at the start may not be any more. */
export function allowedReturnTo(
  c: AppContext,
  open: OpenConnection,
  wanted: string | null,
): string {
  const { publicUrl } = c.get('deps').config
  const { appOrigins } = open.record.organization
  return checkReturnTo(wanted ?? '/', { publicUrl, appOrigins }) ?? `${publicUrl}/`
}

/** There is nobody whose event a refusal could be. */
const noConnection: ReadonlySet<string> = new Set<NoConnection['code']>([
  'saml.connection_not_found',
  'http.too_many_requests',
])

async function refuse(
  c: AppContext,
  doors: Doors,
  refused: {
    connectionId: string
    open: OpenConnection | null
    failure: AnyFailure
    isRecorded?: boolean
  },
): Promise<Response> {
  const { connectionId, failure } = refused
  if (noConnection.has(failure.code)) return c.get('fail')(failure, { audience: 'browser' })
  const { open } = refused
  const found =
    open === null ? await doors.connections.get(connectionId, clientNetwork(c)) : ok(open)
  if (!found.ok) return c.get('fail')(found.failure, { audience: 'browser' })
  if (refused.isRecorded !== true) {
    const about = { type: 'sign_in', open: found.value, failure } as const
    inBackground(c, recordRefusal(c, doors.refusals, about))
  }
  return c.get('fail')(failure, { ...failOptions(c, connectionId), ...tellStatus(failure) })
}

function failOptions(c: AppContext, connectionId: string): FailOptions {
  return {
    audience: 'browser',
    retryUrl: `${c.get('deps').config.publicUrl}/saml/${connectionId}/login`,
  }
}
