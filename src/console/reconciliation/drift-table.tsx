import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { Badge, Button, Form, Table, Time } from '../ui/index.ts'
import type { DriftAnswer } from './answers.ts'
import { choices, driftVerdict, kindText, plainText } from './judge.ts'

/** Differences, each with what may be done about it. */
export function DriftTable(props: {
  readonly request: ConsoleRequest
  readonly items: readonly DriftAnswer[]
  /** What each kind's policy is. */
  readonly policies: Readonly<Record<string, string>>
  /** The page to come back to. */
  readonly back: string
}) {
  const { request, items, policies, back } = props
  return (
    <Table
      caption="Differences"
      head={['Difference', 'Who', 'Entra states', 'Held here', 'Found', 'State']}
    >
      {items.map((item) => {
        const { tone, text } = driftVerdict(item)
        return (
          <tr>
            <td>
              <strong>{kindText(item.kind)}</strong>
              {item.attribute !== null && (
                <>
                  {' '}
                  <code>{item.attribute}</code>
                </>
              )}
              <p class="soft small">{item.rule}</p>
            </td>
            <td data-label="Who">
              <Who request={request} item={item} />
            </td>
            <td data-label="Entra states">
              <Plain value={item.stated} />
            </td>
            <td data-label="Held here">
              <Plain value={item.held} />
            </td>
            <td data-label="Found">
              <Time at={item.at} nowMs={request.nowMs} />
            </td>
            <td data-label="State">
              <Badge tone={tone}>{text}</Badge>
              <Decide request={request} item={item} policy={policies[item.kind]} back={back} />
            </td>
          </tr>
        )
      })}
    </Table>
  )
}

function Who({ request, item }: { readonly request: ConsoleRequest; readonly item: DriftAnswer }) {
  const { user, userName, group, object } = item
  return (
    <>
      {user !== null && <a href={url(request, `/people/${user}`)}>{userName ?? user}</a>}
      {group !== null && (
        <p>
          in <a href={url(request, `/groups/${group}`)}>a group</a>
        </p>
      )}
      {user === null && group === null && <span class="soft">{object ?? 'everybody'}</span>}
    </>
  )
}

function Plain({ value }: { readonly value: unknown }) {
  const text = plainText(value)
  return text === null ? <span class="soft">nothing</span> : <span>{text}</span>
}

function Decide(props: {
  readonly request: ConsoleRequest
  readonly item: DriftAnswer
  readonly policy: string | undefined
  readonly back: string
}) {
  const { request, item, policy, back } = props
  const { accept, dismiss } = choices(item)
  if (!accept && !dismiss) return null
  return (
    <Form request={request} action={url(request, `/reconciliation/drift/${item.id}`)} inline>
      <input type="hidden" name="back" value={back} />
      {accept && (
        <Button name="do" value="accept">
          Accept
        </Button>
      )}
      <Button kind="quiet" name="do" value="dismiss">
        Dismiss
      </Button>
      {policy !== undefined && <span class="soft small">policy: {policy}</span>}
    </Form>
  )
}

/** What the two buttons mean. */
export function Meaning({ request }: { readonly request: ConsoleRequest }) {
  return (
    <p class="soft small">
      <strong>Accept</strong> takes over what Entra states, this once, whatever the policy of the
      kind is. <strong>Dismiss</strong> leaves it as it is, and it is not told again while it is the
      same. What happens to the next ones stands in the{' '}
      <a href={url(request, '/reconciliation/settings')}>policies</a>.
    </p>
  )
}
