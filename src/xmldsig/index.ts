/**
 * Owns XML Signature as SAML uses it: which algorithms count, what a certificate is, whether an element is
 * signed by a pinned key, and signing what we send. Hands out the signed element as it was digested, never a
 * yes or no. Does not own which keys are trusted, whether their dates matter, or what the element means.
 * Called by saml/.
 */
export { rsaSha256 } from './algorithms.ts'
export {
  type Certificate,
  decodeCertificateText,
  parseCertificate,
} from './certificate.ts'
export {
  type CertificateDefect,
  type DsigFailure,
  dsigErrors,
  type TransformDefect,
} from './errors.ts'
export { type EnvelopedSigning, signEnveloped } from './sign-enveloped.ts'
export { signOctets } from './sign-octets.ts'
export {
  type CertificateRequest,
  createSigningKeyPair,
  importSigningKey,
  type SigningKeyPair,
} from './signing-key.ts'
export { type EnvelopedInput, type SignedElement, verifyEnveloped } from './verify-enveloped.ts'
export { importVerifyKey, type VerifyKey } from './verify-key.ts'
export { type SignedOctets, verifyOctets } from './verify-octets.ts'
