import { limits, printable } from '../../kernel/index.ts'
import type { XmlElement } from '../../xml/index.ts'
import { samlNamespaces } from '../namespaces.ts'
import { textOf } from '../read-message.ts'

/** One thing that a message says, in plain words. */
export type Part = {
  readonly label: string
  readonly value: string
  /** What it is for. */
  readonly says: string
  /** Whether it is what the connection has; null where nothing can be compared. */
  readonly fits: boolean | null
  /** What the connection has, where it differs. */
  readonly expected: string | null
}

/** What a message is held against. */
export type Expected = {
  readonly entityId: string
  readonly acsUrl: string
  readonly sloUrl: string
  readonly idpEntityId: string
  readonly ssoUrl: string
  readonly idpSloUrl: string | null
}

export type PartRow = {
  readonly label: string
  /** Names from the root down, an attribute last with `@`. */
  readonly path: string
  readonly says: string
  readonly expected?: keyof Expected
}

const issued: PartRow = {
  label: 'IssueInstant',
  path: '@IssueInstant',
  says: 'When it was made, in UTC.',
}
const id: PartRow = { label: 'ID', path: '@ID', says: 'Its own number.' }

/** What is told of each kind of message, by the local name of its root. */
export const partRows: Readonly<Record<string, readonly PartRow[]>> = {
  Response: [
    id,
    issued,
    { label: 'Issuer', path: 'Issuer', says: 'Who sends it.', expected: 'idpEntityId' },
    {
      label: 'Destination',
      path: '@Destination',
      says: 'To which address it was sent: the Reply URL in Entra.',
      expected: 'acsUrl',
    },
    {
      label: 'InResponseTo',
      path: '@InResponseTo',
      says: 'Which request it answers; none when nobody asked.',
    },
    {
      label: 'Status',
      path: 'Status/StatusCode/@Value',
      says: 'Whether the identity provider signed the person in.',
    },
    { label: 'Detailed status', path: 'Status/StatusCode/StatusCode/@Value', says: 'Why not.' },
    {
      label: 'Message',
      path: 'Status/StatusMessage',
      says: 'What the identity provider adds; look for AADSTS and its number.',
    },
    {
      label: 'Assertion issuer',
      path: 'Assertion/Issuer',
      says: 'Who vouches for the person.',
      expected: 'idpEntityId',
    },
    {
      label: 'NameID',
      path: 'Assertion/Subject/NameID',
      says: 'The name of the person for this application.',
    },
    {
      label: 'Recipient',
      path: 'Assertion/Subject/SubjectConfirmation/SubjectConfirmationData/@Recipient',
      says: 'Where it may be used: the Reply URL in Entra.',
      expected: 'acsUrl',
    },
    {
      label: 'Audience',
      path: 'Assertion/Conditions/AudienceRestriction/Audience',
      says: 'For which application it was made: the Identifier in Entra.',
      expected: 'entityId',
    },
    {
      label: 'NotBefore',
      path: 'Assertion/Conditions/@NotBefore',
      says: 'From when on it counts.',
    },
    {
      label: 'NotOnOrAfter',
      path: 'Assertion/Conditions/@NotOnOrAfter',
      says: 'Until when it counts.',
    },
    {
      label: 'AuthnInstant',
      path: 'Assertion/AuthnStatement/@AuthnInstant',
      says: 'When the person proved who they are.',
    },
    {
      label: 'SessionIndex',
      path: 'Assertion/AuthnStatement/@SessionIndex',
      says: 'Which session of the identity provider; single logout names it.',
    },
    {
      label: 'Claims',
      path: 'Assertion/AttributeStatement/Attribute/@Name',
      says: 'What is said about the person.',
    },
  ],
  AuthnRequest: [
    id,
    issued,
    {
      label: 'Issuer',
      path: 'Issuer',
      says: 'Which application asks: the Identifier in Entra.',
      expected: 'entityId',
    },
    {
      label: 'Reply address',
      path: '@AssertionConsumerServiceURL',
      says: 'Where the answer is wanted; it must be a Reply URL in Entra.',
      expected: 'acsUrl',
    },
    { label: 'Destination', path: '@Destination', says: 'Where it is sent.', expected: 'ssoUrl' },
    {
      label: 'ForceAuthn',
      path: '@ForceAuthn',
      says: 'Whether the person has to prove who they are anew.',
    },
    {
      label: 'IsPassive',
      path: '@IsPassive',
      says: 'Whether the person may not be asked anything.',
    },
    { label: 'NameID format', path: 'NameIDPolicy/@Format', says: 'Which kind of name is wanted.' },
    {
      label: 'Authentication asked for',
      path: 'RequestedAuthnContext/AuthnContextClassRef',
      says: 'Entra refuses other ways with AADSTS75011; Portico never asks for one.',
    },
    {
      label: 'Subject',
      path: 'Subject/NameID',
      says: 'Who is to sign in; Entra refuses a request with a Subject.',
    },
  ],
  LogoutRequest: [
    id,
    issued,
    { label: 'Issuer', path: 'Issuer', says: 'Who asks for the logout.' },
    { label: 'Destination', path: '@Destination', says: 'Where it is sent.' },
    { label: 'NotOnOrAfter', path: '@NotOnOrAfter', says: 'Until when it counts.' },
    { label: 'NameID', path: 'NameID', says: 'Who is to be signed out.' },
    { label: 'SessionIndex', path: 'SessionIndex', says: 'Which session ends.' },
  ],
  LogoutResponse: [
    id,
    issued,
    { label: 'Issuer', path: 'Issuer', says: 'Who answers the logout.' },
    { label: 'Destination', path: '@Destination', says: 'Where it is sent.' },
    { label: 'InResponseTo', path: '@InResponseTo', says: 'Which request it answers.' },
    {
      label: 'Status',
      path: 'Status/StatusCode/@Value',
      says: 'Whether everybody was signed out.',
    },
  ],
  EntityDescriptor: [
    {
      label: 'entityID',
      path: '@entityID',
      says: 'Whose metadata it is: the Microsoft Entra Identifier.',
      expected: 'idpEntityId',
    },
    { label: 'validUntil', path: '@validUntil', says: 'After this it must not be used.' },
    {
      label: 'Sign-in addresses',
      path: 'IDPSSODescriptor/SingleSignOnService/@Location',
      says: 'Where people are sent to sign in.',
      expected: 'ssoUrl',
    },
    {
      label: 'Logout addresses',
      path: 'IDPSSODescriptor/SingleLogoutService/@Location',
      says: 'Where people are sent to sign out.',
      expected: 'idpSloUrl',
    },
    {
      label: 'Reply address',
      path: 'SPSSODescriptor/AssertionConsumerService/@Location',
      says: 'Where an application takes answers: this is metadata of an application, not of an identity provider.',
      expected: 'acsUrl',
    },
  ],
}

