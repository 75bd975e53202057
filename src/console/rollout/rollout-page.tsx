import type { OrganizationAnswer } from '../route.ts'
import { Badge, Card, Empty, Notice, Table } from '../ui/index.ts'
import {
  type Setting,
  type Status,
  settingValue,
  settingWords,
  statusWords,
  steps,
} from './words.ts'

/** A connection as far as rolling out needs it. */
export type Rolled = {
  readonly id: string
  readonly name: string
  readonly status: Status
  readonly nextStatuses: readonly Status[]
}

/** The step before the one just taken, to go back to. */
export type Undo = { readonly label: string; readonly url: string }

/** Who can sign in, and how that is opened and closed. Holds no logic. */
export function RolloutPage(props: {
  readonly connections: readonly Rolled[]
  readonly org: OrganizationAnswer
  /** Of this page. */
  readonly base: string
  readonly setupUrl: string
  readonly undo: Undo | null
}) {
  const { connections, base, undo } = props
  return (
    <>
      {undo !== null && (
        <Notice tone="idle">
          Not what you wanted? <a href={undo.url}>{undo.label}</a>
        </Notice>
      )}
      {connections.length === 0 && (
        <Empty title="Nothing to roll out yet">
          <p>First connect the identity provider.</p>
          <p>
            <a class="button" href={props.setupUrl}>
              Set up
            </a>
          </p>
        </Empty>
      )}
      {connections.map((connection) => (
        <ConnectionCard connection={connection} base={base} />
      ))}
      <Card title="Who comes in">
        <Table head={['Setting', 'Now', 'Change']} caption="Settings of who comes in">
          {(['firstLogin', 'scim', 'signIn'] as const).map((setting) => (
            <SettingRow setting={setting} org={props.org} base={base} />
          ))}
        </Table>
      </Card>
    </>
  )
}

function ConnectionCard({
  connection,
  base,
}: {
  readonly connection: Rolled
  readonly base: string
}) {
  const { id, name, status, nextStatuses } = connection
  const shown = status === 'disabled' ? [...steps, status] : steps
  return (
    <Card title={name} actions={<Badge tone={tones[status]}>{statusWords[status].label}</Badge>}>
      <ol class="steps">
        {shown.map((step) => (
          <li
            class={classOf(step, status)}
            {...(step === status ? { 'aria-current': 'step' as const } : {})}
          >
            <strong>{statusWords[step].label}</strong>
            <p>{statusWords[step].means}</p>
          </li>
        ))}
      </ol>
      <p class="row">
        {nextStatuses.map((next) => (
          <a
            class={isForward(status, next) ? 'button' : 'button quiet'}
            href={`${base}/${id}/${next}`}
          >
            {statusWords[next].verb}
            <span class="hidden"> ({name})</span>
          </a>
        ))}
      </p>
    </Card>
  )
}

const tones = { draft: 'idle', testing: 'warn', active: 'good', disabled: 'idle' } as const

function classOf(step: Status, status: Status): string {
  if (step === status) return 'now'
  return steps.indexOf(step) < steps.indexOf(status) ? 'done' : ''
}

/** The next step on the way to everybody. */
function isForward(from: Status, to: Status): boolean {
  return steps[steps.indexOf(from) + 1] === to
}

function SettingRow(props: {
  readonly setting: Setting
  readonly org: OrganizationAnswer
  readonly base: string
}) {
  const { setting, org, base } = props
  const now = settingValue(org, setting)
  const { label, values } = settingWords[setting]
  return (
    <tr>
      <th scope="row">{label}</th>
      {values
        .filter(({ value }) => value === now)
        .map(({ word, means }) => (
          <td data-label="Now">
            <Badge tone="idle">{word}</Badge> {means}
          </td>
        ))}
      <td>
        {values
          .filter(({ value }) => value !== now)
          .map(({ value, verb }) => (
            <a class="button quiet nowrap" href={`${base}/switch/${setting}/${value}`}>
              {verb}
              <span class="hidden">: {label}</span>
            </a>
          ))}
      </td>
    </tr>
  )
}
