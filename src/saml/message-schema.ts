import { limits } from '../kernel/index.ts'
import { samlNamespaces } from './namespaces.ts'
import {
  type Content,
  element,
  elements,
  foreign,
  ignored,
  inOrder,
  once,
  opaque,
  optional,
  type Place,
  required,
  text,
  unsupported,
} from './schema-rule.ts'

/** What all messages are made of (saml-schema-protocol-2.0, saml-schema-assertion-2.0), as data. */

const { assertion, protocol, signature } = samlNamespaces

/** An xs:ID as far as anybody uses it: ASCII, a letter or underscore first. */
const identifier = /^[A-Za-z_][A-Za-z0-9._-]*$/

/** What a message and an assertion have to say of themselves. */
export const messageAttributes = required({
  ID: (value) => value.length <= limits.samlIdentifierLength && identifier.test(value),
  Version: (value) => value === '2.0',
  IssueInstant: () => true,
})

const nameAttributes = optional('Format', 'NameQualifier', 'SPNameQualifier', 'SPProvidedID')

export const issuer = element(assertion, 'Issuer', text, nameAttributes)
export const nameId = element(assertion, 'NameID', text, nameAttributes)
/** The ways to name somebody, of which one can be read. */
export const somebody = once(
  nameId,
  element(assertion, 'BaseID', unsupported, nameAttributes),
  element(assertion, 'EncryptedID', unsupported),
)
export const envelopedSignature = element(signature, 'Signature', opaque, optional('Id'))
export const extensions = element(protocol, 'Extensions', ignored)

/** StatusCode holds at most one of itself, to any depth that the reader allows. */
const innerCode: Place[] = []
const nestedCodes: Content = { kind: 'elements', places: innerCode }
const statusCode = element(protocol, 'StatusCode', nestedCodes, optional('Value'))
innerCode.push(...inOrder(once(statusCode)))

export const status = element(
  protocol,
  'Status',
  elements(
    once(statusCode),
    once(element(protocol, 'StatusMessage', text)),
    once(element(protocol, 'StatusDetail', foreign)),
  ),
)
