import { findGroup, type Group, type Sql, textIn, userIn } from '../directory/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { type AllowedCall, answer, type GraphAnswer, notFound, selected } from './call.ts'
import { answerList, readListPage } from './paging.ts'
import { readSelect, showUser } from './user-properties.ts'

/** Answers `GET /groups/{id}`. */
export function answerGroup(world: World, call: AllowedCall): GraphAnswer {
  const group = groupOf(world.sql, call)
  if (!group.ok) return group.failure
  const context = `${world.baseUrl}/v1.0/$metadata#groups/$entity`
  const shown = showGroup(group.value, call)
  return shown.ok ? answer({ '@odata.context': context, ...shown.value }) : shown.failure
}

/** Answers `GET /groups`: all of them, page by page. */
export function answerGroups(world: World, call: AllowedCall): GraphAnswer {
  const page = readListPage(world, call, ['$select'])
  if (!page.ok) return page.failure
  const { after, limit } = page.value
  const sql = 'SELECT id FROM user_groups WHERE id > ? ORDER BY id LIMIT ?'
  const found: { readonly place: string; readonly shown: object }[] = []
  for (const row of world.sql.all(sql, after, limit + 1)) {
    const group = findGroup(world.sql, textIn(row, 'id'))
    if (group === null) continue
    const shown = showGroup(group, call)
    if (!shown.ok) return shown.failure
    found.push({ place: group.id, shown: shown.value })
  }
  return answerList(world, call, { found, page: page.value, context: 'groups' })
}

function showGroup(group: Group, { query }: AllowedCall) {
  const all: Readonly<Record<string, unknown>> = {
    ...group,
    securityEnabled: true,
    mailEnabled: false,
    mailNickname: group.displayName.replaceAll(/\W/g, ''),
    groupTypes: [],
  }
  return selected(all, query, 'microsoft.graph.group')
}

/** Answers `GET /groups/{id}/members/microsoft.graph.user`: users who are direct members. */
export function answerMembers(world: World, call: AllowedCall): GraphAnswer {
  const group = groupOf(world.sql, call)
  if (!group.ok) return group.failure
  const select = readSelect(call.query.get('$select'), { manager: false, isDelta: false })
  if (!select.ok) return select.failure
  const page = readListPage(world, call, ['$select', '$count'])
  if (!page.ok) return page.failure
  const found = world.sql
    .all(
      `SELECT u.id, u.doc FROM memberships m CROSS JOIN users u ON u.id = m.member_id
        WHERE m.group_id = ? AND m.member_id > ? AND u.deleted_at IS NULL
        ORDER BY m.member_id LIMIT ?`,
      group.value.id,
      page.value.after,
      page.value.limit + 1,
    )
    .map((row) => ({ place: textIn(row, 'id'), shown: showUser(userIn(row), select.value) }))
  return answerList(world, call, { found, page: page.value, context: 'users' })
}

/** A group by its object id: Graph knows no names here. */
function groupOf(sql: Sql, { parts: [id = ''] }: AllowedCall): Result<Group, GraphAnswer> {
  const group = findGroup(sql, id)
  return group === null || group.id !== id.toLowerCase() ? err(notFound(id)) : ok(group)
}
