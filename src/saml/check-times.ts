import { limits, parseUtcTime, toIso } from '../kernel/index.ts'
import { findRequest } from './check-subject.ts'
import { skewMs } from './connection.ts'
import type { Facts } from './facts.ts'
import type { ProtocolFailure } from './response-failure.ts'

/** What does not say when it ends has ended: an assertion has to be short-lived. */
const unstatedEndMs = Number.NEGATIVE_INFINITY

/** Response and assertion were made lately and not in the future (row P01). */
export function checkIssueInstants({
  fields,
  assertion,
  connection,
  nowMs,
}: Facts): ProtocolFailure | null {
  const earliestMs = nowMs - limits.responseAgeMs - skewMs(connection)
  const latestMs = nowMs + skewMs(connection)
  const isCurrent = (text: string) => {
    const ms = parseUtcTime(text)
    return ms !== null && ms >= earliestMs && ms <= latestMs
  }
  const refuse = (of: string, got: string | null): ProtocolFailure => ({
    code: 'saml.issue_instant',
    of,
    expected: `${toIso(earliestMs)} to ${toIso(latestMs)}`,
    got,
  })
  if (fields.isSigned) {
    if (!isCurrent(fields.issueInstant)) return refuse('Response', fields.issueInstant)
  } else if (fields.issueInstant.isRefusedBy(isCurrent)) {
    return refuse('Response', fields.issueInstant.evidence)
  }
  return isCurrent(assertion.issueInstant) ? null : refuse('Assertion', assertion.issueInstant)
}

/** The assertion's own window holds now, and is no longer than anybody needs (row P06). */
export function checkValidity({ assertion, connection, nowMs }: Facts): ProtocolFailure | null {
  const notBeforeMs = assertion.conditions?.notBeforeMs ?? null
  const notOnOrAfterMs = assertion.conditions?.notOnOrAfterMs ?? null
  const skew = skewMs(connection)
  if (notBeforeMs !== null && notBeforeMs > nowMs + skew) {
    const expected = `at most ${toIso(nowMs + skew)}`
    return { code: 'saml.not_yet_valid', of: 'NotBefore', expected, got: toIso(notBeforeMs) }
  }
  const refuse = (expected: string): ProtocolFailure => ({
    code: 'saml.expired',
    of: 'NotOnOrAfter',
    expected,
    got: notOnOrAfterMs === null ? null : toIso(notOnOrAfterMs),
  })
  const endMs = notOnOrAfterMs ?? unstatedEndMs
  if (endMs <= nowMs - skew) return refuse(`after ${toIso(nowMs - skew)}`)
  // Without NotBefore the window opens when the assertion was made, which was just checked.
  const startMs = notBeforeMs ?? parseUtcTime(assertion.issueInstant) ?? nowMs
  if (endMs <= startMs) return refuse(`after ${toIso(startMs)}`)
  const lastMs = startMs + limits.assertionLifetimeMs
  return endMs > lastMs ? refuse(`at most ${toIso(lastMs)}`) : null
}

/** The person authenticated once, not in the future, and anew where that was asked for (row P13). */
export function checkAuthn(facts: Facts): ProtocolFailure | null {
  const { assertion, connection, nowMs } = facts
  const refuse = (of: string, expected: string, got: string | null): ProtocolFailure => ({
    code: 'saml.authn',
    of,
    expected,
    got,
  })
  const [statement, another] = assertion.authnStatements
  if (statement === undefined || another !== undefined) {
    return refuse('AuthnStatement', '1', String(assertion.authnStatements.length))
  }
  const skew = skewMs(connection)
  const { instantMs, sessionNotOnOrAfterMs } = statement
  if (instantMs === null || instantMs > nowMs + skew) {
    const got = instantMs === null ? null : toIso(instantMs)
    return refuse('AuthnInstant', `at most ${toIso(nowMs + skew)}`, got)
  }
  if (sessionNotOnOrAfterMs !== null && sessionNotOnOrAfterMs <= nowMs - skew) {
    const got = toIso(sessionNotOnOrAfterMs)
    return refuse('SessionNotOnOrAfter', `after ${toIso(nowMs - skew)}`, got)
  }
  const request = findRequest(facts)
  const login = request.ok ? request.value.login : null
  // An old session at the provider is what ForceAuthn asked not to be told about.
  if (login?.forceAuthn === true && instantMs < login.startedAtMs - skew) {
    return refuse('AuthnInstant', `at least ${toIso(login.startedAtMs - skew)}`, toIso(instantMs))
  }
  return null
}
