import { type KeyRing, limits } from '../kernel/index.ts'
import { openCookie, sealCookie } from './sealed-cookie.ts'

/** A sign-in that this browser started and the identity provider has not answered yet. */
export type LoginState = {
  /** ID of the AuthnRequest, the InResponseTo of its answer. */
  readonly requestId: string
  readonly connectionId: string
  /** Where the person wanted to go; checked again when it is used. */
  readonly returnTo: string
  readonly startedAtMs: number
  readonly forceAuthn: boolean
  /** Begun because an unsolicited response came: a second one means that the provider answers no request. */
  readonly afterUnsolicited: boolean
  /** The test sign-in that it is the start of: its answer ends in a report and never in a session. */
  readonly testId: string | null
}

/** One whose answer may become a session. */
export type OrdinaryLogin = LoginState & { readonly testId: null }

export function isOrdinaryLogin(login: LoginState): login is OrdinaryLogin {
  return login.testId === null
}

const cookiePrefix = '__Host-portico_login_'
const purpose = 'login state'
/**
 * SameSite=None: the identity provider answers with a cross-site POST, to which a Lax cookie does not
 * travel. The cookie is useless without a signed response to exactly its request.
 */
const attributes = 'Path=/; Secure; HttpOnly; SameSite=None'

/** The name of a request's cookie: one per request, so that several tabs work. */
function cookieName(requestId: string): string {
  return `${cookiePrefix}${requestId.slice(1, 17)}`
}

/**
 * Set-Cookie headers that remember a started sign-in and drop the oldest beyond the newest five.
 * Nothing is written to the database: starting costs no D1 call and cannot fill it.
 */
export async function rememberLogin(
  ring: KeyRing,
  state: LoginState,
  known: readonly OpenedLogin[],
): Promise<readonly string[]> {
  const sealed = await sealCookie(ring, purpose, {
    value: state,
    expiresAtMs: state.startedAtMs + limits.loginStateMs,
  })
  const newestFirst = [...known].sort(
    (a, b) => (b.state?.startedAtMs ?? 0) - (a.state?.startedAtMs ?? 0),
  )
  return [
    `${cookieName(state.requestId)}=${sealed}; ${attributes}; Max-Age=${limits.loginStateMs / 1000}`,
    ...newestFirst.slice(limits.loginStates - 1).map((old) => forgetCookie(old.cookie)),
  ]
}

/** Set-Cookie that forgets an answered sign-in. */
export function forgetLogin(state: LoginState): string {
  return forgetCookie(cookieName(state.requestId))
}

function forgetCookie(name: string): string {
  return `${name}=; ${attributes}; Max-Age=0`
}

/** A login cookie of the request; the state is null when it does not open. */
export type OpenedLogin = { readonly cookie: string; readonly state: LoginState | null }

/** Opens the login cookies that a request carries, at most a few more than are ever set. */
export async function openLogins(
  ring: KeyRing,
  cookies: ReadonlyMap<string, string>,
  nowMs: number,
): Promise<readonly OpenedLogin[]> {
  const ours = [...cookies]
    .filter(([name]) => name.startsWith(cookiePrefix))
    .slice(0, 2 * limits.loginStates)
  return Promise.all(
    ours.map(async ([cookie, sealed]) => {
      const value = await openCookie(ring, purpose, { sealed, nowMs })
      const state = value === null ? null : readState(value)
      return {
        cookie,
        state: state !== null && cookieName(state.requestId) === cookie ? state : null,
      }
    }),
  )
}

function readState(value: Readonly<Record<string, unknown>>): LoginState | null {
  const { requestId, connectionId, returnTo, startedAtMs, forceAuthn, afterUnsolicited, testId } =
    value
  if (typeof requestId !== 'string' || typeof connectionId !== 'string') return null
  if (typeof returnTo !== 'string' || typeof startedAtMs !== 'number') return null
  // What is neither is no login of ours: taken for an ordinary one, a test would end in a session.
  if (testId !== undefined && testId !== null && typeof testId !== 'string') return null
  return {
    requestId,
    connectionId,
    returnTo,
    startedAtMs,
    forceAuthn: forceAuthn === true,
    afterUnsolicited: afterUnsolicited === true,
    testId: testId ?? null,
  }
}
