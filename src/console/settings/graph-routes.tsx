import type { ConnectionAnswer, GraphCredentialAnswer } from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, showProblem, url } from '../show.tsx'
import { showSettings } from './frame.tsx'
import { GraphPage, SetGraph } from './graph-page.tsx'
import type { Sent } from './sent.ts'

const path = '/o/{org}/settings/graph'
const part = 'attributes'
const page = 'graph'

export const graphRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path, part, handle: showGraph },
  {
    method: 'get',
    path: `${path}/set`,
    part,
    confirms: true,
    handle: (request) => askForCredential(request, null),
  },
  { method: 'post', path: `${path}/set`, part, confirms: true, handle: setCredential },
  { method: 'post', path: `${path}/check`, part, handle: checkNow },
  { method: 'post', path: `${path}/remove`, handle: remove },
]

type Found = {
  readonly connections: readonly ConnectionAnswer[]
  /** The connection that is asked for, or the first. */
  readonly connection: ConnectionAnswer | null
  readonly credential: GraphCredentialAnswer | null
}

type Looked =
  | { readonly ok: true; readonly value: Found }
  | { readonly ok: false; readonly problem: Problem }

async function look(request: ConsoleRequest): Promise<Looked> {
  const listed = await request.call<{ items: readonly ConnectionAnswer[] }>('listConnections', {
    query: { limit: '100' },
  })
  if (!listed.ok) return listed
  const connections = listed.value.items
  const named = request.query('connection')
  const connection = connections.find(({ id }) => id === named) ?? connections[0] ?? null
  const found = await request.call<GraphCredentialAnswer>('getGraphCredential', {
    query: queryOf(connection),
  })
  if (!found.ok && found.problem.code !== 'admin.graph_credential_not_found') return found
  return { ok: true, value: { connections, connection, credential: found.ok ? found.value : null } }
}

function queryOf(connection: { readonly id: string } | null): Readonly<Record<string, string>> {
  return connection === null ? {} : { connection: connection.id }
}

async function showGraph(request: ConsoleRequest): Promise<Response> {
  const found = await look(request)
  if (!found.ok) return showProblem(request, found.problem)
  const { connections, connection, credential } = found.value
  return showSettings(request, {
    page,
    children: (
      <GraphPage
        request={request}
        connections={connections}
        connection={connection?.id ?? ''}
        credential={credential}
        canRemove={request.visitor.principal.kind !== 'setup-link'}
      />
    ),
  })
}

async function askForCredential(request: ConsoleRequest, sent: Sent | null): Promise<Response> {
  const found = await look(request)
  if (!found.ok) return showProblem(request, found.problem)
  const { connection, credential } = found.value
  return showSettings(request, {
    page,
    status: sent?.problem.status ?? 200,
    children: (
      <SetGraph
        request={request}
        connection={connection?.id ?? ''}
        tenantId={connection?.idp.tenantId ?? ''}
        credential={credential}
        sent={sent}
      />
    ),
  })
}

async function setCredential(request: ConsoleRequest): Promise<Response> {
  const { form } = request
  const text = (name: string) => form.text(name).trim()
  const given = (name: string) => (text(name) === '' ? {} : { [name]: text(name) })
  const connection = request.query('connection')
  const ends = text('clientSecretExpiresAt')
  const proofs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    secret: {
      clientSecret: text('clientSecret'),
      ...(ends === '' ? {} : { clientSecretExpiresAt: `${ends}T23:59:59Z` }),
    },
    generate: { certificate: 'generate' },
    certificate: { certificate: text('certificate') },
  }
  const body = {
    ...(connection === '' ? {} : { connection }),
    tenantId: text('tenantId'),
    clientId: text('clientId'),
    ...given('appId'),
    ...proofs[form.text('kind')],
  }
  const set = await request.call('setGraphCredential', { body })
  if (!set.ok) {
    return askForCredential(request, { form: 'graph', fields: form, problem: set.problem })
  }
  // A certificate has to be uploaded first; a secret can be tried at once.
  if (form.text('kind') !== 'generate') await check(request)
  return go(request, back(request), 'saved')
}

function check(request: ConsoleRequest) {
  const connection = request.query('connection')
  return request.call('checkGraph', { query: connection === '' ? {} : { connection } })
}

function back(request: ConsoleRequest): string {
  const connection = request.query('connection')
  const query = connection === '' ? '' : `?connection=${encodeURIComponent(connection)}`
  return url(request, `/settings/graph${query}`)
}

async function checkNow(request: ConsoleRequest): Promise<Response> {
  const checked = await check(request)
  return checked.ok ? go(request, back(request), 'checked') : showProblem(request, checked.problem)
}

async function remove(request: ConsoleRequest): Promise<Response> {
  const connection = request.query('connection')
  const query: Readonly<Record<string, string>> = connection === '' ? {} : { connection }
  const removed = await request.call('removeGraphCredential', { query })
  return removed.ok ? go(request, back(request), 'deleted') : showProblem(request, removed.problem)
}
