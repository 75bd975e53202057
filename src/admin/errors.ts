import type { ErrorEntry } from '../kernel/index.ts'
import { type ConnectionApiFailure, connectionErrors } from './connection-errors.ts'
import { type PermissionFailure, permissionErrors } from './permission-errors.ts'

/** Failures of the Admin API itself; what a domain refuses keeps the domain's own code. */
export type AdminFailure =
  | ConnectionApiFailure
  | PermissionFailure
  | { readonly code: 'admin.unauthorized' }
  | { readonly code: 'admin.invalid_request' }
  | { readonly code: 'admin.malformed_json' }
  | { readonly code: 'admin.body_too_large' }
  | { readonly code: 'admin.unsupported_media_type' }
  | { readonly code: 'admin.idempotency_conflict' }
  | { readonly code: 'admin.organization_not_found' }
  | { readonly code: 'admin.domain_not_found' }
  | { readonly code: 'admin.session_not_found' }
  | { readonly code: 'admin.tombstone_not_found' }
  | { readonly code: 'admin.recovery_link_not_found' }
  | { readonly code: 'admin.recovery_link_used' }
  | { readonly code: 'admin.scim_token_not_found' }
  | { readonly code: 'admin.scim_client_not_found' }
  | { readonly code: 'admin.scim_secret_not_found' }
  | { readonly code: 'admin.scim_client_federated' }
  | { readonly code: 'admin.graph_credential_not_found' }
  | { readonly code: 'admin.event_not_found' }
  | { readonly code: 'admin.run_not_found' }
  | { readonly code: 'admin.drift_not_found' }
  | { readonly code: 'admin.attribute_not_found' }
  | { readonly code: 'admin.attribute_taken' }
  | { readonly code: 'admin.attribute_read_only' }
  | { readonly code: 'admin.mapping_changed' }
  | { readonly code: 'admin.slug_taken' }
  | { readonly code: 'admin.domain_taken' }
  | { readonly code: 'admin.domain_not_proved' }
  | { readonly code: 'admin.dns_unavailable' }
  | { readonly code: 'admin.user_inactive' }
  | { readonly code: 'admin.limit_reached' }
  | { readonly code: 'admin.write_conflict' }
  | { readonly code: 'admin.changed_since' }

const told = { tell: 'bad-request', log: 'info' } as const
const missing = { status: 404, tell: 'not-found', log: 'info' } as const

