import type { DomainAnswer } from '../../admin/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import {
  Badge,
  Button,
  Card,
  Check,
  Copy,
  Empty,
  Field,
  Form,
  Notice,
  ProblemBox,
  Select,
  Shown,
  Table,
  TextArea,
} from '../ui/index.ts'
import { filled, type Sent } from './sent.ts'

type Props = {
  readonly request: ConsoleRequest
  readonly domains: readonly DomainAnswer[]
  readonly sent: Sent | null
}

/** Name, sessions and provisioning of an organization, its domains, and the origins of the app. */
export function OrganizationSettings(props: Props) {
  const { sent } = props
  const isOperator = props.request.visitor.principal.kind === 'operator'
  const forms = ['general', 'domain', ...(isOperator ? ['origins'] : [])]
  return (
    <>
      {props.request.org.warnings.map((warning) => (
        <Notice tone="warn">{warning}</Notice>
      ))}
      {sent !== null && !forms.includes(sent.form) && <ProblemBox problem={sent.problem} />}
      <General {...props} />
      <Domains {...props} isOperator={isOperator} />
      {isOperator && <Origins {...props} />}
    </>
  )
}

function General({ request, sent }: Props) {
  const { org } = request
  const form = filled(sent, 'general')
  return (
    <Card title="General">
      <Form request={request} action={url(request, '/settings')} problem={form.problem}>
        <Shown version={request.org.version} />
        <Field
          label="Name"
          name="name"
          required
          value={form.text('name', org.name)}
          error={form.error('name')}
        />
        <Field
          label="Sessions last (hours)"
          name="sessionHours"
          type="number"
          min={1}
          max={720}
          value={form.text('sessionHours', String(org.sessionHours))}
          hint="For sign-ins from now on; a session that is there keeps its end."
          error={form.error('sessionHours')}
        />
        <Select
          label="Sign-in by this organization’s provider"
          name="signIn"
          value={form.text('signIn', org.signIn)}
          options={[
            ['optional', 'Optional: the app may offer other ways'],
            ['required', 'Required for everybody of its domains'],
          ]}
          hint="What the app is told when it asks where somebody signs in."
          error={form.error('signIn')}
        />
        <Field
          label="Default role"
          name="defaultRole"
          value={form.text('defaultRole', org.provisioning.defaultRole)}
          hint="Everybody has it, besides what the role rules give."
          error={form.error('provisioning.defaultRole')}
        />
        <Check
          label="Keep what provisioning sent"
          name="keepValues"
          checked={form.ticked('keepValues', org.provisioning.keepValues)}
          hint="Events of provisioning keep the values for 30 days, which helps to find faults. Without it they keep only the names of what changed."
        />
        <Button>Save</Button>
      </Form>
    </Card>
  )
}

function Domains(props: Props & { readonly isOperator: boolean }) {
  const { request, domains, isOperator, sent } = props
  const form = filled(sent, 'domain')
  return (
    <Card title="Domains">
      <p class="soft">
        People with an address of a proved domain are sent to this organization’s provider.
      </p>
      {domains.length === 0 ? (
        <Empty title="No domain yet">
          <p>Add the domain of the people’s addresses below.</p>
        </Empty>
      ) : (
        <Table head={['Domain', 'State', 'Actions']} caption="Domains">
          {domains.map((one) => (
            <DomainRow request={request} domain={one} />
          ))}
        </Table>
      )}
      <Form request={request} action={url(request, '/settings/domains')} problem={form.problem}>
        <Field
          label="Domain"
          name="domain"
          required
          value={form.text('domain')}
          placeholder="contoso.com"
          error={form.error('domain')}
        />
        {isOperator && (
          <Check
            label="I know that it is theirs"
            name="verified"
            checked={form.ticked('verified', false)}
            hint="Proves it on your word, without a DNS record."
          />
        )}
        <Button kind="quiet">Add domain</Button>
      </Form>
    </Card>
  )
}

function DomainRow(props: { readonly request: ConsoleRequest; readonly domain: DomainAnswer }) {
  const { request, domain } = props
  const path = url(request, `/settings/domains/${encodeURIComponent(domain.domain)}`)
  return (
    <tr>
      <td data-label="Domain">
        <strong>{domain.domain}</strong>
        {!domain.verified && (
          <>
            <p class="soft small">Set this TXT record at your DNS provider, then verify.</p>
            <Copy label="Name" value={domain.record.name} />
            <Copy label="Value" value={domain.record.value} />
          </>
        )}
      </td>
      <td data-label="State">
        {domain.verified ? (
          <Badge tone="good">
            {domain.verifiedBy === 'dns' ? 'Proved by DNS' : 'Proved by an operator'}
          </Badge>
        ) : (
          <Badge tone="warn">Not proved</Badge>
        )}
      </td>
      <td>
        <div class="row">
          {!domain.verified && (
            <Form inline request={request} action={`${path}/verify`}>
              <Button kind="quiet">Verify</Button>
            </Form>
          )}
          <Form inline request={request} action={`${path}/remove`}>
            <Button kind="danger">
              Remove<span class="hidden"> {domain.domain}</span>
            </Button>
          </Form>
        </div>
      </td>
    </tr>
  )
}

function Origins({ request, sent }: Props) {
  const form = filled(sent, 'origins')
  const errors = form.problem?.errors?.map(({ message }) => message).join('; ')
  return (
    <Card title="Origins of the app">
      <Form request={request} action={url(request, '/settings/origins')} problem={form.problem}>
        <Shown version={request.org.version} />
        <TextArea
          label="One a line"
          name="origins"
          rows={4}
          code
          value={form.text('origins', request.org.appOrigins.join('\n'))}
          placeholder="https://app.example.com"
          hint="Only these may read who is signed in, and only to these a sign-in returns."
          error={errors}
        />
        <Button>Save</Button>
      </Form>
    </Card>
  )
}
