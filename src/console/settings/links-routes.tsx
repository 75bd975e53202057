import { limits } from '../../kernel/index.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, showProblem, url } from '../show.tsx'
import { Badge, Button, Card, Check, Empty, Field, Form, Table, Time } from '../ui/index.ts'
import { showSettings } from './frame.tsx'
import { SecretPage } from './secret-page.tsx'
import { filled, numberOr, type Sent } from './sent.ts'

const path = '/o/{org}/settings/links'
const page = 'links'

export const linkRoutes: readonly ConsoleRoute[] = [
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
  readonly name: string
  readonly parts: readonly string[]
  readonly state: 'usable' | 'expired' | 'revoked'
  readonly createdAt: string
  readonly expiresAt: string
  readonly lastUsedAt: string | null
}

const parts = [
  [
    'saml',
    'Sign-in (SAML)',
    'Connections in draft, domains, test sign-ins, the decoder. You open the connection.',
  ],
  [
    'scim',
    'Provisioning (SCIM)',
    'Tokens for Entra’s provisioning service: whoever has one decides over people and groups, and so over roles that rules give to groups.',
  ],
  ['attributes', 'Attributes', 'Attributes, mapping, and the credential for Microsoft Graph.'],
] as const

async function showLinks(request: ConsoleRequest): Promise<Response> {
  const listed = await request.call<{ items: readonly Link[] }>('listSetupLinks', {
    query: { limit: '100' },
  })
  if (!listed.ok) return showProblem(request, listed.problem)
  const { items } = listed.value
  return showSettings(request, {
    page,
    children: (
      <Card
        title="Links for the customer’s IT admin"
        actions={
          <a class="button" href={url(request, '/settings/links/new')}>
            New link
          </a>
        }
      >
        <p class="soft">
          Whoever holds a link sets up the chosen parts of this organization without an account, and
          nothing else. What they do is in the events under the link’s name.
        </p>
        {items.length === 0 ? (
          <Empty title="No link yet">
            <p>Make one and send it to the person who manages the customer’s Entra tenant.</p>
          </Empty>
        ) : (
          <Table
            head={['Name', 'Parts', 'State', 'Last used', 'Ends', 'Actions']}
            caption="Setup links"
          >
            {items.map((link) => (
              <tr>
                <td data-label="Name">{link.name}</td>
                <td data-label="Parts">{link.parts.join(', ')}</td>
                <td data-label="State">
                  <Badge tone={link.state === 'usable' ? 'good' : 'idle'}>{link.state}</Badge>
                </td>
                <td data-label="Last used">
                  <Time at={link.lastUsedAt} nowMs={request.nowMs} />
                </td>
                <td data-label="Ends">
                  <Time at={link.expiresAt} nowMs={request.nowMs} />
                </td>
                <td>
                  {link.state === 'usable' && (
                    <Form
                      inline
                      request={request}
                      action={url(request, `/settings/links/${link.id}/revoke`)}
                    >
                      <Button kind="danger">
                        Revoke<span class="hidden"> {link.name}</span>
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
  const chosen = sent?.fields.all('parts') ?? parts.map(([part]) => part)
  return showSettings(request, {
    page,
    title: 'New setup link',
    status: sent?.problem.status ?? 200,
    children: (
      <Card title="New link">
        <Form request={request} action={url(request, '/settings/links/new')} problem={form.problem}>
          <Field
            label="Name"
            name="name"
            required
            value={form.text('name')}
            placeholder={`IT of ${request.org.name}`}
            hint="Whom it is for; events name it so."
            error={form.error('name')}
          />
          <fieldset>
            <legend>What may be set up with it</legend>
            {parts.map(([part, label, hint]) => (
              <Check
                label={label}
                name="parts"
                value={part}
                checked={chosen.includes(part)}
                hint={hint}
              />
            ))}
            {form.error('parts') !== undefined && <p class="error">{form.error('parts')}</p>}
          </fieldset>
          <Field
            label="Works for (days)"
            name="expiresInDays"
            type="number"
            min={1}
            max={limits.setupLinkDays}
            value={form.text('expiresInDays', String(limits.setupLinkDays))}
            error={form.error('expiresInDays')}
          />
          <Button>Create and show it once</Button>
        </Form>
      </Card>
    ),
  })
}

async function createLink(request: ConsoleRequest): Promise<Response> {
  const { form } = request
  const made = await request.call<Link & { readonly url: string | null }>('createSetupLink', {
    body: {
      name: form.text('name').trim(),
      parts: form.all('parts'),
      expiresInDays: numberOr(form.text('expiresInDays')),
    },
  })
  if (!made.ok) return askForLink(request, { form: 'link', fields: form, problem: made.problem })
  request.c.header('Cache-Control', 'no-store')
  return showSettings(request, {
    page,
    title: 'Copy it now',
    children: (
      <SecretPage
        title={`Setup link ${made.value.name}`}
        values={[['Link', made.value.url ?? '']]}
        back={url(request, '/settings/links')}
      >
        <p class="soft">
          Send it by a way that only its reader has. It works until{' '}
          {made.value.expiresAt.slice(0, 10)}, or until you revoke it.
        </p>
      </SecretPage>
    ),
  })
}

async function revokeLink(request: ConsoleRequest): Promise<Response> {
  const revoked = await request.call('revokeSetupLink', { params: { link: request.param('link') } })
  return revoked.ok
    ? go(request, url(request, '/settings/links'), 'revoked')
    : showProblem(request, revoked.problem)
}
