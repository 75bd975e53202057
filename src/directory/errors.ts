import type { ErrorEntry } from '../kernel/index.ts'

/** Why a name that a sign-in claims cannot be given to it; each has its own remedy. */
export type ConflictReason =
  | 'guest'
  | 'other_claim'
  | 'bound_to_another_object_id'
  | 'external_id_is_another_object_id'
  | 'made_by_sign_in'
  | 'other_connection'
  | 'inactive'
  | 'two_people_match'

export type DirectoryFailure =
  | {
      readonly code: 'directory.identity_conflict'
      readonly userName: string
      readonly reason: ConflictReason
      readonly personId: string
    }
  | { readonly code: 'directory.not_provisioned'; readonly userName: string }
  | {
      readonly code: 'directory.person_inactive'
      readonly personId: string
      readonly deniedBy: readonly string[]
    }
  | { readonly code: 'directory.person_erased'; readonly personId: string }
  | { readonly code: 'directory.user_name_missing' }
  | { readonly code: 'directory.busy' }
  | { readonly code: 'directory.user_not_found'; readonly user: string }
  | { readonly code: 'directory.user_retired'; readonly user: string }
  | { readonly code: 'directory.merge_refused'; readonly user: string }
  | { readonly code: 'directory.resource_not_found'; readonly user: string }
  | {
      readonly code:
        | 'directory.user_name_taken'
        | 'directory.object_id_taken'
        | 'directory.object_id_fixed'
        | 'directory.provisioned_already'
      /** Who stands in the way. */
      readonly personId: string
      /** What happened and what to do, for the admin who reads it in Entra's provisioning log. */
      readonly detail: string
    }
  | { readonly code: 'directory.group_not_found'; readonly group: string }
  | { readonly code: 'directory.group_name_taken'; readonly displayName: string }

