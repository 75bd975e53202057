import { type EventInput, eventStatements } from '../../activity/index.ts'
import {
  type Database,
  type Guard,
  openDatabase,
  runBatch,
  type Statement,
} from '../../db/index.ts'
import { admissionGuard, planPerson } from '../../directory/index.ts'
import type { Deps } from '../../http/index.ts'
import { type AnyFailure, base64UrlEncode, type Result } from '../../kernel/index.ts'
import { loadConnection } from '../connection-store.ts'
import {
  assertionKey,
  connectionUnchanged,
  consume,
  consumedQuery,
  isConsumed,
  readConsumption,
  requestKey,
  type Ticket,
} from '../consume-store.ts'
import { groupsOf } from '../entra-claims.ts'
import { evidenceOf } from '../evidence.ts'
import type { Check } from '../explain/explain-response.ts'
import type { TestReport } from '../explain/report.ts'
import { type OpenConnection, openConnection } from '../open-connection.ts'
import type { TransportFailure } from '../response-failure.ts'
import type { PostedResponse } from '../response-form.ts'
import { isTester, statedBy } from '../subject.ts'
import type { ValidatedAssertion } from '../validated-assertion.ts'
import type { TestLogin } from './answered-test.ts'
import { judgeBrokenForm, judgeTest, type TestJudgement } from './judge-test.ts'
import { endTestSignIn, loadTestAtDoor, type TestAtDoor, testIsOpen } from './test-store.ts'

const hourMs = 60 * 60 * 1000

type Step = {
  readonly db: Database
  readonly deps: Deps
  readonly open: OpenConnection
  readonly test: TestAtDoor
  readonly judgement: TestJudgement
  readonly requestId: string
  readonly nowMs: number
}

/**
 * Ends a test sign-in with a report, whatever came back: the response is used up as any other, and there is no
 * session. Nobody is made unless that was asked for and an ordinary sign-in would make them now. The primary is
 * asked, beside the cache: a test leaves nothing in it. A test that has its end keeps it.
 */
export async function finishTest(
  deps: Deps,
  answered: {
    readonly login: TestLogin
    readonly posted: Result<PostedResponse, TransportFailure>
    readonly requestId: string
    readonly nowMs: number
  },
): Promise<void> {
  const { login, posted, requestId, nowMs } = answered
  const db = openDatabase(deps.d1, 'primary')
  const test = await loadTestAtDoor(db, login.connectionId, login)
  if (test === null || test.status !== 'started') return
  const record = await loadConnection(db, test.connectionId, test.organizationId)
  if (record === null) return
  const open = await openConnection(record, deps.config)
  const judgement = posted.ok
    ? await judgeTest({ db, deps, open }, { posted: posted.value, login, nowMs })
    : judgeBrokenForm(posted.failure)
  await write({ db, deps, open, test, judgement, requestId, nowMs })
}

async function write(step: Step): Promise<void> {
  const { deps, judgement, open } = step
  const { assertion } = judgement
  if (assertion === null) return writeEnd(step)
  const ticket: Ticket = {
    keys: [
      assertionKey(open.saml.id, assertion.assertionId),
      requestKey(open.saml.id, assertion.login?.requestId ?? ''),
    ],
    nonce: base64UrlEncode(deps.random(16)),
    expiresAtMs: assertion.replayableUntilMs + hourMs,
  }
  const creation = await planCreation(step, assertion)
  const first = await consumeAndEnd(step, { ticket, creation })
  // Somebody changed what the creation rested on: the test ends without it.
  const last =
    first === 'conditions_failed' && creation !== null
      ? await consumeAndEnd(step, { ticket, creation: null })
      : first
  if (last === 'used_by_another') return writeEnd(replayed(step, assertion))
}

/** The first failure stays the one that is told. */
function replayed(step: Step, { assertionId }: ValidatedAssertion): Step {
  const { judgement } = step
  if (judgement.failure !== null) return step
  const failure = { code: 'saml.replayed', assertionId } as const
  const report = { ...judgement.report, code: failure.code }
  return { ...step, judgement: { ...judgement, failure, report } }
}

