import type { Sql } from '../directory/index.ts'
import {
  type ActiveFault,
  countRequests,
  effects,
  faultDefaults,
  faultKinds,
  listFaults,
  listRequests,
  loadGraphSettings,
} from '../graph/index.ts'
import { Layout, SelectField, TextField } from '../pages/index.ts'

const shownRequests = 50

/** Microsoft Graph: settings, faults, and what was asked of it. */
export function GraphPage({
  sql,
  problem,
}: {
  readonly sql: Sql
  readonly problem: string | null
}) {
  return (
    <Layout title="Microsoft Graph" path="/graph">
      <h1>Microsoft Graph</h1>
      <p>
        Under <code>/v1.0</code>, for applications with API access. Here it can be made slow, wrong
        and out of order.
      </p>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <Faults faults={listFaults(sql)} />
      <Settings sql={sql} />
      <Requests sql={sql} />
    </Layout>
  )
}

function Faults({ faults }: { readonly faults: readonly ActiveFault[] }) {
  return (
    <section>
      <h2>Faults</h2>
      <form method="post" action="/graph/faults">
        {faults.map((fault) => (
          <div class="row">
            <span>{faultText(fault)}</span>
            <button class="quiet" type="submit" name="remove" value={String(fault.id)}>
              Remove
            </button>
          </div>
        ))}
        {faults.length === 0 && <p class="soft">Nothing goes wrong.</p>}
      </form>
      <form method="post" action="/graph/faults">
        <div class="columns">
          <SelectField name="kind" label="Requests" value="delta" options={faultKinds} />
          <SelectField name="effect" label="What happens" value="status" options={effects} />
          <TextField name="status" label="Status" value={String(faultDefaults.status)} />
          <TextField name="retryAfter" label="Retry-After" value="" hint="None when empty" />
          <TextField name="delayMs" label="Delay in ms" value={String(faultDefaults.delayMs)} />
          <TextField name="skip" label="Requests that pass before" value="0" />
          <TextField name="count" label="How often" value="1" hint="Until removed when empty" />
          <TextField name="share" label="Share of requests, 0 to 1" value="1" />
          <TextField name="seed" label="Seed of the share" value="1" />
        </div>
        <button type="submit">Switch on</button>
      </form>
      <form method="post" action="/graph/do">
        <div class="row">
          <DoButton what="remove-faults" label="Remove all" />
          <DoButton what="expire-tokens" label="End all tokens" />
          <DoButton what="expire-links" label="End all delta links" />
        </div>
      </form>
    </section>
  )
}

function faultText(fault: ActiveFault): string {
  const { kind, effect, status, retryAfter, delayMs, skip, count, share, met, fired } = fault
  const what: Readonly<Record<string, string>> = {
    status: `${status}${retryAfter === null ? '' : `, Retry-After ${retryAfter}`}`,
    slow: `slow by ${delayMs} ms`,
  }
  const when = [
    ...(skip > 0 ? [`after ${skip}`] : []),
    ...(share < 1 ? [`for ${share * 100} %`] : []),
    ...(count === null ? [] : [`${count} times at most`]),
  ]
  return `${kind}: ${[what[effect] ?? effect, ...when].join(', ')}; met ${met}, happened ${fired}`
}

function DoButton({ what, label }: { readonly what: string; readonly label: string }) {
  return (
    <button class="quiet" type="submit" name="what" value={what}>
      {label}
    </button>
  )
}

function Settings({ sql }: { readonly sql: Sql }) {
  const settings = loadGraphSettings(sql)
  const number = (
    name: 'deltaPageSize' | 'listPageSize' | 'tokenSeconds' | 'deltaTokenSeconds' | 'linkPadding',
    label: string,
  ) => <TextField name={name} label={label} value={String(settings[name])} />
  return (
    <form method="post" action="/graph">
      <fieldset>
        <legend>Settings</legend>
        <div class="columns">
          {number('deltaPageSize', 'Users on a page of a delta')}
          {number('listPageSize', 'Objects on a page of a list')}
          {number('tokenSeconds', 'Life of a token in seconds')}
          {number('deltaTokenSeconds', 'Life of a link in seconds')}
          {number('linkPadding', 'Characters added to links')}
          <SelectField
            name="expiredDelta"
            label="A link that has ended"
            value={settings.expiredDelta}
            options={[
              ['gone', '410 Gone with Location'],
              ['syncStateNotFound', '400 syncStateNotFound'],
              ['resyncRequired', '400 resyncRequired'],
            ]}
          />
        </div>
      </fieldset>
      <button type="submit">Save</button>
    </form>
  )
}

function Requests({ sql }: { readonly sql: Sql }) {
  const { statuses } = countRequests(sql)
  return (
    <section>
      <h2>Requests</h2>
      <p>
        {Object.entries(statuses).map(([kind, counts]) => (
          <>
            {kind}:{' '}
            {Object.entries(counts)
              .map(([status, n]) => `${n} × ${status}`)
              .join(', ')}
            <br />
          </>
        ))}
      </p>
      <table>
        <tbody>
          {listRequests(sql, shownRequests).map((request) => (
            <tr>
              <td class="mono">{new Date(request.atMs).toISOString()}</td>
              <td>{request.kind}</td>
              <td class="mono">
                {request.method} {request.path}
              </td>
              <td class={request.status < 400 ? undefined : 'bad'}>{request.status}</td>
              <td>{request.fault ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <form method="post" action="/graph/do">
        <div class="row">
          <DoButton what="forget" label="Forget requests" />
        </div>
      </form>
    </section>
  )
}
