import type { Child } from 'hono/jsx'
import { url } from '../show.tsx'
import { Badge, Button, Card, Copy, Live, Notice, Select, Time, type Tone } from '../ui/index.ts'
import { progressOf } from './checks.ts'
import { Offers } from './forms.tsx'
import { copyValues, type Part, partOf, providers } from './guide.ts'
import type { SetupPage } from './page.ts'
import type { State, Verdict } from './verdict.ts'

export const partNames: Readonly<Record<Part, string>> = {
  saml: 'Sign-in (SAML)',
  scim: 'Provisioning (SCIM)',
  attributes: 'Attributes',
}

const words: Readonly<Record<State, readonly [tone: Tone, word: string]>> = {
  done: ['good', 'Done'],
  waiting: ['warn', 'Waiting'],
  todo: ['idle', 'To do'],
  problem: ['bad', 'Look here'],
}

/** Which guide is shown, and of which connection. */
export function Choices({ page }: { readonly page: SetupPage }) {
  const { facts, guide, guides, request } = page
  return (
    <form method="get" action={url(request, '/setup')} class="inline">
      <Select
        label="Identity provider"
        name="provider"
        value={guide.provider}
        options={providers.map((provider) => [provider, guides[provider].name] as const)}
      />
      {facts.connections.length > 1 && (
        <Select
          label="Connection"
          name="connection"
          value={facts.connection?.id}
          options={facts.connections.map(
            ({ id, name, status }) => [id, `${name} (${status})`] as const,
          )}
        />
      )}
      <Button kind="quiet">Show this guide</Button>
      <p class="soft small">{`You need there: ${guide.needs}.`}</p>
    </form>
  )
}

/** Parts with their progress, and the steps of the open one: keeps itself up to date. */
export function Checks({ page }: { readonly page: SetupPage }) {
  const { steps, statuses, open, href, request } = page
  const part = partOf(open.key)
  const isOver = steps.every(({ key }) => statuses[key].state === 'done')
  return (
    <Live
      id="checks"
      url={href('/live', open.key)}
      seconds={3}
      page={href('', open.key)}
      over={isOver}
    >
      <Card title="Where you are">
        <nav aria-label="Parts of the set-up" class="parts">
          {page.parts.map((one) => (
            <PartLink page={page} part={one} isOpen={one === part} />
          ))}
        </nav>
        <h3>{partNames[part]}</h3>
        <ol class="steps">
          {steps
            .filter(({ key }) => partOf(key) === part)
            .map((step) => {
              const { state } = statuses[step.key]
              const isOpen = step === open
              return (
                <li class={state === 'done' || state === 'problem' ? state : isOpen ? 'now' : ''}>
                  <div class="row">
                    <a
                      id={`go-${step.key}`}
                      href={href('', step.key)}
                      {...(isOpen ? { 'aria-current': 'step' as const } : {})}
                    >
                      {step.title}
                    </a>
                    {(isOpen || state !== 'todo') && <StateBadge state={state} />}
                    {step.optional && state !== 'done' && <span class="soft small">optional</span>}
                  </div>
                  {(isOpen || state === 'problem') && (
                    <Said verdict={statuses[step.key]} nowMs={request.nowMs} />
                  )}
                  {isOpen && state === 'done' && !isOver && <a href={href('')}>Go on</a>}
                </li>
              )
            })}
        </ol>
      </Card>
    </Live>
  )
}

function PartLink(props: {
  readonly page: SetupPage
  readonly part: Part
  readonly isOpen: boolean
}) {
  const { page, part, isOpen } = props
  const { steps, statuses, href } = page
  const { done, all, hasProblem } = progressOf(steps, part, statuses)
  const own = steps.filter(({ key }) => partOf(key) === part)
  const first = own.find(({ key }) => statuses[key].state !== 'done') ?? own[0]
  return (
    <div>
      <a
        id={`go-${part}`}
        href={href('', first?.key)}
        {...(isOpen ? { 'aria-current': 'true' as const } : {})}
      >
        {partNames[part]}
      </a>{' '}
      {hasProblem && <StateBadge state="problem" />}
      <progress
        value={done}
        max={Math.max(all, 1)}
        aria-label={`${partNames[part]}: ${done} of ${all}`}
      />
      <span class="soft small">{all === 0 ? 'optional' : `${done} of ${all} done`}</span>
    </div>
  )
}

function StateBadge({ state }: { readonly state: State }) {
  const [tone, word] = words[state]
  return <Badge tone={tone}>{word}</Badge>
}

function Said({ verdict, nowMs }: { readonly verdict: Verdict; readonly nowMs: number }) {
  const { said, at, code } = verdict
  return (
    <p class="small">
      {said}{' '}
      {at !== null && (
        <span class="soft">
          (<Time at={at} nowMs={nowMs} />)
        </span>
      )}
      {code !== null && (
        <>
          {' '}
          <a href={`/console/errors/${code}`}>{code}</a>
        </>
      )}
    </p>
  )
}

/** The open step: where to click, what to do, what to copy, and what comes back. */
export function OpenStep(props: {
  readonly page: SetupPage
  /** What a form of the step answered, in place of that form. */
  readonly answered?: Child
}) {
  const { page } = props
  const { open, facts, steps, href } = page
  const next = steps[steps.indexOf(open) + 1]
  return (
    <Card title={open.title} id="step">
      <div class="flow">
        <p class="soft">
          <span class="hidden">Where: </span>
          {open.path.join(' › ')}
        </p>
        {open.does.map((text) => (
          <p>{text}</p>
        ))}
        {open.values.map(({ field, value }) => {
          const text = typeof value === 'string' ? copyValues[value](facts) : value.text
          return text === null ? (
            <Notice tone="idle">{`${field}: ${missing(value)}`}</Notice>
          ) : (
            <Copy label={field} value={text} block={text.includes('\n')} />
          )
        })}
        {open.back !== null && (
          <p>
            <strong>Bring back:</strong> {open.back.what}, into {open.back.into}.
          </p>
        )}
        {props.answered ?? <Offers page={page} />}
        {next !== undefined && (
          <p>
            <a href={href('', next.key)}>Next: {next.title}</a>
          </p>
        )}
      </div>
    </Card>
  )
}

function missing(value: unknown): string {
  return value === 'attributeNames'
    ? 'shown once an attribute is defined.'
    : 'shown once the metadata is here.'
}
