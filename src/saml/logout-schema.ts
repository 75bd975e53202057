import { limits } from '../kernel/index.ts'
import { samlNamespaces } from './namespaces.ts'
import type { AttributeRule, Content, ElementRule, Slot } from './schema.ts'

/** The part of saml-schema-protocol-2.0 that logout messages are made of, as data. */

const { assertion, protocol, signature } = samlNamespaces

const identifier = /^[A-Za-z_][A-Za-z0-9._-]*$/
const isId = (value: string) =>
  value.length <= limits.samlIdentifierLength && identifier.test(value)

const required = (allows: AttributeRule['allows']): AttributeRule => ({ isRequired: true, allows })
const allowed: AttributeRule = { isRequired: false, allows: () => true }

function element(
  uri: string,
  local: string,
  content: Content,
  optional: readonly string[] = [],
): ElementRule {
  const attributes = new Map(optional.map((name) => [name, allowed]))
  return { uri, local, content, attributes, anyAttribute: false }
}

/** A protocol message (SAML Core 3.2): its attributes, and Issuer, Signature and Extensions in front. */
function message(local: string, optional: readonly string[], slots: readonly Slot[]): ElementRule {
  const front: readonly ElementRule[] = [issuer, envelopedSignature, extensions]
  const rule = element(
    protocol,
    local,
    { kind: 'elements', slots: [...front.map((each): Slot => [[each, 'once']]), ...slots] },
    ['Destination', 'Consent', ...optional],
  )
  const attributes = new Map([
    ...rule.attributes,
    ['ID', required(isId)] as const,
    ['Version', required((value) => value === '2.0')] as const,
    ['IssueInstant', required(() => true)] as const,
  ])
  return { ...rule, attributes }
}

const text: Content = { kind: 'text' }
const nameAttributes = ['Format', 'NameQualifier', 'SPNameQualifier', 'SPProvidedID']
const issuer = element(assertion, 'Issuer', text, nameAttributes)
const envelopedSignature = element(signature, 'Signature', { kind: 'opaque' }, ['Id'])
const extensions = element(protocol, 'Extensions', { kind: 'ignored' })

export const logoutRequestRule = message(
  'LogoutRequest',
  ['NotOnOrAfter', 'Reason'],
  [
    [
      [element(assertion, 'NameID', text, nameAttributes), 'once'],
      [element(assertion, 'BaseID', { kind: 'unsupported' }, nameAttributes), 'once'],
      [element(assertion, 'EncryptedID', { kind: 'unsupported' }), 'once'],
    ],
    [[element(protocol, 'SessionIndex', text), 'often']],
  ],
)

/** StatusCode holds at most one of itself, to any depth that the reader allows. */
const innerStatusCode: [ElementRule, 'once'][] = []
const statusCode = element(protocol, 'StatusCode', { kind: 'elements', slots: [innerStatusCode] }, [
  'Value',
])
innerStatusCode.push([statusCode, 'once'])

export const logoutResponseRule = message(
  'LogoutResponse',
  ['InResponseTo'],
  [
    [
      [
        element(protocol, 'Status', {
          kind: 'elements',
          slots: [
            [[statusCode, 'once']],
            [[element(protocol, 'StatusMessage', text), 'once']],
            [[element(protocol, 'StatusDetail', { kind: 'foreign' }), 'once']],
          ],
        }),
        'once',
      ],
    ],
  ],
)
