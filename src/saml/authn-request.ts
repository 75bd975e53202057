import { hexEncode, type RandomBytes, toIso } from '../kernel/index.ts'
import { buildXml } from '../xml/index.ts'
import { samlNamespaces } from './namespaces.ts'

/** A new message id: 128 random bits, beginning with `_` because an xs:ID may not begin with a digit. */
export function newMessageId(random: RandomBytes): string {
  return `_${hexEncode(random(16))}`
}

/** An instant as messages carry it: UTC, whole seconds. */
export function messageTime(atMs: number): string {
  return toIso(atMs).replace(/\.\d{3}Z$/, 'Z')
}

export type AuthnRequest = {
  readonly id: string
  readonly issueInstantMs: number
  /** The identity provider's sign-in URL, exactly. */
  readonly destination: string
  readonly acsUrl: string
  /** Our entityID for the connection. */
  readonly issuer: string
  /** Ask the provider to authenticate anew although it has a session. */
  readonly forceAuthn: boolean
}

/**
 * The request that starts a sign-in (SAML Core 3.4.1). What is left out is left out on purpose: a
 * NameIDPolicy overrides the admin's NameID setting, a RequestedAuthnContext fails people who sign in
 * without a password (AADSTS75011), and a Subject is an error to Entra.
 */
export function buildAuthnRequest(request: AuthnRequest): string {
  return buildXml({
    name: 'samlp:AuthnRequest',
    attributes: {
      'xmlns:samlp': samlNamespaces.protocol,
      ID: request.id,
      Version: '2.0',
      IssueInstant: messageTime(request.issueInstantMs),
      Destination: request.destination,
      AssertionConsumerServiceURL: request.acsUrl,
      ForceAuthn: request.forceAuthn ? 'true' : undefined,
    },
    children: [
      {
        name: 'saml:Issuer',
        attributes: { 'xmlns:saml': samlNamespaces.assertion },
        children: [request.issuer],
      },
    ],
  })
}
