import type { ResponseWarning } from './certificate-dates.ts'
import type { Claims } from './claims.ts'
import type { Identity } from './identity.ts'
import type { NameId } from './read-assertion.ts'
import type { PendingLogin } from './request-binding.ts'
import type { AnyResponseFailure } from './response-failure.ts'

/**
 * An assertion that passed every check and was not used yet. Using it up, together with the request it
 * answers, is the caller's one atomic write; until then it means nothing (rows P11, P12).
 */
export type ValidatedAssertion<Login extends PendingLogin = PendingLogin> = {
  readonly identity: Identity
  readonly nameId: NameId | null
  readonly claims: Claims
  readonly authnInstantMs: number
  readonly authnContextClass: string | null
  readonly sessionIndex: string | null
  /** When the provider wants the session to end; Entra never says. */
  readonly sessionNotOnOrAfterMs: number | null
  readonly assertionId: string
  /** For the log: in an unsigned Response anybody could have written it. */
  readonly responseId: string
  /** Until when a copy would pass the checks again, skew included: how long its id must be remembered. */
  readonly replayableUntilMs: number
  /** The sign-in of this browser that is answered; null for an unsolicited response. */
  readonly login: Login | null
  readonly inResponseTo: string | null
  readonly unsolicited: boolean
  /** As it came, from whoever brought the message. */
  readonly relayState: string | null
  /** Fingerprints of the certificates that signed, that of the assertion itself first. */
  readonly keyIds: readonly string[]
  readonly warnings: readonly ResponseWarning[]
}

/** What a refused response is about, as far as a pinned key answers for it. */
export type Signed = {
  readonly keyId: string
  readonly assertionId: string | null
  readonly nameId: string | null
}

/** A failure, and of what; `signed` is null when all of it is a stranger's word. */
export type ResponseRefusal = AnyResponseFailure & { readonly signed: Signed | null }
