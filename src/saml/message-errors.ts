import type { ErrorEntry } from '../kernel/index.ts'
import type { XmlFailure } from '../xml/index.ts'
import type { DsigFailure } from '../xmldsig/index.ts'
import type { UrlDefect } from './endpoint-url.ts'
import type { StructureFailure, TransportFailure } from './response-failure.ts'

export type InflateDefect = 'malformed' | 'too_large'

export type MetadataDefect =
  | 'size'
  | 'xml'
  | 'entities_descriptor'
  | 'service_provider'
  | 'not_metadata'
  | 'no_identity_provider'
  | 'several_identity_providers'
  | 'entity_id'
  | 'entity_id_changed'
  | 'common_endpoint'
  | 'valid_until'
  | 'no_signing_certificate'
  | 'too_many_certificates'
  | 'no_sso_url'
  | 'sso_url'
  | 'slo_url'
  | 'unsigned'
  | 'signature'

export type MetadataFetchDefect =
  | UrlDefect
  | 'port'
  | 'address'
  | 'local_name'
  | 'redirects'
  | 'status'
  | 'content_type'
  | 'too_large'
  | 'time_limit'
  | 'network'

export type MetadataFailure = {
  readonly code: 'saml.metadata'
  readonly reason: MetadataDefect
  readonly expected?: string
  readonly got?: string
  /** What the reader or the verifier found, for the reasons `xml` and `signature`. */
  readonly cause?: XmlFailure | DsigFailure
}

export type MetadataFetchFailure = {
  readonly code: 'saml.metadata_fetch'
  readonly reason: MetadataFetchDefect
  /** The URL that was asked or refused, without credentials. */
  readonly url: string
  /** A status, a content type or the platform's words. */
  readonly detail?: string
}

/** What the readers of metadata and of Redirect messages find beyond what readers of responses find. */
export type MessageFailure =
  | { readonly code: 'saml.inflate'; readonly reason: InflateDefect }
  | MetadataFailure
  | MetadataFetchFailure

/** What reading a message from a query can end in, short of its cryptography. */
export type RedirectFailure =
  | TransportFailure
  | Extract<StructureFailure, { readonly code: 'saml.unsigned' }>
  | Extract<MessageFailure, { readonly code: 'saml.inflate' }>

export const messageErrors = {
  'saml.inflate': {
    status: 400,
    tell: 'bad-request',
    log: 'warn',
    means: 'The compressed message in the URL is damaged, or would grow beyond any real message.',
    fix: 'If it repeats, ask the identity provider whether it sends DEFLATE as the Redirect binding asks.',
    spec: 'SAML Bindings 3.4.4.1',
  },
  'saml.metadata': {
    status: 422,
    tell: 'bad-request',
    log: 'info',
    means: 'The metadata does not describe one identity provider that people can sign in with.',
    fix: 'Download the metadata of this one application again and give it unchanged; in Entra: Single sign-on, SAML certificates, App Federation Metadata Url.',
    spec: 'SAML Metadata 2.4.3',
  },
  'saml.metadata_fetch': {
    status: 422,
    tell: 'bad-request',
    log: 'info',
    means: 'The metadata could not be fetched from its URL.',
    fix: 'Give the public https URL that the identity provider shows, or download the file and upload it instead.',
  },
} as const satisfies Record<MessageFailure['code'], ErrorEntry>

/** What an admin does about each reason, more exactly than the registry's one sentence. */
export const metadataFetchFixes: Readonly<Record<MetadataFetchDefect, string>> = {
  not_a_url: 'Give the whole URL, beginning with https://.',
  scheme: 'Give a URL that begins with https://.',
  credentials: 'Remove the user name and password from the URL.',
  port: 'Serve the metadata on port 443 or 8443, or upload the file.',
  address: 'Use a public host name instead of an IP address, or upload the file.',
  local_name: 'Use a host name that is reachable from the internet, or upload the file.',
  redirects: 'Give the URL that the redirects end at.',
  status: 'Open the URL in a browser that is not signed in: it must answer 200 with the metadata.',
  content_type:
    'The URL must answer with XML; a web page usually means that it asks for a sign-in.',
  too_large:
    'Give the URL of one application, not that of a federation; one entity is below 1 MiB.',
  time_limit: 'The server took too long; try again, or upload the file.',
  network:
    'The server could not be reached; check the host name, and that its certificate is valid.',
}
