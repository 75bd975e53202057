import type { MetadataDefect, RejectedCertificate, UrlDefect } from '../saml/index.ts'

/** What an admin does about each defect of metadata, more exactly than the registry's one sentence. */
export const metadataFixes: Readonly<Record<MetadataDefect, string>> = {
  size: 'is larger than the metadata of one application',
  xml: 'is not the XML of metadata; give the file as it was downloaded',
  entities_descriptor: 'describes many entities; give the metadata of one application',
  service_provider: 'describes a service provider; give the metadata of the identity provider',
  not_metadata: 'is not SAML metadata',
  no_identity_provider: 'describes no SAML 2.0 identity provider',
  several_identity_providers: 'describes several identity providers; give that of one',
  entity_id: 'has no usable entityID',
  entity_id_changed: 'describes another identity provider than the connection has',
  common_endpoint: 'is that of the common endpoint; use the metadata URL with your tenant’s id',
  valid_until: 'is past its validUntil; download it again',
  no_signing_certificate: 'publishes no usable signing certificate',
  too_many_certificates: 'publishes more signing certificates than any provider has',
  no_sso_url: 'has no SingleSignOnService for HTTP-Redirect or HTTP-POST',
  sso_url: 'has a SingleSignOnService that is not an https URL',
  slo_url: 'has a SingleLogoutService that is not an https URL',
  unsigned: 'is not signed by a certificate of the connection',
  signature: 'is signed, but not by a certificate of the connection',
}

/** Why a certificate cannot be trusted. */
export const certificateFaults: Readonly<Record<RejectedCertificate['reason'], string>> = {
  size: 'is larger than any certificate',
  not_base64: 'is neither PEM nor base64',
  not_one_certificate: 'must be exactly one certificate',
  not_der: 'is not a certificate in PEM or base64: what was decoded is not DER',
  trailing_data: 'has something after its end',
  not_a_certificate: 'is not an X.509 certificate',
  key_kind: 'has a key that is neither RSA nor EC',
  key_refused: 'has a key that cannot verify signatures',
  rsa_size: 'has an RSA key that is not between 2048 and 8192 bits',
  rsa_modulus: 'has an RSA key with an unusable modulus',
  rsa_exponent: 'has an RSA key with an unusable exponent',
  ec_explicit_parameters: 'has an EC key without a named curve',
  ec_curve: 'has an EC key on another curve than P-256, P-384 or P-521',
  ec_point: 'has an EC key that is no point of its curve',
  use: 'is published for a use of no meaning',
  no_certificate: 'is a key without a certificate',
}

/** Why a URL of an identity provider is refused. */
export const urlFaults: Readonly<Record<UrlDefect, string>> = {
  not_a_url: 'must be an absolute URL without a fragment',
  scheme: 'must begin with https://',
  credentials: 'must not hold a user name or password',
}
