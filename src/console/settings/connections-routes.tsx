import type { ConnectionAnswer, RefreshAnswer } from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import { shownVersion } from '../form.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, showProblem, url } from '../show.tsx'
import { Button, Form } from '../ui/index.ts'
import { readClaimLines } from './claim-lines.ts'
import { ConnectionPage } from './connection-page.tsx'
import { ConnectionsPage, DeleteConnection } from './connections-page.tsx'
import { showSettings } from './frame.tsx'
import { numberOr, type Sent } from './sent.ts'

const path = '/o/{org}/settings/connections'
const one = `${path}/{connection}`
const page = 'connections'

export const connectionRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path, handle: showConnections },
  { method: 'get', path: one, handle: (request) => showConnection(request, null) },
  { method: 'post', path: one, handle: changeOptions },
  { method: 'post', path: `${one}/metadata`, handle: changeMetadata },
  { method: 'post', path: `${one}/refresh`, handle: (r) => step(r, 'refreshMetadata', {}) },
  { method: 'post', path: `${one}/approve`, handle: (r) => settle(r, 'approveMetadata') },
  { method: 'post', path: `${one}/dismiss`, handle: (r) => settle(r, 'dismissMetadata') },
  {
    method: 'post',
    path: `${one}/keys`,
    handle: (request) => step(request, 'rotateKeys', { step: request.form.text('step') }),
  },
  {
    method: 'get',
    path: `${one}/delete`,
    confirms: true,
    handle: (request) => askToDelete(request, null),
  },
  { method: 'post', path: `${one}/delete`, confirms: true, handle: deleteConnection },
]

async function showConnections(request: ConsoleRequest): Promise<Response> {
  const listed = await request.call<{ items: readonly ConnectionAnswer[] }>('listConnections', {
    query: { limit: '100' },
  })
  return listed.ok
    ? showSettings(request, {
        page,
        children: <ConnectionsPage request={request} connections={listed.value.items} />,
      })
    : showProblem(request, listed.problem)
}

function paramsOf(request: ConsoleRequest) {
  return { connection: request.param('connection') }
}

function here(request: ConsoleRequest): string {
  return url(request, `/settings/connections/${encodeURIComponent(request.param('connection'))}`)
}

async function showConnection(request: ConsoleRequest, sent: Sent | null): Promise<Response> {
  const params = paramsOf(request)
  const [found, refresh] = await Promise.all([
    request.call<ConnectionAnswer>('getConnection', { params }),
    request.call<RefreshAnswer>('getMetadataRefresh', { params }),
  ])
  if (!found.ok) return showProblem(request, found.problem)
  if (!refresh.ok) return showProblem(request, refresh.problem)
  return showSettings(request, {
    page,
    title: found.value.name,
    status: sent?.problem.status ?? 200,
    children: (
      <ConnectionPage
        request={request}
        connection={found.value}
        refresh={refresh.value}
        sent={sent}
      />
    ),
  })
}

async function change(request: ConsoleRequest, form: string, body: object): Promise<Response> {
  const changed = await request.call('changeConnection', {
    params: paramsOf(request),
    body: { ...body, ...shownVersion(request.form) },
  })
  return changed.ok
    ? go(request, here(request), 'saved')
    : showConnection(request, { form, fields: request.form, problem: changed.problem })
}

async function changeOptions(request: ConsoleRequest): Promise<Response> {
  const { form } = request
  const identityClaim = form.text('identityClaim').trim()
  return change(request, 'options', {
    name: form.text('name').trim(),
    allowIdpInitiated: form.has('allowIdpInitiated'),
    acceptUnsolicited: form.has('acceptUnsolicited'),
    forceAuthn: form.has('forceAuthn'),
    signRequests: form.has('signRequests'),
    extraSkewSeconds: numberOr(form.text('extraSkewSeconds')),
    // The field is there for providers other than Entra alone.
    ...(form.has('identityClaim')
      ? { identityClaim: identityClaim === '' ? null : identityClaim }
      : {}),
    claimNames: readClaimLines(form.text('claimNames')),
  })
}

async function changeMetadata(request: ConsoleRequest): Promise<Response> {
  const metadataUrl = request.form.text('metadataUrl').trim()
  return change(request, 'metadata', { metadataUrl: metadataUrl === '' ? null : metadataUrl })
}

function settle(request: ConsoleRequest, operation: string): Promise<Response> {
  return step(request, operation, { hash: request.form.text('hash') })
}

async function step(request: ConsoleRequest, operation: string, body: unknown): Promise<Response> {
  const taken = await request.call(operation, { params: paramsOf(request), body })
  return taken.ok
    ? go(request, here(request), 'saved')
    : showConnection(request, { form: 'step', fields: request.form, problem: taken.problem })
}

async function askToDelete(request: ConsoleRequest, problem: Problem | null): Promise<Response> {
  const found = await request.call<ConnectionAnswer>('getConnection', { params: paramsOf(request) })
  if (!found.ok) return showProblem(request, found.problem)
  return showSettings(request, {
    page,
    title: `Delete ${found.value.name}`,
    status: problem?.status ?? 200,
    children: (
      <Form request={request} action={`${here(request)}/delete`} problem={problem}>
        <DeleteConnection name={found.value.name} />
        <div class="row">
          <Button kind="danger">Delete</Button>
          <a href={here(request)}>Keep it</a>
        </div>
      </Form>
    ),
  })
}

async function deleteConnection(request: ConsoleRequest): Promise<Response> {
  const deleted = await request.call('deleteConnection', { params: paramsOf(request) })
  return deleted.ok
    ? go(request, url(request, '/settings/connections'), 'deleted')
    : askToDelete(request, deleted.problem)
}
