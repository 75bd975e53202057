import type { Child } from 'hono/jsx'
import type { SetupFacts } from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import type { CallAnswer, ConsoleRequest, ConsoleRoute } from '../route.ts'
import { fragment, go, show, showProblem } from '../show.tsx'
import { Offers, ShownToken } from './forms.tsx'
import type { Offer } from './guide.ts'
import { readPage, type SetupPage } from './page.ts'
import { scriptRoutes } from './script-routes.tsx'
import { Checks, Choices, OpenStep } from './views.tsx'

export const setupRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/o/{org}/setup', part: 'any', handle: showSetup },
  { method: 'get', path: '/o/{org}/setup/live', part: 'any', handle: showChecks },
  { method: 'post', path: '/o/{org}/setup/mark', part: 'any', handle: mark },
  { method: 'post', path: '/o/{org}/setup/metadata', part: 'saml', handle: takeMetadata },
  { method: 'post', path: '/o/{org}/setup/token', part: 'scim', confirms: true, handle: makeToken },
  {
    method: 'post',
    path: '/o/{org}/setup/graph',
    part: 'attributes',
    confirms: true,
    handle: setGraph,
  },
  { method: 'post', path: '/o/{org}/setup/graph/check', part: 'attributes', handle: checkGraph },
  {
    method: 'get',
    path: '/o/{org}/setup/graph/certificate.pem',
    part: 'attributes',
    handle: sendCertificate,
  },
  ...scriptRoutes,
]

async function showSetup(request: ConsoleRequest): Promise<Response> {
  const read = await readPage(request)
  return read.ok ? showPage(read.page) : showProblem(request, read.problem)
}

async function showChecks(request: ConsoleRequest): Promise<Response> {
  const read = await readPage(request)
  return read.ok
    ? fragment(request, <Checks page={read.page} />)
    : showProblem(request, read.problem)
}

function showPage(page: SetupPage, answered?: Child, status = 200): Response | Promise<Response> {
  return show(page.request, {
    title: 'Set up',
    tab: 'setup',
    status,
    children: (
      <>
        <Choices page={page} />
        <div class="guide">
          <Checks page={page} />
          <OpenStep page={page} answered={answered} />
        </div>
      </>
    ),
  })
}

/** The page again, with what was refused at its form. */
async function showRefused(request: ConsoleRequest, offer: Offer, problem: Problem) {
  const read = await readPage(request)
  if (!read.ok) return showProblem(request, read.problem)
  const { page } = read
  // Another step than the form's may be next by now.
  if (!page.open.offers.includes(offer)) return showProblem(request, problem)
  return showPage(page, <Offers page={page} refused={{ offer, problem }} />, problem.status)
}

/** On to what is next after a form, in the same guide. */
async function goOn(request: ConsoleRequest, done: string, step?: string): Promise<Response> {
  const read = await readPage(request)
  return read.ok ? go(request, read.page.href('', step), done) : showProblem(request, read.problem)
}

async function mark(request: ConsoleRequest): Promise<Response> {
  const step = request.form.text('step')
  const isDone = request.form.text('done') !== ''
  const id = isDone ? 'markSetupStep' : 'unmarkSetupStep'
  const called = await request.call(id, { params: { step } })
  if (!called.ok) return showProblem(request, called.problem)
  return goOn(request, 'saved', isDone ? undefined : step)
}

async function takeMetadata(request: ConsoleRequest): Promise<Response> {
  const read = await readPage(request)
  if (!read.ok) return showProblem(request, read.problem)
  const { connection } = read.page.facts
  const source = sourceOf(request)
  const called: CallAnswer<unknown> =
    connection === null
      ? await request.call('createConnection', { body: { name: read.page.guide.name, ...source } })
      : await request.call('changeConnection', {
          params: { connection: connection.id },
          body: source,
        })
  if (!called.ok) return showRefused(request, 'metadata', called.problem)
  return goOn(request, 'saved')
}

/** What the form says of the provider, as the API takes it. */
function sourceOf({ form }: ConsoleRequest): object {
  switch (form.text('by')) {
    case 'file':
      return { metadataXml: form.text('file') }
    case 'manual':
      return {
        manual: {
          entityId: form.text('entityId').trim(),
          ssoUrl: form.text('ssoUrl').trim(),
          certificates: [form.text('certificate')],
        },
      }
    default:
      return { metadataUrl: form.text('metadataUrl').trim() }
  }
}

async function makeToken(request: ConsoleRequest): Promise<Response> {
  const read = await readPage(request)
  if (!read.ok) return showProblem(request, read.problem)
  const { form } = request
  const expires = form.text('expires')
  const made = await request.call<{ token: string | null }>('createScimToken', {
    body: {
      name: form.text('name').trim(),
      ...connectionOf(read.page.facts),
      ...(expires === '' ? {} : { expiresAt: `${expires}T00:00:00Z` }),
    },
  })
  if (!made.ok) return showRefused(request, 'token', made.problem)
  // Asked anew, so that the checks know of the token; it is on this page and on no other.
  const after = await readPage(request)
  if (!after.ok) return showProblem(request, after.problem)
  request.c.header('cache-control', 'no-store')
  return showPage(after.page, <ShownToken page={after.page} token={made.value.token} />)
}

async function setGraph(request: ConsoleRequest): Promise<Response> {
  const read = await readPage(request)
  if (!read.ok) return showProblem(request, read.problem)
  const { form } = request
  const appId = form.text('appId').trim()
  const isSecret = form.text('proof') === 'secret'
  const called = await request.call('setGraphCredential', {
    body: {
      ...connectionOf(read.page.facts),
      tenantId: form.text('tenantId').trim(),
      clientId: form.text('clientId').trim(),
      ...(appId === '' ? {} : { appId }),
      ...(isSecret
        ? { clientSecret: form.text('clientSecret').trim() }
        : { certificate: 'generate' }),
    },
  })
  if (!called.ok) return showRefused(request, 'graph', called.problem)
  return goOn(request, 'saved', isSecret ? undefined : 'attributes.graph-credential')
}

async function checkGraph(request: ConsoleRequest): Promise<Response> {
  const read = await readPage(request)
  if (!read.ok) return showProblem(request, read.problem)
  const called = await request.call('checkGraph', { query: connectionOf(read.page.facts) })
  if (!called.ok) return showRefused(request, 'check', called.problem)
  return goOn(request, 'saved', 'attributes.graph-check')
}

type Credential = { readonly certificate: { readonly pem: string } | null }

/** The certificate to upload in Entra; no secret. */
async function sendCertificate(request: ConsoleRequest): Promise<Response> {
  const read = await readPage(request)
  if (!read.ok) return showProblem(request, read.problem)
  const query = connectionOf(read.page.facts)
  const called = await request.call<Credential>('getGraphCredential', { query })
  if (!called.ok) return showProblem(request, called.problem)
  const { certificate } = called.value
  if (certificate === null) {
    return showProblem(request, request.c.get('explain')({ code: 'http.not_found' }))
  }
  return request.c.body(certificate.pem, 200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': 'attachment; filename="portico-graph.pem"',
  })
}

function connectionOf({ connection }: SetupFacts): Readonly<Record<string, string>> {
  return connection === null ? {} : { connection: connection.id }
}
