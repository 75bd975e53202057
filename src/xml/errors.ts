import type { ErrorEntry } from '../kernel/index.ts'

/** Where in the document, after line ends were normalized, and how much work was done until then. */
export type XmlPlace = {
  /** UTF-16 units from the start. */
  readonly offset: number
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  /** A few characters from there on, made printable. */
  readonly excerpt: string
  /** As in `XmlDocument`. */
  readonly steps: number
}

/** What broke the grammar. */
export type XmlDefect =
  | 'no_root'
  | 'outside_root'
  | 'unclosed'
  | 'mismatched_tag'
  | 'bad_name'
  | 'bad_tag'
  | 'bad_attribute'
  | 'less_than_in_attribute'
  | 'cdata_end_in_text'
  | 'bad_comment'
  | 'bad_processing_instruction'

/** Which limit was passed. */
export type XmlLimit =
  | 'length'
  | 'depth'
  | 'elements'
  | 'attributes'
  | 'namespaces_in_scope'
  | 'name_length'
  | 'text_length'
  | 'children'
  | 'prefix_list'

/** Why a document is not read. */
export type XmlRefusal =
  | {
      readonly code:
        | 'xml.doctype'
        | 'xml.bad_reference'
        | 'xml.duplicate_attribute'
        | 'xml.bad_namespace'
        | 'xml.processing_instruction'
        | 'xml.comment'
        | 'xml.cdata'
        | 'xml.bad_character'
        | 'xml.bad_encoding'
        | 'xml.bad_declaration'
    }
  | { readonly code: 'xml.not_well_formed'; readonly reason: XmlDefect }
  | { readonly code: 'xml.limit'; readonly limit: XmlLimit; readonly max: number }

/** Why and where. The excerpt may hold personal values: it is for the event's detail, never for a page. */
export type XmlReadFailure = XmlRefusal & XmlPlace

/** What else can go wrong: a tree that does not hold what was asked for. Names are `{uri}local`. */
export type XmlFailure =
  | XmlReadFailure
  | { readonly code: 'xml.limit'; readonly limit: XmlLimit; readonly max: number }
  | { readonly code: 'xml.missing_element'; readonly parent: string; readonly expected: string }
  | {
      readonly code: 'xml.ambiguous_element'
      readonly parent: string
      readonly expected: string
      readonly got: number
    }
  | { readonly code: 'xml.mixed_content'; readonly element: string; readonly got: string }

const refused = { status: 400, tell: 'sign-in-failed', log: 'warn' } as const

export const xmlErrors = {
  'xml.doctype': {
    ...refused,
    log: 'error',
    means: 'The document has a DOCTYPE, which SAML forbids because entities can rewrite a message.',
    fix: 'No identity provider sends one; look for who made this message.',
    spec: 'saml2int G03',
  },
  'xml.bad_reference': {
    ...refused,
    means:
      'The document has a reference other than the five of XML and those to allowed characters.',
    fix: 'If it repeats, ask the identity provider which value is not escaped; the excerpt shows it.',
    spec: 'XML 1.0 4.1',
  },
  'xml.duplicate_attribute': {
    ...refused,
    means: 'An element has the same attribute twice.',
    fix: 'Nothing in the connection is wrong; ask the identity provider how the message was made.',
    spec: 'XML 1.0 3.1; Namespaces 6.3',
  },
  'xml.bad_namespace': {
    ...refused,
    means: 'A namespace is undeclared, reserved, relative or malformed.',
    fix: 'If it repeats, ask the identity provider to send absolute namespace names; the excerpt shows it.',
    spec: 'Namespaces in XML 1.0',
  },
  'xml.not_well_formed': {
    ...refused,
    means: 'What arrived is not well-formed XML.',
    fix: 'Check that nothing on the way cuts or rewrites the message, and that a response comes by POST.',
    spec: 'XML 1.0 2.1',
  },
  'xml.processing_instruction': {
    ...refused,
    means: 'The message holds a processing instruction.',
    fix: 'Let the identity provider send the message without one; none is needed.',
  },
  'xml.comment': {
    ...refused,
    means: 'The message holds a comment, by which readers have been made to cut off names.',
    fix: 'Let the identity provider send the message without comments; none is needed.',
  },
  'xml.cdata': {
    ...refused,
    means: 'The document holds a CDATA section.',
    fix: 'Let the identity provider escape the value instead.',
  },
  'xml.bad_character': {
    ...refused,
    means: 'The document holds a character that XML does not allow.',
    fix: 'Look for a user attribute with control characters at the identity provider; the excerpt shows where.',
    spec: 'XML 1.0 2.2',
  },
  'xml.limit': {
    ...refused,
    means: 'The document is larger or deeper than any real one.',
    fix: 'Send fewer groups or attributes from the identity provider; the evidence names the limit.',
  },
  'xml.bad_encoding': {
    ...refused,
    means: 'The document is not in UTF-8, or declares another encoding.',
    fix: 'Set the identity provider, or the editor of the file, to UTF-8.',
    spec: 'XML 1.0 4.3.3',
  },
  'xml.bad_declaration': {
    ...refused,
    means: 'The XML declaration is misplaced, malformed or not for version 1.0.',
    fix: 'Let the document start with <?xml version="1.0" encoding="UTF-8"?> or with its root element.',
    spec: 'XML 1.0 2.8',
  },
  'xml.missing_element': {
    ...refused,
    means: 'A required element is missing.',
    fix: 'The evidence names it; compare with what the identity provider documents.',
  },
  'xml.ambiguous_element': {
    ...refused,
    means: 'An element that may stand once stands more often.',
    fix: 'The evidence names it; an identity provider does not send two, a forger might.',
  },
  'xml.mixed_content': {
    ...refused,
    means: 'A value holds elements where only text may stand.',
    fix: 'The evidence names it; an identity provider does not send this, a forger might.',
  },
} as const satisfies Record<XmlFailure['code'], ErrorEntry>
