import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { Badge, Button, Form, Live, Notice, Time } from '../ui/index.ts'
import type { RunSummary } from './answers.ts'
import { isWorking, progressOf, reasonText, runName, runVerdict, triggerText } from './judge.ts'

type Own = { readonly request: ConsoleRequest; readonly run: RunSummary }

/** Where a run stands, kept up to date while it works. */
export function RunState({ request, run }: Own) {
  const verdict = runVerdict(run)
  const { text, value, max } = progressOf(run)
  const page = url(request, `/reconciliation/runs/${run.id}`)
  return (
    <Live id="run" url={`${page}/live`} page={page} seconds={2} over={!isWorking(run)}>
      <p>
        <Badge tone={verdict.tone}>{verdict.text}</Badge> {runName(run)}, {triggerText(run)},{' '}
        <Time at={run.startedAt ?? run.createdAt} nowMs={request.nowMs} />
      </p>
      {run.status !== 'done' && run.status !== 'failed' && (
        <>
          <label for="run-progress">{text}</label>
          <progress id="run-progress" max={max} {...(value === null ? {} : { value })} />
        </>
      )}
      {run.continueAt !== null && (
        <p class="soft">
          Microsoft Graph asked for a pause; it goes on{' '}
          <Time at={run.continueAt} nowMs={request.nowMs} />.
        </p>
      )}
      {run.failure !== null && (
        <Notice tone={verdict.tone}>
          <strong>{run.failure.message}</strong>
          {run.failure.detail !== null && <p>{run.failure.detail}</p>}
          <p>{run.failure.fix}</p>
        </Notice>
      )}
      <Held request={request} run={run} />
      <CancelForm request={request} run={run} />
      <p class="soft small">{countsText(run)}</p>
    </Live>
  )
}

/** Why the brake holds a run, and what an admin may do. */
function Held({ request, run }: Own) {
  if (run.held === null || (run.status !== 'held' && !run.dryRun)) return null
  const reasons = (
    <ul>
      {run.held.reasons.map((reason) => (
        <li>{reasonText(reason)}</li>
      ))}
    </ul>
  )
  if (run.status !== 'held') {
    return (
      <Notice tone="warn">
        <strong>The safety brake would hold this.</strong>
        {reasons}
      </Notice>
    )
  }
  return (
    <Notice tone="bad">
      <strong>The safety brake holds this run: it would take away too much at once.</strong>
      {reasons}
      <p>
        Nothing of this is written. If it is a mistake in Entra, end the run and mend it there; what
        the run planned is listed below.
      </p>
      <Form request={request} action={url(request, `/reconciliation/runs/${run.id}`)} inline>
        <Button kind="danger" name="do" value="release">
          It is meant: do it
        </Button>
        <Button kind="quiet" name="do" value="cancel">
          End the run
        </Button>
      </Form>
    </Notice>
  )
}

function CancelForm({ request, run }: Own) {
  if (!isWorking(run) || run.kind === 'resolve') return null
  return (
    <Form request={request} action={url(request, `/reconciliation/runs/${run.id}`)} inline>
      <Button kind="quiet" name="do" value="cancel">
        End the run
      </Button>
    </Form>
  )
}

const countNames = [
  ['people', 'looked at'],
  ['changed', 'changed'],
  ['deactivated', 'deactivated'],
  ['reactivated', 'let in again'],
  ['created', 'made'],
  ['memberships', 'memberships changed'],
  ['drift', 'differences'],
  ['left', 'left to the next run'],
] as const

/** What a run came to, without what it did not do. */
export function countsText({ counts }: RunSummary): string {
  const parts = countNames
    .filter(([name]) => (counts[name] ?? 0) > 0)
    .map(([name, label]) => `${counts[name]} ${label}`)
  return parts.length === 0 ? 'Nothing so far.' : `${parts.join(', ')}.`
}
