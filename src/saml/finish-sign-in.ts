import { type EventInput, eventStatements } from '../activity/index.ts'
import { type Database, type Guard, openDatabase, runBatch, type Statement } from '../db/index.ts'
import { admissionGuard, type DirectoryFailure, planPerson } from '../directory/index.ts'
import { base64UrlEncode } from '../kernel/index.ts'
import {
  createSessionToken,
  insertSession,
  type LoginState,
  type NewSession,
} from '../session/index.ts'
import type { Overage } from './ask-groups.ts'
import type { NoConnection } from './connection-cache.ts'
import { markCertificateUsed } from './connection-store.ts'
import {
  assertionKey,
  type Consumption,
  connectionUnchanged,
  consume,
  consumedQuery,
  isConsumed,
  readConsumption,
  requestKey,
  type Ticket,
} from './consume-store.ts'
import type { DoorFailure } from './door-errors.ts'
import { groupsOf } from './entra-claims.ts'
import { evidenceOf } from './evidence.ts'
import { type Decided, type Judgement, judgeSignIn } from './judge-sign-in.ts'
import type { OpenConnection } from './open-connection.ts'
import type { AnyResponseFailure } from './response-failure.ts'
import type { SignInAttempt, World } from './sign-in.ts'
import { groupsOverage } from './sign-in-notes.ts'
import { statedBy } from './subject.ts'

const hourMs = 60 * 60 * 1000

export type SignInOutcome =
  | {
      readonly kind: 'signed_in'
      readonly open: OpenConnection
      readonly session: NewSession
      readonly personId: string
      /** Null when nobody asked for the response. */
      readonly login: LoginState | null
      /** Whose groups it could not carry; null when it said all there is. */
      readonly overage: Overage | null
    }
  | { readonly kind: 'restart'; readonly open: OpenConnection }
  | {
      readonly kind: 'refused'
      readonly open: OpenConnection | null
      readonly failure: AnyResponseFailure | DoorFailure | DirectoryFailure | NoConnection
      /** Whether the event is written already: a refusal after a valid signature always has one. */
      readonly isRecorded: boolean
    }

/**
 * Finishes a sign-in: verify, decide, and write everything in one batch at the primary. The first look
 * may rest on copies nearby; whatever they cannot settle, or the batch finds changed, is judged once
 * more at the primary, and never a third time.
 */
export async function finishSignIn(world: World, attempt: SignInAttempt): Promise<SignInOutcome> {
  // One nonce for both looks: the second recognizes what the first may have used up.
  const nonce = base64UrlEncode(world.deps.random(16))
  for (const consistency of ['nearest', 'primary'] as const) {
    const judged = await judgeSignIn(world, attempt, consistency)
    if (judged === 'again') continue
    if (!judged.ok) return { kind: 'refused', isRecorded: false, ...judged.failure }
    const outcome = await conclude(world, attempt, { judgement: judged.value, nonce })
    if (outcome !== 'again') return outcome
  }
  return { kind: 'refused', open: null, failure: { code: 'directory.busy' }, isRecorded: false }
}

async function conclude(
  world: World,
  attempt: SignInAttempt,
  { judgement, nonce }: { judgement: Judgement; nonce: string },
): Promise<SignInOutcome | 'again'> {
  const { open, assertion, decision } = judgement
  const ticket: Ticket = {
    keys: [
      assertionKey(open.saml.id, assertion.assertionId),
      ...(assertion.login === null ? [] : [requestKey(open.saml.id, assertion.login.requestId)]),
    ],
    nonce,
    // A repeat must be known for as long as the assertion could be accepted, skew included.
    expiresAtMs: assertion.replayableUntilMs + hourMs,
  }
  const step = { world, attempt, judgement, ticket }
  if (!decision.ok) {
    const result = await writeOnly(step, 'refused', decision.failure)
    return result === 'consumed'
      ? { kind: 'refused', open, failure: decision.failure, isRecorded: true }
      : notConsumed(judgement, result)
  }
  if (decision.value === 'restart') {
    const result = await writeOnly(step, 'success', null)
    return result === 'consumed' ? { kind: 'restart', open } : notConsumed(judgement, result)
  }
  return admitAndWrite(step, decision.value)
}

function notConsumed(
  { open, assertion }: Judgement,
  result: Exclude<Consumption, 'consumed'>,
): SignInOutcome | 'again' {
  if (result === 'conditions_failed') return 'again'
  const failure = { code: 'saml.replayed' as const, assertionId: assertion.assertionId }
  return { kind: 'refused', open, failure, isRecorded: false }
}

type Step = {
  readonly world: World
  readonly attempt: SignInAttempt
  readonly judgement: Judgement
  readonly ticket: Ticket
}

