import type { ErrorEntry } from '../kernel/index.ts'

/** What somebody may not ask for, who may ask for other things. */
export type PermissionFailure =
  | { readonly code: 'admin.forbidden' }
  | { readonly code: 'admin.key_needed' }
  | { readonly code: 'admin.setup_link_limit' }
  | { readonly code: 'admin.setup_link_not_found' }

const told = { tell: 'bad-request', log: 'info' } as const
const missing = { status: 404, tell: 'not-found', log: 'info' } as const

export const permissionErrors = {
  'admin.forbidden': {
    ...told,
    status: 403,
    means: 'Whoever asks may not do this.',
    fix: 'Ask an operator. A setup link does what it was made for; an admin of an organization sets that up alone.',
  },
  'admin.key_needed': {
    ...told,
    status: 403,
    means: 'The operators’ own organization (OPERATOR_ORG) is changed with the admin key only.',
    fix: 'Sign in to the console with the admin key, or call the Admin API.',
  },
  'admin.setup_link_limit': {
    ...told,
    status: 403,
    means: 'A setup link prepares what nobody uses yet; this needs more.',
    fix: 'Ask an operator, or sign in as an admin of the organization, to open a connection for testers or everybody, and to change what is in use. Test sign-ins try a draft.',
  },
  'admin.setup_link_not_found': {
    ...missing,
    means: 'The organization has no setup link with this id.',
    fix: 'Use an id that GET /api/v1/organizations/{org}/setup-links lists.',
  },
} as const satisfies Record<PermissionFailure['code'], ErrorEntry>
