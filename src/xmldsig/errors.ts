import type { ErrorEntry } from '../kernel/index.ts'
import type { KeyDefect } from './public-key.ts'

/** What can be wrong with a signature or a certificate. Evidence is for the log, never for a page. */
export type DsigFailure =
  | { readonly code: 'xmldsig.cardinality'; readonly element: string; readonly got: number }
  | { readonly code: 'xmldsig.unexpected_child'; readonly parent: string; readonly got: string }
  | {
      readonly code: 'xmldsig.reference_target'
      readonly expected: string | null
      readonly got: string | null
    }
  | {
      readonly code: 'xmldsig.transform'
      readonly reason: TransformDefect
      readonly got: string | null
    }
  | {
      readonly code: 'xmldsig.algorithm'
      readonly role: 'signature' | 'digest' | 'canonicalization'
      readonly got: string | null
      /** The algorithm is supported, but no pinned key is of its kind. */
      readonly keyMismatch?: true
    }
  | { readonly code: 'xmldsig.bad_value'; readonly element: 'SignatureValue' | 'DigestValue' }
  | {
      readonly code: 'xmldsig.signature_invalid'
      readonly algorithm: string
      /** Fingerprints of the keys that were tried. */
      readonly keyIds: readonly string[]
    }
  | { readonly code: 'xmldsig.digest_mismatch'; readonly reason: 'value' | 'canonical_form' }
  | {
      readonly code: 'xmldsig.limit'
      readonly what: 'certificates' | 'signedInfoBytes'
      readonly max: number
      readonly got: number
    }
  | { readonly code: 'xmldsig.bad_certificate'; readonly reason: CertificateDefect }
  | { readonly code: 'saml.duplicate_id'; readonly id: string }

export type CertificateDefect =
  | KeyDefect
  | 'size'
  | 'trailing_data'
  | 'not_a_certificate'
  | 'not_base64'
  | 'not_one_certificate'
  | 'key_refused'

export type TransformDefect =
  | 'missing'
  | 'count'
  | 'not_enveloped'
  | 'not_exclusive_c14n'
  | 'content'
  | 'prefix_list'

const refused = { status: 403, tell: 'sign-in-failed', log: 'warn' } as const

export const dsigErrors = {
  'xmldsig.cardinality': {
    ...refused,
    means: 'A part of the signature is missing or present more than once.',
    fix: 'Nothing in the connection is wrong; if it repeats, ask the identity provider whether the message was altered on its way.',
    spec: 'XML Signature 4',
  },
  'xmldsig.unexpected_child': {
    ...refused,
    means: 'The signature holds something that a SAML signature may not hold.',
    fix: 'Use the default signature of the identity provider: enveloped, without objects, manifests or properties.',
    spec: 'SAML Core 5.4',
  },
  'xmldsig.reference_target': {
    ...refused,
    means: 'The signature covers another element than the one it stands in.',
    fix: 'Let the identity provider sign the response or the assertion by its ID; if it does, the message was altered.',
    spec: 'SAML Core 5.4.2',
  },
  'xmldsig.transform': {
    ...refused,
    means: 'The signature uses transforms other than enveloped and exclusive canonicalization.',
    fix: 'Set the identity provider to exclusive canonicalization 1.0 without comments.',
    spec: 'SAML Core 5.4.4',
  },
  'xmldsig.algorithm': {
    ...refused,
    means: 'The signature uses an algorithm that is not allowed, or not that of the pinned key.',
    fix: 'Set the identity provider to RSA with SHA-256 and exclusive canonicalization; in Entra: SAML certificates, Signing algorithm, SHA-256.',
    spec: 'SAML Core 5.4',
    entra:
      'Enterprise applications > your app > Single sign-on > SAML certificates > Edit: set Signing Algorithm to SHA-256.',
  },
  'xmldsig.bad_value': {
    ...refused,
    means: 'A digest or signature value is not base64 of the right length.',
    fix: 'If it repeats, ask the identity provider whether a proxy rewrites its messages.',
    spec: 'XML Signature 4.2',
  },
  'xmldsig.signature_invalid': {
    ...refused,
    log: 'error',
    means: 'No pinned certificate of the connection verifies the signature.',
    fix: 'If the identity provider has a new signing certificate, refresh the metadata of the connection or add the certificate; otherwise somebody else made the message.',
    spec: 'XML Signature 3.2.2',
    entra:
      'Enterprise applications > your app > Single sign-on > SAML certificates: compare the thumbprint of the active certificate with those of the connection; copy App Federation Metadata Url into the connection and refresh it.',
  },
  'xmldsig.digest_mismatch': {
    ...refused,
    log: 'error',
    means: 'The signed element was changed after it was signed.',
    fix: 'Look for a proxy or an extension that changes messages; otherwise somebody tried to.',
    spec: 'XML Signature 3.2.1',
  },
  'xmldsig.limit': {
    ...refused,
    means: 'The signature is larger than any real one.',
    fix: 'Ask the identity provider to send only its signing certificate with the signature.',
  },
  'xmldsig.bad_certificate': {
    status: 400,
    tell: 'bad-request',
    log: 'info',
    means:
      'The certificate cannot be read, or its key is too weak or of a kind that is not supported.',
    fix: 'Give one X.509 certificate, PEM or base64, with an RSA key of 2048 to 8192 bits or an EC key on P-256, P-384 or P-521.',
    spec: 'RFC 5280 4.1',
  },
  'saml.duplicate_id': {
    ...refused,
    log: 'error',
    means: 'The ID of the signed element stands a second time in the message.',
    fix: 'Nothing in the connection is wrong; this is how a wrapped, forged message looks.',
    spec: 'SAML Core 1.3.4',
  },
} as const satisfies Record<DsigFailure['code'], ErrorEntry>
