import type { GroupAnswer, MemberAnswer } from '../../admin/index.ts'
import { Badge, Button, Card, Copy, Empty, Facts, Field, Pages, Table, Time } from '../ui/index.ts'

type Paged = {
  readonly page: string
  readonly next: string | null
  /** The first page of what was asked for; null on it. */
  readonly first: string | null
  readonly nowMs: number
}

/** Groups that provisioning made. Holds no logic. */
export function GroupsPage(
  props: Paged & {
    readonly search: string
    readonly groups: readonly GroupAnswer[]
    readonly setup: string
  },
) {
  const { groups, page, search } = props
  return (
    <Card>
      <search>
        <form method="get" action={page} class="filters">
          <Field label="Name" name="search" type="search" value={search} />
          <Button kind="quiet">Show</Button>
        </form>
        <p class="hint">Finds by how the name begins.</p>
      </search>
      {groups.length === 0 ? (
        <Nothing {...props} />
      ) : (
        <Table head={['Group', 'Members', 'Id at the provider', 'Changed']} caption="Groups">
          {groups.map((group) => (
            <tr>
              <th scope="row" data-label="Group">
                <a href={`${page}/${group.id}`}>{group.displayName}</a>
              </th>
              <td data-label="Members" class="number">
                {group.memberCount}
              </td>
              <td data-label="Id at the provider">{group.externalId ?? 'none'}</td>
              <td data-label="Changed">
                <Time at={group.updatedAt} nowMs={props.nowMs} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      <Pages next={props.next} first={props.first} />
    </Card>
  )
}

function Nothing({ search, page, setup }: { search: string; page: string; setup: string }) {
  if (search !== '') {
    return (
      <Empty title="No group begins so">
        <p>
          <a href={page}>Show all groups</a>
        </p>
      </Empty>
    )
  }
  return (
    <Empty title="No groups yet">
      <p>
        Entra provisions the groups that are assigned to the application, once provisioning runs.
      </p>
      <p>
        <a class="button" href={setup}>
          Go on with the set-up
        </a>
      </p>
    </Empty>
  )
}

/** One group with its members, page by page. Holds no logic. */
export function GroupPage(
  props: Paged & {
    readonly group: GroupAnswer
    readonly members: readonly MemberAnswer[]
    /** Where people and groups are. */
    readonly base: string
  },
) {
  const { group, members, base, nowMs } = props
  return (
    <>
      <Card title="Group">
        <Facts
          rows={[
            ['Members', group.memberCount],
            ['Made', <Time at={group.createdAt} nowMs={nowMs} />],
            ['Changed', <Time at={group.updatedAt} nowMs={nowMs} />],
          ]}
        />
        <Copy label="Id here" value={group.id} />
        {group.externalId !== null && <Copy label="Id at the provider" value={group.externalId} />}
      </Card>
      <Card title="Members">
        {members.length === 0 ? (
          <Empty title="Nobody is in it">
            <p>
              Entra only puts people in whom it provisions: assign them, or a group they are direct
              members of.
            </p>
          </Empty>
        ) : (
          <Table head={['Member', 'Kind', 'Said by', 'Since']} caption="Members of the group">
            {members.map(({ id, type, display, source, since }) => (
              <tr>
                <th scope="row" data-label="Member">
                  <a href={`${base}/${type === 'group' ? 'groups' : 'people'}/${id}`}>
                    {display ?? id}
                  </a>
                </th>
                <td data-label="Kind">
                  {type === 'group' ? <Badge tone="idle">group</Badge> : 'person'}
                </td>
                <td data-label="Said by">{source === 'scim' ? 'SCIM' : 'Microsoft Graph'}</td>
                <td data-label="Since">
                  <Time at={since} nowMs={nowMs} />
                </td>
              </tr>
            ))}
          </Table>
        )}
        <Pages next={props.next} first={props.first} />
      </Card>
    </>
  )
}
