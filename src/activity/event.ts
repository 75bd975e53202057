/** What kinds of things happen; part of the public surface, filtered by `?type=`. */
export const eventTypes = [
  'sign_in',
  'sign_in.unsolicited',
  'logout',
  'session.revoked',
  'recovery.used',
  'organization.created',
  'organization.updated',
  'organization.deleted',
  'domain.added',
  'domain.verified',
  'domain.removed',
  'connection.created',
  'connection.updated',
  'connection.deleted',
  'connection.keys_rotated',
  'connection.tester_added',
  'connection.tester_removed',
  'certificate.expiring',
  'user.created',
  'user.adopted',
  'user.revived',
  'user.updated',
  'user.deactivated',
  'user.reactivated',
  'user.erased',
  'user.blocked',
  'user.unblocked',
  'user.retired',
  'user.merge_refused',
  'user.tombstone_lifted',
  'recovery_link.created',
  'recovery_link.revoked',
  'group.created',
  'group.updated',
  'group.deleted',
  'provisioning.refused',
  'provisioning.warning',
  'scim_token.created',
  'scim_token.updated',
  'scim_token.revoked',
  'scim_token.expiring',
  'scim_client.created',
  'scim_client.updated',
  'scim_client.revoked',
  'scim_client.secret_expiring',
  'oauth.token_refused',
  'attribute.created',
  'attribute.updated',
  'attribute.deleted',
  'mapping.updated',
  'graph.credential_set',
  'graph.credential_removed',
  'graph.credential_expiring',
  'reconcile.started',
  'reconcile.finished',
  'reconcile.failed',
  'reconcile.held',
  'reconcile.released',
  'reconcile.settings_updated',
  'reconcile.drift',
  'drift.accepted',
  'drift.dismissed',
  'metadata.refreshed',
  'metadata.refused',
  'metadata.pending',
  'metadata.approved',
  'metadata.dismissed',
  'certificate.retired',
  'certificate.restored',
  'console.entered',
  'setup_link.created',
  'setup_link.revoked',
  'setup_link.used',
  'setup.step_marked',
  'test_sign_in.created',
  'test_sign_in.finished',
] as const

export type EventType = (typeof eventTypes)[number]

export type Actor =
  | 'operator'
  | 'person'
  | 'stranger'
  | 'identity-provider'
  | 'provisioning'
  | 'reconciliation'
  | 'system'
  /** In the console: an operator by person or by Cloudflare Access, an organization's admin, a setup link; each with an id. */
  | `operator:${string}`
  | `admin:${string}`
  | `setup-link:${string}`

/** Something that happened. Names people by id; personal values belong in `detail`, which is short-lived. */
export type EventInput = {
  readonly type: EventType
  readonly outcome: 'success' | 'refused' | 'warning'
  readonly code?: string
  readonly organizationId?: string
  readonly connectionId?: string
  readonly personId?: string
  readonly actor: Actor
  /** The reference number shown to whoever asked. */
  readonly requestId: string
  readonly facts?: Readonly<Record<string, unknown>>
  readonly detail?: Readonly<Record<string, unknown>>
}
