import type { App } from '../directory/index.ts'
import { Layout, TextAreaField, TextField } from '../pages/index.ts'
import {
  type Job,
  type JobState,
  type LogEntry,
  mappingOf,
  onDemandMembers,
  statusCode,
} from '../provisioning/index.ts'
import { ProvisioningFields } from './provisioning-fields.tsx'
import { cycleText, statusText, timeText } from './provisioning-words.ts'

type Lines = readonly (LogEntry & { readonly atMs: number })[]

/** What came of a button. */
export type Said = { readonly text: string; readonly isBad: boolean; readonly steps?: Lines }

/** Provisioning of one application: how the job is, its buttons, settings, mapping and log. */
export function ProvisioningPage(props: {
  readonly app: App
  readonly job: Job
  readonly state: JobState | null
  readonly nowMs: number
  readonly said: Said | null
  readonly log: Lines
}) {
  const { app, job, state, said } = props
  const action = `/apps/${app.appId}/provisioning`
  return (
    <Layout title={`Provisioning of ${app.displayName}`} path="/apps">
      <h1>Provisioning of {app.displayName}</h1>
      {said !== null && (
        <p class={said.isBad ? 'bad' : undefined} role={said.isBad ? 'alert' : 'status'}>
          {said.text}
        </p>
      )}
      {said?.steps !== undefined && <LogTable lines={said.steps} />}
      {state !== null && (
        <>
          <section>
            <h2>
              Job <span class="badge">{statusCode(state)}</span>
            </h2>
            <p>{statusText(state, props.nowMs)}</p>
            <p>{cycleText(state)}</p>
            <Buttons action={action} state={state} />
          </section>
          <OnDemand action={action} />
        </>
      )}
      <form method="post" action={action}>
        <ProvisioningFields job={job} />
        <button type="submit">Save</button>
      </form>
      <section style="margin-top:1.5rem">
        <h2>Attribute mapping of people</h2>
        <table>
          <thead>
            <tr>
              <th>In the directory</th>
              <th>In the application</th>
            </tr>
          </thead>
          <tbody>
            {mappingOf(job).map(({ source, target }) => (
              <tr>
                <td class="mono">{source}</td>
                <td class="mono">{target}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section>
        <h2>Provisioning log</h2>
        {props.log.length === 0 ? <p class="soft">Nothing yet.</p> : <LogTable lines={props.log} />}
      </section>
      <p>
        <a href={`/apps/${app.appId}`}>Back to {app.displayName}</a>
      </p>
    </Layout>
  )
}

function Buttons({ action, state }: { readonly action: string; readonly state: JobState }) {
  const buttons = [
    ['test-connection', 'Test connection'],
    state.status === 'started' ? ['stop', 'Stop'] : ['start', 'Start'],
    ['cycle', 'Run a cycle now'],
    ['restart', 'Restart, keep links'],
    ['restart-full', 'Restart from nothing'],
    ...(state.quarantine === null ? [] : [['clear-quarantine', 'Clear quarantine']]),
  ] as const
  return (
    <form class="row" method="post" action={`${action}/do`}>
      {buttons.map(([name, label]) => (
        <button class="quiet" type="submit" name="what" value={name}>
          {label}
        </button>
      ))}
    </form>
  )
}

function OnDemand({ action }: { readonly action: string }) {
  return (
    <form method="post" action={`${action}/on-demand`}>
      <fieldset>
        <legend>Provision on demand</legend>
        <div class="columns">
          <TextField
            name="who"
            label="A user or a group"
            hint="User principal name, group name or object ID"
            value=""
            required
          />
          <TextAreaField
            name="members"
            label="Members of the group"
            hint={`At most ${onDemandMembers}, one a line`}
            value=""
          />
        </div>
        <div class="row">
          <button type="submit">Provision</button>
        </div>
      </fieldset>
    </form>
  )
}

function LogTable({ lines }: { readonly lines: Lines }) {
  return (
    <table>
      <thead>
        <tr>
          <th>When</th>
          <th>Who</th>
          <th>What</th>
          <th>Sent</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr>
            <td class="mono">{timeText(line.atMs)}</td>
            <td>
              {line.name ?? line.sourceId ?? ''}
              <br />
              <span class="soft mono">{line.targetId ?? ''}</span>
            </td>
            <td class={line.status === 'failure' ? 'bad' : undefined}>
              {line.message}
              {line.code !== null && (
                <>
                  <br />
                  <span class="mono">{line.code}</span>
                  <br />
                  {line.detail}
                </>
              )}
            </td>
            <td class="mono">{sent(line)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function sent({ changes }: LogEntry): string {
  const text = changes.map(({ op, path, value }) => `${op} ${path} ${JSON.stringify(value)}`)
  const all = text.join('; ')
  return all.length > 400 ? `${all.slice(0, 400)} …` : all
}
