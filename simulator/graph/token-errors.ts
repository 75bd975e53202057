import { uuid } from '../keys/index.ts'

/** Why a token endpoint refuses, with what the sentence needs. */
export type TokenRefusal = { readonly code: TokenCode; readonly about: string }

type Row = readonly [error: string, status: 400 | 401, sentence: (about: string) => string]

/**
 * AADSTS codes of the token endpoint as Entra words them.
 * Source: learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const rows = {
  '50013': [
    'invalid_grant',
    400,
    (about) => `Assertion failed signature validation. [Reason - ${about}]`,
  ],
  '50027': ['invalid_request', 400, () => 'JWT token is invalid or malformed.'],
  '50059': [
    'invalid_request',
    400,
    () =>
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
  ],
  '70003': [
    'unsupported_grant_type',
    400,
    (about) => `The app requested an unsupported grant type '${about}'.`,
  ],
  '500011': [
    'invalid_resource',
    400,
    (about) =>
      `The resource principal named ${about} was not found in the tenant named Contoso. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  ],
  '700016': [
    'unauthorized_client',
    400,
    (about) =>
      `Application with identifier '${about}' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  ],
  '700021': [
    'invalid_client',
    401,
    () => "Client assertion application identifier doesn't match 'client_id' parameter.",
  ],
  '700023': [
    'invalid_client',
    401,
    () => 'Client assertion audience claim does not match Realm issuer.',
  ],
  '700024': ['invalid_client', 401, () => 'Client assertion is not within its valid time range.'],
  '700027': [
    'invalid_client',
    401,
    (about) =>
      `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - ${about}]`,
  ],
  '900144': [
    'invalid_request',
    400,
    (about) => `The request body must contain the following parameter: '${about}'.`,
  ],
  '90002': [
    'invalid_request',
    400,
    (about) =>
      `Tenant '${about}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  ],
  '1002012': [
    'invalid_scope',
    400,
    (about) =>
      `The provided value for scope ${about} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  ],
  '7000215': [
    'invalid_client',
    401,
    (about) =>
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${about}'.`,
  ],
  '7000218': [
    'invalid_client',
    401,
    () =>
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ],
  '7000222': [
    'invalid_client',
    401,
    (about) =>
      `The provided client secret keys for app '${about}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  ],
} as const satisfies Readonly<Record<string, Row>>

export type TokenCode = keyof typeof rows

/** The body and status of a refusal. */
export function tokenError({ code, about }: TokenRefusal, nowMs: number) {
  const [error, status, sentence]: Row = rows[code]
  const timestamp = `${new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')}Z`
  const [traceId, correlationId] = [uuid(), uuid()]
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${sentence(about)} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [Number(code)],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  }
}
