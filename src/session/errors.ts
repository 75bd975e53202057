import type { ErrorEntry } from '../kernel/index.ts'

export type SessionFailure =
  | { readonly code: 'session.none' }
  | { readonly code: 'session.audience_unknown'; readonly audience: string }
  | { readonly code: 'session.cross_site' }
  | { readonly code: 'session.recovery_link_used' }
  | { readonly code: 'session.signing_key_sealed'; readonly kid: string }

export const sessionErrors = {
  'session.none': {
    status: 401,
    tell: 'unauthorized',
    log: 'info',
    means:
      'There is no session, or it ended: it expired, was revoked, or the person or connection is no longer active.',
    fix: 'Send the person to the loginUrl of the organization’s connection.',
  },
  'session.audience_unknown': {
    status: 400,
    tell: 'bad-request',
    log: 'info',
    means: 'The requested audience is not one of the organization’s app origins.',
    fix: 'Add the origin to appOrigins of the organization, or leave ?audience= out.',
  },
  'session.cross_site': {
    status: 403,
    tell: 'bad-request',
    log: 'warn',
    means: 'A form of another site tried to act for the person.',
    fix: 'Send the request from PUBLIC_URL or one of the organization’s appOrigins.',
  },
  'session.recovery_link_used': {
    status: 410,
    tell: 'not-permitted',
    log: 'warn',
    means: 'The recovery link was used already, has expired, or never existed.',
    fix: 'Create a new one with POST /api/v1/organizations/{org}/recovery-links.',
  },
  'session.signing_key_sealed': {
    status: 503,
    tell: 'unavailable',
    log: 'error',
    means: 'No key of ENCRYPTION_KEYS opens the key that signs session tokens.',
    fix: 'Put the lost key back into ENCRYPTION_KEYS; if it is gone for good, docs/guides/deploy.md says how to start with new signing keys.',
  },
} as const satisfies Record<SessionFailure['code'], ErrorEntry>
