import type { ScimClientAnswer, ScimTokenAnswer } from '../../admin/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { Badge, Button, Card, Copy, Empty, Form, Table, Time, type Tone } from '../ui/index.ts'

const tones: Readonly<Record<ScimTokenAnswer['state'], Tone>> = {
  active: 'good',
  disabled: 'idle',
  expired: 'bad',
}

/** How Entra's provisioning service proves itself: by tokens and by OAuth clients. */
export function ScimPage(props: {
  readonly request: ConsoleRequest
  readonly tokens: readonly ScimTokenAnswer[]
  readonly clients: readonly ScimClientAnswer[]
}) {
  const { request, tokens, clients } = props
  const path = (rest: string) => url(request, `/settings/scim/${rest}`)
  return (
    <>
      <Card
        title="Tokens"
        actions={
          <a class="button" href={path('tokens/new')}>
            New token
          </a>
        }
      >
        <p class="soft">
          The long-lived way. To renew one: create the next, paste it into Entra, then revoke the
          old one.
        </p>
        {tokens.length === 0 ? (
          <Empty title="No token yet">
            <p>Entra asks for a token as Secret token, unless it uses a client.</p>
          </Empty>
        ) : (
          <Table head={['Name', 'State', 'Last used', 'Ends', 'Actions']} caption="SCIM tokens">
            {tokens.map((token) => (
              <tr>
                <td data-label="Name">
                  {token.name}
                  {!token.scopes.includes('write') && <span class="soft"> (reads only)</span>}
                </td>
                <td data-label="State">
                  <Badge tone={tones[token.state]}>{token.state}</Badge>
                </td>
                <td data-label="Last used">
                  <Time at={token.lastUsedAt} nowMs={request.nowMs} />
                </td>
                <td data-label="Ends">
                  <Time at={token.expiresAt} nowMs={request.nowMs} />
                </td>
                <td>
                  <div class="row">
                    <Switch request={request} path={path(`tokens/${token.id}`)} one={token} />
                    <Form inline request={request} action={path(`tokens/${token.id}/revoke`)}>
                      <Button kind="danger">
                        Revoke<span class="hidden"> {token.name}</span>
                      </Button>
                    </Form>
                  </div>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Card>
      <Card
        title="OAuth clients"
        actions={
          <a class="button" href={path('clients/new')}>
            New client
          </a>
        }
      >
        <p class="soft">
          Entra asks for short-lived tokens with a client secret, or, with a federated client, with
          an assertion that the tenant signs, so that there is no secret to renew.
        </p>
        {clients.length === 0 ? (
          <Empty title="No client yet">
            <p>Gallery applications need one; others may use a token.</p>
          </Empty>
        ) : (
          clients.map((client) => <Client request={request} client={client} path={path} />)
        )}
      </Card>
    </>
  )
}

function Switch(props: {
  readonly request: ConsoleRequest
  readonly path: string
  readonly one: { readonly name: string; readonly disabled: boolean }
}) {
  const { request, path, one } = props
  return (
    <Form inline request={request} action={path}>
      <input type="hidden" name="disabled" value={one.disabled ? '' : 'true'} />
      <Button kind="quiet">
        {one.disabled ? 'Enable' : 'Disable'}
        <span class="hidden"> {one.name}</span>
      </Button>
    </Form>
  )
}

function Client(props: {
  readonly request: ConsoleRequest
  readonly client: ScimClientAnswer
  readonly path: (rest: string) => string
}) {
  const { request, client } = props
  const path = props.path(`clients/${client.id}`)
  return (
    <>
      <div class="card-head">
        <h3>
          {client.name} <Badge tone={client.disabled ? 'idle' : 'good'}>{stateOf(client)}</Badge>
        </h3>
        <div class="row">
          {client.federation === null && (
            <a class="button quiet" href={`${path}/secrets/new`}>
              New secret<span class="hidden"> of {client.name}</span>
            </a>
          )}
          <Switch request={request} path={path} one={client} />
          <Form inline request={request} action={`${path}/delete`}>
            <Button kind="danger">
              Delete<span class="hidden"> {client.name}</span>
            </Button>
          </Form>
        </div>
      </div>
      <Copy label="Client ID" value={client.id} />
      <Copy label="Token endpoint" value={client.tokenUrl} />
      {client.federation !== null && (
        <p class="soft small">
          Assertions by <code>{client.federation.issuer}</code>, subject{' '}
          <code>{client.federation.subject}</code>, audience{' '}
          <code>{client.federation.audience}</code>
        </p>
      )}
      {client.secrets.length > 0 && (
        <Table
          head={['Secret', 'Made', 'Last used', 'Ends', 'Actions']}
          caption={`Secrets of ${client.name}`}
        >
          {client.secrets.map((secret) => (
            <tr>
              <td data-label="Secret">
                <code>{secret.id}</code>
              </td>
              <td data-label="Made">
                <Time at={secret.createdAt} nowMs={request.nowMs} />
              </td>
              <td data-label="Last used">
                <Time at={secret.lastUsedAt} nowMs={request.nowMs} />
              </td>
              <td data-label="Ends">
                <Time at={secret.expiresAt} nowMs={request.nowMs} />
              </td>
              <td>
                <Form inline request={request} action={`${path}/secrets/${secret.id}/delete`}>
                  <Button kind="danger">
                    Delete<span class="hidden"> secret {secret.id}</span>
                  </Button>
                </Form>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}

function stateOf({ disabled, federation }: ScimClientAnswer): string {
  if (disabled) return 'disabled'
  return federation === null ? 'by secret' : 'federated'
}
