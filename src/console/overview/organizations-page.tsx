import type { HealthAnswer, StatisticsAnswer } from '../../admin/index.ts'
import { Badge, Button, Card, Empty, Field, Pages, Table, Time } from '../ui/index.ts'
import { Activity } from './activity.tsx'
import { State } from './organization-page.tsx'
import { findingWords, runTones, statusTones } from './words.ts'

/** All organizations, for operators. Holds no logic. */
export function OrganizationsPage(props: {
  readonly items: readonly HealthAnswer[]
  readonly next: string | null
  readonly first: string | null
  readonly q: string
  readonly statistics: StatisticsAnswer
  readonly nowMs: number
}) {
  const { items, q, nowMs } = props
  return (
    <>
      <Card
        title="All organizations"
        actions={
          <>
            <a href="/console/operator">Operation</a>
            <a class="button" href="/console/new">
              New organization
            </a>
          </>
        }
      >
        <search>
          <form method="get" action="/console" class="inline">
            <Field label="Name or slug" name="q" type="search" value={q} />
            <Button kind="quiet">Search</Button>
          </form>
        </search>
        {items.length === 0 ? (
          <Nothing {...props} />
        ) : (
          <Table
            head={['Organization', 'State', 'Sign-in', 'Provisioning', 'Reconciliation']}
            caption="Organizations and their health"
          >
            {items.map((health) => (
              <Row health={health} nowMs={nowMs} />
            ))}
          </Table>
        )}
        <Pages next={props.next} first={props.first} />
      </Card>
      <Activity statistics={props.statistics} page="/console" codeUrl="/console/errors/" />
    </>
  )
}

function Nothing({ q, next }: { readonly q: string; readonly next: string | null }) {
  if (q === '') {
    return (
      <Empty title="No organization yet">
        <p>An organization is one customer of your app, with its own identity provider.</p>
        <p>
          <a class="button" href="/console/new">
            Create the first one
          </a>
        </p>
      </Empty>
    )
  }
  return (
    <Empty title={next === null ? 'No organization is called so' : 'None so far'}>
      <p>
        {next === null ? (
          <a href="/console">Show all</a>
        ) : (
          'The search goes on behind those it looked through: see the next page.'
        )}
      </p>
    </Empty>
  )
}

function Row({ health, nowMs }: { readonly health: HealthAnswer; readonly nowMs: number }) {
  const { organization, connections, scim, reconcile, openDrift, findings } = health
  const [worst] = findings
  return (
    <tr>
      <th scope="row">
        <a href={`/console/o/${organization.slug}`}>{organization.name}</a>
        <div class="soft small">{organization.slug}</div>
      </th>
      <td data-label="State">
        <State state={health.state} />
        {worst !== undefined && <div class="small">{findingWords[worst.kind].what}</div>}
      </td>
      <td data-label="Sign-in">
        {connections.length === 0 ? (
          <span class="soft">no connection</span>
        ) : (
          connections.map(({ name, status }) => (
            <div>
              <Badge tone={statusTones[status]}>{status}</Badge> {name}
            </div>
          ))
        )}
        <div class="small soft">
          {health.lastSignInAt === null ? (
            'no sign-in yet'
          ) : (
            <>
              last <Time at={health.lastSignInAt} nowMs={nowMs} />
            </>
          )}
        </div>
      </td>
      <td data-label="Provisioning">
        {scim.credentials === 0 || !scim.enabled ? (
          <span class="soft">{scim.enabled ? 'not set up' : 'off'}</span>
        ) : scim.lastCallAt === null ? (
          'no call yet'
        ) : (
          <>
            last call <Time at={scim.lastCallAt} nowMs={nowMs} />
          </>
        )}
      </td>
      <td data-label="Reconciliation">
        {reconcile === null ? (
          <span class="soft">never run</span>
        ) : (
          <>
            <Badge tone={runTones[reconcile.status]}>{reconcile.status}</Badge>{' '}
            <Time at={reconcile.at} nowMs={nowMs} />
          </>
        )}
        {openDrift > 0 && <div class="small">{openDrift} open differences</div>}
      </td>
    </tr>
  )
}
