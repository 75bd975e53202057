import type { HealthAnswer, StatisticsAnswer } from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest, ConsoleRoute, OrganizationAnswer } from '../route.ts'
import { go, show, showProblem, url } from '../show.tsx'
import { ranges } from './activity.tsx'
import { NewOrganizationPage } from './new-organization-page.tsx'
import { OrganizationPage } from './organization-page.tsx'
import { OrganizationsPage } from './organizations-page.tsx'

export const overviewRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/', handle: showOrganizations },
  { method: 'get', path: '/new', handle: async (request) => showNew(request, null) },
  { method: 'post', path: '/new', handle: createOrganization },
  { method: 'get', path: '/o/{org}', handle: showOrganization },
]

/** Rows of the list on one page. */
const pageSize = '25'

type Overview = { readonly items: readonly HealthAnswer[]; readonly nextCursor: string | null }

async function showOrganizations(request: ConsoleRequest): Promise<Response> {
  const [q, cursor] = [request.query('q').slice(0, 200), request.query('cursor')]
  const asked = { ...(q === '' ? {} : { q }), ...(cursor === '' ? {} : { cursor }) }
  const [listed, statistics] = await Promise.all([
    request.call<Overview>('getOverview', { query: { limit: pageSize, ...asked } }),
    request.call<StatisticsAnswer>('getStatistics', { query: rangeOf(request) }),
  ])
  if (!listed.ok) return showProblem(request, listed.problem)
  if (!statistics.ok) return showProblem(request, statistics.problem)
  const { items, nextCursor } = listed.value
  const found = q === '' ? '' : `&q=${encodeURIComponent(q)}`
  return show(request, {
    title: 'Organizations',
    children: (
      <OrganizationsPage
        items={items}
        next={nextCursor === null ? null : `/console?cursor=${nextCursor}${found}`}
        first={cursor === '' ? null : `/console${found.replace('&', '?')}`}
        q={q}
        statistics={statistics.value}
        nowMs={request.nowMs}
      />
    ),
  })
}

function rangeOf(request: ConsoleRequest): Readonly<Record<string, string>> {
  const days = ranges.find((range) => range === request.query('days'))
  return days === undefined ? {} : { days }
}

async function showNew(request: ConsoleRequest, problem: Problem | null): Promise<Response> {
  return show(request, {
    title: 'New organization',
    status: problem?.status ?? 200,
    children: <NewOrganizationPage request={request} problem={problem} />,
  })
}

async function createOrganization(request: ConsoleRequest): Promise<Response> {
  const { form } = request
  const body = { name: form.text('name').trim(), slug: form.text('slug').trim() }
  const created = await request.call<OrganizationAnswer>('createOrganization', { body })
  return created.ok
    ? go(request, `/console/o/${created.value.slug}/setup`, 'created')
    : showNew(request, created.problem)
}

async function showOrganization(request: ConsoleRequest): Promise<Response> {
  const [health, statistics] = await Promise.all([
    request.call<HealthAnswer>('getHealth'),
    request.call<StatisticsAnswer>('getOrganizationStatistics', { query: rangeOf(request) }),
  ])
  if (!health.ok) return showProblem(request, health.problem)
  if (!statistics.ok) return showProblem(request, statistics.problem)
  return show(request, {
    title: 'Overview',
    tab: 'overview',
    children: (
      <OrganizationPage
        health={health.value}
        statistics={statistics.value}
        base={url(request, '')}
        nowMs={request.nowMs}
      />
    ),
  })
}
