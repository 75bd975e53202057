import type { EventAnswer } from '../../admin/index.ts'
import { Badge, Button, Card, Empty, Field, Pages, Select, Table, Time } from '../ui/index.ts'
import { actorOf, familyWords, outcomeOptions, outcomeTones, typeWords } from './words.ts'

export type EventsAsked = {
  readonly family: string
  readonly outcome: string
  readonly code: string
  readonly person: string
  readonly request: string
  readonly from: string
  readonly to: string
}

/** What happened in an organization, filtered; failures with their way out. Holds no logic. */
export function EventsPage(props: {
  readonly page: string
  readonly asked: EventsAsked
  /** What was asked for, as the query of an address. */
  readonly query: string
  readonly events: readonly EventAnswer[]
  readonly next: string | null
  readonly isFirst: boolean
  /** Whether one of the rarer filters is in use. */
  readonly isNarrow: boolean
  readonly nowMs: number
}) {
  const { page, asked, events } = props
  return (
    <Card
      title="What happened"
      actions={
        <>
          <a href={`${page}/export${props.query}`} download>
            Download 5,000 (NDJSON)
          </a>
          <a href={`${page}/support-bundle`}>Support bundle</a>
        </>
      }
    >
      <search>
        <form method="get" action={page} class="filters">
          <Select
            label="Kind"
            name="family"
            value={asked.family}
            options={[['', 'All'], ...Object.entries(familyWords)]}
          />
          <Select label="Outcome" name="outcome" value={asked.outcome} options={outcomeOptions} />
          <Field label="Reference" name="request" value={asked.request} placeholder="req_…" />
          <Button kind="quiet">Show</Button>
          <details open={props.isNarrow}>
            <summary>More filters</summary>
            <div class="filters">
              <Field label="From (UTC)" name="from" type="date" value={asked.from} />
              <Field label="To" name="to" type="date" value={asked.to} />
              <Field label="Code" name="code" value={asked.code} placeholder="saml.audience" />
              <Field label="Person" name="person" value={asked.person} placeholder="usr_…" />
            </div>
          </details>
        </form>
      </search>
      {events.length === 0 ? (
        <Nothing {...props} />
      ) : (
        <Table head={['When', 'What', 'Who', 'Why, and what to do']} caption="Events, newest first">
          {events.map((event) => (
            <Row event={event} page={page} nowMs={props.nowMs} />
          ))}
        </Table>
      )}
      <Pages next={props.next} first={props.isFirst ? null : page + props.query} />
    </Card>
  )
}

function Row(props: {
  readonly event: EventAnswer
  readonly page: string
  readonly nowMs: number
}) {
  const { event, page } = props
  const { user } = event
  return (
    <tr>
      <td data-label="When" class="nowrap">
        <Time at={event.at} nowMs={props.nowMs} />
      </td>
      <td data-label="What">
        <a href={`${page}/${event.id}`}>{typeWords(event.type)}</a>
        {event.outcome !== 'success' && (
          <div>
            <Badge tone={outcomeTones[event.outcome]}>{event.outcome}</Badge>
          </div>
        )}
      </td>
      <td data-label="Who" class="nowrap">
        {user === undefined ? (
          actorOf(event.actor).words
        ) : (
          <a href={`${page.replace(/events$/, 'people')}/${user}`}>{actorOf(event.actor).words}</a>
        )}
      </td>
      <td {...(event.code === undefined ? {} : { 'data-label': 'Why, and what to do' })}>
        <Explanation event={event} />
      </td>
    </tr>
  )
}

/** What a code means, what to do, and where in Entra. */
export function Explanation({ event }: { readonly event: EventAnswer }) {
  const { code, explanation } = event
  if (code === undefined) return null
  return (
    <>
      <strong>{explanation?.means ?? code}</strong>
      {explanation !== undefined && <div>{explanation.fix}</div>}
      {explanation?.provider !== undefined && <div>{explanation.provider}</div>}
      {explanation?.entra !== undefined && (
        <div class="small">
          <b>In Entra:</b> {explanation.entra}
        </div>
      )}
      <a class="small" href={`/console/errors/${code}`}>
        {code}
      </a>
    </>
  )
}

function Nothing(props: {
  readonly page: string
  readonly asked: EventsAsked
  readonly next: string | null
}) {
  if (props.next !== null) {
    return (
      <Empty title="None among the events that were looked at">
        <p>Each page looks through a bounded number of them. Go on with the next page.</p>
      </Empty>
    )
  }
  if (Object.values(props.asked).some((value) => value !== '')) {
    return (
      <Empty title="No such event">
        <p>
          Old events are gone after their time, and of a flood of refusals only some are kept.{' '}
          <a href={props.page}>Show all</a>
        </p>
      </Empty>
    )
  }
  return (
    <Empty title="Nothing happened yet">
      <p>Sign-ins, provisioning and changes appear here as soon as there are any.</p>
    </Empty>
  )
}
