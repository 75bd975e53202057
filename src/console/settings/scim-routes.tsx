import type {
  ConnectionAnswer,
  CreatedScimClient,
  CreatedScimSecret,
  CreatedScimToken,
  ScimClientAnswer,
  ScimTokenAnswer,
} from '../../admin/index.ts'
import type { CallInput, ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, showProblem, url } from '../show.tsx'
import { showSettings } from './frame.tsx'
import { NewClient, NewSecret, NewToken } from './scim-forms.tsx'
import { ScimPage } from './scim-page.tsx'
import { SecretPage } from './secret-page.tsx'
import type { Sent } from './sent.ts'

const path = '/o/{org}/settings/scim'
const page = 'scim'

export const scimRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path, handle: showScim },
  {
    method: 'get',
    path: `${path}/tokens/new`,
    confirms: true,
    handle: (request) => askFor(request, 'token', null),
  },
  { method: 'post', path: `${path}/tokens/new`, confirms: true, handle: createToken },
  {
    method: 'get',
    path: `${path}/clients/new`,
    confirms: true,
    handle: (request) => askFor(request, 'client', null),
  },
  { method: 'post', path: `${path}/clients/new`, confirms: true, handle: createClient },
  {
    method: 'get',
    path: `${path}/clients/{client}/secrets/new`,
    confirms: true,
    handle: (request) => askForSecret(request, null),
  },
  {
    method: 'post',
    path: `${path}/clients/{client}/secrets/new`,
    confirms: true,
    handle: createSecret,
  },
  { method: 'post', path: `${path}/tokens/{token}`, handle: (r) => toggle(r, 'changeScimToken') },
  {
    method: 'post',
    path: `${path}/tokens/{token}/revoke`,
    handle: (request) => act(request, 'revokeScimToken', {}, 'revoked'),
  },
  {
    method: 'post',
    path: `${path}/clients/{client}`,
    handle: (r) => toggle(r, 'changeScimClient'),
  },
  {
    method: 'post',
    path: `${path}/clients/{client}/delete`,
    handle: (request) => act(request, 'deleteScimClient', {}, 'deleted'),
  },
  {
    method: 'post',
    path: `${path}/clients/{client}/secrets/{secret}/delete`,
    handle: (request) => act(request, 'deleteScimClientSecret', {}, 'deleted'),
  },
]

type Listed<T> = { readonly items: readonly T[] }

const all: CallInput = { query: { limit: '100' } }

async function showScim(request: ConsoleRequest): Promise<Response> {
  const [tokens, clients] = await Promise.all([
    request.call<Listed<ScimTokenAnswer>>('listScimTokens', all),
    request.call<Listed<ScimClientAnswer>>('listScimClients', all),
  ])
  if (!tokens.ok) return showProblem(request, tokens.problem)
  if (!clients.ok) return showProblem(request, clients.problem)
  return showSettings(request, {
    page,
    children: (
      <ScimPage request={request} tokens={tokens.value.items} clients={clients.value.items} />
    ),
  })
}

async function askFor(request: ConsoleRequest, kind: 'token' | 'client', sent: Sent | null) {
  const listed = await request.call<Listed<ConnectionAnswer>>('listConnections', all)
  if (!listed.ok) return showProblem(request, listed.problem)
  const props = { request, connections: listed.value.items, sent }
  return showSettings(request, {
    page,
    title: kind === 'token' ? 'New SCIM token' : 'New SCIM client',
    status: sent?.problem.status ?? 200,
    children: kind === 'token' ? <NewToken {...props} /> : <NewClient {...props} />,
  })
}

async function askForSecret(request: ConsoleRequest, sent: Sent | null): Promise<Response> {
  const params = { client: request.param('client') }
  const found = await request.call<ScimClientAnswer>('getScimClient', { params })
  if (!found.ok) return showProblem(request, found.problem)
  return showSettings(request, {
    page,
    title: 'New client secret',
    status: sent?.problem.status ?? 200,
    children: <NewSecret request={request} client={found.value} sent={sent} />,
  })
}

/** What the forms for tokens and clients have in common. */
function sharedBody({ form }: ConsoleRequest) {
  return {
    name: form.text('name').trim(),
    ...(form.text('connection') === '' ? {} : { connection: form.text('connection') }),
    scopes: form.has('readOnly') ? ['read'] : ['read', 'write'],
  }
}

/** The end of a day that was chosen, as the operation's field wants it. */
function endOf({ form }: ConsoleRequest, name: string) {
  const day = form.text(name)
  return day === '' ? {} : { [name]: `${day}T23:59:59Z` }
}

async function createToken(request: ConsoleRequest): Promise<Response> {
  const body = { ...sharedBody(request), ...endOf(request, 'expiresAt') }
  const made = await request.call<CreatedScimToken>('createScimToken', { body })
  if (!made.ok) {
    return askFor(request, 'token', { form: 'token', fields: request.form, problem: made.problem })
  }
  const { tenantUrl, token, name } = made.value
  return showSecret(request, `Token ${name}`, [
    ['Tenant URL', tenantUrl],
    ['Secret token', token ?? ''],
  ])
}

async function createClient(request: ConsoleRequest): Promise<Response> {
  const { form } = request
  const text = (name: string) => form.text(name).trim()
  const issuer = text('issuer')
  const federation = {
    ...{ tenantId: text('tenantId'), subject: text('subject'), audience: text('audience') },
    ...(issuer === '' ? {} : { issuer }),
  }
  const proof =
    form.text('kind') === 'federation' ? { federation } : endOf(request, 'secretExpiresAt')
  const body = { ...sharedBody(request), ...proof }
  const made = await request.call<CreatedScimClient>('createScimClient', { body })
  if (!made.ok) {
    return askFor(request, 'client', { form: 'client', fields: form, problem: made.problem })
  }
  const { id, name, secret, tenantUrl, tokenUrl } = made.value
  if (secret === null) return go(request, url(request, '/settings/scim'), 'created')
  return showSecret(request, `Client ${name}`, [
    ['Tenant URL', tenantUrl],
    ['Token endpoint', tokenUrl],
    ['Client ID', id],
    ['Client secret', secret],
  ])
}

async function createSecret(request: ConsoleRequest): Promise<Response> {
  const params = { client: request.param('client') }
  const body = endOf(request, 'expiresAt')
  const made = await request.call<CreatedScimSecret>('createScimClientSecret', { params, body })
  if (!made.ok) {
    return askForSecret(request, { form: 'secret', fields: request.form, problem: made.problem })
  }
  return showSecret(request, 'Client secret', [
    ['Client ID', params.client],
    ['Client secret', made.value.secret ?? ''],
  ])
}

function showSecret(
  request: ConsoleRequest,
  title: string,
  values: readonly (readonly [label: string, value: string])[],
) {
  request.c.header('Cache-Control', 'no-store')
  const back = url(request, '/settings/scim')
  return showSettings(request, {
    page,
    title: 'Copy it now',
    children: <SecretPage title={title} values={values} back={back} />,
  })
}

function toggle(request: ConsoleRequest, operation: string): Promise<Response> {
  return act(request, operation, { disabled: request.form.text('disabled') === 'true' }, 'saved')
}

async function act(request: ConsoleRequest, operation: string, body: unknown, done: string) {
  const params = Object.fromEntries(
    ['token', 'client', 'secret'].map((name) => [name, request.param(name)]),
  )
  const result = await request.call(operation, { params, body })
  return result.ok
    ? go(request, url(request, '/settings/scim'), done)
    : showProblem(request, result.problem)
}
