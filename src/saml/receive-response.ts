import { type Err, err, ok, type Result } from '../kernel/index.ts'
import { parseXmlBytes } from '../xml/index.ts'
import { checkCertificateDates, expiringCertificates, timelyFirst } from './certificate-dates.ts'
import { findRequest } from './check-subject.ts'
import { checkFacts } from './checks.ts'
import { readClaims } from './claims.ts'
import { checkUsable, type SamlConnection, skewMs } from './connection.ts'
import { isIdentityClaim, readIdentity } from './identity.ts'
import { checkNameId } from './name-id.ts'
import { readAssertion } from './read-assertion.ts'
import type { PendingLogin } from './request-binding.ts'
import type { AnyResponseFailure } from './response-failure.ts'
import type { PostedResponse } from './response-form.ts'
import { readResponseShape } from './response-shape.ts'
import { isSuccess, statusFailure } from './status.ts'
import type { ResponseRefusal, Signed, ValidatedAssertion } from './validated-assertion.ts'
import { verifyResponse } from './verify-response.ts'

export type { ResponseRefusal, ValidatedAssertion } from './validated-assertion.ts'

export type ResponseContext<Login extends PendingLogin = PendingLogin> = {
  /** Chosen by the path, before anything of the message was read. */
  readonly connection: SamlConnection
  /** Sign-ins that this browser has open, for any connection, out of its login cookies. */
  readonly logins: readonly Login[]
  readonly nowMs: number
}

/**
 * Judges a response posted at the ACS: steps 0 to 8 and 10 of the pipeline (saml-security 2.1), in an order
 * that is part of the contract. Pure but for WebCrypto. Step 9, using request and assertion up, is the
 * caller's one atomic write.
 * @returns who signed in, or the first thing that was wrong
 */
export async function receiveResponse<Login extends PendingLogin>(
  posted: PostedResponse,
  context: ResponseContext<Login>,
): Promise<Result<ValidatedAssertion<Login>, ResponseRefusal>> {
  const { connection, nowMs } = context
  const unusable = checkUsable(connection)
  if (unusable !== null) return refuse(unusable)
  const document = parseXmlBytes(posted.message)
  if (!document.ok) return refuse(document.failure)
  const unverified = readResponseShape(document.value.root)
  if (!unverified.ok) return refuse(unverified.failure)
  const pinned = { ...connection, keys: timelyFirst(connection.keys, nowMs) }
  const verified = await verifyResponse(unverified.value, pinned)
  if (!verified.ok) return refuse(verified.failure)

  const { fields, keyIds, assertion } = verified.value
  const [signer] = keyIds
  const about = signer === undefined ? null : { keyId: signer, assertionId: null, nameId: null }
  const keys = connection.keys.filter(({ id }) => keyIds.includes(id))
  const untimely = checkCertificateDates(keys, nowMs)
  if (untimely !== null) return refuse(untimely, about)
  if (assertion === null || !isSuccess(fields.status)) {
    return refuse(statusFailure(fields.status), about)
  }

  const read = readAssertion(assertion)
  if (!read.ok) return refuse(read.failure, about)
  const { id: assertionId, nameId, attributes } = read.value
  const signed = { keyId: assertion.keyId, assertionId, nameId: nameId?.value ?? null }
  const facts = { ...context, fields, assertion: read.value }
  const failure = checkFacts(facts) ?? checkNameId(nameId)
  if (failure !== null) return refuse(failure, signed)
  const request = findRequest(facts)
  if (!request.ok) return refuse(request.failure, signed)

  const claims = readClaims(
    attributes,
    (name) => isIdentityClaim(name, connection) || connection.singleClaims.has(name),
  )
  if (!claims.ok) return refuse(claims.failure, signed)
  const identity = await readIdentity({ nameId, claims: claims.value }, connection)
  if (!identity.ok) return refuse(identity.failure, signed)

  const { login, requestId } = request.value
  const [authn] = read.value.authnStatements
  return ok({
    identity: identity.value,
    nameId,
    claims: claims.value,
    authnInstantMs: authn?.instantMs ?? nowMs,
    authnContextClass: authn?.contextClass ?? null,
    sessionIndex: authn?.sessionIndex ?? null,
    sessionNotOnOrAfterMs: authn?.sessionNotOnOrAfterMs ?? null,
    assertionId,
    responseId: unverified.value.id,
    replayableUntilMs: (read.value.conditions?.notOnOrAfterMs ?? nowMs) + skewMs(connection),
    login,
    inResponseTo: requestId,
    unsolicited: requestId === null,
    relayState: posted.relayState,
    keyIds,
    warnings: expiringCertificates(keys, nowMs),
  })
}

function refuse(failure: AnyResponseFailure, signed: Signed | null = null): Err<ResponseRefusal> {
  return err({ ...failure, signed })
}
