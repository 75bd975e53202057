import type { GraphCredentialAnswer } from '../../admin/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import {
  Badge,
  Button,
  Card,
  Copy,
  Empty,
  Facts,
  Field,
  Form,
  Notice,
  Select,
  Table,
  TextArea,
  Time,
} from '../ui/index.ts'
import { SubNav } from './frame.tsx'
import { filled, type Sent } from './sent.ts'

type Choice = { readonly id: string; readonly name: string }

/** With which credential Microsoft Graph is read, and whether it may read all that it should. */
export function GraphPage(props: {
  readonly request: ConsoleRequest
  readonly connections: readonly Choice[]
  /** Whose credential is shown; empty where there is no connection yet. */
  readonly connection: string
  readonly credential: GraphCredentialAnswer | null
  readonly canRemove: boolean
}) {
  const { request, connections, connection, credential } = props
  const query = connection === '' ? '' : `?connection=${connection}`
  const set = url(request, `/settings/graph/set${query}`)
  return (
    <>
      {connections.length > 1 && (
        <SubNav
          label="Connection"
          here={connection}
          items={connections.map(({ id, name }) => [
            id,
            name,
            url(request, `/settings/graph?connection=${id}`),
          ])}
        />
      )}
      {credential === null ? (
        <Empty title="Microsoft Graph is not read yet">
          <p>
            With a credential, Portico compares its people with the tenant on a schedule, and finds
            what provisioning does not send, such as values that were cleared.
          </p>
          <p>
            <a class="button" href={set}>
              Set a credential
            </a>
          </p>
        </Empty>
      ) : (
        <>
          <Credential {...props} credential={credential} set={set} query={query} />
          <Checked {...props} credential={credential} query={query} />
        </>
      )}
    </>
  )
}

type Shown = {
  readonly request: ConsoleRequest
  readonly credential: GraphCredentialAnswer
  readonly query: string
}

function Credential(props: Shown & { readonly set: string; readonly canRemove: boolean }) {
  const { request, credential } = props
  return (
    <Card
      title="Credential"
      actions={
        <>
          <a class="button quiet" href={props.set}>
            Replace
          </a>
          {props.canRemove && (
            <Form
              inline
              request={request}
              action={url(request, `/settings/graph/remove${props.query}`)}
            >
              <Button kind="danger">Remove</Button>
            </Form>
          )}
        </>
      }
    >
      <Facts
        rows={[
          ['Tenant', <code>{credential.tenantId}</code>],
          ['Client', <code>{credential.clientId}</code>],
          ['Application whose assignments count', <code>{credential.appId}</code>],
          ['Proves itself by', credential.kind === 'secret' ? 'Client secret' : 'Certificate'],
          ['Ends', <Time at={credential.expiresAt} nowMs={request.nowMs} />],
        ]}
      />
      {credential.certificate !== null && (
        <>
          <p class="soft">
            Upload this certificate in Entra: App registrations, the app, Certificates &amp;
            secrets, Certificates.
          </p>
          <Copy block label="Certificate" value={credential.certificate.pem} />
        </>
      )}
    </Card>
  )
}

function Checked({ request, credential, query }: Shown) {
  const { check } = credential
  return (
    <Card
      title="Permissions"
      actions={
        <Form inline request={request} action={url(request, `/settings/graph/check${query}`)}>
          <Button kind="quiet">Check now</Button>
        </Form>
      }
    >
      {check === null ? (
        <Notice tone="warn">Not checked yet. The check reads a little of each kind.</Notice>
      ) : (
        <>
          <p class="soft">
            Checked <Time at={check.checkedAt} nowMs={request.nowMs} />
          </p>
          {check.ok && <Notice tone="good">All that is needed can be read.</Notice>}
          {check.problems.map(({ message, fix }) => (
            <Notice tone="bad">
              <strong>{message}</strong>
              <p>{fix}</p>
            </Notice>
          ))}
          {check.permissions.length > 0 && (
            <Table head={['Permission', 'State', 'What for']} caption="Permissions">
              {check.permissions.map(({ name, granted, use }) => (
                <tr>
                  <td data-label="Permission">
                    <code>{name}</code>
                  </td>
                  <td data-label="State">
                    <Badge tone={granted ? 'good' : 'bad'}>{granted ? 'granted' : 'missing'}</Badge>
                  </td>
                  <td data-label="What for">{use}</td>
                </tr>
              ))}
            </Table>
          )}
        </>
      )}
    </Card>
  )
}

/** The form for a credential, new or in place of another. */
export function SetGraph(props: {
  readonly request: ConsoleRequest
  readonly connection: string
  readonly tenantId: string
  readonly credential: GraphCredentialAnswer | null
  readonly sent: Sent | null
}) {
  const { request, credential, sent } = props
  const form = filled(sent, 'graph')
  const query = props.connection === '' ? '' : `?connection=${props.connection}`
  return (
    <Card title="Credential">
      <p class="soft">
        In Entra: App registrations, New registration; API permissions, Microsoft Graph, Application
        permissions: User.Read.All, Application.Read.All, GroupMember.Read.All. Grant admin consent.
      </p>
      <Form
        request={request}
        action={url(request, `/settings/graph/set${query}`)}
        problem={form.problem}
      >
        <Field
          label="Directory (tenant) ID"
          name="tenantId"
          required
          value={form.text('tenantId', credential?.tenantId ?? props.tenantId)}
          error={form.error('tenantId')}
        />
        <Field
          label="Application (client) ID"
          name="clientId"
          required
          value={form.text('clientId', credential?.clientId)}
          hint="Of the app registration that may read Graph."
          error={form.error('clientId')}
        />
        <Field
          label="Application ID of the enterprise application"
          name="appId"
          value={form.text('appId', credential?.appId)}
          hint="Whose assignments count: the one that people sign in to. Left empty, the client’s."
          error={form.error('appId')}
        />
        <Select
          label="It proves itself by"
          name="kind"
          value={form.text('kind', 'secret')}
          options={[
            ['secret', 'A client secret'],
            ['generate', 'A certificate that Portico makes; its key never leaves Portico'],
            ['certificate', 'A certificate and key of your own'],
            ...(credential === null ? [] : [['keep', 'What is stored'] as const]),
          ]}
        />
        <Field
          label="Client secret"
          name="clientSecret"
          type="password"
          autocomplete="off"
          hint="Its Value, not its Secret ID. It is not shown again."
          error={form.error('clientSecret')}
        />
        <Field
          label="The secret ends on"
          name="clientSecretExpiresAt"
          type="date"
          value={form.text('clientSecretExpiresAt')}
          hint="As Entra says it, so that you are warned in time."
          error={form.error('clientSecretExpiresAt')}
        />
        <TextArea
          label="Certificate and key (PEM)"
          name="certificate"
          code
          rows={5}
          hint="Only for a certificate of your own; the key as PKCS#8 without a password."
          error={form.error('certificate')}
        />
        <Button>Save, then check</Button>
      </Form>
    </Card>
  )
}
