import { openDatabase } from '../db/index.ts'
import {
  type AppContext,
  clientNetwork,
  contentSecurityPolicy,
  inBackground,
  mayKnock,
  parseCookies,
} from '../http/index.ts'
import { type AnyFailure, base64UrlEncode, ok, type Result } from '../kernel/index.ts'
import { allowedReturnTo, type Doors } from './acs-route.tsx'
import { newMessageId } from './authn-request.ts'
import { timelyFirst } from './certificate-dates.ts'
import { logoutKey } from './consume-store.ts'
import { type LogoutRequest, readLogoutRequest } from './logout-request.ts'
import { buildLogoutResponse, readLogoutResponse } from './logout-response.ts'
import { forgetLogout, logoutCookie, openLogout } from './logout-state.ts'
import { endSigned, endUnsigned } from './logout-store.ts'
import type { OpenConnection } from './open-connection.ts'
import { MessagePage } from './pages.tsx'
import { recordRefusal } from './record-refusal.ts'
import { type RedirectMessage, readRedirectMessage, redirectUrl } from './redirect-binding.ts'
import { readMessageForm } from './response-form.ts'

const hourMs = 60 * 60 * 1000

/**
 * `GET` and `POST /saml/{connection}/slo`: the identity provider ends a session, or answers that it ended
 * its own. Entra calls by GET in a frame of its sign-out page, without our cookies.
 */
export async function receiveAtSlo(c: AppContext, doors: Doors): Promise<Response> {
  const connectionId = c.req.param('connection') ?? ''
  if (!(await mayKnock(c, 'slo', connectionId))) {
    return c.get('fail')({ code: 'http.too_many_requests' }, { audience: 'browser' })
  }
  const found = await doors.connections.get(connectionId, clientNetwork(c))
  if (!found.ok) return c.get('fail')(found.failure, { audience: 'browser' })
  const open = withTimelyKeys(found.value, c.get('nowMs'))
  const read = c.req.method === 'POST' ? await readPosted(c) : await readQuery(c, open)
  if (!read.ok) return refuse(c, doors, { open, failure: read.failure })
  return read.value.kind === 'SAMLRequest'
    ? endRequested(c, doors, { open, message: read.value })
    : finishOurs(c, doors, { open, message: read.value })
}

/** A renewed certificate over the key of the old one must not lose to it here either. */
function withTimelyKeys(open: OpenConnection, nowMs: number): OpenConnection {
  return { ...open, saml: { ...open.saml, keys: timelyFirst(open.saml.keys, nowMs) } }
}

function readQuery(c: AppContext, open: OpenConnection) {
  const { url } = c.req.raw
  const question = url.indexOf('?')
  // Certificate dates are judged with the message, so that a refusal can say what is wrong.
  return readRedirectMessage(question < 0 ? '' : url.slice(question + 1), {
    keys: open.saml.keys,
  })
}

/** The POST binding, for other providers than Entra: exactly one message, its signature inside. */
async function readPosted(c: AppContext): Promise<Result<RedirectMessage, AnyFailure>> {
  const posted = await readMessageForm(c.req.raw, ['SAMLRequest', 'SAMLResponse'])
  return posted.ok ? ok({ ...posted.value, signature: 'absent' }) : posted
}

async function endRequested(
  c: AppContext,
  doors: Doors,
  { open, message }: { open: OpenConnection; message: RedirectMessage },
): Promise<Response> {
  const nowMs = c.get('nowMs')
  const request = await readLogoutRequest(message.message, {
    connection: open.saml,
    nowMs,
    signature: message.signature,
    destination: open.urls.sloUrl,
  })
  if (!request.ok) return refuse(c, doors, { open, failure: request.failure })
  const ended = await end(c, open, request.value)
  if (ended === null) {
    return refuse(c, doors, {
      open,
      failure: replayed(request.value),
    })
  }
  return answerRequest(c, open, { request: request.value, relayState: message.relayState })
}

