import type { ErrorEntry } from '../kernel/index.ts'

/** Why a setting or a run is refused. */
export type ReconcileFailure =
  | { readonly code: 'reconcile.settings_invalid'; readonly field: string; readonly detail: string }
  /** A page or a list did not come to its end. */
  | { readonly code: 'reconcile.read_incomplete'; readonly what: string }
  /** The list of assignments is empty where people were assigned. */
  | { readonly code: 'reconcile.nobody_assigned'; readonly assignedBefore: number }
  | { readonly code: 'reconcile.no_credential' }
  /** An admin ended the run. */
  | { readonly code: 'reconcile.cancelled' }
  /** Several invocations died at the same place, or others changed the same people all the time. */
  | { readonly code: 'reconcile.no_progress'; readonly detail: string }
  | { readonly code: 'reconcile.run_unfinished' }
  | { readonly code: 'reconcile.run_not_held' }
  | { readonly code: 'reconcile.run_over' }
  | { readonly code: 'reconcile.drift_decided' }
  | { readonly code: 'reconcile.drift_not_repairable' }

export const reconcileErrors = {
  'reconcile.settings_invalid': {
    status: 400,
    tell: 'bad-request',
    log: 'info',
    means: 'A setting of reconciliation has a value that it cannot have.',
    fix: 'Correct the field that the answer names; it says what may stand there.',
  },
  'reconcile.read_incomplete': {
    status: 502,
    tell: 'unavailable',
    log: 'warn',
    means:
      'Microsoft Graph was not read to the end, so nothing was concluded from what is missing.',
    fix: 'Nothing to do: the next run reads again. If it goes on, check the permissions of the Graph credential.',
  },
  'reconcile.nobody_assigned': {
    status: 502,
    tell: 'unavailable',
    log: 'warn',
    means:
      'Microsoft Graph says that nobody is assigned to the application, where people were before.',
    fix: 'Check in Entra that the application id of the Graph credential is the one people are assigned to; if everybody was unassigned on purpose, remove the users in Portico.',
    entra: 'Enterprise applications > your app > Users and groups: see who is assigned.',
  },
  'reconcile.no_credential': {
    status: 409,
    tell: 'bad-request',
    log: 'info',
    means:
      'No credential for Microsoft Graph is stored for the connection, so nothing can be read.',
    fix: 'Set one with PUT /api/v1/organizations/{org}/graph, then start a run.',
  },
  'reconcile.cancelled': {
    status: 409,
    tell: 'bad-request',
    log: 'info',
    means: 'An admin ended the run before it was done; what it had written stands.',
    fix: 'Start another run when it is wanted: it finds what is left.',
  },
  'reconcile.no_progress': {
    status: 500,
    tell: 'internal',
    log: 'error',
    means: 'The run was interrupted several times at the same place.',
    fix: 'Look for the reason in the log of the Worker, then start another run.',
  },
  'reconcile.run_unfinished': {
    status: 409,
    tell: 'conflict',
    log: 'info',
    means: 'The connection has a run that is not over yet.',
    fix: 'Wait for it, release it if the brake holds it, or end it with POST …/cancel.',
  },
  'reconcile.run_not_held': {
    status: 409,
    tell: 'conflict',
    log: 'info',
    means: 'The run does not wait for a release.',
    fix: 'Look at its status: only a run that the brake holds can be released.',
  },
  'reconcile.run_over': {
    status: 409,
    tell: 'conflict',
    log: 'info',
    means: 'The run is over, so it cannot be ended.',
    fix: 'Nothing to do.',
  },
  'reconcile.drift_decided': {
    status: 409,
    tell: 'conflict',
    log: 'info',
    means:
      'The difference does not wait for a decision: it was decided, repaired, or found by a dry run.',
    fix: 'Look at its state; start a run to find what differs now.',
  },
  'reconcile.drift_not_repairable': {
    status: 409,
    tell: 'conflict',
    log: 'info',
    means:
      'Nothing can be repaired here: somebody has to act elsewhere, or the run that plans it is held.',
    fix: 'Do what the rule of the difference says, or dismiss it; release the run that the brake holds.',
  },
} satisfies Record<string, ErrorEntry>
