import type { ErrorEntry } from '../../kernel/index.ts'

type Code =
  | 'oauth.invalid_request'
  | 'oauth.unsupported_grant_type'
  | 'oauth.invalid_scope'
  | 'oauth.invalid_client'
  | 'oauth.assertion'
  | 'oauth.switched_off'
  | 'oauth.keys_unavailable'
  | 'oauth.too_many_requests'

/** A request for an access token that is refused; `detail` is told to whoever asked. */
export type OauthFailure = { readonly code: Code; readonly detail: string }

/** The names of RFC 6749 5.2; `temporarily_unavailable` is borrowed from 4.1.2.1. */
export type OauthErrorEntry = ErrorEntry & {
  readonly error:
    | 'invalid_request'
    | 'invalid_client'
    | 'unauthorized_client'
    | 'unsupported_grant_type'
    | 'invalid_scope'
    | 'temporarily_unavailable'
}

const told = { tell: 'bad-request', log: 'info', spec: 'RFC 6749 5.2' } as const

export const oauthErrors = {
  'oauth.invalid_request': {
    ...told,
    status: 400,
    error: 'invalid_request',
    means: 'The request for an access token does not have the form that OAuth asks for.',
    fix: 'Correct what error_description names, in Entra under Provisioning, Admin credentials.',
  },
  'oauth.unsupported_grant_type': {
    ...told,
    status: 400,
    error: 'unsupported_grant_type',
    means: 'Portico gives SCIM clients tokens by client credentials only.',
    fix: 'Choose OAuth 2.0 client credentials, or workload identity federation, in Entra.',
    entra:
      'Enterprise applications > your app > Provisioning > Admin credentials: choose OAuth 2.0 client credentials as the authentication method.',
  },
  'oauth.invalid_scope': {
    ...told,
    status: 400,
    error: 'invalid_scope',
    means: 'The request asks for a scope that does not exist, or that the client does not have.',
    fix: 'Leave the scope empty, or use scim, in Entra; or create a client with the scope.',
    entra:
      'Enterprise applications > your app > Provisioning > Admin credentials: leave Scope empty.',
  },
  'oauth.invalid_client': {
    ...told,
    tell: 'unauthorized',
    status: 401,
    error: 'invalid_client',
    means: 'The client is unknown or disabled, or its secret is wrong or has expired.',
    fix: 'Compare the client id, and add a secret with POST …/scim-clients/{client}/secrets.',
    entra:
      'Enterprise applications > your app > Provisioning > Admin credentials: enter the client id and a new secret, press Test Connection, Save, then Restart provisioning.',
  },
  'oauth.assertion': {
    ...told,
    tell: 'unauthorized',
    status: 401,
    error: 'invalid_client',
    means: 'The federated assertion is not one that the client accepts.',
    fix: 'Compare tenant, issuer, subject and audience of the client with those that the event shows.',
    spec: 'RFC 7523 3',
    entra:
      'Enterprise applications > your app > Provisioning > Admin credentials: compare tenant, application and audience with those that the client was made with.',
  },
  'oauth.switched_off': {
    ...told,
    status: 400,
    error: 'unauthorized_client',
    means: 'SCIM provisioning is switched off for the organization.',
    fix: 'Switch it on for the organization (provisioning.scim), or remove the provisioning job in Entra.',
  },
  'oauth.keys_unavailable': {
    status: 503,
    tell: 'unavailable',
    log: 'warn',
    error: 'temporarily_unavailable',
    means: 'The keys of the tenant could not be read, so no assertion could be verified.',
    fix: 'Try again in a moment; if it stays, check ENTRA_LOGIN_URL and the tenant id of the client.',
  },
  'oauth.too_many_requests': {
    status: 429,
    tell: 'too-many',
    log: 'warn',
    error: 'temporarily_unavailable',
    means: 'One address asked for more access tokens than any provisioning service would.',
    fix: 'Wait for the seconds in Retry-After.',
  },
} as const satisfies Readonly<Record<Code, OauthErrorEntry>>