/** Characters of one part: the names of some forty claims. */
const shownLength = 4 * limits.evidenceLength

/** More than any real message repeats. */
const maxValues = 200

/** What a message says, as far as rows of its kind name it; nobody vouches for any of it. */
export function readParts(root: XmlElement, expected: Expected | null): readonly Part[] {
  return (partRows[root.local] ?? []).flatMap((row) => {
    const values = [...new Set(valuesAt(root, row.path.split('/')))].slice(0, maxValues)
    if (values.length === 0) return []
    const wanted = expected === null || row.expected === undefined ? null : expected[row.expected]
    const fits = wanted === null ? null : values.includes(wanted)
    return [
      {
        label: row.label,
        value: printable(values.join(' | '), shownLength),
        says: row.says,
        fits,
        expected: fits === false ? wanted : null,
      },
    ]
  })
}

const namespaces: ReadonlySet<string> = new Set([
  samlNamespaces.assertion,
  samlNamespaces.protocol,
  samlNamespaces.metadata,
])

function valuesAt(element: XmlElement, [step = '', ...rest]: readonly string[]): readonly string[] {
  if (step.startsWith('@')) {
    return element.attributes
      .filter(({ uri, local }) => uri === '' && local === step.slice(1))
      .map(({ value }) => value)
  }
  const found = element.children.filter(
    (child): child is XmlElement =>
      typeof child !== 'string' && child.local === step && namespaces.has(child.uri),
  )
  return rest.length === 0 ? found.map(textOf) : found.flatMap((child) => valuesAt(child, rest))
}
