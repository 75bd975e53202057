import type { EventAnswer } from '../../admin/index.ts'
import { Badge, Card, Copy, Empty, Facts, Time } from '../ui/index.ts'
import { Explanation } from './list-page.tsx'
import { actorOf, detailLines, type Lines, outcomeTones, typeWords } from './words.ts'

/** One event: what was received, what was answered, and the way out. Holds no logic. */
export function EventPage(props: {
  readonly event: EventAnswer
  readonly base: string
  readonly nowMs: number
}) {
  const { event, base, nowMs } = props
  const { user, connection, code } = event
  const { received, ours } = detailLines(event.detail)
  const answer: Lines =
    event.explanation === undefined ? [] : [['answered with', `HTTP ${event.explanation.status}`]]
  const { words, id } = actorOf(event.actor)
  return (
    <>
      {code !== undefined && (
        <Card title="Why, and what to do">
          <Explanation event={event} />
        </Card>
      )}
      <Card title="Event">
        <Facts
          rows={[
            ['What', typeWords(event.type)],
            ['Outcome', <Badge tone={outcomeTones[event.outcome]}>{event.outcome}</Badge>],
            [
              'When',
              <>
                <Time at={event.at} nowMs={nowMs} /> ({event.at})
              </>,
            ],
            ['Who', id === null ? words : `${words} (${id})`],
            ...(user === undefined
              ? []
              : [['Person', <a href={`${base}/people/${user}`}>{user}</a>] as const]),
            ...(connection === undefined ? [] : [['Connection', connection] as const]),
            [
              'Same request',
              <a href={`${base}/events?request=${event.request}`}>All that it did</a>,
            ],
          ]}
        />
        <Copy label="Reference" value={event.request} />
      </Card>
      <div class="grid">
        <Card title="What was received">
          <List lines={received} />
        </Card>
        <Card title="What Portico made of it">
          <List lines={[...ours, ...answer]} />
        </Card>
      </div>
      <p class="soft small">
        Passwords, tokens and messages as a whole are never kept. Personal values go after 30 days,
        and with the person.
      </p>
    </>
  )
}

function List({ lines }: { readonly lines: Lines }) {
  if (lines.length === 0) return <Empty title="Nothing more is kept" />
  return <Facts rows={lines.map(([name, text]) => [name, <code>{text}</code>])} />
}
