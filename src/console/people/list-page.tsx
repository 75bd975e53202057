import type { ConnectionAnswer, UserAnswer } from '../../admin/index.ts'
import { Badge, Button, Card, Empty, Field, Pages, Select, Table, Time } from '../ui/index.ts'
import { nameOf, sources, sourceWords, statusOptions, statusTones } from './words.ts'

export type PeopleAsked = {
  readonly search: string
  readonly status: string
  readonly source: string
  readonly connection: string
}

/** People of an organization, searched and filtered. Holds no logic. */
export function PeoplePage(props: {
  readonly page: string
  readonly setup: string
  readonly asked: PeopleAsked
  readonly users: readonly UserAnswer[]
  readonly connections: readonly ConnectionAnswer[]
  readonly next: string | null
  /** The first page of what was asked for; null on it. */
  readonly first: string | null
  readonly nowMs: number
}) {
  const { asked, users, connections, page, next, nowMs } = props
  return (
    <Card>
      <search>
        <form method="get" action={page} class="filters">
          <Field label="Name, email or id" name="search" type="search" value={asked.search} />
          <Select label="Status" name="status" value={asked.status} options={statusOptions} />
          <Select
            label="Made by"
            name="source"
            value={asked.source}
            options={[['', 'All'], ...sources.map((one) => [one, sourceWords[one]] as const)]}
          />
          {connections.length > 1 && (
            <Select
              label="Connection"
              name="connection"
              value={asked.connection}
              options={[['', 'All'], ...connections.map(({ id, name }) => [id, name] as const)]}
            />
          )}
          <Button kind="quiet">Show</Button>
        </form>
        <p class="hint">Finds by how a name begins, and ids as a whole.</p>
      </search>
      {users.length === 0 ? (
        <Nobody {...props} />
      ) : (
        <Table head={['Person', 'userName', 'Status', 'Made by', 'Last sign-in']} caption="People">
          {users.map((user) => (
            <tr>
              <th scope="row" data-label="Person">
                <a href={`${page}/${user.id}`}>{nameOf(user)}</a>
              </th>
              <td data-label="userName">{user.userName}</td>
              <td data-label="Status">
                <Badge tone={statusTones[user.status]}>{user.status}</Badge>
              </td>
              <td data-label="Made by">{sourceWords[user.createdBy]}</td>
              <td data-label="Last sign-in">
                <Time at={user.lastSignInAt} nowMs={nowMs} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      <Pages next={next} first={props.first} />
    </Card>
  )
}

function Nobody(props: {
  readonly page: string
  readonly setup: string
  readonly asked: PeopleAsked
  readonly next: string | null
  /** The first page of what was asked for; null on it. */
  readonly first: string | null
}) {
  const { asked, next, page } = props
  if (next !== null) {
    return (
      <Empty title="Nobody on this page">
        <p>Each page looks at a bounded number of people. Go on with the next page.</p>
      </Empty>
    )
  }
  if (props.first !== null || Object.values(asked).some((value) => value !== '')) {
    return (
      <Empty title="Nobody found">
        <p>
          Search by how a name begins, or <a href={page}>show everybody</a>.
        </p>
      </Empty>
    )
  }
  return (
    <Empty title="Nobody is here yet">
      <p>People come by their first sign-in, or as soon as Entra provisions them.</p>
      <p>
        <a class="button" href={props.setup}>
          Go on with the set-up
        </a>
      </p>
    </Empty>
  )
}
