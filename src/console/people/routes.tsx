import type {
  ConnectionAnswer,
  MappingAnswer,
  SessionAnswer,
  TimelineAnswer,
  UserAnswer,
} from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import { ConfirmPage } from '../rollout/confirm-page.tsx'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, show, showProblem, url } from '../show.tsx'
import { withQuery } from '../with-query.ts'
import { PeoplePage } from './list-page.tsx'
import { PersonPage } from './person-page.tsx'
import { actions, actionsFor, nameOf, sourceTable } from './words.ts'

export const peopleRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/o/{org}/people', handle: showPeople },
  { method: 'get', path: '/o/{org}/people/{user}', handle: showPerson },
  {
    method: 'get',
    path: '/o/{org}/people/{user}/{action}',
    handle: (request) => showAction(request, null),
  },
  { method: 'post', path: '/o/{org}/people/{user}/{action}', handle: act },
  { method: 'post', path: '/o/{org}/people/{user}/sessions/{session}/end', handle: endSession },
]

type Listed<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }

const pageSize = '50'

async function showPeople(request: ConsoleRequest): Promise<Response> {
  const asked = {
    search: request.query('search').trim(),
    status: request.query('status'),
    source: request.query('source'),
    connection: request.query('connection'),
  }
  const cursor = request.query('cursor')
  const [listed, connections] = await Promise.all([
    request.call<Listed<UserAnswer>>('listUsers', {
      query: withQuery({ ...asked, cursor, limit: pageSize }).values,
    }),
    request.call<Listed<ConnectionAnswer>>('listConnections', { query: { limit: pageSize } }),
  ])
  if (!listed.ok) return showProblem(request, listed.problem)
  const page = url(request, '/people')
  const { items, nextCursor } = listed.value
  return show(request, {
    title: 'People',
    tab: 'people',
    children: (
      <PeoplePage
        page={page}
        setup={url(request, '/setup')}
        asked={asked}
        users={items}
        connections={connections.ok ? connections.value.items : []}
        next={nextCursor === null ? null : page + withQuery({ ...asked, cursor: nextCursor }).text}
        first={cursor === '' ? null : page + withQuery(asked).text}
        nowMs={request.nowMs}
      />
    ),
  })
}

async function showPerson(request: ConsoleRequest): Promise<Response> {
  const params = { user: request.param('user') }
  const cursor = request.query('cursor')
  const [user, mapping, sessions, timeline] = await Promise.all([
    request.call<UserAnswer>('getUser', { params }),
    request.call<MappingAnswer>('getMapping'),
    request.call<Listed<SessionAnswer>>('listSessions', { params, query: { limit: '20' } }),
    request.call<Listed<TimelineAnswer>>('getTimeline', {
      params,
      query: withQuery({ cursor, limit: '30' }).values,
    }),
  ])
  if (!user.ok) return showProblem(request, user.problem)
  if (!mapping.ok) return showProblem(request, mapping.problem)
  if (!sessions.ok) return showProblem(request, sessions.problem)
  if (!timeline.ok) return showProblem(request, timeline.problem)
  const page = url(request, `/people/${user.value.id}`)
  const { nextCursor } = timeline.value
  return show(request, {
    title: nameOf(user.value),
    tab: 'people',
    children: (
      <PersonPage
        request={request}
        user={user.value}
        table={sourceTable(user.value, mapping.value.rules)}
        sessions={sessions.value.items}
        timeline={timeline.value.items}
        older={
          nextCursor === null ? null : `${page}${withQuery({ cursor: nextCursor }).text}#timeline`
        }
        newest={cursor === '' ? null : `${page}#timeline`}
        base={url(request, '')}
      />
    ),
  })
}

function actionOf(request: ConsoleRequest) {
  const name = request.param('action')
  return Object.hasOwn(actions, name) ? (name as keyof typeof actions) : null
}

async function showAction(request: ConsoleRequest, problem: Problem | null): Promise<Response> {
  const action = actionOf(request)
  if (action === null)
    return showProblem(request, request.c.get('explain')({ code: 'http.not_found' }))
  const user = await request.call<UserAnswer>('getUser', {
    params: { user: request.param('user') },
  })
  if (!user.ok) return showProblem(request, user.problem)
  const page = url(request, `/people/${user.value.id}`)
  const { verb, means, isGrave } = actions[action]
  const [first = '', ...rest] = means
  return show(request, {
    title: `${verb}: ${nameOf(user.value)}`,
    tab: 'people',
    status: problem?.status ?? 200,
    children: (
      <ConfirmPage
        request={request}
        problem={problem}
        action={`${page}/${action}`}
        back={page}
        verb={verb}
        means={first}
        sentences={rest}
        warnings={[]}
        facts={[['userName', user.value.userName]]}
        possible={actionsFor(user.value).includes(action)}
        isGrave={isGrave}
      />
    ),
  })
}

async function act(request: ConsoleRequest): Promise<Response> {
  const action = actionOf(request)
  if (action === null)
    return showProblem(request, request.c.get('explain')({ code: 'http.not_found' }))
  const { operation, done } = actions[action]
  const params = { user: request.param('user') }
  const result = await request.call<unknown>(operation, { params })
  return result.ok
    ? go(request, url(request, `/people/${params.user}`), done)
    : showAction(request, result.problem)
}

async function endSession(request: ConsoleRequest): Promise<Response> {
  const params = { session: request.param('session') }
  const ended = await request.call<unknown>('endSession', { params })
  return ended.ok
    ? go(request, url(request, `/people/${request.param('user')}`), 'sessions_ended')
    : showProblem(request, ended.problem)
}
