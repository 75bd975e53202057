import { limits } from '../../kernel/index.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, showProblem, url } from '../show.tsx'
import { Badge, Button, Card, Empty, Field, Form, Table, Time } from '../ui/index.ts'
import { showSettings } from './frame.tsx'
import { SecretPage } from './secret-page.tsx'
import { filled, numberOr, type Sent } from './sent.ts'

const path = '/o/{org}/settings/recovery'
const page = 'recovery'

export const recoveryRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path, handle: showLinks },
  {
    method: 'get',
    path: `${path}/new`,
    confirms: true,
    handle: (request) => askForLink(request, null),
  },
  { method: 'post', path: `${path}/new`, confirms: true, handle: createLink },
  { method: 'post', path: `${path}/{link}/revoke`, handle: revokeLink },
]

type Link = {
  readonly id: string
  readonly user: string
  readonly state: 'unused' | 'used' | 'expired'
  readonly createdAt: string
  readonly expiresAt: string
  readonly usedAt: string | null
}

async function showLinks(request: ConsoleRequest): Promise<Response> {
  const listed = await request.call<{ items: readonly Link[] }>('listRecoveryLinks', {
    query: { limit: '100' },
  })
  if (!listed.ok) return showProblem(request, listed.problem)
  const { items } = listed.value
  return showSettings(request, {
    page,
    children: (
      <Card
        title="Ways in while the provider is broken"
        actions={
          <a class="button" href={url(request, '/settings/recovery/new')}>
            New link
          </a>
        }
      >
        <p class="soft">
          A link signs one person in, once, without the identity provider: for an admin who has to
          mend the connection. Making and using one are events.
        </p>
        {items.length === 0 ? (
          <Empty title="No link of the last weeks">
            <p>Make one for an admin when the provider is broken and nobody can sign in.</p>
          </Empty>
        ) : (
          <Table head={['Person', 'State', 'Made', 'Ends', 'Actions']} caption="Recovery links">
            {items.map((link) => (
              <tr>
                <td data-label="Person">
                  <a href={url(request, `/people/${link.user}`)}>
                    <code>{link.user}</code>
                  </a>
                </td>
                <td data-label="State">
                  <Badge tone={link.state === 'unused' ? 'warn' : 'idle'}>{link.state}</Badge>
                </td>
                <td data-label="Made">
                  <Time at={link.createdAt} nowMs={request.nowMs} />
                </td>
                <td data-label="Ends">
                  <Time at={link.expiresAt} nowMs={request.nowMs} />
                </td>
                <td>
                  {link.state !== 'used' && (
                    <Form
                      inline
                      request={request}
                      action={url(request, `/settings/recovery/${link.id}/revoke`)}
                    >
                      <Button kind="danger">
                        Revoke<span class="hidden"> the link for {link.user}</span>
                      </Button>
                    </Form>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Card>
    ),
  })
}

async function askForLink(request: ConsoleRequest, sent: Sent | null): Promise<Response> {
  const form = filled(sent, 'link')
  return showSettings(request, {
    page,
    title: 'New recovery link',
    status: sent?.problem.status ?? 200,
    children: (
      <Card title="New link">
        <Form
          request={request}
          action={url(request, '/settings/recovery/new')}
          problem={form.problem}
        >
          <Field
            label="Person"
            name="user"
            required
            value={form.text('user', request.query('user'))}
            hint="The user name, or the id that stands on the person’s page."
            error={form.error('user')}
          />
          <Field
            label="Works for (minutes)"
            name="expiresInMinutes"
            type="number"
            min={1}
            max={limits.recoveryLinkMinutes}
            value={form.text('expiresInMinutes', '60')}
            error={form.error('expiresInMinutes')}
          />
          <Button>Create and show it once</Button>
        </Form>
      </Card>
    ),
  })
}

/** The id of somebody who was named by user name; what names nobody is left to the operation to refuse. */
async function userId(request: ConsoleRequest, named: string): Promise<string> {
  if (named === '' || named.startsWith('usr_')) return named
  const listed = await request.call<{ items: readonly { readonly id: string }[] }>('listUsers', {
    query: { userName: named },
  })
  return listed.ok ? (listed.value.items[0]?.id ?? named) : named
}

async function createLink(request: ConsoleRequest): Promise<Response> {
  const { form } = request
  const user = await userId(request, form.text('user').trim())
  const made = await request.call<{ url: string | null; expiresAt: string }>('createRecoveryLink', {
    body: { user, expiresInMinutes: numberOr(form.text('expiresInMinutes')) },
  })
  if (!made.ok) return askForLink(request, { form: 'link', fields: form, problem: made.problem })
  request.c.header('Cache-Control', 'no-store')
  return showSettings(request, {
    page,
    title: 'Copy it now',
    children: (
      <SecretPage
        title={`Recovery link for ${form.text('user').trim()}`}
        values={[['Link', made.value.url ?? '']]}
        back={url(request, '/settings/recovery')}
      />
    ),
  })
}

async function revokeLink(request: ConsoleRequest): Promise<Response> {
  const params = { link: request.param('link') }
  const revoked = await request.call('revokeRecoveryLink', { params })
  return revoked.ok
    ? go(request, url(request, '/settings/recovery'), 'revoked')
    : showProblem(request, revoked.problem)
}
