import type { SamlConnection } from './connection.ts'
import type { Assertion } from './read-assertion.ts'
import type { PendingLogin } from './request-binding.ts'
import type { ProtocolFailure } from './response-failure.ts'
import type { ResponseFields } from './response-fields.ts'

/** Everything that a response is judged by: what was signed, what may only refuse, and what is configured. */
export type Facts<Login extends PendingLogin = PendingLogin> = {
  readonly fields: ResponseFields
  readonly assertion: Assertion
  readonly connection: SamlConnection
  /** Sign-ins that this browser has open. */
  readonly logins: readonly Login[]
  readonly nowMs: number
}

/** One judgement: the failure, or null. Pure. */
export type Judge = (facts: Facts) => ProtocolFailure | null
