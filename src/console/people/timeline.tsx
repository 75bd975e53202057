import type { TimelineAnswer } from '../../admin/index.ts'
import { browserWords } from '../browser-words.ts'
import { outcomeTones, typeWords } from '../events/words.ts'
import { Badge, Empty, Table, Time } from '../ui/index.ts'

const origins: Readonly<Record<TimelineAnswer['origin'], string>> = {
  'sign-in': 'Sign-in',
  scim: 'SCIM',
  graph: 'Microsoft Graph',
  admin: 'Admin',
  portico: 'Portico',
}

/** What happened to a person over all sources. Holds no logic. */
export function Timeline(props: {
  readonly items: readonly TimelineAnswer[]
  readonly base: string
  readonly nowMs: number
}) {
  if (props.items.length === 0) {
    return (
      <Empty title="Nothing is known any more">
        <p>Events are kept for a time; older ones are gone.</p>
      </Empty>
    )
  }
  return (
    <Table head={['When', 'Where', 'What']} caption="What happened, newest first">
      {props.items.map((item) => (
        <tr>
          <td data-label="When" class="nowrap">
            <Time at={item.at} nowMs={props.nowMs} />
          </td>
          <td data-label="Where" class="nowrap">
            {origins[item.origin]}
          </td>
          <td data-label="What">
            <What item={item} base={props.base} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

function What({ item, base }: { readonly item: TimelineAnswer; readonly base: string }) {
  const { event, kind, detail } = item
  if (event !== undefined) {
    return (
      <>
        <a href={`${base}/events/${event.id}`}>{typeWords(event.type)}</a>{' '}
        {event.outcome !== 'success' && (
          <Badge tone={outcomeTones[event.outcome]}>{event.code ?? event.outcome}</Badge>
        )}
        {event.explanation !== undefined && <div class="small">{event.explanation.means}</div>}
      </>
    )
  }
  if (kind === 'session') return <>Session in {browserWords(detail['userAgent'])}</>
  return (
    <>
      {String(detail['attribute'] ?? detail['kind'])} differed in Entra: {String(detail['action'])}
      <div class="small">{String(detail['rule'])}</div>
    </>
  )
}
