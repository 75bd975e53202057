/**
 * Owns base64, random ids, and X.509 certificates: making really valid self-signed ones, and reading
 * those of service providers. Does not own where keys are kept (directory/) or what they sign (xml/).
 * Called by xml/, saml/, directory/ and the pages.
 */
export { type Bytes, base64ToBytes, bytesToBase64, isBase64, utf8 } from './base64.ts'
export { type CertificateRequest, createKeyPair, type KeyPair } from './certificate.ts'
export { samlId, uuid } from './random.ts'
export { type ReadCertificate, readCertificate, toPem } from './read-certificate.ts'
