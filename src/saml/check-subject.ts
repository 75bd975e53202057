import { err, ok, type Result, toIso } from '../kernel/index.ts'
import { skewMs } from './connection.ts'
import type { Facts } from './facts.ts'
import type { Confirmation } from './read-assertion.ts'
import { matchRequest, type PendingLogin, statedRequest } from './request-binding.ts'
import type { ProtocolFailure } from './response-failure.ts'

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'

type Confirmed = { readonly inResponseTo: string | null }

/**
 * Judges one SubjectConfirmation as a whole (SAML Profiles 4.1.4.2, 4.1.4.3): the right Recipient in one and
 * the right time in another make no confirmation (row P08).
 */
function judgeConfirmation(
  { method, data }: Confirmation,
  { connection, nowMs }: Pick<Facts, 'connection' | 'nowMs'>,
): Result<Confirmed, ProtocolFailure> {
  const refuse = (of: string, expected: string, got: string | null) =>
    err<ProtocolFailure>({ code: 'saml.subject_confirmation', of, expected, got })
  if (method !== bearer) return refuse('Method', bearer, method)
  if (data === null) return refuse('SubjectConfirmationData', 'one', null)
  const { acsUrl } = connection.sp
  if (data.recipient !== acsUrl) return refuse('Recipient', acsUrl, data.recipient)
  // The profile forbids NotBefore here, and whoever sends one expects it to count.
  if (data.notBeforeMs !== null) return refuse('NotBefore', 'none', toIso(data.notBeforeMs))
  const earliestMs = nowMs - skewMs(connection)
  if ((data.notOnOrAfterMs ?? Number.NEGATIVE_INFINITY) <= earliestMs) {
    const got = data.notOnOrAfterMs === null ? null : toIso(data.notOnOrAfterMs)
    return refuse('NotOnOrAfter', `after ${toIso(earliestMs)}`, got)
  }
  return ok({ inResponseTo: data.inResponseTo })
}

/** The first confirmation that holds, else what is wrong with the first one. */
function findConfirmation(facts: Facts): Result<Confirmed, ProtocolFailure> {
  const judged = facts.assertion.confirmations.map((one) => judgeConfirmation(one, facts))
  return (
    judged.find(({ ok }) => ok) ??
    judged[0] ??
    err({ code: 'saml.subject_confirmation', of: 'Subject', expected: 'one', got: null })
  )
}

/** A bearer confirmation for this address and this moment (row P08). */
export function checkConfirmation(facts: Facts): ProtocolFailure | null {
  const found = findConfirmation(facts)
  return found.ok ? null : found.failure
}

/**
 * Which open sign-in of this browser the response answers.
 * @returns the request's id and the sign-in; both null where it answers none and the connection allows that
 */
export function findRequest<Login extends PendingLogin>(
  facts: Facts<Login>,
): Result<{ readonly requestId: string | null; readonly login: Login | null }, ProtocolFailure> {
  const confirmed = findConfirmation(facts)
  if (!confirmed.ok) return confirmed
  const stated = statedRequest({ fields: facts.fields, confirmed: confirmed.value.inResponseTo })
  if (!stated.ok) return stated
  const login = matchRequest(stated.value, facts)
  return login.ok ? ok({ requestId: stated.value, login: login.value }) : login
}

/** The response answers a request that this browser made here, or may come unasked (rows P09, P10, P12). */
export function checkRequest(facts: Facts): ProtocolFailure | null {
  const found = findRequest(facts)
  return found.ok ? null : found.failure
}