async function end(
  c: AppContext,
  open: OpenConnection,
  request: LogoutRequest,
): Promise<number | null> {
  const { d1, random } = c.get('deps')
  const nowMs = c.get('nowMs')
  const db = openDatabase(d1, 'primary')
  const scope = {
    organizationId: open.record.organization.id,
    connectionId: open.record.connection.id,
  }
  const event = {
    ...scope,
    type: 'logout' as const,
    outcome: 'success' as const,
    actor: 'identity-provider' as const,
    requestId: c.get('requestId'),
    facts: { signed: request.signedBy !== null },
  }
  if (request.signedBy === null) return endUnsigned(db, { scope, request, event, nowMs })
  const ticket = {
    keys: [logoutKey(scope.connectionId, request.id)],
    nonce: base64UrlEncode(random(16)),
    expiresAtMs: request.expiresAtMs + hourMs,
  }
  return endSigned(db, { scope, request, ticket, event, nowMs })
}

/**
 * The answer is the same whether or not a session was found. Entra wants a plain 200 and errs on a
 * LogoutResponse; other providers wait for one to go on with their own list.
 */
async function answerRequest(
  c: AppContext,
  open: OpenConnection,
  { request, relayState }: { request: LogoutRequest; relayState: string | null },
): Promise<Response> {
  const { sloUrl, sloResponseUrl, tenantId } = open.record.connection
  const answerUrl = sloResponseUrl ?? sloUrl
  if (tenantId === null && answerUrl !== null) {
    const xml = buildLogoutResponse({
      id: newMessageId(c.get('deps').random),
      issueInstantMs: c.get('nowMs'),
      destination: answerUrl,
      issuer: open.urls.entityId,
      inResponseTo: request.id,
    })
    const location = await redirectUrl({
      endpoint: answerUrl,
      kind: 'SAMLResponse',
      xml,
      ...(relayState === null ? {} : { relayState }),
      ...(open.signing === null ? {} : { signingKey: open.signing.key }),
    })
    return c.redirect(location, 302)
  }
  c.header(
    'Content-Security-Policy',
    contentSecurityPolicy({ nonce: c.get('nonce'), frameAncestors: frameHosts(open) }),
  )
  return signedOutPage(c)
}

/** The identity provider's own hosts: it loads this address in a frame of its sign-out page. */
function frameHosts(open: OpenConnection): readonly string[] {
  const { ssoUrl, sloUrl } = open.record.connection
  return [...new Set([ssoUrl, sloUrl ?? ssoUrl].map((url) => new URL(url).origin))]
}

/** Our own logout came back: the journey that this browser began is over. */
async function finishOurs(
  c: AppContext,
  doors: Doors,
  { open, message }: { open: OpenConnection; message: RedirectMessage },
): Promise<Response> {
  const { config } = c.get('deps')
  const nowMs = c.get('nowMs')
  const pending = await openLogout(config.keyRing, {
    sealed: parseCookies(c.req.header('cookie')).get(logoutCookie),
    connectionId: open.saml.id,
    nowMs,
  })
  const response = await readLogoutResponse(message.message, {
    connection: open.saml,
    nowMs,
    signature: message.signature,
    destination: open.urls.sloUrl,
    pendingRequestId: pending?.requestId ?? null,
    entraLoginUrl: config.entraLoginUrl,
  })
  c.header('Set-Cookie', forgetLogout(), { append: true })
  if (!response.ok) {
    // The session here ended before the person was sent away, so they are told so all the same.
    inBackground(
      c,
      recordRefusal(c, doors.refusals, { type: 'logout', open, failure: response.failure }),
    )
    return signedOutPage(c)
  }
  const returnTo = allowedReturnTo(c, open, pending?.returnTo ?? null)
  return returnTo === `${config.publicUrl}/` ? signedOutPage(c) : c.redirect(returnTo, 303)
}

function signedOutPage(c: AppContext): Response | Promise<Response> {
  return c.html(
    <MessagePage
      nonce={c.get('nonce')}
      title="You are signed out"
      sentence="Your session here has ended."
      link={{ href: '/', text: 'Sign in again' }}
    />,
  )
}

function refuse(
  c: AppContext,
  doors: Doors,
  { open, failure }: { open: OpenConnection; failure: AnyFailure },
): Response | Promise<Response> {
  inBackground(c, recordRefusal(c, doors.refusals, { type: 'logout', open, failure }))
  return c.get('fail')({ code: 'saml.logout_refused' }, { audience: 'browser' })
}

function replayed(request: LogoutRequest): AnyFailure & { readonly id: string } {
  return { code: 'saml.replayed', id: request.id }
}