export const directoryErrors = {
  'directory.identity_conflict': {
    status: 403,
    tell: 'conflict',
    log: 'warn',
    means: 'The sign-in claims a userName that belongs to a person it is not bound to.',
    fix: 'If the name was given to a new person, retire the old person in Portico and restart provisioning in Entra; otherwise check the NameID and UPN claims of the application.',
    entra:
      'Enterprise applications > your app > Provisioning > Edit attribute mappings > Users: map objectId to externalId, then Restart provisioning.',
  },
  'directory.not_provisioned': {
    status: 403,
    tell: 'not-permitted',
    log: 'info',
    means: 'Nobody by this name exists, and first-login creation is off for the organization.',
    fix: 'Assign the person to the application so that provisioning creates them, or turn on first-login creation for the organization.',
    entra:
      'Enterprise applications > your app > Users and groups: assign the person or one of their groups; then Enterprise applications > your app > Provisioning > Provision on demand.',
  },
  'directory.person_inactive': {
    status: 403,
    tell: 'not-permitted',
    log: 'warn',
    means: 'The person is known but denied by at least one source, or retired.',
    fix: 'Look at who denies: SCIM (assignment or account in Entra), Graph, or a manual block that an operator can lift.',
    entra:
      'Enterprise applications > your app > Users and groups: see whether the person is still assigned, and Users > the person: whether the account is enabled; then Enterprise applications > your app > Provisioning > Provision on demand.',
  },
  'directory.person_erased': {
    status: 403,
    tell: 'not-permitted',
    log: 'warn',
    means: 'The person was erased, and a first sign-in does not create over that.',
    fix: 'Let provisioning create the person again in Entra, or have an operator lift the tombstone.',
    entra:
      'Enterprise applications > your app > Provisioning > Provision on demand: the person, so that provisioning creates them again.',
  },
  'directory.user_name_missing': {
    status: 403,
    tell: 'sign-in-failed',
    log: 'warn',
    means:
      'The assertion carries neither a user principal name claim nor a NameID to name the person by.',
    fix: 'In Entra under Attributes & Claims, set Unique User Identifier to user.userprincipalname.',
    entra:
      'Enterprise applications > your app > Single sign-on > Attributes & Claims > Unique User Identifier (Name ID): user.userprincipalname.',
  },
  'directory.busy': {
    status: 503,
    tell: 'unavailable',
    log: 'warn',
    means: 'The person or the connection changed twice while the sign-in was being judged.',
    fix: 'Nothing was stored; signing in again is safe.',
  },
  'directory.user_not_found': {
    status: 404,
    tell: 'not-found',
    log: 'info',
    means: 'The organization has no user with this id.',
    fix: 'Use an id that GET /api/v1/organizations/{org}/users lists.',
  },
  'directory.user_retired': {
    status: 409,
    tell: 'bad-request',
    log: 'info',
    means: 'The user is retired, which is for good.',
    fix: 'The successor is another user; find them by userName.',
  },
  'directory.merge_refused': {
    status: 409,
    tell: 'bad-request',
    log: 'info',
    means:
      'Two people are never merged: their object ids differ, so one would get the access of the other.',
    fix: 'Retire the person who is no longer real; the other keeps their own id.',
  },
  'directory.resource_not_found': {
    status: 404,
    tell: 'not-found',
    log: 'info',
    means:
      'The connection of the SCIM credential has no user with this id, or the user is retired.',
    fix: 'Restart provisioning in Entra, so that it matches users again and makes those who are missing.',
    entra:
      'Enterprise applications > your app > Provisioning > Restart provisioning: Entra forgets the ids it remembers and matches everybody anew.',
  },
  'directory.user_name_taken': {
    status: 409,
    tell: 'bad-request',
    log: 'info',
    scimType: 'uniqueness',
    means: 'The userName belongs to another user of the organization.',
    fix: 'If it was given to somebody new, retire the old user in Portico and restart provisioning in Entra.',
    entra:
      'Enterprise applications > your app > Provisioning > Edit attribute mappings > Users: userName must come from a unique attribute such as userPrincipalName; then Restart provisioning.',
  },
  'directory.object_id_taken': {
    status: 409,
    tell: 'bad-request',
    log: 'info',
    scimType: 'uniqueness',
    means: 'The object id in externalId is that of another user of the organization.',
    fix: 'Restart provisioning in Entra, so that the existing user is matched and changed.',
    entra:
      'Enterprise applications > your app > Provisioning > Restart provisioning, so that Entra matches the user who is there.',
  },
  'directory.object_id_fixed': {
    status: 409,
    tell: 'bad-request',
    log: 'warn',
    scimType: 'mutability',
    means: 'The user is bound to an object id, and externalId names another one.',
    fix: 'If the userName was given to somebody new, retire the user in Portico and restart provisioning in Entra; otherwise map externalId to objectId and leave it so.',
    entra:
      'Enterprise applications > your app > Provisioning > Edit attribute mappings > Users: the source of externalId must be objectId, applied always.',
  },
  'directory.provisioned_already': {
    status: 409,
    tell: 'bad-request',
    log: 'info',
    scimType: 'uniqueness',
    means: 'The user that provisioning wants to create is provisioned already, active or not.',
    fix: 'In Entra, match users by userName and restart provisioning, so that the existing user is changed.',
    entra:
      'Enterprise applications > your app > Provisioning > Edit attribute mappings > Users > userName: match objects using this attribute, precedence 1; then Restart provisioning.',
  },
  'directory.group_not_found': {
    status: 404,
    tell: 'not-found',
    log: 'info',
    means: 'The organization, or the connection of the SCIM credential, has no group with this id.',
    fix: 'Use an id that GET /api/v1/organizations/{org}/groups lists; if Entra keeps asking for it, restart provisioning so that it matches groups again.',
    entra:
      'Enterprise applications > your app > Provisioning > Restart provisioning, so that Entra matches groups anew.',
  },
  'directory.group_name_taken': {
    status: 409,
    tell: 'bad-request',
    log: 'info',
    scimType: 'uniqueness',
    means:
      'Another group of the connection has this displayName, by which Entra tells groups apart.',
    fix: 'Let Entra match the existing group by displayName, or rename one of the two groups in Entra.',
    entra:
      'Groups: rename one of the two groups; then Enterprise applications > your app > Provisioning > Provision on demand.',
  },
} as const satisfies Record<DirectoryFailure['code'], ErrorEntry>