export const adminErrors = {
  ...connectionErrors,
  ...permissionErrors,
  'admin.unauthorized': {
    status: 401,
    tell: 'unauthorized',
    log: 'warn',
    means: 'The admin key is missing or wrong.',
    fix: 'Send the header Authorization: Bearer <ADMIN_KEY>.',
    spec: 'RFC 6750 3',
  },
  'admin.invalid_request': {
    ...told,
    status: 400,
    means: 'The request does not have the documented form; nothing was changed.',
    fix: 'Correct the fields that errors names; GET /api/v1/openapi.json describes all of them.',
  },
  'admin.malformed_json': {
    ...told,
    status: 400,
    means: 'The body is not JSON in UTF-8.',
    fix: 'Send one JSON object.',
    spec: 'RFC 8259',
  },
  'admin.body_too_large': {
    ...told,
    status: 413,
    means: 'The body is larger than any request of this API.',
    fix: 'Send metadata of one application, which is below 1 MiB, and nothing beside it.',
  },
  'admin.unsupported_media_type': {
    ...told,
    status: 415,
    means: 'The body is of another type than JSON.',
    fix: 'Send the header Content-Type: application/json.',
  },
  'admin.idempotency_conflict': {
    ...told,
    status: 409,
    means: 'The Idempotency-Key was used for another request.',
    fix: 'Use a new key for a new request, and the same key only to repeat one unchanged.',
  },
  'admin.organization_not_found': {
    ...missing,
    means: 'There is no organization with this id or slug.',
    fix: 'Use an id or slug that GET /api/v1/organizations lists.',
  },
  'admin.domain_not_found': {
    ...missing,
    means: 'The organization has not claimed this domain.',
    fix: 'Add it with POST /api/v1/organizations/{org}/domains.',
  },
  'admin.session_not_found': {
    ...missing,
    means: 'The organization has no session with this id; perhaps it has ended already.',
    fix: 'Use an id that GET …/users/{user}/sessions lists.',
  },
  'admin.tombstone_not_found': {
    ...missing,
    means: 'No tombstone of this user is in force.',
    fix: 'Use a user that GET /api/v1/organizations/{org}/tombstones lists.',
  },
  'admin.recovery_link_not_found': {
    ...missing,
    means: 'The organization has no recovery link with this id; perhaps it was revoked already.',
    fix: 'Use an id that GET /api/v1/organizations/{org}/recovery-links lists.',
  },
  'admin.recovery_link_used': {
    ...told,
    status: 409,
    means: 'The link was used before it could be revoked: it signed the user in.',
    fix: 'End the session that it gave: DELETE /api/v1/organizations/{org}/users/{user}/sessions.',
  },
  'admin.scim_token_not_found': {
    ...missing,
    means: 'The organization has no SCIM token with this id; perhaps it was revoked already.',
    fix: 'Use an id that GET /api/v1/organizations/{org}/scim-tokens lists.',
  },
  'admin.scim_client_not_found': {
    ...missing,
    means: 'The organization has no SCIM client with this id.',
    fix: 'Use an id that GET /api/v1/organizations/{org}/scim-clients lists.',
  },
  'admin.scim_secret_not_found': {
    ...missing,
    means: 'The SCIM client has no secret with this id; perhaps it was deleted already.',
    fix: 'Use an id that the client shows under secrets.',
  },
  'admin.scim_client_federated': {
    ...told,
    status: 409,
    means: 'The SCIM client proves itself by a federated assertion, so it has no secrets.',
    fix: 'Create another client without federation, if it is to have a secret.',
  },
  'admin.graph_credential_not_found': {
    ...missing,
    means: 'No credential for Microsoft Graph is stored for this connection.',
    fix: 'Set one with PUT /api/v1/organizations/{org}/graph.',
  },
  'admin.attribute_not_found': {
    ...missing,
    means: 'The organization has no attribute with this key.',
    fix: 'Use a key that GET /api/v1/organizations/{org}/attributes lists.',
  },
  'admin.attribute_taken': {
    ...told,
    status: 409,
    means: 'The organization has an attribute with this key already, perhaps in another case.',
    fix: 'Change it with PATCH, or choose another key.',
  },
  'admin.attribute_read_only': {
    ...told,
    status: 409,
    means: 'The attribute is built in, so its definition is the same for everybody.',
    fix: 'Change where its values come from with PUT /api/v1/organizations/{org}/mapping.',
  },
  'admin.event_not_found': {
    ...missing,
    means: 'The organization has no event with this id, or it is past its time.',
    fix: 'List them with GET /api/v1/organizations/{org}/events.',
  },
  'admin.run_not_found': {
    ...missing,
    means: 'The organization has no reconciliation run with this id, or it is past its time.',
    fix: 'List them with GET /api/v1/organizations/{org}/reconcile-runs.',
  },
  'admin.drift_not_found': {
    ...missing,
    means: 'The organization has no difference with this id, or it is past its time.',
    fix: 'List them with GET /api/v1/organizations/{org}/drift.',
  },
  'admin.mapping_changed': {
    ...told,
    status: 409,
    means: 'The mapping, an attribute or a claim name was changed since the mapping was read.',
    fix: 'Read it again with GET /api/v1/organizations/{org}/mapping, and make the change there.',
  },
  'admin.slug_taken': {
    ...told,
    status: 409,
    means: 'Another organization has this slug.',
    fix: 'Choose another slug.',
  },
  'admin.domain_taken': {
    ...told,
    status: 409,
    means: 'Another organization has proved this domain.',
    fix: 'Remove the domain there first, if it is no longer theirs.',
  },
  'admin.domain_not_proved': {
    ...told,
    status: 422,
    means: 'The DNS record that proves the domain was not found.',
    fix: 'Set the TXT record that errors names, wait until it is published, and verify again.',
  },
  'admin.dns_unavailable': {
    status: 502,
    tell: 'unavailable',
    log: 'warn',
    means: 'The DNS service did not give a usable answer.',
    fix: 'Try again in a moment; if it stays, check DOH_URL.',
    spec: 'RFC 8484',
  },
  'admin.user_inactive': {
    ...told,
    status: 409,
    means: 'The user is blocked, denied by a source or retired, so no way in is given to them.',
    fix: 'Look at deniedBy of the user; lift a manual block, or choose another user.',
  },
  'admin.limit_reached': {
    ...told,
    status: 409,
    means: 'There are as many as there may be.',
    fix: 'Remove one that is no longer needed.',
  },
  'admin.changed_since': {
    ...told,
    status: 409,
    means: 'It was changed since it was shown; nothing was stored.',
    fix: 'Look at what it is now. If the change still fits, send it again with the version of that answer.',
  },
  'admin.write_conflict': {
    ...told,
    status: 409,
    means: 'Others changed the same thing at the same moment, several times in a row.',
    fix: 'Nothing was stored; send the request again.',
  },
} as const satisfies Record<AdminFailure['code'], ErrorEntry>
