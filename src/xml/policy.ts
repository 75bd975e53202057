import { limits } from '../kernel/index.ts'

/** What a kind of document may hold beyond elements and text. A DOCTYPE and CDATA are never read. */
export type XmlPolicy = {
  readonly comments: 'refuse' | 'skip'
  readonly processingInstructions: 'refuse' | 'skip'
  readonly byteOrderMark: 'refuse' | 'skip'
  /** The only element whose text may be longer than any other: what it is called, and how long. */
  readonly longText: {
    readonly uri: string
    readonly local: string
    readonly maxLength: number
  } | null
}

/** For messages: no honest sender needs any of these, and most signature bypasses needed one. */
export const protocolPolicy: XmlPolicy = {
  comments: 'refuse',
  processingInstructions: 'refuse',
  byteOrderMark: 'refuse',
  // A person in 500 groups is 100 KB of assertion, which encryption makes one text (XML Encryption 3.3).
  longText: {
    uri: 'http://www.w3.org/2001/04/xmlenc#',
    local: 'CipherValue',
    maxLength: limits.xmlCipherValueLength,
  },
}

/** For metadata, which people edit by hand, and which Entra serves with a byte order mark. */
export const metadataPolicy: XmlPolicy = {
  comments: 'skip',
  processingInstructions: 'skip',
  byteOrderMark: 'skip',
  longText: null,
}
