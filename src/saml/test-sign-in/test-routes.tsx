import { openDatabase } from '../../db/index.ts'
import {
  type AppContext,
  isFromOurPage,
  type Lookup,
  mayKnock,
  readSmallForm,
} from '../../http/index.ts'
import { isId, type Result, sha256Hex } from '../../kernel/index.ts'
import { forgetLogin, type LoginState } from '../../session/index.ts'
import { loadConnection } from '../connection-store.ts'
import { checkTable } from '../explain/check-table.ts'
import type { TestReport } from '../explain/report.ts'
import { openConnection } from '../open-connection.ts'
import type { ConnectionFailure, StatusFailure, TransportFailure } from '../response-failure.ts'
import type { PostedResponse } from '../response-form.ts'
import { startSignIn } from '../start-sign-in.tsx'
import { tellStatus } from '../tell-status.ts'
import { answeredTest, type TestLogin } from './answered-test.ts'
import { finishTest } from './finish-test.ts'
import { StartTestPage, TestEndPage } from './pages.tsx'
import { beginTestSignIn, loadTestAtDoor } from './test-store.ts'

const door = 'test'
const asPage = { audience: 'browser' } as const

function connectionOf(c: AppContext): string {
  return c.req.param('connection') ?? ''
}

/** `GET /saml/{connection}/test`: the page that a tester's link opens. Nothing is asked of the database. */
export function showStart(c: AppContext): Response | Promise<Response> {
  return c.html(<StartTestPage nonce={c.get('nonce')} action={`/saml/${connectionOf(c)}/test`} />)
}

/**
 * `POST /saml/{connection}/test`: begins a test sign-in by its token, once. The connection may be a draft: what this
 * browser brings back can only end the test. It is read beside the cache, which serves ordinary sign-ins.
 */
export async function beginTest(c: AppContext): Promise<Response> {
  const connectionId = connectionOf(c)
  if (!(await mayKnock(c, door, connectionId))) {
    return c.get('fail')({ code: 'http.too_many_requests' }, asPage)
  }
  // A form of a stranger's page would have the person sign in to a test they know nothing of.
  if (!isFromOurPage(c)) return c.get('fail')({ code: 'session.cross_site' }, asPage)
  const { config, d1 } = c.get('deps')
  const db = openDatabase(d1, 'primary')
  const token = (await readSmallForm(c.req.raw)).get('token') ?? ''
  const test = await loadTestAtDoor(db, connectionId, { tokenSha256: await sha256Hex(token) })
  if (test === null) return c.get('fail')({ code: 'saml.test_link_used' }, asPage)
  const record = await loadConnection(db, connectionId, test.organizationId)
  if (record === null) return c.get('fail')({ code: 'saml.connection_not_found' }, asPage)
  if (record.connection.status === 'disabled') {
    const disabled: ConnectionFailure = { code: 'saml.connection_unusable', reason: 'status' }
    return c.get('fail')(disabled, asPage)
  }
  if (!(await beginTestSignIn(db, { testId: test.id, nowMs: c.get('nowMs') }))) {
    return test.status === 'passed' || test.status === 'failed'
      ? c.redirect(endUrl(c, connectionId, test.id), 303)
      : c.get('fail')({ code: 'saml.test_link_used' }, asPage)
  }
  return startSignIn(c, await openConnection(record, config), {
    returnTo: `${config.publicUrl}/`,
    loginHint: null,
    forceAuthn: false,
    testId: test.id,
    byForm: true,
  })
}

/**
 * Takes an answer at the ACS if it ends a test that this browser began.
 * @returns the way to the test's own page; null for every other answer, which then meets no test
 */
export async function takeTestAnswer(
  c: AppContext,
  answered: {
    readonly connectionId: string
    readonly posted: Result<PostedResponse, TransportFailure>
    readonly logins: readonly LoginState[]
  },
): Promise<Response | null> {
  const { connectionId, posted, logins } = answered
  const login: TestLogin | null = answeredTest(
    connectionId,
    posted.ok ? posted.value.message : null,
    logins,
  )
  if (login === null) return null
  const { deps, requestId, nowMs } = c.var
  await finishTest(deps, { login, posted, requestId, nowMs })
  c.header('Set-Cookie', forgetLogin(login), { append: true })
  return c.redirect(endUrl(c, connectionId, login.testId), 303)
}

function endUrl(c: AppContext, connectionId: string, testId: string): string {
  return `${c.get('deps').config.publicUrl}/saml/${connectionId}/test/${testId}`
}

/**
 * `GET /saml/{connection}/test/{test}`: how a test ended. Whoever has the id reads whether it passed, which check
 * failed and the reference; nothing of the response, and nobody's name.
 */
export async function showEnd(c: AppContext): Promise<Response> {
  const connectionId = connectionOf(c)
  const testId = c.req.param('test') ?? ''
  if (!(await mayKnock(c, door, connectionId))) {
    return c.get('fail')({ code: 'http.too_many_requests' }, asPage)
  }
  const db = openDatabase(c.get('deps').d1, 'primary')
  const test = isId('tst', testId) ? await loadTestAtDoor(db, connectionId, { testId }) : null
  if (test === null) return c.get('fail')({ code: 'saml.test_link_used' }, asPage)
  const report = test.report as TestReport | null
  if (report === null) return c.html(<TestEndPage nonce={c.get('nonce')} {...unfinished(testId)} />)
  return c.html(<TestEndPage nonce={c.get('nonce')} {...tellEnd(c, { report, testId })} />)
}

function unfinished(testId: string) {
  return {
    title: 'The test is not finished',
    sentence:
      'Finish signing in at your organization’s sign-in service. If you left it, ask for a new link.',
    hints: [],
    facts: [{ label: 'Test', value: testId }],
  }
}

function tellEnd(c: AppContext, { report, testId }: { report: TestReport; testId: string }) {
  const reference: readonly Lookup[] = [
    { label: 'Reference', value: report.request },
    { label: 'Test', value: testId },
  ]
  if (report.code === null) {
    return {
      title: 'The test passed',
      sentence:
        'Single sign-on works for you. You are not signed in here: this was only a test, and your IT admin sees the report.',
      hints: [],
      facts: reference,
    }
  }
  const failed = report.checks.find(({ state }) => state === 'fail')
  const label = checkTable.find(({ id }) => id === failed?.id)?.label ?? report.code
  const { title, detail } = c.get('explain')({ code: report.code })
  const status = report.lookup === null ? {} : tellStatus(statusOf(report.lookup))
  return {
    title: 'The test failed',
    sentence: `The check “${label}” refused the answer of your organization’s sign-in service. Your IT admin sees the whole report.`,
    hints: [title, ...(status.hints ?? [`For your IT admin: ${detail}`])],
    facts: [
      { label: 'Check', value: label },
      { label: 'Code', value: report.code },
      ...(status.lookups ?? []),
      ...reference,
    ],
  }
}

function statusOf(lookup: NonNullable<TestReport['lookup']>): StatusFailure {
  return { code: 'saml.status', statusCodes: [], message: null, ...lookup }
}
