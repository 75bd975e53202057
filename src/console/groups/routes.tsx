import type { GroupAnswer, MemberAnswer } from '../../admin/index.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { show, showProblem, url } from '../show.tsx'
import { withQuery } from '../with-query.ts'
import { GroupPage, GroupsPage } from './views.tsx'

export const groupsRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/o/{org}/groups', handle: showGroups },
  { method: 'get', path: '/o/{org}/groups/{group}', handle: showGroup },
]

type Listed<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }

async function showGroups(request: ConsoleRequest): Promise<Response> {
  const search = request.query('search').trim()
  const cursor = request.query('cursor')
  const listed = await request.call<Listed<GroupAnswer>>('listGroups', {
    query: withQuery({ search, cursor }).values,
  })
  if (!listed.ok) return showProblem(request, listed.problem)
  const page = url(request, '/groups')
  const { items, nextCursor } = listed.value
  return show(request, {
    title: 'Groups',
    tab: 'groups',
    children: (
      <GroupsPage
        page={page}
        search={search}
        groups={items}
        setup={url(request, '/setup')}
        next={nextCursor === null ? null : page + withQuery({ search, cursor: nextCursor }).text}
        first={cursor === '' ? null : page + withQuery({ search }).text}
        nowMs={request.nowMs}
      />
    ),
  })
}

async function showGroup(request: ConsoleRequest): Promise<Response> {
  const params = { group: request.param('group') }
  const cursor = request.query('cursor')
  const [group, members] = await Promise.all([
    request.call<GroupAnswer>('getGroup', { params }),
    request.call<Listed<MemberAnswer>>('listMembers', {
      params,
      query: withQuery({ cursor }).values,
    }),
  ])
  if (!group.ok) return showProblem(request, group.problem)
  if (!members.ok) return showProblem(request, members.problem)
  const page = url(request, `/groups/${group.value.id}`)
  const { items, nextCursor } = members.value
  return show(request, {
    title: group.value.displayName,
    tab: 'groups',
    children: (
      <GroupPage
        page={page}
        base={url(request, '')}
        group={group.value}
        members={items}
        next={nextCursor === null ? null : page + withQuery({ cursor: nextCursor }).text}
        first={cursor === '' ? null : page}
        nowMs={request.nowMs}
      />
    ),
  })
}