/** What became of the last check, which only the write can tell. */
function replayCheck({ failure, report, assertion }: TestJudgement): Check {
  const check = { id: 'replay', code: null } as const
  if (failure?.code === 'saml.replayed') {
    return { ...check, state: 'fail', code: failure.code, evidence: evidenceOf(failure) }
  }
  return assertion === null || report.code !== null
    ? { ...check, state: 'not_reached', evidence: {} }
    : { ...check, state: 'pass', evidence: { assertion: assertion.assertionId } }
}

type Creation = {
  readonly personId: string
  readonly conditions: readonly Guard[]
  statements(guard: Guard): readonly Statement[]
}

/** The person whom the first sign-in would make, if that is asked for and would happen now; nobody by a draft. */
async function planCreation(
  { db, judgement, open, test, nowMs }: Step,
  assertion: ValidatedAssertion,
): Promise<Creation | null> {
  const { newcomer } = judgement
  const { connection, organization } = open.record
  const isIn =
    connection.status === 'testing' ? isTester(assertion, open) : connection.status === 'active'
  if (newcomer === null || !test.createPerson || !isIn) return null
  const { subject, admission } = newcomer
  const planned = await planPerson({
    organizationId: organization.id,
    subject,
    admission,
    stated: statedBy(assertion, open),
    groupsUnknown: groupsOf(assertion.claims).kind === 'overage',
    views: [],
    ruleset: open.ruleset,
    defaultRole: organization.defaultRole,
    nowMs,
  })
  const versions = {
    connection: connection.version,
    organization: organization.version,
    mapping: open.ruleset.version,
    status: connection.status,
  }
  return {
    personId: planned.personId,
    conditions: [
      connectionUnchanged(connection.id, versions),
      admissionGuard(db, { organizationId: organization.id, ...newcomer }, admission),
    ],
    statements: (guard) => planned.statements(db, guard),
  }
}

async function consumeAndEnd(
  step: Step,
  { ticket, creation }: { ticket: Ticket; creation: Creation | null },
) {
  const { db, test } = step
  const guard = isConsumed(ticket)
  const results = await runBatch(db, [
    consume(db, ticket, [testIsOpen(test.id), ...(creation?.conditions ?? [])]),
    ...(creation?.statements(guard) ?? []),
    ...endStatements(step, { guard, createdId: creation?.personId ?? null }),
    consumedQuery(db, ticket),
  ])
  return readConsumption(ticket, results.at(-1) as { key: string; nonce: string }[])
}

async function writeEnd(step: Step): Promise<void> {
  const { db, test } = step
  await runBatch(db, endStatements(step, { guard: testIsOpen(test.id), createdId: null }))
}

/** The event and the report, which depend on the same guard. */
function endStatements(
  { db, judgement, open, requestId, test, nowMs }: Step,
  { guard, createdId }: { guard: Guard; createdId: string | null },
): readonly Statement[] {
  const { failure, isSigned } = judgement
  const personId = createdId ?? judgement.personId
  const report: TestReport = {
    ...judgement.report,
    request: requestId,
    checks: [...judgement.report.checks, replayCheck(judgement)],
    created: createdId !== null,
  }
  const isPassed = report.code === null
  return [
    ...eventStatements(
      db,
      finished({ failure, personId, isSigned, requestId, created: report.created }, open, test),
      { nowMs, guard },
    ),
    endTestSignIn(
      db,
      { testId: test.id, status: isPassed ? 'passed' : 'failed', report, personId, nowMs },
      guard,
    ),
  ]
}

function finished(
  told: {
    readonly failure: AnyFailure | null
    readonly personId: string | null
    readonly isSigned: boolean
    readonly requestId: string
    readonly created: boolean
  },
  open: OpenConnection,
  test: TestAtDoor,
): EventInput {
  const { failure, personId, isSigned, requestId, created } = told
  return {
    type: 'test_sign_in.finished',
    outcome: failure === null ? 'success' : 'refused',
    organizationId: open.record.organization.id,
    connectionId: open.record.connection.id,
    actor: isSigned ? 'identity-provider' : 'stranger',
    requestId,
    ...(personId === null ? {} : { personId }),
    facts: { test: test.id, created },
    ...(failure === null ? {} : { code: failure.code, detail: evidenceOf(failure) }),
  }
}
