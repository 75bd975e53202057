import type { SetupFacts } from '../../admin/index.ts'
import type { StepKey } from './guide.ts'
import { type Check, done, marked, msOf, problem, todo, type Verdict, waiting } from './verdict.ts'

/** Codes of sign-ins and tests that failed, and which step they tell about. */
const blame: Readonly<
  Partial<Record<StepKey, readonly (readonly [start: string, said: string])[]>>
> = {
  'saml.addresses': [
    [
      'saml.audience',
      'The last sign-in named another Identifier: copy the Entity ID again, exactly.',
    ],
    [
      'saml.destination',
      'The last sign-in was sent for another address: copy the ACS URL again, exactly.',
    ],
    [
      'saml.subject_confirmation',
      'The last sign-in was made for another address: copy the ACS URL again, exactly.',
    ],
  ],
  'saml.metadata': [
    [
      'saml.issuer',
      'The last sign-in came from another issuer than the metadata names: copy the metadata of this application again.',
    ],
    [
      'saml.tenant_mismatch',
      'The last sign-in came from another tenant: copy the metadata of the right one.',
    ],
  ],
  'saml.certificate': [
    ['xmldsig.algorithm', 'The last sign-in was signed with SHA-1: choose SHA-256.'],
    [
      'xmldsig.',
      'The signature of the last sign-in does not fit the certificate: read the metadata again.',
    ],
    ['saml.certificate_', 'The certificate that signed the last sign-in is not in force.'],
    ['saml.unsigned', 'The last sign-in was not signed: let the assertion be signed.'],
  ],
  'saml.claims': [
    ['saml.name_id', 'The last sign-in had no Name ID that can be used.'],
    ['saml.identity', 'The last sign-in did not say who somebody is.'],
    ['saml.attribute_', 'A claim of the last sign-in is there twice.'],
  ],
}

/** So many refusals in a row count as much as one that the provider signed: anybody can send a few. */
const several = 3

type Failure = { readonly at: string; readonly code: string | null; readonly isTest: boolean }

/** What last went wrong, a test or a sign-in, unless something went well after it. */
function failure(facts: SetupFacts): Failure | null {
  const { last, refusedSince, test } = facts.signIns
  const proved = provedAt(facts)
  const counts = proved === null || last?.isSigned === true || refusedSince >= several
  const found: Failure[] = []
  if (last?.outcome === 'refused' && counts) found.push({ ...last, isTest: false })
  if (test?.status === 'failed') found.push({ ...test, isTest: true })
  const newest = found.sort((a, b) => b.at.localeCompare(a.at))[0]
  return newest === undefined || (proved !== null && proved > newest.at) ? null : newest
}

/** What the last failure says of a step, or null. */
function blamed(key: StepKey, facts: SetupFacts): Verdict | null {
  const last = failure(facts)
  const code = last?.code ?? ''
  const found = blame[key]?.find(([start]) => code.startsWith(start))
  return found === undefined ? null : problem(found[1], last?.at ?? null, code)
}

/** When a sign-in or a test last went well. */
function provedAt({ signIns }: SetupFacts): string | null {
  const moments = [signIns.succeededAt, signIns.testPassedAt].filter((at) => at !== null)
  return moments.sort().at(-1) ?? null
}

/** A step that the first good sign-in proves, and until then somebody's word. */
function provedBySignIn(key: StepKey, proved: string, open: string): Check {
  return (facts) => {
    const wrong = blamed(key, facts)
    if (wrong !== null) return wrong
    const at = provedAt(facts)
    if (at !== null) return done(proved, at)
    const byHand = marked(key, facts, 'Marked as done by hand; the first sign-in will show it.')
    return byHand ?? todo(open)
  }
}

const dayMs = 24 * 60 * 60 * 1000
/** From here on a certificate is worth a word: Entra writes its first mail 60 days before, too. */
const soonMs = 60 * dayMs

/** A test that has not ended. */
function underWay({ status, at }: NonNullable<SetupFacts['signIns']['test']>): Verdict {
  if (status === 'expired') return todo('The link of the last test has expired: make a new one.')
  const said =
    status === 'started' ? 'The tester is at the provider.' : 'The link waits for the tester.'
  return waiting(said, at)
}

