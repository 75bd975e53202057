/** What a kind of document may hold beyond elements and text. A DOCTYPE and CDATA are never read. */
export type XmlPolicy = {
  readonly comments: 'refuse' | 'skip'
  readonly processingInstructions: 'refuse' | 'skip'
  readonly byteOrderMark: 'refuse' | 'skip'
}

/** For messages: no honest sender needs any of these, and most signature bypasses needed one. */
export const protocolPolicy: XmlPolicy = {
  comments: 'refuse',
  processingInstructions: 'refuse',
  byteOrderMark: 'refuse',
}

/** For metadata, which people edit by hand, and which Entra serves with a byte order mark. */
export const metadataPolicy: XmlPolicy = {
  comments: 'skip',
  processingInstructions: 'skip',
  byteOrderMark: 'skip',
}
