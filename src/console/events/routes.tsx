import type { EventAnswer } from '../../admin/index.ts'
import { toIso } from '../../kernel/index.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { show, showProblem, url } from '../show.tsx'
import { withQuery } from '../with-query.ts'
import { BundlePage } from './bundle-page.tsx'
import { EventPage } from './event-page.tsx'
import { EventsPage } from './list-page.tsx'
import { dayStart, typeWords } from './words.ts'

export const eventsRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/o/{org}/events', handle: showEvents },
  { method: 'get', path: '/o/{org}/events/export', handle: exportEvents },
  { method: 'get', path: '/o/{org}/events/support-bundle', handle: showBundle },
  { method: 'get', path: '/o/{org}/events/support-bundle/download', handle: downloadBundle },
  { method: 'get', path: '/o/{org}/events/{event}', handle: showEvent },
]

type Listed = { readonly items: readonly EventAnswer[]; readonly nextCursor: string | null }

const names = ['family', 'outcome', 'code', 'person', 'request', 'from', 'to'] as const

/** What the form says, and the same as the operation is asked: days are whole, the last one too. */
function askedOf(request: ConsoleRequest) {
  const asked = Object.fromEntries(
    names.map((name) => [name, request.query(name).trim()]),
  ) as Record<(typeof names)[number], string>
  return { asked, query: { ...asked, from: dayStart(asked.from), to: dayStart(asked.to, 1) } }
}

async function showEvents(request: ConsoleRequest): Promise<Response> {
  const { asked, query } = askedOf(request)
  const cursor = request.query('cursor')
  const listed = await request.call<Listed>('listEvents', {
    query: withQuery({ ...query, cursor }).values,
  })
  if (!listed.ok) return showProblem(request, listed.problem)
  const page = url(request, '/events')
  const { items, nextCursor } = listed.value
  return show(request, {
    title: 'Events',
    tab: 'events',
    children: (
      <EventsPage
        page={page}
        asked={asked}
        query={withQuery(asked).text}
        events={items}
        next={nextCursor === null ? null : page + withQuery({ ...asked, cursor: nextCursor }).text}
        isFirst={cursor === ''}
        isNarrow={[asked.code, asked.person, asked.from, asked.to].some(Boolean)}
        nowMs={request.nowMs}
      />
    ),
  })
}

async function showEvent(request: ConsoleRequest): Promise<Response> {
  const event = await request.call<EventAnswer>('getEvent', {
    params: { event: request.param('event') },
  })
  if (!event.ok) return showProblem(request, event.problem)
  return show(request, {
    title: typeWords(event.value.type),
    tab: 'events',
    children: <EventPage event={event.value} base={url(request, '')} nowMs={request.nowMs} />,
  })
}

async function exportEvents(request: ConsoleRequest): Promise<Response> {
  const { query } = askedOf(request)
  const found = await request.call<Listed>('exportEvents', {
    query: withQuery({ ...query, cursor: request.query('cursor') }).values,
  })
  if (!found.ok) return showProblem(request, found.problem)
  const { items } = found.value
  return download(request, {
    name: 'events.ndjson',
    type: 'application/x-ndjson',
    text: items.map((item) => `${JSON.stringify(item)}\n`).join(''),
  })
}

async function showBundle(request: ConsoleRequest): Promise<Response> {
  return show(request, {
    title: 'Support bundle',
    tab: 'events',
    children: <BundlePage action={url(request, '/events/support-bundle/download')} />,
  })
}

async function downloadBundle(request: ConsoleRequest): Promise<Response> {
  const bundle = await request.call<unknown>('getSupportBundle', {
    query: withQuery({ personal: request.query('personal') }).values,
  })
  if (!bundle.ok) return showProblem(request, bundle.problem)
  return download(request, {
    name: 'support.json',
    type: 'application/json',
    text: JSON.stringify(bundle.value, null, 2),
  })
}

/** A file to keep; its name says of which organization and when. */
function download(
  { c, org, nowMs }: ConsoleRequest,
  file: { readonly name: string; readonly type: string; readonly text: string },
): Response {
  const day = toIso(nowMs).slice(0, 10)
  c.header('Content-Type', file.type)
  c.header('Content-Disposition', `attachment; filename="portico-${org.slug}-${day}-${file.name}"`)
  return c.body(file.text)
}
