import type { Deps } from '../http/index.ts'
import type { OrdinaryLogin } from '../session/index.ts'
import type { ConnectionCache } from './connection-cache.ts'
import type { PostedResponse } from './response-form.ts'

/** What finishing a sign-in works with. */
export type World = { readonly deps: Deps; readonly connections: ConnectionCache }

/** One response posted at an ACS. */
export type SignInAttempt = {
  /** From the path: fixes issuer, keys and audience before a byte is parsed. */
  readonly connectionId: string
  readonly posted: PostedResponse
  /** The sign-ins that this browser started: no test sign-in, whose answer must not become a session. */
  readonly logins: readonly OrdinaryLogin[]
  readonly requestId: string
  /** Whom the request is counted for. */
  readonly network: string
  readonly nowMs: number
  readonly userAgent: string | null
}
