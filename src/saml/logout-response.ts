import { err, ok, type Result } from '../kernel/index.ts'
import { attributeOf, buildXml } from '../xml/index.ts'
import { messageTime } from './authn-request.ts'
import { type LogoutContext, type LogoutFailure, readLogoutMessage } from './logout-message.ts'
import { logoutResponseRule } from './logout-schema.ts'
import { samlNamespaces } from './namespaces.ts'
import { isSuccess, readStatus, statusFailure, successStatus } from './status.ts'

export type LogoutResponse = {
  readonly inResponseTo: string
  /** Whether the provider ended its session. When not, it is ended here all the same. */
  readonly isSuccess: boolean
  /** StatusCode values from the outermost inwards. */
  readonly statusCodes: readonly string[]
  readonly signedBy: string | null
}

export type LogoutResponseContext = LogoutContext & {
  /** The request that this browser has open; null when there is none. */
  readonly pendingRequestId: string | null
  /** ENTRA_LOGIN_URL: Entra signs off under this name, and signs in under sts.windows.net. */
  readonly entraLoginUrl: string
}

/**
 * Reads the answer to our logout request (SAML Core 3.7.2). It only ends a journey that this browser began:
 * it must answer the open request, and nothing else comes of it. Entra sends it without a signature, and in
 * its own samples without a Destination.
 */
export async function readLogoutResponse(
  bytes: Uint8Array,
  context: LogoutResponseContext,
): Promise<Result<LogoutResponse, LogoutFailure>> {
  const { entityId, tenantId } = context.connection.idp
  const message = await readLogoutMessage(bytes, context, {
    rule: logoutResponseRule,
    issuers: tenantId === null ? [entityId] : [entityId, `${context.entraLoginUrl}/${tenantId}/`],
    isDestinationRequired: false,
  })
  if (!message.ok) return message
  const { root, signedBy } = message.value
  const inResponseTo = attributeOf(root, 'InResponseTo')
  if (inResponseTo === null || inResponseTo !== context.pendingRequestId) {
    return err({ code: 'saml.in_response_to', reason: 'unknown', got: inResponseTo })
  }
  const status = readStatus(root)
  if (status.codes.length === 0) return err(statusFailure(status))
  return ok({ inResponseTo, isSuccess: isSuccess(status), statusCodes: status.codes, signedBy })
}

export type OutgoingLogoutResponse = {
  readonly id: string
  readonly issueInstantMs: number
  readonly destination: string
  /** Our entityID for the connection. */
  readonly issuer: string
  readonly inResponseTo: string
}

/**
 * Our answer to a logout request (SAML Core 3.7.2). It says Success whether or not a session was found, so
 * that nobody learns from it which sessions there are.
 */
export function buildLogoutResponse(response: OutgoingLogoutResponse): string {
  return buildXml({
    name: 'samlp:LogoutResponse',
    attributes: {
      'xmlns:samlp': samlNamespaces.protocol,
      'xmlns:saml': samlNamespaces.assertion,
      ID: response.id,
      Version: '2.0',
      IssueInstant: messageTime(response.issueInstantMs),
      Destination: response.destination,
      InResponseTo: response.inResponseTo,
    },
    children: [
      { name: 'saml:Issuer', children: [response.issuer] },
      {
        name: 'samlp:Status',
        children: [{ name: 'samlp:StatusCode', attributes: { Value: successStatus } }],
      },
    ],
  })
}
