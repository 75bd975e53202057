import {
  envelopedSignature,
  extensions,
  issuer,
  messageAttributes,
  nameId,
  somebody,
  status,
} from './message-schema.ts'
import { samlNamespaces } from './namespaces.ts'
import {
  element,
  elements,
  ignored,
  inOrder,
  often,
  once,
  opaque,
  optional,
  required,
  text,
  unsupported,
  withAnyAttribute,
} from './schema-rule.ts'

/**
 * The part of the SAML schemas that a response is made of (saml-schema-protocol-2.0,
 * saml-schema-assertion-2.0), as data. Stricter where the profile is: one statement of attributes, no
 * authorization decisions, nothing inside SubjectConfirmationData.
 */

const { assertion, protocol, encryption } = samlNamespaces

const empty = elements()

const confirmationData = withAnyAttribute(
  element(
    assertion,
    'SubjectConfirmationData',
    empty,
    optional('NotBefore', 'NotOnOrAfter', 'Recipient', 'InResponseTo', 'Address'),
  ),
)
const confirmation = element(
  assertion,
  'SubjectConfirmation',
  elements(somebody, once(confirmationData)),
  optional('Method'),
)
const subject = element(assertion, 'Subject', elements(somebody, often(confirmation)))

const audience = element(assertion, 'Audience', text)
const conditions = element(
  assertion,
  'Conditions',
  elements([
    ...often(
      element(assertion, 'AudienceRestriction', elements(often(audience))),
      withAnyAttribute(element(assertion, 'Condition', ignored)),
    ),
    ...once(
      element(assertion, 'OneTimeUse', empty),
      element(assertion, 'ProxyRestriction', elements(often(audience)), optional('Count')),
    ),
  ]),
  optional('NotBefore', 'NotOnOrAfter'),
)

const authnContext = element(
  assertion,
  'AuthnContext',
  elements(
    once(element(assertion, 'AuthnContextClassRef', text)),
    once(
      element(assertion, 'AuthnContextDecl', ignored),
      element(assertion, 'AuthnContextDeclRef', text),
    ),
    often(element(assertion, 'AuthenticatingAuthority', text)),
  ),
)
const authnStatement = element(
  assertion,
  'AuthnStatement',
  elements(
    once(element(assertion, 'SubjectLocality', empty, optional('Address', 'DNSName'))),
    once(authnContext),
  ),
  optional('AuthnInstant', 'SessionIndex', 'SessionNotOnOrAfter'),
)

/** Shibboleth writes eduPersonTargetedID as a NameID inside the value; nothing else has a structure. */
const attributeValue = withAnyAttribute(
  element(assertion, 'AttributeValue', { kind: 'value', places: inOrder(once(nameId)) }),
)
const attribute = withAnyAttribute(
  element(
    assertion,
    'Attribute',
    elements(often(attributeValue)),
    new Map([...required({ Name: () => true }), ...optional('NameFormat', 'FriendlyName')]),
  ),
)
const attributeStatement = element(
  assertion,
  'AttributeStatement',
  elements(often(attribute, element(assertion, 'EncryptedAttribute', unsupported))),
)

/** An Assertion, inside a Response or decrypted. */
export const assertionRule = element(
  assertion,
  'Assertion',
  elements(
    once(issuer),
    once(envelopedSignature),
    once(subject),
    once(conditions),
    once(element(assertion, 'Advice', ignored)),
    [...often(authnStatement), ...once(attributeStatement)],
  ),
  messageAttributes,
)
const encryptedAssertion = element(
  assertion,
  'EncryptedAssertion',
  elements(
    often(
      element(encryption, 'EncryptedData', opaque, optional('Id', 'Type', 'MimeType', 'Encoding')),
      element(encryption, 'EncryptedKey', opaque, optional('Id', 'Type', 'Recipient')),
    ),
  ),
)

export const responseRule = element(
  protocol,
  'Response',
  elements(
    once(issuer),
    once(envelopedSignature),
    once(extensions),
    often(status),
    often(assertionRule, encryptedAssertion),
  ),
  new Map([...messageAttributes, ...optional('Destination', 'Consent', 'InResponseTo')]),
)
