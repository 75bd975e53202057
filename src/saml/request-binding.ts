import { err, limits, ok, type Result } from '../kernel/index.ts'
import type { SamlConnection } from './connection.ts'
import type { ProtocolFailure } from './response-failure.ts'
import type { ResponseFields } from './response-fields.ts'

/** A sign-in that this browser started: what its login cookie, which only we can write, holds. */
export type PendingLogin = {
  /** ID of the AuthnRequest. */
  readonly requestId: string
  readonly connectionId: string
  readonly startedAtMs: number
  readonly forceAuthn: boolean
}

export type RequestStatements = {
  readonly fields: ResponseFields
  /** InResponseTo of the confirmation that holds. */
  readonly confirmed: string | null
}

/**
 * The request that the message states it answers: what is signed says so, what is not signed may only
 * disagree (rows P09, W25).
 * @returns the id, or null for a message that answers nothing
 */
export function statedRequest({
  fields,
  confirmed,
}: RequestStatements): Result<string | null, ProtocolFailure> {
  if (!fields.isSigned) {
    if (!fields.inResponseTo.contradicts(confirmed)) return ok(confirmed)
    const reason = confirmed === null ? 'unsigned_only' : 'response_differs'
    return err({ code: 'saml.in_response_to', reason, got: fields.inResponseTo.evidence })
  }
  const stated = fields.inResponseTo
  if (confirmed === null || stated === null || stated === confirmed) return ok(confirmed ?? stated)
  return err({ code: 'saml.in_response_to', reason: 'response_differs', got: stated })
}

/**
 * Which open sign-in of this browser a message answers (SAML Profiles 4.1.4.3; rows P09, P10, P12, M03).
 * Requests are remembered nowhere but in the browser that made them. So a stated request without any login
 * cookie is somebody else's response or lost cookies, `saml.browser_binding`; with cookies of which none
 * matches it is `saml.in_response_to`, since an unknown id and another browser's look the same.
 * @returns the sign-in; null for a message that answers nothing, where the connection allows that
 */
export function matchRequest<Login extends PendingLogin>(
  requestId: string | null,
  context: {
    readonly connection: SamlConnection
    readonly logins: readonly Login[]
    readonly nowMs: number
  },
): Result<Login | null, ProtocolFailure> {
  const { connection, logins, nowMs } = context
  if (requestId === null) {
    return connection.allowIdpInitiated ? ok(null) : err({ code: 'saml.unsolicited' })
  }
  if (logins.length === 0) return err({ code: 'saml.browser_binding', inResponseTo: requestId })
  const refuse = (reason: 'unknown' | 'other_connection' | 'expired') =>
    err<ProtocolFailure>({ code: 'saml.in_response_to', reason, got: requestId })
  const login = logins.find((candidate) => candidate.requestId === requestId)
  if (login === undefined) return refuse('unknown')
  if (login.connectionId !== connection.id) return refuse('other_connection')
  if (nowMs >= login.startedAtMs + limits.loginStateMs) return refuse('expired')
  return ok(login)
}
