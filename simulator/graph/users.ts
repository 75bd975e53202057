import { findUser, readUsers, transitiveGroups } from '../directory/index.ts'
import type { World } from '../world.ts'
import { type AllowedCall, answer, badRequest, type GraphAnswer, notFound } from './call.ts'
import { managerOf } from './delta-object.ts'
import { answerList, readListPage } from './paging.ts'
import { readSelect, showUser } from './user-properties.ts'

const userType = '#microsoft.graph.user'

/** Answers `GET /users/{id}` by object id or user principal name, with `$select` and `$expand=manager`. */
export function answerUser(world: World, { query, parts: [key = ''] }: AllowedCall): GraphAnswer {
  const user = findUser(world.sql, key)
  if (user === null) return notFound(key)
  const select = readSelect(query.get('$select'), { manager: true, isDelta: false })
  if (!select.ok) return select.failure
  const expand = /^manager(?:\(\$select=([\w,]+)\))?$/.exec(query.get('$expand') ?? 'manager')
  if (expand === null) return badRequest('Only manager can be expanded here.')
  const context = `${world.baseUrl}/v1.0/$metadata#users(${select.value.join(',')})/$entity`
  const names = select.value.filter((name) => name !== 'manager')
  const shown = { '@odata.context': context, ...showUser(user, names) }
  if (!query.has('$expand')) return answer(shown)
  const managerId = managerOf(world.sql, user)
  const manager = managerId === null ? null : findUser(world.sql, managerId)
  if (manager === null) return answer(shown)
  const selected = readSelect(expand[1] ?? null, { manager: false, isDelta: false })
  if (!selected.ok) return selected.failure
  return answer({
    ...shown,
    manager: { '@odata.type': userType, ...showUser(manager, selected.value) },
  })
}

/** Answers `GET /users`: everybody, page by page. */
export function answerUsers(world: World, call: AllowedCall): GraphAnswer {
  const select = readSelect(call.query.get('$select'), { manager: false, isDelta: false })
  if (!select.ok) return select.failure
  const page = readListPage(world, call, ['$select'])
  if (!page.ok) return page.failure
  const { after, limit } = page.value
  const found = readUsers(world.sql, null, { after, limit: limit + 1 }).flatMap(({ id, user }) =>
    user === null ? [] : [{ place: id, shown: showUser(user, select.value) }],
  )
  return answerList(world, call, { found, page: page.value, context: 'users' })
}

/** Answers `GET /users/{id}/manager`; 404 also when there is none. */
export function answerManager(
  world: World,
  { query, parts: [key = ''] }: AllowedCall,
): GraphAnswer {
  const user = findUser(world.sql, key)
  if (user === null) return notFound(key)
  const managerId = managerOf(world.sql, user)
  const manager = managerId === null ? null : findUser(world.sql, managerId)
  if (manager === null) return notFound('manager')
  const select = readSelect(query.get('$select'), { manager: false, isDelta: false })
  if (!select.ok) return select.failure
  const context = `${world.baseUrl}/v1.0/$metadata#directoryObjects/$entity`
  return answer({
    '@odata.context': context,
    '@odata.type': userType,
    ...showUser(manager, select.value),
  })
}

/** Answers `POST /users/{id}/getMemberGroups`: every group, through others, too. */
export function answerMemberGroups(
  world: World,
  { body, parts: [key = ''] }: AllowedCall,
): GraphAnswer {
  const user = findUser(world.sql, key)
  if (user === null) return notFound(key)
  const input = typeof body === 'object' && body !== null ? body : {}
  if (!('securityEnabledOnly' in input) || typeof input.securityEnabledOnly !== 'boolean') {
    return badRequest("The parameter 'securityEnabledOnly' is missing.")
  }
  return answer({
    '@odata.context': `${world.baseUrl}/v1.0/$metadata#Collection(Edm.String)`,
    value: transitiveGroups(world.sql, user.id).map(({ id }) => id),
  })
}
