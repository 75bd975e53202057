import type { ErrorEntry } from '../kernel/index.ts'

/** Why a setting or a run is refused. */
export type ReconcileFailure =
  | { readonly code: 'reconcile.settings_invalid'; readonly field: string; readonly detail: string }
  /** A page or a list did not come to its end. */
  | { readonly code: 'reconcile.read_incomplete'; readonly what: string }
  /** The list of assignments is empty where people were assigned. */
  | { readonly code: 'reconcile.nobody_assigned'; readonly assignedBefore: number }

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
  },
} satisfies Record<string, ErrorEntry>
