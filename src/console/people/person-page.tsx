import type { SessionAnswer, TimelineAnswer, UserAnswer } from '../../admin/index.ts'
import { browserWords } from '../browser-words.ts'
import type { ConsoleRequest } from '../route.ts'
import {
  Badge,
  Button,
  Card,
  Copy,
  Empty,
  Facts,
  Form,
  Notice,
  Pages,
  Table,
  Time,
} from '../ui/index.ts'
import { SourcesCard } from './sources-card.tsx'
import { Timeline } from './timeline.tsx'
import {
  actions,
  actionsFor,
  denialWords,
  type sourceTable,
  sourceWords,
  statusTones,
} from './words.ts'

/** One person: what they are, who said so, and what happened to them. Holds no logic. */
export function PersonPage(props: {
  readonly request: ConsoleRequest
  readonly user: UserAnswer
  readonly table: ReturnType<typeof sourceTable>
  readonly sessions: readonly SessionAnswer[]
  readonly timeline: readonly TimelineAnswer[]
  /** Where the timeline goes on. */
  readonly older: string | null
  readonly newest: string | null
  /** Where people, groups and events are. */
  readonly base: string
}) {
  const { request, user, base } = props
  const { nowMs } = request
  const page = `${base}/people/${user.id}`
  return (
    <>
      {denialWords(user).map((words) => (
        <Notice tone="warn">{words}</Notice>
      ))}
      <Card
        title="Person"
        actions={actionsFor(user).map((action) => (
          <a
            class={`button ${actions[action].isGrave ? 'danger' : 'quiet'}`}
            href={`${page}/${action}`}
          >
            {actions[action].verb}
          </a>
        ))}
      >
        <Facts
          rows={[
            ['Status', <Badge tone={statusTones[user.status]}>{user.status}</Badge>],
            ['userName', user.userName],
            ['Made by', sourceWords[user.createdBy]],
            ['Last sign-in', <Time at={user.lastSignInAt} nowMs={nowMs} />],
            ['Made', <Time at={user.createdAt} nowMs={nowMs} />],
            ['Groups', <Names list={user.groups} base={`${base}/groups`} />],
            ['Roles', user.roles.join(', ') || 'none'],
          ]}
        />
        <details>
          <summary>Ids</summary>
          <Copy label="Id here" value={user.id} />
          {user.externalId !== null && <Copy label="externalId" value={user.externalId} />}
          {user.identity !== null && (
            <Copy label="Identity at the provider" value={user.identity} />
          )}
          {user.connection !== null && <Copy label="Connection" value={user.connection} />}
        </details>
      </Card>
      <SourcesCard user={user} table={props.table} mapping={`${base}/attributes`} nowMs={nowMs} />
      <Card title="Sessions">
        {props.sessions.length === 0 ? (
          <Empty title="Not signed in anywhere" />
        ) : (
          <Table head={['Browser', 'Since', 'Until', 'Action']} caption="Sessions of the person">
            {props.sessions.map((session) => (
              <tr>
                <td data-label="Browser" title={session.userAgent ?? ''}>
                  {browserWords(session.userAgent)}
                </td>
                <td data-label="Since">
                  <Time at={session.createdAt} nowMs={nowMs} />
                </td>
                <td data-label="Until">
                  <Time at={session.expiresAt} nowMs={nowMs} />
                </td>
                <td>
                  <Form request={request} action={`${page}/sessions/${session.id}/end`} inline>
                    <Button kind="quiet">End</Button>
                  </Form>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Card>
      <Card title="What happened" id="timeline">
        <Timeline items={props.timeline} base={base} nowMs={nowMs} />
        <Pages next={props.older} first={props.newest} />
      </Card>
    </>
  )
}

/** Groups by the id that links to them; those of a sign-in only have the name that the provider sent. */
function Names({ list, base }: { readonly list: readonly string[]; readonly base: string }) {
  if (list.length === 0) return <>none</>
  return (
    <>
      {list.map((name, i) => (
        <>
          {i > 0 && ', '}
          {name.startsWith('grp_') ? <a href={`${base}/${name}`}>{name}</a> : name}
        </>
      ))}
    </>
  )
}
