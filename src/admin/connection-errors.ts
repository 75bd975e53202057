import type { ErrorEntry } from '../kernel/index.ts'

/** What the Admin API refuses about a connection. */
export type ConnectionApiFailure =
  | { readonly code: 'admin.certificate_not_found' }
  | { readonly code: 'admin.connection_status' }
  | { readonly code: 'admin.connection_people_bound' }
  | { readonly code: 'admin.last_certificate' }
  | { readonly code: 'admin.no_next_key' }
  | { readonly code: 'admin.no_metadata_url' }
  | { readonly code: 'admin.nothing_pending' }
  | { readonly code: 'admin.connection_not_found' }
  | { readonly code: 'admin.connection_disabled' }
  | { readonly code: 'admin.tester_not_found' }
  | { readonly code: 'admin.test_sign_in_not_found' }

const told = { tell: 'bad-request', log: 'info' } as const
const absent = { status: 404, tell: 'not-found', log: 'info' } as const

export const connectionErrors = {
  'admin.connection_not_found': {
    ...absent,
    means: 'The organization has no connection with this id.',
    fix: 'Use an id that GET /api/v1/organizations/{org}/connections lists.',
  },
  'admin.tester_not_found': {
    ...absent,
    means: 'Nobody like this is a tester of the connection.',
    fix: 'Use kind and value as GET …/testers shows them.',
  },
  'admin.test_sign_in_not_found': {
    ...absent,
    means: 'The connection has no test sign-in with this id; perhaps it is past its time.',
    fix: 'Use an id that GET …/test-sign-ins lists, or make a new one.',
  },
  'admin.connection_disabled': {
    ...told,
    status: 409,
    means: 'The connection is disabled, so nobody can sign in with it, not even for a test.',
    fix: 'Set its status to draft or testing first.',
  },
  'admin.certificate_not_found': {
    ...absent,
    means: 'The connection does not trust a certificate with this fingerprint.',
    fix: 'Use a sha256 that the connection shows under idp.certificates.',
  },
  'admin.connection_status': {
    ...told,
    status: 409,
    means: 'The connection cannot go from its status to the one asked for.',
    fix: 'Take one of the steps that errors names.',
  },
  'admin.connection_people_bound': {
    ...told,
    status: 409,
    means:
      'People sign in by this connection and nothing else, so deleting it, or giving it another provider, would lock them out.',
    fix: 'Set status to disabled instead of deleting, or retire these people first; for another provider, create a second connection.',
  },
  'admin.last_certificate': {
    ...told,
    status: 409,
    means: 'Without this certificate the connection would trust none, and nobody could sign in.',
    fix: 'Add or approve the new certificate first (PATCH can add one and remove one at once), or disable the connection.',
  },
  'admin.no_next_key': {
    ...told,
    status: 409,
    means: 'There is no prepared key to switch to, or no previous one to retire.',
    fix: 'Call rotate-keys with step "prepare" first, then upload the new certificate at the provider.',
  },
  'admin.no_metadata_url': {
    ...told,
    status: 409,
    means: 'The connection has no metadata URL, so there is nothing to refresh.',
    fix: 'PATCH the connection with metadataUrl; in Entra it is App Federation Metadata Url under SAML certificates.',
  },
  'admin.nothing_pending': {
    ...told,
    status: 409,
    means: 'No changes wait that have this hash: others came, or they were answered already.',
    fix: 'Read GET …/metadata again, look at pending.changes, and send the hash that stands beside them.',
  },
} as const satisfies Record<ConnectionApiFailure['code'], ErrorEntry>
