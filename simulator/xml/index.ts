/**
 * Owns XML: strict reading (xmldom), writing, signing and verifying (canonicalization by xmldsigjs),
 * encryption. Shares nothing with Portico's own XML code. Does not own what messages mean (saml/).
 * Called by saml/.
 */

export { encryptXml, type TokenEncryption } from './encrypt.ts'
export { ns } from './namespaces.ts'
export {
  childElements,
  isElement,
  parseXml,
  textOf,
  type XmlDocument,
  type XmlElement,
} from './parse.ts'
export { type Signer, signatureUris, signOctets, signXml } from './sign.ts'
export { type VerifyPolicy, verifyEnveloped, verifyOctets } from './verify.ts'
export { element, text } from './write.ts'
