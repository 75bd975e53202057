import { openDatabase } from '../db/index.ts'
import {
  type Admission,
  admit,
  type DirectoryFailure,
  type LoadedFacts,
  loadAdmissionFacts,
  type Subject,
  tombstoneKeys,
} from '../directory/index.ts'
import { err, ok, type Result } from '../kernel/index.ts'
import type { LoginState } from '../session/index.ts'
import type { NoConnection } from './connection-cache.ts'
import { type Versions, versionsQuery } from './connection-store.ts'
import type { DoorFailure } from './door-errors.ts'
import type { OpenConnection } from './open-connection.ts'
import { receiveResponse } from './receive-response.ts'
import type { AnyResponseFailure } from './response-failure.ts'
import type { SignInAttempt, World } from './sign-in.ts'
import { isTester, readSubject, testerNames } from './subject.ts'
import type { ValidatedAssertion } from './validated-assertion.ts'

/** A response that verified, and what is to be made of it. */
export type Judgement = {
  readonly open: OpenConnection
  readonly assertion: ValidatedAssertion<LoginState>
  readonly subject: Subject
  readonly versions: Versions
  /** `restart`: an unsolicited response that only leads to a sign-in of our own. */
  readonly decision: Result<Decided | 'restart', DirectoryFailure | DoorFailure>
}

export type Decided = {
  readonly admission: Admission
  readonly facts: LoadedFacts
  readonly tombstoneKeys: readonly string[]
}

/** Refused before its signature counted: a stranger's message. */
export type Unverified = {
  readonly open: OpenConnection | null
  readonly failure: AnyResponseFailure | NoConnection
}

/**
 * Failures that depend on what the connection is, so that one changed a moment ago would explain them: the
 * primary is asked before refusing. Nothing else is here, since strangers can have it asked.
 */
export const staleFailures: ReadonlySet<string> = new Set<AnyResponseFailure['code']>([
  'saml.connection_unusable',
  'saml.issuer',
  'saml.unsolicited',
  'saml.decrypt_failed',
  'saml.tenant_mismatch',
  'saml.expired',
  'saml.not_yet_valid',
  'saml.issue_instant',
  'saml.subject_confirmation',
  'saml.authn',
  'saml.identity',
  'saml.name_id',
  'saml.attribute_ambiguous',
  'saml.certificate_expired',
  'saml.certificate_not_yet_valid',
  'xmldsig.signature_invalid',
  'xmldsig.algorithm',
])

function mayBeStale(failure: AnyResponseFailure): boolean {
  // An algorithm that nobody may use is refused whatever the keys are.
  if (failure.code === 'xmldsig.algorithm') return failure.keyMismatch === true
  return staleFailures.has(failure.code)
}

/**
 * Verifies a response and decides about it, with one call to D1 at most where the connection is known.
 * @param consistency `nearest` may rest on old copies, and whatever they cannot settle is `again`
 */
export async function judgeSignIn(
  world: World,
  attempt: SignInAttempt,
  consistency: 'nearest' | 'primary',
): Promise<Result<Judgement, Unverified> | 'again'> {
  const found = await (consistency === 'nearest'
    ? world.connections.get(attempt.connectionId, attempt.network)
    : world.connections.getFresh(attempt.connectionId))
  if (!found.ok) return err({ open: null, failure: found.failure })
  const open = found.value
  const received = await receiveResponse(attempt.posted, {
    connection: open.saml,
    logins: attempt.logins,
    nowMs: attempt.nowMs,
  })
  if (!received.ok) {
    const isStale = consistency === 'nearest' && mayBeStale(received.failure)
    return isStale ? 'again' : err({ open, failure: received.failure })
  }
  return decide(world, attempt, { open, assertion: received.value, consistency })
}

async function decide(
  world: World,
  attempt: SignInAttempt,
  verified: {
    open: OpenConnection
    assertion: ValidatedAssertion<LoginState>
    consistency: 'nearest' | 'primary'
  },
): Promise<Result<Judgement, Unverified> | 'again'> {
  const { open, assertion, consistency } = verified
  const { connection, organization } = open.record
  const subject = readSubject(assertion, open)
  const known: Versions = {
    connection: connection.version,
    organization: organization.version,
    mapping: open.ruleset.version,
    status: connection.status,
  }
  const login = attempt.logins.find((state) => state.requestId === assertion.inResponseTo) ?? null
  const judged = { open, assertion, subject, versions: known, login }
  if (assertion.inResponseTo === null && !connection.acceptUnsolicited) {
    const isLoop = attempt.logins.some(
      (login) => login.afterUnsolicited && login.connectionId === connection.id,
    )
    // The provider answered our own request without saying so: asking again would go round for ever.
    return isLoop
      ? err({ open, failure: { code: 'saml.unsolicited' } })
      : ok({ ...judged, decision: ok('restart') })
  }
  const db = openDatabase(world.deps.d1, consistency)
  const keys = await tombstoneKeys(world.deps.config.keyRing, subject)
  const { facts, others } = await loadAdmissionFacts(
    db,
    { organizationId: organization.id, subject, tombstoneKeys: keys },
    [versionsQuery(db, connection.id)],
  )
  const [versions] = others[0] as readonly Versions[]
  if (versions === undefined || !sameVersions(versions, known)) return 'again'
  if (connection.status === 'testing' && !isTester(assertion, open)) {
    return consistency === 'nearest'
      ? 'again'
      : ok({
          ...judged,
          decision: err({
            code: 'saml.being_tested',
            tried: testerNames(assertion),
            ...(facts.bound === null ? {} : { personId: facts.bound.id }),
          }),
        })
  }
  const admitted = admit(subject, { ...facts, firstLogin: organization.firstLogin })
  // What a copy does not know may be at the primary: ask there before refusing.
  if (!admitted.ok && consistency === 'nearest') return 'again'
  const decision = admitted.ok
    ? ok({ admission: admitted.value, facts, tombstoneKeys: keys })
    : admitted
  return ok({ ...judged, decision })
}

function sameVersions(a: Versions, b: Versions): boolean {
  const names = ['connection', 'organization', 'mapping', 'status'] as const
  return names.every((name) => a[name] === b[name])
}
