import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { Button, Card, Check, Field, Form, Select } from '../ui/index.ts'
import { type Filled, filled, type Sent } from './sent.ts'

export type Choice = { readonly id: string; readonly name: string }

type Props = {
  readonly request: ConsoleRequest
  readonly connections: readonly Choice[]
  readonly sent: Sent | null
}

/** The form for a new token. */
export function NewToken({ request, connections, sent }: Props) {
  const form = filled(sent, 'token')
  return (
    <Card title="New token">
      <Form
        request={request}
        action={url(request, '/settings/scim/tokens/new')}
        problem={form.problem}
      >
        <Shared form={form} connections={connections} />
        <Ends form={form} name="expiresAt" />
        <Button>Create and show it once</Button>
      </Form>
    </Card>
  )
}

/** The form for a new client: by secret, or by assertions of the tenant. */
export function NewClient({ request, connections, sent }: Props) {
  const form = filled(sent, 'client')
  return (
    <Card title="New client">
      <Form
        request={request}
        action={url(request, '/settings/scim/clients/new')}
        problem={form.problem}
      >
        <Shared form={form} connections={connections} />
        <Select
          label="It proves itself by"
          name="kind"
          value={form.text('kind', 'secret')}
          options={[
            ['secret', 'A client secret'],
            ['federation', 'An assertion of the tenant (workload identity federation)'],
          ]}
        />
        <Ends form={form} name="secretExpiresAt" />
        <fieldset>
          <legend>For an assertion</legend>
          <Field
            label="Directory (tenant) ID"
            name="tenantId"
            value={form.text('tenantId')}
            error={form.error('federation.tenantId')}
          />
          <Field
            label="Object ID of the provisioning service’s principal"
            name="subject"
            value={form.text('subject')}
            hint="The subject of the assertions, as Entra shows it where the credential is set up."
            error={form.error('federation.subject')}
          />
          <Field
            label="Audience"
            name="audience"
            value={form.text('audience')}
            hint="The application ID, with or without api:// before it."
            error={form.error('federation.audience')}
          />
          <Field
            label="Issuer"
            name="issuer"
            value={form.text('issuer')}
            hint="Left empty: the tenant’s own."
            error={form.error('federation.issuer')}
          />
        </fieldset>
        <Button>Create</Button>
      </Form>
    </Card>
  )
}

/** The form for one more secret of a client. */
export function NewSecret(props: {
  readonly request: ConsoleRequest
  readonly client: Choice
  readonly sent: Sent | null
}) {
  const form = filled(props.sent, 'secret')
  return (
    <Card title={`New secret of ${props.client.name}`}>
      <p class="soft">The others stay valid until you delete them.</p>
      <Form
        request={props.request}
        action={url(props.request, `/settings/scim/clients/${props.client.id}/secrets/new`)}
        problem={form.problem}
      >
        <Ends form={form} name="expiresAt" />
        <Button>Create and show it once</Button>
      </Form>
    </Card>
  )
}

function Shared(props: { readonly form: Filled; readonly connections: readonly Choice[] }) {
  const { form, connections } = props
  return (
    <>
      <Field
        label="Name"
        name="name"
        required
        value={form.text('name')}
        placeholder="Entra provisioning"
        error={form.error('name')}
      />
      {connections.length > 1 && (
        <Select
          label="Connection"
          name="connection"
          value={form.text('connection')}
          options={connections.map(({ id, name }) => [id, name])}
          hint="Whose people it provisions."
          error={form.error('connection')}
        />
      )}
      <Check
        label="May only read"
        name="readOnly"
        checked={form.ticked('readOnly', false)}
        hint="For looking at what is here. Provisioning needs to write."
      />
    </>
  )
}

function Ends({ form, name }: { readonly form: Filled; readonly name: string }) {
  return (
    <Field
      label="Ends on"
      name={name}
      type="date"
      value={form.text(name)}
      hint="In UTC. Events and the overview warn 30, 7 and 1 days before. Left empty, it works until it is revoked."
      error={form.error(name)}
    />
  )
}
