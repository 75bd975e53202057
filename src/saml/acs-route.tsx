import type { RefusalCounter } from '../activity/index.ts'
import { isOutage } from '../db/index.ts'
import {
  type AppContext,
  explainAadsts,
  type FailOptions,
  inBackground,
  mayKnock,
  parseCookies,
} from '../http/index.ts'
import type { AnyFailure } from '../kernel/index.ts'
import { forgetLogin, openLogins, sessionSetCookie } from '../session/index.ts'
import { acceptUnsolicited } from './accept-unsolicited.tsx'
import type { ConnectionCache } from './connection-cache.ts'
import { finishSignIn, type SignInOutcome } from './finish-sign-in.ts'
import type { OpenConnection } from './open-connection.ts'
import { recordRefusal } from './record-refusal.ts'
import { readResponseForm } from './response-form.ts'
import { checkReturnTo } from './return-to.ts'
import { startSignIn } from './start-sign-in.tsx'

export type Doors = { readonly connections: ConnectionCache; readonly refusals: RefusalCounter }

/** `POST /saml/{connection}/acs`: the identity provider's answer, carried by the person's browser. */
export async function receiveAtAcs(c: AppContext, doors: Doors): Promise<Response> {
  const connectionId = c.req.param('connection') ?? ''
  if (!(await mayKnock(c, 'acs', connectionId))) {
    return c.get('fail')({ code: 'http.too_many_requests' }, { audience: 'browser' })
  }
  const posted = await readResponseForm(c.req.raw)
  if (!posted.ok) return refuse(c, doors, { connectionId, open: null, failure: posted.failure })
  const { deps, requestId, nowMs } = c.var
  const cookies = parseCookies(c.req.header('cookie'))
  const logins = (await openLogins(deps.config.keyRing, cookies, nowMs)).flatMap(({ state }) =>
    state === null ? [] : [state],
  )
  try {
    const attempt = {
      connectionId,
      posted: posted.value,
      logins,
      requestId,
      nowMs,
      userAgent: c.req.header('user-agent')?.slice(0, 256) ?? null,
    }
    const outcome = await finishSignIn({ deps, connections: doors.connections }, attempt)
    return await answer(c, doors, { outcome, connectionId, relayState: posted.value.relayState })
  } catch (error) {
    if (!isOutage(error)) throw error
    deps.log('error', 'outage while finishing a sign-in', {
      request: requestId,
      error: String(error),
    })
    return c.get('fail')({ code: 'saml.store_unavailable' }, failOptions(c, connectionId))
  }
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
  const isUnknown = failure.code === 'saml.connection_not_found'
  const open = refused.open ?? (isUnknown ? null : await doors.connections.get(connectionId))
  if (open === null) {
    return c.get('fail')({ code: 'saml.connection_not_found' }, { audience: 'browser' })
  }
  if (refused.isRecorded !== true) {
    inBackground(c, recordRefusal(c, doors.refusals, { type: 'sign_in', open, failure }))
  }
  return c.get('fail')(failure, { ...failOptions(c, connectionId), ...hintOf(failure) })
}

function failOptions(c: AppContext, connectionId: string): FailOptions {
  return {
    audience: 'browser',
    retryUrl: `${c.get('deps').config.publicUrl}/saml/${connectionId}/login`,
  }
}

/** Our own words for an AADSTS number; of the provider's text only digits and GUIDs are ever shown. */
function hintOf(failure: AnyFailure): { hint?: string } {
  if (failure.code !== 'saml.status') return {}
  const { aadsts, correlationId } = failure as {
    aadsts?: string | null
    correlationId?: string | null
  }
  if (aadsts === null || aadsts === undefined) return {}
  const explained = explainAadsts(aadsts)
  const sentences = [
    `Microsoft Entra answered AADSTS${aadsts}.`,
    ...(explained === null ? [] : [explained.person, `For your IT admin: ${explained.admin}`]),
    ...(correlationId === null || correlationId === undefined
      ? []
      : [`Correlation ID: ${correlationId}`]),
  ]
  return { hint: sentences.join(' ') }
}
