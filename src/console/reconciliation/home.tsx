import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import {
  Badge,
  Button,
  Card,
  Check,
  Empty,
  Facts,
  Form,
  Notice,
  Pages,
  Table,
  Time,
} from '../ui/index.ts'
import type { DriftAnswer, GraphAnswer, Listed, RunSummary, SettingsAnswer } from './answers.ts'
import { DriftTable, Meaning } from './drift-table.tsx'
import { graphVerdict, runName, runVerdict, triggerText } from './judge.ts'
import { countsText, RunState } from './run-parts.tsx'

export type HomeProps = {
  readonly request: ConsoleRequest
  readonly graph: GraphAnswer | null
  readonly settings: SettingsAnswer
  readonly runs: Listed<RunSummary>
  readonly drift: Listed<DriftAnswer>
  /** The run that is not over, or the newest one. */
  readonly current: RunSummary | null
  readonly problem: Problem | null
  /** With several connections: which one is shown, and the others. */
  readonly connection: string
  readonly connections: readonly { readonly id: string; readonly name: string }[]
}

/** Graph, what runs, what differs, and what ran. */
export function Home(props: HomeProps) {
  const { request, current, drift, runs, settings, connections } = props
  const at = url(request, '/reconciliation')
  const of = props.connection === '' ? '' : `connection=${props.connection}&`
  return (
    <>
      {connections.length > 1 && (
        <nav class="row" aria-label="Connections">
          {connections.map(({ id, name }) => (
            <a
              href={`${at}?connection=${id}`}
              {...(id === props.connection ? { 'aria-current': 'page' as const } : {})}
            >
              {name}
            </a>
          ))}
        </nav>
      )}
      <GraphCard {...props} />
      {props.graph !== null && (
        <Card title="Run">
          {current !== null && <RunState request={request} run={current} />}
          <StartForm {...props} />
        </Card>
      )}
      <Card title="Open differences">
        {drift.items.length === 0 ? (
          <Empty title="Nothing waits for you">
            <p>
              Differences that are only reported stand here until you accept or dismiss them. What
              is repaired stands in each run.
            </p>
          </Empty>
        ) : (
          <>
            <Meaning request={request} />
            <DriftTable
              request={request}
              items={drift.items}
              policies={settings.policies}
              back="/reconciliation"
            />
          </>
        )}
        <Pages
          next={drift.nextCursor === null ? null : `${at}?${of}drift=${drift.nextCursor}`}
          first={request.query('drift') === '' ? null : `${at}?${of}`}
        />
      </Card>
      <Card title="Runs">
        {runs.items.length === 0 ? (
          <Empty title="No run yet">
            <p>Connect Microsoft Graph, then begin with a dry run.</p>
          </Empty>
        ) : (
          <RunTable request={request} runs={runs.items} />
        )}
        <Pages
          next={runs.nextCursor === null ? null : `${at}?${of}cursor=${runs.nextCursor}`}
          first={request.query('cursor') === '' ? null : `${at}?${of}`}
        />
      </Card>
    </>
  )
}

function GraphCard({ request, graph, settings, connection }: HomeProps) {
  const query = connection === '' ? '' : `?connection=${connection}`
  const { tone, text } = graphVerdict(graph, request.nowMs)
  const { nextRunAt, readAt, lastFullAt, isScheduled } = settings
  const time = (at: string | null) => <Time at={at} nowMs={request.nowMs} />
  if (graph === null) {
    return (
      <Empty title="Microsoft Graph is not connected">
        <p>
          SCIM never tells that a value was emptied, never repairs a group, and never deletes who
          was unassigned first. With access to Graph, Portico reads the tenant and heals that. It
          changes nothing there.
        </p>
        <div class="row">
          <a class="button" href={url(request, '/setup?step=attributes.graph-app')}>
            Connect it in the guide
          </a>
        </div>
      </Empty>
    )
  }
  return (
    <Card
      title="Microsoft Graph"
      actions={
        <>
          <a class="button quiet" href={url(request, '/settings/graph')}>
            Credential
          </a>
          <a class="button quiet" href={url(request, `/reconciliation/settings${query}`)}>
            Schedule and policies
          </a>
        </>
      }
    >
      {(graph.check?.problems ?? []).map(({ message, fix }) => (
        <Notice tone="bad">
          <strong>{message}</strong>
          <p>{fix}</p>
        </Notice>
      ))}
      <Facts
        rows={[
          ['State', <Badge tone={tone}>{text}</Badge>],
          ['Tenant', <code>{graph.tenantId}</code>],
          ['Next run', isScheduled ? nextRun(nextRunAt, request.nowMs) : 'the schedule is off'],
          ['Last read to the end', time(readAt)],
          ['Last read of everybody', time(lastFullAt)],
        ]}
      />
      <Form request={request} action={url(request, '/reconciliation/check')} inline>
        <input type="hidden" name="connection" value={connection} />
        <Button kind="quiet">Check the permissions</Button>
      </Form>
    </Card>
  )
}

/** When the schedule starts the next run; what is due begins with the next tick. */
function nextRun(at: string | null, nowMs: number) {
  return at === null || new Date(at).getTime() <= nowMs ? (
    'within a minute'
  ) : (
    <Time at={at} nowMs={nowMs} />
  )
}

function StartForm({ request, problem, connection }: HomeProps) {
  return (
    <Form request={request} action={url(request, '/reconciliation')} problem={problem}>
      <input type="hidden" name="connection" value={connection} />
      <Check
        label="Read everybody"
        name="full"
        hint="Not only what changed since the last run. It also finds what changed in Portico alone."
      />
      <p class="soft">A dry run writes nothing but its report: begin with one.</p>
      <div class="row">
        <Button name="do" value="start">
          Start now
        </Button>
        <Button kind="quiet" name="do" value="dry">
          Dry run
        </Button>
      </div>
    </Form>
  )
}

function RunTable({
  request,
  runs,
}: {
  readonly request: ConsoleRequest
  readonly runs: readonly RunSummary[]
}) {
  return (
    <Table caption="Runs" head={['Run', 'Started', 'State', 'Came to']}>
      {runs.map((run) => {
        const { tone, text } = runVerdict(run)
        return (
          <tr>
            <td>
              <a href={url(request, `/reconciliation/runs/${run.id}`)}>{runName(run)}</a>{' '}
              <span class="soft">{triggerText(run)}</span>
            </td>
            <td data-label="Started">
              <Time at={run.createdAt} nowMs={request.nowMs} />
            </td>
            <td data-label="State">
              <Badge tone={tone}>{text}</Badge>
            </td>
            <td data-label="Came to">{countsText(run)}</td>
          </tr>
        )
      })}
    </Table>
  )
}
