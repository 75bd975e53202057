import type { DirectoryFailure } from '../../directory/index.ts'
import type { DoorFailure } from '../door-errors.ts'
import type { AnyResponseFailure } from '../response-failure.ts'

/** Codes that a response can be refused with, from its form to the person. */
export type JudgedFailure =
  | AnyResponseFailure
  | Extract<DoorFailure, { readonly code: 'saml.being_tested' }>
  | Extract<
      DirectoryFailure,
      {
        readonly code:
          | 'directory.identity_conflict'
          | 'directory.person_erased'
          | 'directory.user_name_missing'
          | 'directory.person_inactive'
          | 'directory.not_provisioned'
      }
    >

export type JudgedCode = JudgedFailure['code']

/** One check. */
export type CheckRow = {
  readonly id: string
  readonly label: string
  /** What is asked, in plain words. */
  readonly asks: string
  readonly spec?: string
  /** What it refuses with. */
  readonly codes: readonly JudgedCode[]
}
