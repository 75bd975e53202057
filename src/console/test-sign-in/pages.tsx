import type { ListedTestSignIn, TestSignInAnswer, TestSignInDetail } from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import { testWords } from '../checks/words.ts'
import type { ConsoleRequest } from '../route.ts'
import {
  Badge,
  Button,
  Card,
  Check,
  Copy,
  Empty,
  errorOf,
  Field,
  Form,
  Live,
  Notice,
  Pages,
  Select,
  Table,
  Time,
} from '../ui/index.ts'
import { QrCode } from './qr-code.tsx'

/** A connection as far as a test needs it. */
export type Tried = {
  readonly id: string
  readonly name: string
  readonly status: 'draft' | 'testing' | 'active' | 'disabled'
}

export type Tester = { readonly kind: string; readonly value: string }

export const testerKinds = [
  ['userPrincipalName', 'User principal name'],
  ['objectId', 'Object ID'],
  ['nameId', 'NameID'],
] as const

/** Where the tests of one connection are. */
export type Place = {
  readonly request: ConsoleRequest
  readonly connection: Tried
  /** Of the tests of this connection. */
  readonly base: string
}

/** Tests of a connection: make one, what came of the last ones, and who may sign in meanwhile. */
export function TestsPage(
  props: Place & {
    readonly connections: readonly Tried[]
    readonly tests: readonly ListedTestSignIn[]
    readonly next: string | null
    readonly testers: readonly Tester[]
    readonly mayCreate: boolean
    readonly testProblem: Problem | null
    readonly testerProblem: Problem | null
  },
) {
  const { connection, connections } = props
  return (
    <>
      {connections.length > 1 && (
        <nav aria-label="Connections" class="row">
          {connections.map(({ id, name }) => (
            <a href={`?connection=${id}`} aria-current={id === connection.id ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
      )}
      <Card title={`Test ${connection.name}`}>
        <p>
          One tester opens a link and signs in. It ends in a report, never in a session, and opens
          the connection to nobody else.
        </p>
        <MakeTest {...props} />
      </Card>
      <Card title="Tests">
        <TestList {...props} />
        <Pages next={props.next} />
      </Card>
      {props.mayCreate && (
        <Card title="Testers">
          <Testers {...props} />
        </Card>
      )}
    </>
  )
}

function MakeTest(
  props: Place & { readonly mayCreate: boolean; readonly testProblem: Problem | null },
) {
  if (props.connection.status === 'disabled') {
    return (
      <Notice tone="warn">
        The connection is disabled: nobody can sign in, not even for a test.
      </Notice>
    )
  }
  return (
    <Form request={props.request} action={props.base} problem={props.testProblem}>
      {props.mayCreate && (
        <Check
          label="Make the person"
          name="createPerson"
          hint="Only if an ordinary sign-in would make them now. Left out, the test changes nothing."
        />
      )}
      <Button>Make a link</Button>
    </Form>
  )
}

function TestList({
  tests,
  base,
  request,
}: Place & { readonly tests: readonly ListedTestSignIn[] }) {
  if (tests.length === 0) {
    return (
      <Empty title="No tests yet">
        <p>Make a link, and open it yourself or send it to one tester.</p>
      </Empty>
    )
  }
  return (
    <Table caption="Tests, newest first" head={['Made', 'Result', 'Code', 'Report']}>
      {tests.map((test) => (
        <tr>
          <th scope="row">
            <Time at={test.createdAt} nowMs={request.nowMs} />
          </th>
          <td data-label="Result">
            <Badge tone={testWords[test.status].tone}>{testWords[test.status].label}</Badge>
          </td>
          <td data-label="Code">{test.code ?? ''}</td>
          <td data-label="Report">
            <a href={`${base}/${test.id}`}>
              Open<span class="hidden"> the test of {test.createdAt}</span>
            </a>
          </td>
        </tr>
      ))}
    </Table>
  )
}

function Testers(
  props: Place & { readonly testers: readonly Tester[]; readonly testerProblem: Problem | null },
) {
  const { request, base, testers, testerProblem } = props
  return (
    <>
      <p class="soft">
        While the connection is being tested, only these people may sign in in the ordinary way. A
        test link needs no entry here.
      </p>
      {testers.length > 0 && (
        <Table caption="Testers" head={['Named by', 'Value', 'Remove']}>
          {testers.map(({ kind, value }) => (
            <tr>
              <th scope="row">{testerKinds.find(([key]) => key === kind)?.[1] ?? kind}</th>
              <td data-label="Value">{value}</td>
              <td data-label="Remove">
                <Form request={request} action={`${base}/testers/remove`} inline>
                  <input type="hidden" name="kind" value={kind} />
                  <input type="hidden" name="value" value={value} />
                  <Button kind="quiet">
                    Remove<span class="hidden"> {value}</span>
                  </Button>
                </Form>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <Form request={request} action={`${base}/testers`} problem={testerProblem}>
        <Select
          label="Name the tester by"
          name="kind"
          value={request.form.text('kind')}
          options={testerKinds}
        />
        <Field
          label="Value"
          name="value"
          required
          maxlength={256}
          value={testerProblem === null ? '' : request.form.text('value')}
          error={errorOf(testerProblem, 'value')}
        />
        <Button kind="quiet">Add tester</Button>
      </Form>
    </>
  )
}

/** The link of a new test, which is shown this once. */
export function LinkPage(props: Place & { readonly test: TestSignInAnswer }) {
  const { test, base, request } = props
  return (
    <>
      <Card title="The link">
        <p>
          For one tester and one sign-in, <Time at={test.expiresAt} nowMs={request.nowMs} /> at the
          latest. It is shown only now.
        </p>
        <Copy label="Link" value={test.url ?? ''} />
        <QrCode label="The same link as a QR code" value={test.url ?? ''} />
      </Card>
      <Card title="What happens">
        <TestStatus test={test} base={base} />
      </Card>
    </>
  )
}

/** How far a test is; looks again by itself until it has its end. */
export function TestStatus(props: {
  readonly base: string
  readonly test: Pick<TestSignInDetail, 'id' | 'status'>
}) {
  const { test, base } = props
  const isOver = test.status !== 'waiting' && test.status !== 'started'
  const page = `${base}/${test.id}`
  return (
    <Live id="test-status" url={`${page}/live`} seconds={3} page={page} over={isOver}>
      <p role="status">
        <Badge tone={testWords[test.status].tone}>{testWords[test.status].label}</Badge>{' '}
        {isOver && <a href={page}>Open the report</a>}
      </p>
    </Live>
  )
}
