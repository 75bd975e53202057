import { limits } from '../kernel/index.ts'
import { samlNamespaces } from './namespaces.ts'
import type { AttributeRule, Content, ElementRule, Slot } from './schema.ts'

/**
 * The part of the SAML schemas that a response is made of (saml-schema-protocol-2.0,
 * saml-schema-assertion-2.0), as data. Stricter where the profile is: one statement of attributes, no
 * authorization decisions, nothing inside SubjectConfirmationData.
 */

const { assertion, protocol, signature, encryption } = samlNamespaces

/** An xs:ID as far as anybody uses it: ASCII, a letter or underscore first. */
const identifier = /^[A-Za-z_][A-Za-z0-9._-]*$/
const isId = (value: string) =>
  value.length <= limits.samlIdentifierLength && identifier.test(value)
const isVersion = (value: string) => value === '2.0'
const isAnything = () => true

const text: Content = { kind: 'text' }
const ignored: Content = { kind: 'ignored' }
const foreign: Content = { kind: 'foreign' }
const opaque: Content = { kind: 'opaque' }
const unsupported: Content = { kind: 'unsupported' }
const empty: Content = { kind: 'elements', slots: [] }
const elements = (...slots: readonly Slot[]): Content => ({ kind: 'elements', slots })

const once = (...rules: readonly ElementRule[]): Slot => rules.map((rule) => [rule, 'once'])
const often = (...rules: readonly ElementRule[]): Slot => rules.map((rule) => [rule, 'often'])

type Attributes = ReadonlyMap<string, AttributeRule>
const optional = (...names: readonly string[]): Attributes =>
  new Map(names.map((name) => [name, { isRequired: false, allows: isAnything }]))
const required = (rules: Readonly<Record<string, AttributeRule['allows']>>): Attributes =>
  new Map(Object.entries(rules).map(([name, allows]) => [name, { isRequired: true, allows }]))

function element(
  uri: string,
  local: string,
  content: Content,
  attributes: Attributes = new Map(),
): ElementRule {
  return { uri, local, content, attributes, anyAttribute: false }
}
const withAnyAttribute = (rule: ElementRule): ElementRule => ({ ...rule, anyAttribute: true })

const nameAttributes = optional('Format', 'NameQualifier', 'SPNameQualifier', 'SPProvidedID')
const messageAttributes = required({ ID: isId, Version: isVersion, IssueInstant: isAnything })

const issuer = element(assertion, 'Issuer', text, nameAttributes)
const nameId = element(assertion, 'NameID', text, nameAttributes)
const anybody = once(
  nameId,
  element(assertion, 'BaseID', unsupported, nameAttributes),
  element(assertion, 'EncryptedID', unsupported),
)
const envelopedSignature = element(signature, 'Signature', opaque, optional('Id'))

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
  elements(anybody, once(confirmationData)),
  optional('Method'),
)
const subject = element(assertion, 'Subject', elements(anybody, often(confirmation)))

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
  element(assertion, 'AttributeValue', { kind: 'value', slot: once(nameId) }),
)
const attribute = withAnyAttribute(
  element(
    assertion,
    'Attribute',
    elements(often(attributeValue)),
    new Map([...required({ Name: isAnything }), ...optional('NameFormat', 'FriendlyName')]),
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

/** StatusCode holds at most one of itself, to any depth that the reader allows. */
const innerStatusCode: [ElementRule, 'once'][] = []
const statusCode = element(protocol, 'StatusCode', elements(innerStatusCode), optional('Value'))
innerStatusCode.push([statusCode, 'once'])
const status = element(
  protocol,
  'Status',
  elements(
    once(statusCode),
    once(element(protocol, 'StatusMessage', text)),
    once(element(protocol, 'StatusDetail', foreign)),
  ),
)

export const responseRule = element(
  protocol,
  'Response',
  elements(
    once(issuer),
    once(envelopedSignature),
    once(element(protocol, 'Extensions', ignored)),
    often(status),
    often(assertionRule, encryptedAssertion),
  ),
  new Map([...messageAttributes, ...optional('Destination', 'Consent', 'InResponseTo')]),
)
