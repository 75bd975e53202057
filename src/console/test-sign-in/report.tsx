import type { TestSignInDetail } from '../../admin/index.ts'
import { CheckList } from '../checks/check-list.tsx'
import { decisive, shortClaim, tally } from '../checks/words.ts'
import { Badge, Card, Empty, Facts, Notice, Table } from '../ui/index.ts'

type Report = NonNullable<TestSignInDetail['report']>

/** How a test sign-in ended, from the verdict down to every value. Holds no logic. */
export function ReportView(props: {
  readonly report: Report
  /** Address of a person's page, without the id. */
  readonly peopleUrl: string
}) {
  const { report } = props
  const checks = (
    <Card title="Checks">
      <p class="soft">{tally(report.checks)}, in the order in which a sign-in makes them.</p>
      <CheckList checks={report.checks} />
    </Card>
  )
  return (
    <>
      <Verdict report={report} />
      {report.code !== null && checks}
      <Card title="Person">
        <PersonView report={report} peopleUrl={props.peopleUrl} />
      </Card>
      <Card title="What the mapping makes of it">
        <AttributesView report={report} />
      </Card>
      <Card title="Claims received">
        <ClaimsView report={report} />
      </Card>
      {report.code === null && checks}
    </>
  )
}

function Verdict({ report }: { readonly report: Report }) {
  const check = decisive(report.checks)
  if (report.code === null) {
    return (
      <Notice tone={check === null ? 'good' : 'warn'}>
        <strong>The test passed.</strong>{' '}
        {check === null
          ? 'A sign-in like this one works.'
          : 'The response is good, but an ordinary sign-in would be refused for now.'}
        {check !== null && (
          <p>
            {check.means} {check.fix}
          </p>
        )}
        {report.created && ' The person was made, as you asked.'}
      </Notice>
    )
  }
  return (
    <Notice tone="bad">
      <strong>The test failed at “{check?.label ?? report.code}”.</strong>
      <p>{check?.means}</p>
      {(report.entra?.admin ?? null) === null && <p>{check?.fix}</p>}
      {report.entra !== null && <EntraSays entra={report.entra} />}
      <p class="soft small">
        {report.code} · the tester saw reference {report.request}
      </p>
    </Notice>
  )
}

function EntraSays({ entra }: { readonly entra: NonNullable<Report['entra']> }) {
  return (
    <>
      {entra.admin !== null && <p>{entra.admin}</p>}
      <Facts
        rows={[
          ['Entra error', entra.aadsts === null ? 'none stated' : `AADSTS${entra.aadsts}`],
          ['Correlation ID', entra.correlationId ?? 'none stated'],
        ]}
      />
    </>
  )
}

const kinds = {
  known: 'Known',
  bind: 'Would be bound',
  create: 'Would be new',
} as const

function PersonView({
  report,
  peopleUrl,
}: {
  readonly report: Report
  readonly peopleUrl: string
}) {
  const { person } = report
  if (!report.directoryShown) {
    return (
      <p>
        This setup link does not show what is known of people. Ask an operator for one with
        attributes.
      </p>
    )
  }
  if (person === null) {
    return <Empty title="Nobody">{<p>The checks say why it is nobody who could sign in.</p>}</Empty>
  }
  return (
    <Facts
      rows={[
        [
          'Who',
          person.user === null ? (
            person.userName
          ) : (
            <a href={`${peopleUrl}/${person.user}`}>{person.userName}</a>
          ),
        ],
        ['How', <Badge tone="idle">{kinds[person.kind]}</Badge>],
        ['Why', person.why],
        ['Roles', report.roles.join(', ')],
        ['Groups', groupsOf(report)],
      ]}
    />
  )
}

function groupsOf({ groups, groupsFrom, groupsUnknown }: Report): string {
  if (groupsUnknown) return 'more than a response can carry: asked of Microsoft Graph at a sign-in'
  const from = groupsFrom === 'scim' ? 'by provisioning' : 'by this sign-in'
  return groups.length === 0 ? `none, ${from}` : `${groups.join(', ')}, ${from}`
}

function AttributesView({ report }: { readonly report: Report }) {
  if (report.attributes.length === 0) {
    return <Empty title="No attributes">{<p>Claims are mapped once the checks pass.</p>}</Empty>
  }
  return (
    <>
      <Table caption="Attributes" head={['Attribute', 'Value', 'Came from']}>
        {report.attributes.map(({ key, value, source, rule }) => (
          <tr>
            <th scope="row">{key}</th>
            <td data-label="Value">{String(value)}</td>
            <td data-label="Came from">{source === null ? 'default' : `${source}: ${rule}`}</td>
          </tr>
        ))}
      </Table>
      {report.problems.map(({ key, why }) => (
        <Notice tone="warn">
          <code>{key}</code> has no value: {why}
        </Notice>
      ))}
    </>
  )
}

function ClaimsView({ report }: { readonly report: Report }) {
  if (report.claims.length === 0 && report.nameId === null) {
    return (
      <Empty title="No claims">
        <p>Only what a trusted certificate signed is shown as a claim.</p>
      </Empty>
    )
  }
  return (
    <Table caption="Claims" head={['Claim', 'Values']}>
      {report.nameId !== null && (
        <tr>
          <th scope="row">NameID</th>
          <td data-label="Values">{report.nameId.value}</td>
        </tr>
      )}
      {report.claims.map(({ name, values }) => (
        <tr>
          <th scope="row">
            {shortClaim(name)}
            {shortClaim(name) !== name && <p class="hint">{name}</p>}
          </th>
          <td data-label="Values">{values.join(', ')}</td>
        </tr>
      ))}
    </Table>
  )
}
