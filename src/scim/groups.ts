import {
  changeGroup,
  createGroup,
  eraseGroup,
  type GroupChange,
  type GroupMember,
  type GroupOutcome,
  type ProvisionedGroup,
} from '../directory/index.ts'
import { err, limits, ok, type Result } from '../kernel/index.ts'
import { groupConsequences, warnOfUnknownMembers } from './consequences.ts'
import type { ResourceHandlers } from './dispatch.ts'
import type { ScimFailure } from './errors.ts'
import { listOf, searchOf } from './list.ts'
import { getGroup, readMembers } from './list-store.ts'
import { noSuch } from './no-such.ts'
import { readOperations } from './patch/operations.ts'
import { patchGroup } from './patch/patch-group.ts'
import { checkMatch, entityTag, groupVersion, isKnown } from './preconditions.ts'
import { includes, project } from './projection.ts'
import { locationOf, renderGroup, renderMember } from './render.ts'
import type { Answered, ScimAnswer, ScimRequest } from './request.ts'
import { parseGroup } from './resource/parse-group.ts'
import { groupStatement } from './resource/statement.ts'
import { streamGroup } from './stream-group.ts'

export const groupHandlers: ResourceHandlers = {
  collection: {
    GET: (request) => listOf('groups', request),
    async POST(request) {
      const input = parseGroup(request.body)
      if (!input.ok) return input
      const { memberIds, ...rest } = input.value
      const created = await createGroup(
        request.db,
        request.by,
        { statement: groupStatement(rest), memberIds: memberIds ?? [] },
        groupConsequences(request),
      )
      return created.ok ? settle(request, created.value, 201) : created
    },
  },
  search: { POST: (request) => searchOf('groups', request) },
  item: {
    async GET(request, id) {
      const wantsMembers = includes(request.projection, 'members')
      const found = await getGroup(request.db, request.by, id, {
        members: wantsMembers ? limits.scimMemberChunk : 0,
      })
      if (found === null) return err(noSuch('Group', id))
      if (isKnown(request.precondition, groupVersion(found.group))) {
        return ok({ status: 304, version: entityTag(groupVersion(found.group)) })
      }
      return ok(show(request, found.group, { status: 200, first: found.members }))
    },
    async PUT(request, id) {
      const input = parseGroup(request.body)
      if (!input.ok) return input
      const { memberIds, ...rest } = input.value
      const ids = memberIds ?? []
      return change(request, id, {
        // Members that a PUT leaves out are cleared (RFC 7644 3.5.1).
        plan: () =>
          ok({
            statement: groupStatement(rest),
            steps: [
              { kind: 'keep', ids },
              { kind: 'add', ids },
            ],
          }),
        status: 200,
      })
    },
    async PATCH(request, id) {
      const operations = readOperations(request.body)
      if (!operations.ok) return operations
      return change(request, id, {
        plan(group) {
          const patched = patchGroup(group, operations.value)
          if (!patched.ok) return patched
          const { next, sent, memberSteps, changed } = patched.value
          if (!changed && memberSteps.length === 0) return ok(null)
          return ok({ statement: groupStatement({ ...next, sent }), steps: memberSteps })
        },
        // Entra expects 204; RFC 7644 3.5.2 wants the resource when attributes are asked for.
        status: request.projection.attributes === null ? 204 : 200,
      })
    },
    async DELETE(request, id) {
      // Without If-Match the group goes whatever it has become, so that busy members cannot hold it.
      const check =
        request.precondition.ifMatch === null
          ? null
          : (group: ProvisionedGroup) => checkMatch(request.precondition, groupVersion(group))
      const erased = await eraseGroup(request.db, request.by, id, check, groupConsequences(request))
      return erased.ok ? ok({ status: 204 }) : erased
    },
  },
}

type Change = {
  readonly plan: (
    group: ProvisionedGroup,
  ) => Result<Omit<GroupChange, 'onlyThisVersion'> | null, ScimFailure>
  readonly status: 200 | 204
}

async function change(request: ScimRequest, id: string, { plan, status }: Change): Answered {
  const changed = await changeGroup(
    request.db,
    request.by,
    id,
    (group): Result<GroupChange | null, ScimFailure> => {
      const match = checkMatch(request.precondition, groupVersion(group))
      if (!match.ok) return match
      const planned = plan(group)
      if (!planned.ok || planned.value === null) return planned as Result<null, ScimFailure>
      return ok({ ...planned.value, onlyThisVersion: request.precondition.ifMatch !== null })
    },
    groupConsequences(request),
  )
  return changed.ok ? settle(request, changed.value, status) : changed
}

/** Warns of members that were passed over, and answers with the group as it is now. */
async function settle(
  request: ScimRequest,
  { group, unknown }: GroupOutcome,
  status: 200 | 201 | 204,
): Answered {
  // Behind the answer: the group is stored, and an outage of the warning must not say otherwise.
  request.later(warnOfUnknownMembers(request, group.id, unknown))
  const stamp = {
    location: locationOf('Group', group.id, request.baseUrl),
    version: entityTag(groupVersion(group)),
  }
  if (status === 204) return ok({ status, ...stamp })
  if (!includes(request.projection, 'members'))
    return ok(show(request, group, { status, first: [] }))
  // Entra creates groups empty: nothing to read, so nothing that can fail once the group is stored.
  const first = group.memberCount === 0 ? [] : await nextMembers(request, group.id)('')
  return ok(show(request, group, { status, first }))
}

/** A group as an answer: in one piece when its members are few, else as a stream. */
function show(
  request: ScimRequest,
  group: ProvisionedGroup,
  { status, first }: { status: 200 | 201; first: readonly GroupMember[] },
): ScimAnswer {
  const { baseUrl, projection } = request
  const stamp = {
    status,
    location: locationOf('Group', group.id, baseUrl),
    version: entityTag(groupVersion(group)),
  }
  const { meta, ...rest } = renderGroup(group, baseUrl)
  if (!includes(projection, 'members')) {
    return { ...stamp, resource: project({ ...rest, meta }, projection) }
  }
  if (first.length < limits.scimMemberChunk) {
    const members = first.map((member) => renderMember(member, baseUrl))
    return { ...stamp, resource: project({ ...rest, members, meta }, projection) }
  }
  const stream = streamGroup(project({ ...rest, meta }, projection), {
    first,
    chunk: limits.scimMemberChunk,
    next: nextMembers(request, group.id),
    render: (member) => memberOf(project({ members: [renderMember(member, baseUrl)] }, projection)),
  })
  return { ...stamp, stream }
}

/** The one member of a projection made for it: `attributes=members.value` cuts each of them. */
function memberOf(cut: Readonly<Record<string, unknown>>): unknown {
  return (cut['members'] as readonly unknown[] | undefined)?.[0] ?? {}
}

function nextMembers({ db, by }: ScimRequest, groupId: string) {
  return (after: string) => readMembers(db, by, groupId, { after, limit: limits.scimMemberChunk })
}
