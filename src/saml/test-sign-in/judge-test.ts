import type { Database } from '../../db/index.ts'
import {
  type Admission,
  admit,
  type LoadedFacts,
  loadAdmissionFacts,
  type Subject,
  tombstoneKeys,
} from '../../directory/index.ts'
import type { Deps } from '../../http/index.ts'
import type { AnyFailure } from '../../kernel/index.ts'
import { loadProvisioned } from '../../session/index.ts'
import type { SamlConnection } from '../connection.ts'
import type { JudgedFailure } from '../explain/check-row.ts'
import {
  type Check,
  type Explained,
  explainResponse,
  explainTransport,
} from '../explain/explain-response.ts'
import { foresee, personChecks } from '../explain/foresee.ts'
import { type Foreseen, showClaims, showNameId, type TestReport } from '../explain/report.ts'
import type { OpenConnection } from '../open-connection.ts'
import type { StatusFailure, TransportFailure } from '../response-failure.ts'
import type { PostedResponse } from '../response-form.ts'
import { readSubject } from '../subject.ts'
import type { ValidatedAssertion } from '../validated-assertion.ts'
import type { TestLogin } from './answered-test.ts'

/** Somebody whom an ordinary sign-in would make now. */
export type Newcomer = {
  readonly subject: Subject
  readonly admission: Extract<Admission, { kind: 'create' }>
  readonly tombstoneKeys: readonly string[]
}

/** What a test's answer comes to. Nothing is written, and nobody is let in. */
export type TestJudgement = {
  /** Null unless the response passed the whole pipeline. */
  readonly assertion: ValidatedAssertion<TestLogin> | null
  /** Whether a pinned key answers for the message. */
  readonly isSigned: boolean
  readonly failure: AnyFailure | null
  /** Whom it is about, as far as somebody is known. */
  readonly personId: string | null
  readonly newcomer: Newcomer | null
  readonly report: Omit<TestReport, 'request' | 'created'>
}

/** A draft is what tests are for, and an answer that nobody asked for is no answer to one. */
function underTest(saml: SamlConnection): SamlConnection {
  const status = saml.status === 'disabled' ? 'disabled' : 'testing'
  return { ...saml, status, allowIdpInitiated: false }
}

/** Judges a test's answer by the pipeline of every sign-in and by the directory as it is now. */
export async function judgeTest(
  { db, deps, open }: { db: Database; deps: Deps; open: OpenConnection },
  answered: { readonly posted: PostedResponse; readonly login: TestLogin; readonly nowMs: number },
): Promise<TestJudgement> {
  const { posted, login, nowMs } = answered
  const context = { connection: underTest(open.saml), logins: [login], nowMs }
  const explained = await explainResponse(posted, context)
  const { verdict } = explained
  if (!verdict.ok) {
    const { signed, ...failure } = verdict.failure
    return refused(failure as JudgedFailure, { explained, isSigned: signed !== null })
  }
  const assertion = verdict.value
  const subject = readSubject(assertion, open)
  const { organization } = open.record
  const keys = await tombstoneKeys(deps.config.keyRing, subject)
  const asked = { organizationId: organization.id, subject, tombstoneKeys: keys }
  const { facts } = await loadAdmissionFacts(db, asked, [])
  const admitted = admit(subject, { ...facts, firstLogin: organization.firstLogin })
  const personId = admitted.ok ? personOf(admitted.value) : failedPerson(admitted.failure)
  const judged = {
    open,
    assertion,
    admitted,
    nowMs,
    views: viewsOf(personId, facts),
    provisioned:
      personId === null
        ? null
        : ((await loadProvisioned(db, organization.id, [personId])).get(personId) ?? null),
  }
  const isNew = admitted.ok && admitted.value.kind === 'create'
  return {
    assertion,
    isSigned: true,
    failure: admitted.ok ? null : admitted.failure,
    personId,
    newcomer: isNew
      ? { subject, admission: admitted.value as Newcomer['admission'], tombstoneKeys: keys }
      : null,
    report: reportOf(explained, {
      code: admitted.ok ? null : admitted.failure.code,
      further: personChecks(judged),
      foreseen: foresee(judged),
    }),
  }
}

/** What a test comes to whose answer did not arrive in its form. */
export function judgeBrokenForm(failure: TransportFailure): TestJudgement {
  return refused(failure, { explained: null, isSigned: false })
}

function personOf(admission: Admission): string | null {
  return admission.kind === 'create' ? null : admission.person.id
}

function failedPerson(failure: AnyFailure): string | null {
  return 'personId' in failure && typeof failure.personId === 'string' ? failure.personId : null
}

function viewsOf(personId: string | null, facts: LoadedFacts) {
  return personId === null ? [] : (facts.views.get(personId) ?? [])
}

function refused(
  failure: JudgedFailure,
  { explained, isSigned }: { explained: Explained<TestLogin> | null; isSigned: boolean },
): TestJudgement {
  return {
    assertion: null,
    isSigned,
    failure,
    personId: null,
    newcomer: null,
    report: {
      ...reportOf(explained, { code: failure.code, further: unreachedPerson, foreseen: null }),
      ...(explained === null ? { checks: [...explainTransport(failure), ...unreachedPerson] } : {}),
      lookup: failure.code === 'saml.status' ? lookupOf(failure) : null,
    },
  }
}

function lookupOf({ aadsts, correlationId, traceId }: StatusFailure): TestReport['lookup'] {
  return { aadsts, correlationId, traceId }
}

const unreachedPerson: readonly Check[] = (
  ['tester', 'person', 'active', 'first_login'] as const
).map((id) => ({ id, state: 'not_reached', code: null, evidence: {} }))

function reportOf(
  explained: Explained<TestLogin> | null,
  more: { code: string | null; further: readonly Check[]; foreseen: Foreseen | null },
): TestJudgement['report'] {
  return {
    code: more.code,
    checks: [...(explained?.checks ?? []), ...more.further],
    lookup: null,
    // Only what a pinned key signed is called a claim.
    nameId: showNameId(explained?.seen.assertion?.nameId ?? null),
    claims: showClaims(explained?.seen.claims ?? null),
    foreseen: more.foreseen,
  }
}
