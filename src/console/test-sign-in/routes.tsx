import type { ListedTestSignIn, TestSignInAnswer, TestSignInDetail } from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import { testWords } from '../checks/words.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { fragment, go, show, showProblem, url } from '../show.tsx'
import { Badge, Card, Empty, Facts, Time } from '../ui/index.ts'
import { LinkPage, type Place, type Tester, TestStatus, TestsPage, type Tried } from './pages.tsx'
import { ReportView } from './report.tsx'

const part = 'saml'

export const testSignInRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/o/{org}/test', part, handle: (request) => showTests(request, {}) },
  {
    method: 'get',
    path: '/o/{org}/test/{connection}',
    part,
    handle: (request) => showTests(request, {}),
  },
  { method: 'post', path: '/o/{org}/test/{connection}', part, handle: makeTest },
  { method: 'post', path: '/o/{org}/test/{connection}/testers', part, handle: addTester },
  { method: 'post', path: '/o/{org}/test/{connection}/testers/remove', part, handle: removeTester },
  { method: 'get', path: '/o/{org}/test/{connection}/{test}', part, handle: showTest },
  { method: 'get', path: '/o/{org}/test/{connection}/{test}/live', part, handle: showStatus },
]

type Listed<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }
type Problems = { readonly testProblem?: Problem; readonly testerProblem?: Problem }

function baseOf(request: ConsoleRequest, connection: string): string {
  return url(request, `/test/${connection}`)
}

async function showTests(request: ConsoleRequest, problems: Problems): Promise<Response> {
  const listed = await request.call<Listed<Tried>>('listConnections', { query: { limit: '50' } })
  if (!listed.ok) return showProblem(request, listed.problem)
  const connections = listed.value.items
  const wanted = request.param('connection') || request.query('connection')
  const connection = connections.find(({ id }) => id === wanted) ?? connections[0]
  if (connection === undefined) return showNothing(request)
  const params = { connection: connection.id }
  const cursor = request.query('cursor')
  const [tests, testers] = await Promise.all([
    request.call<Listed<ListedTestSignIn>>('listTestSignIns', {
      params,
      query: { limit: '20', ...(cursor === '' ? {} : { cursor }) },
    }),
    request.call<Listed<Tester>>('listTesters', { params }),
  ])
  if (!tests.ok) return showProblem(request, tests.problem)
  if (!testers.ok) return showProblem(request, testers.problem)
  const { testProblem = null, testerProblem = null } = problems
  const { nextCursor } = tests.value
  return show(request, {
    title: 'Test sign-in',
    tab: 'test',
    status: (testProblem ?? testerProblem)?.status ?? 200,
    children: (
      <TestsPage
        request={request}
        connection={connection}
        base={baseOf(request, connection.id)}
        connections={connections}
        tests={tests.value.items}
        next={nextCursor === null ? null : `?connection=${connection.id}&cursor=${nextCursor}`}
        testers={testers.value.items}
        mayCreate={request.visitor.principal.kind !== 'setup-link'}
        testProblem={testProblem}
        testerProblem={testerProblem}
      />
    ),
  })
}

function showNothing(request: ConsoleRequest) {
  return show(request, {
    title: 'Test sign-in',
    tab: 'test',
    children: (
      <Empty title="Nothing to test yet">
        <p>First connect the identity provider.</p>
        <p>
          <a class="button" href={url(request, '/setup')}>
            Set up
          </a>
        </p>
      </Empty>
    ),
  })
}

/** The connection of the path, by name; its problem for one that there is not. */
async function placeOf(request: ConsoleRequest) {
  const id = request.param('connection')
  const found = await request.call<Tried>('getConnection', { params: { connection: id } })
  if (!found.ok) return found
  const place: Place = { request, connection: found.value, base: baseOf(request, found.value.id) }
  return { ok: true, value: place } as const
}

async function makeTest(request: ConsoleRequest): Promise<Response> {
  const place = await placeOf(request)
  if (!place.ok) return showProblem(request, place.problem)
  const made = await request.call<TestSignInAnswer>('createTestSignIn', {
    params: { connection: place.value.connection.id },
    body: { createPerson: request.form.has('createPerson') },
  })
  if (!made.ok) return showTests(request, { testProblem: made.problem })
  return show(request, {
    title: `Test ${place.value.connection.name}`,
    tab: 'test',
    children: <LinkPage {...place.value} test={made.value} />,
  })
}

function listUrl(request: ConsoleRequest): string {
  return url(request, `/test?connection=${request.param('connection')}`)
}

function testerOf({ form }: ConsoleRequest): Record<string, string> {
  return { kind: form.text('kind'), value: form.text('value').trim() }
}

async function addTester(request: ConsoleRequest): Promise<Response> {
  const params = { connection: request.param('connection') }
  const added = await request.call('addTester', { params, body: testerOf(request) })
  if (added.ok) return go(request, listUrl(request), 'saved')
  return added.problem.status === 404
    ? showProblem(request, added.problem)
    : showTests(request, { testerProblem: added.problem })
}

async function removeTester(request: ConsoleRequest): Promise<Response> {
  const params = { connection: request.param('connection') }
  const removed = await request.call('removeTester', { params, query: testerOf(request) })
  return removed.ok
    ? go(request, listUrl(request), 'deleted')
    : showProblem(request, removed.problem)
}

function askTest(request: ConsoleRequest) {
  const params = { connection: request.param('connection'), test: request.param('test') }
  return request.call<TestSignInDetail>('getTestSignIn', { params })
}

async function showTest(request: ConsoleRequest): Promise<Response> {
  const [place, asked] = await Promise.all([placeOf(request), askTest(request)])
  if (!place.ok) return showProblem(request, place.problem)
  if (!asked.ok) return showProblem(request, asked.problem)
  const test = asked.value
  const { base, connection } = place.value
  const { nowMs } = request
  return show(request, {
    title: `Test of ${connection.name}`,
    tab: 'test',
    children: (
      <>
        <Card>
          {test.report === null && <TestStatus test={test} base={base} />}
          <Facts
            rows={[
              [
                'Result',
                <Badge tone={testWords[test.status].tone}>{testWords[test.status].label}</Badge>,
              ],
              ['Made', <Time at={test.createdAt} nowMs={nowMs} />],
              ['Begun', <Time at={test.startedAt} nowMs={nowMs} />],
              ['Ended', <Time at={test.finishedAt} nowMs={nowMs} />],
            ]}
          />
          <p>
            <a href={url(request, `/test?connection=${connection.id}`)}>All tests</a>
          </p>
        </Card>
        {test.report !== null && (
          <ReportView report={test.report} peopleUrl={url(request, '/people')} />
        )}
      </>
    ),
  })
}

async function showStatus(request: ConsoleRequest): Promise<Response> {
  const asked = await askTest(request)
  if (!asked.ok) return showProblem(request, asked.problem)
  const base = baseOf(request, request.param('connection'))
  return fragment(request, <TestStatus test={asked.value} base={base} />)
}