/** What each SAML step is judged by. */
export const samlChecks = {
  'saml.application': (facts) =>
    facts.connection !== null
      ? done('The application is there: its metadata was given.', facts.connection.createdAt)
      : (marked('saml.application', facts) ?? todo('Nothing is known of the application yet.')),

  'saml.metadata': (facts) => {
    const { connection } = facts
    if (connection === null) return todo('No connection yet: its metadata makes it.')
    const { metadata, metadataUrl, tenantId } = connection
    if (metadata.failure !== null) {
      return problem(
        'The metadata could not be read the last time.',
        metadata.checkedAt,
        metadata.failure,
      )
    }
    if (tenantId !== null && metadataUrl !== null && !/[?&]appid=/i.test(metadataUrl)) {
      return problem(
        'The address lacks ?appid=…, so it names the keys of the tenant and not those of the application: give the App Federation Metadata Url.',
      )
    }
    if (metadata.pending) {
      return problem(
        'The provider changed its metadata: look at the change and approve or dismiss it.',
        metadata.checkedAt,
      )
    }
    const wrong = blamed('saml.metadata', facts)
    if (wrong !== null) return wrong
    return metadataUrl === null
      ? done(
          'Given by file or by hand: a new certificate has to be brought here.',
          connection.createdAt,
        )
      : done(
          'Metadata read; it is read again every day.',
          metadata.checkedAt ?? connection.createdAt,
        )
  },

  'saml.addresses': (facts) => {
    const wrong = blamed('saml.addresses', facts)
    if (wrong !== null) return wrong
    const at = provedAt(facts)
    if (at !== null) return done('A sign-in arrived where it should.', at)
    const last = failure(facts)
    if (last !== null) return done('A response arrived at the ACS URL.', last.at)
    const byHand = marked(
      'saml.addresses',
      facts,
      'Marked as done by hand; the first sign-in will show it.',
    )
    if (byHand !== null) return byHand
    return todo(
      facts.connection === null
        ? 'The addresses are known once there is a connection.'
        : 'No response has arrived yet.',
    )
  },

  'saml.claims': provedBySignIn(
    'saml.claims',
    'A sign-in said who somebody is.',
    'No sign-in has shown the claims yet.',
  ),

  'saml.certificate': (facts, nowMs) => {
    const certificates = facts.connection?.certificates
    if (certificates === undefined) return todo('The certificate comes with the metadata.')
    if (certificates.trusted === 0)
      return problem(
        'No signing certificate is in force: bring the metadata or the certificate again.',
      )
    const wrong = blamed('saml.certificate', facts)
    if (wrong !== null) return wrong
    const endsMs = msOf(certificates.validUntil)
    const byHand = marked('saml.certificate', facts)
    const at = provedAt(facts)
    if (at === null && byHand === null)
      return todo('A signing certificate is in force; no sign-in has been checked with it yet.')
    return endsMs !== null && endsMs < nowMs + soonMs
      ? done(
          'Signatures are good. The certificate ends soon: make the next one.',
          certificates.validUntil,
        )
      : done(
          at === null
            ? 'Marked as done by hand; the first sign-in will show it.'
            : 'A signature was good.',
          at ?? byHand?.at ?? null,
        )
  },

  'saml.assign': provedBySignIn(
    'saml.assign',
    'Somebody who is assigned has signed in.',
    'Nobody has signed in yet.',
  ),

  'saml.test': (facts) => {
    const { connection, signIns } = facts
    if (connection === null) return todo('There is no connection to test yet.')
    const last = failure(facts)
    const proved = provedAt(facts)
    // Of an active connection somebody is always refused for reasons of their own: that is for the events.
    if (last !== null && (proved === null || connection.status !== 'active')) {
      const said = last.isTest
        ? 'The last test failed: its report says why.'
        : 'The last sign-in was refused.'
      return problem(said, last.at, last.code)
    }
    if (proved !== null) {
      const isTest = proved === signIns.testPassedAt
      return done(isTest ? 'A test sign-in passed.' : 'Somebody has signed in.', proved)
    }
    const { test } = signIns
    return test === null ? todo('No test yet.') : underWay(test)
  },

  'saml.rollout': ({ connection }) => {
    switch (connection?.status) {
      case 'active':
        return done('The connection is active.')
      case 'testing':
        return waiting('In testing: only testers get in.')
      case 'disabled':
        return problem('The connection is switched off.')
      case 'draft':
        return todo('A draft: nobody can sign in yet.')
      case undefined:
        return todo('There is no connection yet.')
    }
  },
} satisfies Partial<Record<StepKey, Check>>
