import type { ErrorEntry } from '../kernel/index.ts'

/**
 * What can be wrong with an encrypted element. All of it looks the same outside: what a decryption says to
 * strangers, one message at a time, can decrypt for them. Details are for the log.
 */
export type XmlencFailure =
  | { readonly code: 'saml.decrypt_failed'; readonly detail: DecryptDefect }
  | {
      readonly code: 'saml.encryption_algorithm'
      readonly role: 'content' | 'key_transport' | 'digest' | 'mask' | 'key_size'
      readonly got: string | null
      /** A CBC mode, which is read only inside a response whose signature was verified. */
      readonly cbcUnsigned?: true
    }
  | { readonly code: 'saml.encryption_shape'; readonly detail: string }
  | { readonly code: 'saml.unsupported'; readonly what: string }

export type DecryptDefect = 'no_key' | 'key_transport' | 'length' | 'content'

const refused = { status: 403, tell: 'sign-in-failed', log: 'warn' } as const

export const xmlencErrors = {
  'saml.decrypt_failed': {
    ...refused,
    means: 'The assertion could not be decrypted with the keys of the connection.',
    fix: 'Check that the identity provider encrypts to the certificate in the current metadata of this connection.',
    spec: 'XML Encryption 4.4',
    entra:
      'Enterprise applications > your app > Token encryption: import the certificate of the connection’s own metadata, and activate it.',
  },
  'saml.encryption_algorithm': {
    ...refused,
    means: 'The assertion is encrypted with an algorithm that is not accepted here.',
    fix: 'Use AES-GCM with RSA-OAEP; for AES-CBC, as in Entra, set Signing option to "Sign SAML response and assertion".',
    spec: 'XML Encryption 5',
  },
  'saml.encryption_shape': {
    ...refused,
    means: 'The encrypted assertion is put together in a way that is not accepted.',
    fix: 'Let the identity provider send the encrypted key inside the encrypted data or beside it, for this service alone.',
    spec: 'SAML Core 6.2',
  },
  'saml.unsupported': {
    ...refused,
    means: 'Something other than a whole assertion is encrypted.',
    fix: 'Let the identity provider encrypt the assertion, and not its name identifier or single attributes.',
    spec: 'SAML Core 2.3.4',
  },
} as const satisfies Record<XmlencFailure['code'], ErrorEntry>
