import type { Guard, Statement } from '../db/index.ts'

/** What happened to a person through provisioning, for the caller's event. */
export type UserEvent = {
  readonly type:
    | 'user.created'
    | 'user.adopted'
    | 'user.revived'
    | 'user.updated'
    | 'user.deactivated'
    | 'user.reactivated'
    | 'user.erased'
  readonly personId: string
  /** Names of the attributes that the request sent. */
  readonly sent: readonly string[]
  /** Names of the attributes that are different now. Names are not personal. */
  readonly changed: readonly string[]
  /** What was stated, by name: personal, so only for the event's short-lived detail where values are kept. */
  readonly values: Readonly<Record<string, readonly string[]>>
}

/**
 * What else belongs into the batch of a change, under the guard that the change takes place: the directory
 * knows neither sessions nor the event log.
 */
export type UserConsequences = {
  /** The event. */
  events(event: UserEvent, guard: Guard): readonly Statement[]
  /** What ends with the right to sign in: the person's sessions. */
  onDenied(personId: string, guard: Guard): readonly Statement[]
  /** What else holds personal values of somebody who is erased: the details of earlier events. */
  onErased(personId: string, guard: Guard): readonly Statement[]
}
