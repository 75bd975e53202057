import type { ConnectionAnswer } from '../../admin/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { Badge, Empty, Notice, Table, Time, type Tone } from '../ui/index.ts'

export const statusTones: Readonly<Record<ConnectionAnswer['status'], Tone>> = {
  draft: 'idle',
  testing: 'warn',
  active: 'good',
  disabled: 'bad',
}

/** The connections of an organization. */
export function ConnectionsPage(props: {
  readonly request: ConsoleRequest
  readonly connections: readonly ConnectionAnswer[]
}) {
  const { request, connections } = props
  if (connections.length === 0) {
    return (
      <Empty title="No connection yet">
        <p>
          <a class="button" href={url(request, '/setup')}>
            Set up the first one
          </a>
        </p>
      </Empty>
    )
  }
  return (
    <Table head={['Connection', 'Status', 'Provider', 'Changed']} caption="Connections">
      {connections.map((one) => (
        <tr>
          <td data-label="Connection">
            <a href={url(request, `/settings/connections/${one.id}`)}>{one.name}</a>
            {one.warnings.length > 0 && (
              <p class="small">
                <Badge tone="warn">
                  {one.warnings.length === 1 ? '1 warning' : `${one.warnings.length} warnings`}
                </Badge>
              </p>
            )}
          </td>
          <td data-label="Status">
            <Badge tone={statusTones[one.status]}>{one.status}</Badge>
          </td>
          <td data-label="Provider">
            <code>{one.idp.entityId}</code>
          </td>
          <td data-label="Changed">
            <Time at={one.updatedAt} nowMs={request.nowMs} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

/** What is asked before a connection is deleted. */
export function DeleteConnection(props: { readonly name: string }) {
  return (
    <Notice tone="bad">
      <strong>Delete {props.name}?</strong>
      <p>
        Everybody who came by it is signed out, and its addresses answer no more. That cannot be
        undone. To stop sign-ins for now, disable it under Roll out.
      </p>
    </Notice>
  )
}
