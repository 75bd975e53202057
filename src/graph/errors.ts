import type { ErrorEntry } from '../kernel/index.ts'

/** The application permissions of Microsoft Graph that Portico asks for: the least that its reads need. */
export const graphPermissions = [
  'User.Read.All',
  'Application.Read.All',
  'GroupMember.Read.All',
] as const

export type GraphPermission = (typeof graphPermissions)[number]

/** Why Microsoft Graph gave no usable answer. Evidence is cut to length and holds no secret. */
export type GraphFailure =
  /** Asked too often: not before this long. Random, so that many organizations do not come back at once. */
  | { readonly code: 'graph.throttled'; readonly retryAfterMs: number }
  /** The link is no longer good: only a full read can go on. */
  | { readonly code: 'graph.resync' }
  /** Graph does not say which permission is missing: it is the one that the request needs. */
  | {
      readonly code: 'graph.forbidden'
      readonly permission: GraphPermission
      readonly detail?: string
    }
  /** The token endpoint, or Graph twice, refuses the credential; `aadsts` tells why. */
  | {
      readonly code: 'graph.unauthorized'
      readonly aadsts: string | null
      readonly explanation: string
    }
  | { readonly code: 'graph.unavailable'; readonly detail?: string }
  /** The object asked for is not in the tenant. */
  | { readonly code: 'graph.not_found'; readonly what: 'application' | 'group' | 'user' }
  /** Graph understood and says no: mostly a property in the mapping that the tenant does not have. */
  | { readonly code: 'graph.refused'; readonly status: number; readonly detail: string }
  | { readonly code: 'graph.bad_answer'; readonly detail: string }
  /** A link leads to another host than Graph's: it would carry the token there. */
  | { readonly code: 'graph.foreign_link' }
  /** The stored secret does not open: its key is not among ENCRYPTION_KEYS, or the row was altered. */
  | { readonly code: 'graph.key_lost' }
  /** The connection belongs to another tenant than the credential. */
  | { readonly code: 'graph.other_tenant' }

const told = { tell: 'unavailable', log: 'warn' } as const

export const graphErrors = {
  'graph.throttled': {
    ...told,
    status: 503,
    means: 'Microsoft Graph asks for a pause.',
    fix: 'Nothing to do: the run goes on by itself after the time that Graph names.',
    spec: 'learn.microsoft.com/graph/throttling',
  },
  'graph.resync': {
    ...told,
    status: 502,
    means: 'Microsoft Graph no longer knows where the last read ended.',
    fix: 'Nothing to do: the next run reads everything once; it happens when more than 7 days passed.',
    spec: 'learn.microsoft.com/graph/delta-query-overview',
  },
  'graph.forbidden': {
    ...told,
    status: 502,
    means: 'The application may not read this in Microsoft Graph: a permission is missing.',
    fix: 'In Entra, under App registrations > your app > API permissions, add the application permission that the answer names, then press Grant admin consent.',
    spec: 'learn.microsoft.com/graph/permissions-reference',
    entra:
      'App registrations > your app > API permissions: add the application permission that the answer names, then Grant admin consent.',
  },
  'graph.unauthorized': {
    ...told,
    status: 502,
    means: 'Microsoft Entra refuses the credential for Microsoft Graph.',
    fix: 'Do what the answer explains, store a new secret or certificate with PUT …/graph, and call POST …/graph/check.',
    spec: 'learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow',
    entra:
      'App registrations > your app > Certificates & secrets: make a new one, and store it here.',
  },
  'graph.unavailable': {
    ...told,
    status: 503,
    means: 'Microsoft Graph or the sign-in service of Entra did not answer, or not in time.',
    fix: 'Nothing to do at first: the run tries again. If it stays, look at the service health of Microsoft 365.',
  },
  'graph.not_found': {
    ...told,
    status: 404,
    means: 'The tenant does not have the object that was asked for.',
    fix: 'Compare appId with Application ID under Enterprise applications > your app > Properties.',
    entra: 'Enterprise applications > your app > Properties: compare Application ID.',
  },
  'graph.refused': {
    ...told,
    status: 502,
    means: 'Microsoft Graph refuses the request as it is.',
    fix: 'Compare the Graph names in the mapping with the properties of the tenant; directory extensions need their exact name, in upper and lower case.',
  },
  'graph.bad_answer': {
    ...told,
    status: 502,
    means: 'Microsoft Graph answered something that is not what it documents.',
    fix: 'Check GRAPH_URL; nothing was changed, and the run tries again.',
  },
  'graph.foreign_link': {
    tell: 'unavailable',
    log: 'error',
    status: 502,
    means: 'A link to the next page leads to another host than GRAPH_URL, so it was not followed.',
    fix: 'Set GRAPH_URL to the Graph of your cloud; the access token never goes to another host.',
  },
  'graph.other_tenant': {
    tell: 'unavailable',
    log: 'warn',
    status: 409,
    means:
      'The connection was given to another tenant than the credential for Microsoft Graph reads.',
    fix: 'Store a credential of the connection’s own tenant with PUT …/graph.',
  },
  'graph.key_lost': {
    tell: 'unavailable',
    log: 'error',
    status: 500,
    means: 'The stored credential for Microsoft Graph cannot be decrypted.',
    fix: 'Put the key that it was stored with back into ENCRYPTION_KEYS, or store the credential again with PUT …/graph.',
  },
} as const satisfies Record<GraphFailure['code'], ErrorEntry>
