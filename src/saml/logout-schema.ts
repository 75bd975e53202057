import {
  envelopedSignature,
  extensions,
  issuer,
  messageAttributes,
  somebody,
  status,
} from './message-schema.ts'
import { samlNamespaces } from './namespaces.ts'
import {
  type ElementRule,
  element,
  elements,
  often,
  once,
  optional,
  type Rank,
  text,
} from './schema-rule.ts'

/** The part of saml-schema-protocol-2.0 that logout messages are made of, as data. */

const { protocol } = samlNamespaces

/** A protocol message (SAML Core 3.2): its attributes, and Issuer, Signature and Extensions in front. */
function message(local: string, names: readonly string[], ...ranks: readonly Rank[]): ElementRule {
  return element(
    protocol,
    local,
    elements(once(issuer), once(envelopedSignature), once(extensions), ...ranks),
    new Map([...messageAttributes, ...optional('Destination', 'Consent', ...names)]),
  )
}

export const logoutRequestRule = message(
  'LogoutRequest',
  ['NotOnOrAfter', 'Reason'],
  somebody,
  often(element(protocol, 'SessionIndex', text)),
)

export const logoutResponseRule = message('LogoutResponse', ['InResponseTo'], once(status))