/** Uses the response up and records what became of it, without letting anybody in. */
async function writeOnly(
  step: Step,
  outcome: 'success' | 'refused',
  failure: DoorFailure | DirectoryFailure | null,
): Promise<Consumption> {
  const { world, attempt, judgement, ticket } = step
  const db = openDatabase(world.deps.d1, 'primary')
  const personId = failure !== null && 'personId' in failure ? { personId: failure.personId } : {}
  const event: EventInput = {
    ...eventBase(step),
    type: judgement.assertion.unsolicited ? 'sign_in.unsolicited' : 'sign_in',
    outcome,
    ...personId,
    ...(failure === null ? {} : { code: failure.code, detail: evidenceOf(failure) }),
  }
  return run(db, step, {
    conditions: [],
    statements: eventStatements(db, event, { nowMs: attempt.nowMs, guard: isConsumed(ticket) }),
  })
}

async function admitAndWrite(step: Step, decided: Decided): Promise<SignInOutcome | 'again'> {
  const { world, attempt, judgement, ticket } = step
  const { open, subject, assertion } = judgement
  const { organization } = open.record
  const { admission } = decided
  const { nowMs } = attempt
  const db = openDatabase(world.deps.d1, 'primary')
  const groupsUnknown = groupsOf(assertion.claims).kind === 'overage'
  const planned = await planPerson({
    organizationId: organization.id,
    subject,
    admission,
    stated: statedBy(assertion, open),
    groupsUnknown,
    views: admission.kind === 'create' ? [] : (decided.facts.views.get(admission.person.id) ?? []),
    ruleset: open.ruleset,
    defaultRole: organization.defaultRole,
    nowMs,
  })
  const session = await createSessionToken(world.deps.random)
  const guard = isConsumed(ticket)
  const row = {
    id: session.id,
    tokenSha256: session.tokenSha256,
    organizationId: organization.id,
    personId: planned.personId,
    connectionId: open.saml.id,
    sessionIndex: assertion.sessionIndex,
    nameId: assertion.nameId?.value ?? null,
    nameIdFormat: assertion.nameId?.format ?? null,
    userAgent: attempt.userAgent,
    authnAt: assertion.authnInstantMs,
    createdAt: nowMs,
    expiresAt: Math.min(
      nowMs + organization.sessionHours * hourMs,
      assertion.sessionNotOnOrAfterMs ?? Number.POSITIVE_INFINITY,
    ),
  }
  const event: EventInput = {
    ...eventBase(step),
    type: 'sign_in',
    outcome: 'success',
    personId: planned.personId,
    actor: 'person',
    ...(groupsUnknown ? { code: groupsOverage } : {}),
    facts: {
      admission: admission.kind,
      changed: planned.changed,
      keys: assertion.keyIds,
      session: session.id,
      unsolicited: assertion.unsolicited,
    },
    detail: { userName: planned.userName },
  }
  const result = await run(db, step, {
    conditions: [
      admissionGuard(
        db,
        { organizationId: organization.id, subject, tombstoneKeys: decided.tombstoneKeys },
        admission,
      ),
    ],
    statements: [
      ...planned.statements(db, guard),
      insertSession(db, row, guard),
      ...eventStatements(db, event, { nowMs, guard }),
      ...keyUsed(db, step, guard),
    ],
  })
  if (result !== 'consumed') return notConsumed(judgement, result)
  const [{ personId }, { objectId }] = [planned, subject]
  const overage =
    groupsUnknown && objectId !== null
      ? { organizationId: organization.id, connectionId: open.saml.id, personId, objectId }
      : null
  return { kind: 'signed_in', open, session, personId, login: assertion.login, overage }
}

/** One batch: use the ticket up under all conditions, do the rest if that worked, and read what came of it. */
async function run(
  db: Database,
  { judgement, ticket }: Step,
  work: { conditions: readonly Guard[]; statements: readonly Statement[] },
): Promise<Consumption> {
  const unchanged = connectionUnchanged(judgement.open.saml.id, judgement.versions)
  const results = await runBatch(db, [
    consume(db, ticket, [unchanged, ...work.conditions]),
    ...work.statements,
    consumedQuery(db, ticket),
  ])
  return readConsumption(ticket, results.at(-1) as { key: string; nonce: string }[])
}

/** Remembers once a day that a certificate still verifies: what retires a vanished one safely. */
function keyUsed(db: Database, { judgement, attempt }: Step, guard: Guard): readonly Statement[] {
  const { assertion, open } = judgement
  const row = open.record.certificates.find((one) => assertion.keyIds.includes(one.sha256))
  if (row === undefined || attempt.nowMs - (row.lastVerifiedAt ?? 0) < 24 * hourMs) return []
  return [markCertificateUsed(db, { row, nowMs: attempt.nowMs, guard })]
}

function eventBase({ judgement, attempt }: Step) {
  return {
    organizationId: judgement.open.record.organization.id,
    connectionId: judgement.open.saml.id,
    actor: 'identity-provider' as const,
    requestId: attempt.requestId,
  }
}
