/**
 * Owns XML as a security product may read it: a strict reader for a small subset of XML 1.0, the immutable
 * tree it makes, positional selection, exclusive canonicalization, and a writer for what we send. Does not
 * know SAML, signatures or where a document came from. Called by xmldsig/, xmlenc/ and saml/.
 *
 * The writer is our own forty lines: fast-xml-parser 5.12.1's builder lets a CR, LF or TAB in an attribute
 * through unescaped, so that the reader gets another value; writes control characters, which no reader
 * accepts; writes `b="undefined"` for a value left out; and is 6 KB gzip.
 */
export { buildXml, type XmlOutput } from './build.ts'
export { type CanonicalizeOptions, canonicalize, isCanonical } from './canonicalize.ts'
export {
  type XmlDefect,
  type XmlFailure,
  type XmlLimit,
  type XmlPlace,
  type XmlReadFailure,
  xmlErrors,
} from './errors.ts'
export { parseXml, parseXmlBytes } from './parse.ts'
export { metadataPolicy, protocolPolicy, type XmlPolicy } from './policy.ts'
export {
  all,
  attributeOf,
  childElements,
  expandedName,
  hasOwnText,
  leafText,
  only,
  optional,
} from './select.ts'
export type { XmlAttribute, XmlDocument, XmlElement, XmlNamespace, XmlNode } from './tree.ts'
