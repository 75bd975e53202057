import { type AppContext, contentSecurityPolicy, parseCookies } from '../http/index.ts'
import { type LoginState, openLogins, rememberLogin } from '../session/index.ts'
import { signEnveloped } from '../xmldsig/index.ts'
import { buildAuthnRequest, newMessageId } from './authn-request.ts'
import { leadOn } from './lead-on.tsx'
import type { OpenConnection } from './open-connection.ts'
import { PostPage } from './pages.tsx'
import { postForm, redirectUrl } from './redirect-binding.ts'

export type StartOptions = {
  /** Where the person wants to go, already checked. */
  readonly returnTo: string
  readonly loginHint: string | null
  /** Ask the provider to authenticate anew although it has a session. */
  readonly forceAuthn: boolean
  /** Begun because an unsolicited response came. */
  readonly afterUnsolicited?: boolean
  /** The test sign-in that this is the start of. */
  readonly testId?: string
  /** A form of ours asked for it, so that a redirect would be held against the form's policy. */
  readonly byForm?: true
}

/**
 * Starts a sign-in: an AuthnRequest by the connection's binding, and a cookie that remembers it in this
 * browser. No call to the database.
 */
export async function startSignIn(
  c: AppContext,
  open: OpenConnection,
  options: StartOptions,
): Promise<Response> {
  const { config, random } = c.get('deps')
  const nowMs = c.get('nowMs')
  const { connection } = open.record
  const state: LoginState = {
    requestId: newMessageId(random),
    connectionId: connection.id,
    returnTo: options.returnTo,
    startedAtMs: nowMs,
    forceAuthn: options.forceAuthn || connection.forceAuthn,
    afterUnsolicited: options.afterUnsolicited ?? false,
    testId: options.testId ?? null,
  }
  const known = await openLogins(config.keyRing, parseCookies(c.req.header('cookie')), nowMs)
  for (const cookie of await rememberLogin(config.keyRing, state, known)) {
    c.header('Set-Cookie', cookie, { append: true })
  }
  const message = {
    endpoint: connection.ssoUrl,
    kind: 'SAMLRequest' as const,
    xml: buildAuthnRequest({
      id: state.requestId,
      issueInstantMs: nowMs,
      destination: connection.ssoUrl,
      acsUrl: open.urls.acsUrl,
      issuer: open.urls.entityId,
      forceAuthn: state.forceAuthn,
    }),
    ...(options.loginHint === null ? {} : { loginHint: options.loginHint }),
  }
  if (connection.ssoBinding === 'redirect') {
    const signing = open.signing === null ? {} : { signingKey: open.signing.key }
    const url = await redirectUrl({ ...message, ...signing })
    return options.byForm === true
      ? leadOn(c, { url, heading: 'Taking you to your sign-in' })
      : c.redirect(url, 302)
  }
  const xml =
    open.signing === null
      ? message.xml
      : await signEnveloped({ xml: message.xml, position: 'second', ...open.signing })
  const { action, fields } = postForm({ ...message, xml })
  // The provider may lead on to another host of its own, which Chromium holds against the form too.
  c.header(
    'Content-Security-Policy',
    contentSecurityPolicy({
      nonce: c.get('nonce'),
      formAction: [new URL(action).origin, 'https:', ...(config.loopback ? ['http:'] : [])],
    }),
  )
  return c.html(<PostPage nonce={c.get('nonce')} action={action} fields={fields} />)
}
