import type { DomainAnswer } from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import { shownVersion } from '../form.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, showProblem, url } from '../show.tsx'
import { showSettings } from './frame.tsx'
import { OrganizationSettings } from './organization-page.tsx'
import { lines, numberOr, type Sent } from './sent.ts'

const path = '/o/{org}/settings'

export const organizationRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path, handle: (request) => showOrganization(request, null) },
  { method: 'post', path, handle: changeGeneral },
  { method: 'post', path: `${path}/origins`, handle: changeOrigins },
  { method: 'post', path: `${path}/domains`, handle: addDomain },
  {
    method: 'post',
    path: `${path}/domains/{domain}/verify`,
    handle: (request) => onDomain(request, 'verifyDomain', 'verified'),
  },
  {
    method: 'post',
    path: `${path}/domains/{domain}/remove`,
    handle: (request) => onDomain(request, 'removeDomain', 'deleted'),
  },
]

async function showOrganization(request: ConsoleRequest, sent: Sent | null): Promise<Response> {
  const domains = await request.call<{ items: readonly DomainAnswer[] }>('listDomains', {
    query: { limit: '100' },
  })
  if (!domains.ok) return showProblem(request, domains.problem)
  return showSettings(request, {
    page: 'organization',
    status: sent?.problem.status ?? 200,
    children: <OrganizationSettings request={request} domains={domains.value.items} sent={sent} />,
  })
}

function again(request: ConsoleRequest, form: string, problem: Problem): Promise<Response> {
  return showOrganization(request, { form, fields: request.form, problem })
}

async function change(request: ConsoleRequest, form: string, body: object): Promise<Response> {
  const changed = await request.call('changeOrganization', {
    body: { ...body, ...shownVersion(request.form) },
  })
  return changed.ok
    ? go(request, url(request, '/settings'), 'saved')
    : again(request, form, changed.problem)
}

async function changeGeneral(request: ConsoleRequest): Promise<Response> {
  const { form } = request
  return change(request, 'general', {
    name: form.text('name').trim(),
    sessionHours: numberOr(form.text('sessionHours')),
    signIn: form.text('signIn'),
    provisioning: {
      defaultRole: form.text('defaultRole').trim(),
      keepValues: form.has('keepValues'),
    },
  })
}

async function changeOrigins(request: ConsoleRequest): Promise<Response> {
  return change(request, 'origins', { appOrigins: lines(request.form.text('origins')) })
}

async function addDomain(request: ConsoleRequest): Promise<Response> {
  const { form } = request
  const body = {
    domain: form.text('domain').trim(),
    ...(form.has('verified') ? { verified: true } : {}),
  }
  const added = await request.call('addDomain', { body })
  return added.ok
    ? go(request, url(request, '/settings'), 'created')
    : again(request, 'domain', added.problem)
}

async function onDomain(request: ConsoleRequest, operation: string, done: string) {
  const result = await request.call(operation, { params: { domain: request.param('domain') } })
  return result.ok
    ? go(request, url(request, '/settings'), done)
    : again(request, 'verify', result.problem)
}
