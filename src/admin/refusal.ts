import type { DirectoryFailure } from '../directory/index.ts'
import { type Err, err, ok, type Result } from '../kernel/index.ts'
import type { ReconcileFailure } from '../reconcile/index.ts'
import type { MetadataFailure, MetadataFetchFailure } from '../saml/index.ts'
import type { AdminFailure } from './errors.ts'

/** One wrong field of a request: its name as sent, dots between levels, and what is wrong with it. */
export type FieldError = { readonly field: string; readonly message: string }

type RefusalCode =
  | AdminFailure['code']
  | DirectoryFailure['code']
  | MetadataFailure['code']
  | MetadataFetchFailure['code']
  | ReconcileFailure['code']

/** An expected "no": a registered code and, where fields are to blame, their names. */
export type Refusal = { readonly code: RefusalCode; readonly errors?: readonly FieldError[] }

/** Refuses with a code. */
export function refuse(code: RefusalCode, ...errors: readonly FieldError[]): Err<Refusal> {
  return err(errors.length === 0 ? { code } : { code, errors })
}

/** Refuses because of the values of fields. */
export function refuseFields(...errors: readonly FieldError[]): Err<Refusal> {
  return refuse('admin.invalid_request', ...errors)
}

/** Refuses a change that was decided by looking at something that is not so any more. */
export function checkShown(shown: number | undefined, now: number): Result<null, Refusal> {
  if (shown === undefined || shown === now) return ok(null)
  return refuse('admin.changed_since', { field: 'version', message: `is ${now} by now` })
}

/** A number of people in words. */
export function countPeople(count: number): string {
  return count === 1 ? '1 person' : `${count} people`
}
