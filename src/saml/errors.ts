import { type MessageFailure, messageErrors } from './message-errors.ts'
import { responseErrors } from './response-errors.ts'
import type { AnyResponseFailure, ResponseFailure } from './response-failure.ts'
import { signInNotes } from './sign-in-notes.ts'

/** Everything that this folder itself finds wrong. */
export type SamlFailure = ResponseFailure | MessageFailure

/** That, and what the readers below it find. */
export type AnySamlFailure = AnyResponseFailure | MessageFailure

export const samlErrors = { ...responseErrors, ...messageErrors, ...signInNotes } as const
