import { changeUser, createUser, eraseUser, type ProvisionedUser } from '../directory/index.ts'
import { err, ok } from '../kernel/index.ts'
import { userConsequences } from './consequences.ts'
import type { ResourceHandlers } from './dispatch.ts'
import { listOf, searchOf } from './list.ts'
import { getUser } from './list-store.ts'
import { noSuch } from './no-such.ts'
import { readOperations } from './patch/operations.ts'
import { patchUser } from './patch/patch-user.ts'
import { checkMatch, entityTag, isKnown, userVersion } from './preconditions.ts'
import { project } from './projection.ts'
import { locationOf, renderUser } from './render.ts'
import type { ScimAnswer, ScimRequest } from './request.ts'
import { parseUser } from './resource/parse-user.ts'
import { replaceUser } from './resource/replace-user.ts'
import { userStatement } from './resource/statement.ts'

export const userHandlers: ResourceHandlers = {
  collection: {
    GET: (request) => listOf('users', request),
    async POST(request) {
      const input = parseUser(request.body)
      if (!input.ok) return input
      const { db, by } = request
      const created = await createUser(
        db,
        by,
        userStatement(input.value),
        userConsequences(request),
      )
      if (!created.ok) return created
      return ok(answerWith(request, created.value.user, 201))
    },
  },
  search: { POST: (request) => searchOf('users', request) },
  item: {
    async GET(request, id) {
      const user = await getUser(request.db, request.by, id)
      if (user === null) return err(noSuch('User', id))
      if (isKnown(request.precondition, userVersion(user))) {
        return ok({ status: 304, version: entityTag(userVersion(user)) })
      }
      return ok(answerWith(request, user, 200))
    },
    async PUT(request, id) {
      const changed = await changeUser(
        request.db,
        request.by,
        id,
        (user) => {
          const match = checkMatch(request.precondition, userVersion(user))
          if (!match.ok) return match
          const put = replaceUser(user, request.body)
          if (!put.ok) return put
          return ok(put.value.changed ? userStatement(put.value) : null)
        },
        userConsequences(request),
      )
      return changed.ok ? ok(answerWith(request, changed.value, 200)) : changed
    },
    async PATCH(request, id) {
      const operations = readOperations(request.body)
      if (!operations.ok) return operations
      const changed = await changeUser(
        request.db,
        request.by,
        id,
        (user) => {
          const match = checkMatch(request.precondition, userVersion(user))
          if (!match.ok) return match
          const patched = patchUser(user, operations.value)
          if (!patched.ok) return patched
          return ok(patched.value.changed ? userStatement(patched.value) : null)
        },
        userConsequences(request),
      )
      return changed.ok ? ok(answerWith(request, changed.value, 200)) : changed
    },
    async DELETE(request, id) {
      const check = (user: ProvisionedUser) => checkMatch(request.precondition, userVersion(user))
      const erased = await eraseUser(request.db, request.by, id, check, userConsequences(request))
      return erased.ok ? ok({ status: 204 }) : erased
    },
  },
}

function answerWith(request: ScimRequest, user: ProvisionedUser, status: 200 | 201): ScimAnswer {
  return {
    status,
    resource: project(renderUser(user, request.baseUrl), request.projection),
    location: locationOf('User', user.id, request.baseUrl),
    version: entityTag(userVersion(user)),
  }
}
